// The engine alone, with a kind of job that a test makes, a clock that it sets, forward and back, and a queue that it drives.
import type { ExportJob } from '@ips-sdk/types';
import { eq } from 'drizzle-orm';
import pino from 'pino';
import { Clock } from '../../src/clock.js';
import { defaultContracts, defaultLimits, type ServerConfig } from '../../src/config.js';
import { RecentLookups } from '../../src/db/recent-lookups.js';
import type { CompanyRow, UserRow } from '../../src/db/rows.js';
import * as t from '../../src/db/schema.js';
import { openStore, type Store, type StoreLocation } from '../../src/db/store.js';
import { withoutValues } from '../../src/error-log.js';
import type { EngineParts } from '../../src/jobs/engine-parts.js';
import { JobEngine } from '../../src/jobs/job-engine.js';
import type { JobKind, JobKinds } from '../../src/jobs/job-kind.js';
import { ManualQueue } from '../../src/jobs/manual-queue.js';
import type { JobQueue } from '../../src/jobs/queue.js';
import type { Submission } from '../../src/jobs/submission.js';
import { Metrics } from '../../src/metrics.js';
import { seedDatabase } from '../../src/seed/seed-database.js';
import type { Services } from '../../src/services.js';
import { noTraces } from '../../src/traces/traces.js';

export const START = new Date('2026-01-01T00:00:00Z');
export const COMPANY = 'c|6';

/** A manual clock that can be set back, as that of a machine can. */
export class MovableClock extends Clock {
  #time = START.getTime();

  constructor() {
    super('manual', START);
  }

  override now(): Date {
    return new Date(this.#time);
  }

  override set(time: Date): void {
    this.#time = time.getTime();
  }

  /** Moves it by milliseconds, backward if they are negative. */
  move(milliseconds: number): void {
    this.#time += milliseconds;
  }
}

/** One process: an engine and its queue. The queue's entries go with it. */
export interface EngineProcess {
  readonly engine: JobEngine;
  readonly queue: ManualQueue;
  readonly parts: EngineParts;
  /** Does what the queue holds and the tables promise. */
  work(): Promise<void>;
}

/** A database and what processes on it share. */
export interface EngineWorld {
  readonly store: Store;
  readonly clock: MovableClock;
  readonly company: CompanyRow;
  readonly submitter: UserRow;
  /** Lines of the log. */
  readonly lines: string[];
  submission(name: string, more?: Partial<Submission>): Submission;
  runs(): Promise<(typeof t.runs.$inferSelect)[]>;
  triggers(): Promise<(typeof t.triggers.$inferSelect)[]>;
  /** Starts a process, as after a restart: with an empty queue. */
  start(options?: {
    readonly run?: JobKind<'exportJob'>['run'];
    readonly kind?: Partial<JobKind<'exportJob'>>;
    readonly exclusive?: boolean;
    readonly housekeeping?: (services: Services) => Promise<void>;
    readonly config?: Partial<ServerConfig>;
    readonly queue?: (queue: ManualQueue) => JobQueue;
  }): Promise<EngineProcess>;
}

const details: ExportJob = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' };
const logTypes = { begin: 'Begin', end: 'End', success: 'Success', error: 'Error', warning: 'Warning' };

/** Opens a new database, by default an embedded one, with a company. Close its store at the end. */
export async function engineWorld(location: StoreLocation = { kind: 'memory' }): Promise<EngineWorld> {
  const store = await openStore(location);
  const { db } = store;
  await seedDatabase(db, {
    company: 'Sample Company',
    admin: { email: 'admin@example.com', passwordHash: '' },
    now: START,
  });
  const [company] = await db.select().from(t.companies).where(eq(t.companies.name, 'Sample Company'));
  const [submitter] = await db.select().from(t.users);
  if (company === undefined || submitter === undefined) throw new Error('the database was not seeded');
  const clock = new MovableClock();
  const lines: string[] = [];
  const log = withoutValues(pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }));
  return {
    store,
    clock,
    company,
    submitter,
    lines,
    submission: (name, more) => ({ company, submitter, kind: 'exportJob', details, name, ...more }),
    runs: () => db.select().from(t.runs).orderBy(t.runs.id),
    triggers: () => db.select().from(t.triggers).orderBy(t.triggers.id),
    start: async ({ run = async () => 'done' as const, kind: more, exclusive = true, ...options } = {}) => {
      const config: ServerConfig = {
        role: 'all',
        serverName: 'worker-1',
        jobClock: 'manual',
        timeZone: 'UTC',
        submittedJobForm: 'documented',
        workers: 1,
        allowPrivateAddresses: true,
        serverRoot: '/nowhere',
        contracts: defaultContracts,
        strictNamespaces: false,
        gzip: 'never',
        adminApi: false,
        adminToken: undefined,
        previousAdminToken: undefined,
        host: '127.0.0.1',
        imageCors: true,
        imagePresets: new Map(),
        mailUrl: undefined,
        mailFrom: 'test@example.com',
        notificationSecret: 'secret',
        ffmpeg: undefined,
        limits: defaultLimits,
        ...options.config,
      };
      // The engine touches no files and no passwords.
      const services = {
        db,
        clock,
        config,
        log,
        metrics: new Metrics(),
        traces: noTraces,
        lookups: new RecentLookups(),
      } as unknown as Services;
      const kind: JobKind<'exportJob'> = { kind: 'exportJob', type: 'Export', logTypes, run, ...more };
      const queue = new ManualQueue();
      // The only kind of the tests, under the names that they submit.
      const kinds = { exportJob: kind, uploadPostJob: kind } as unknown as JobKinds;
      const parts: EngineParts = { services, queue: options.queue?.(queue) ?? queue, kinds };
      const housekeeping = async (): Promise<void> => options.housekeeping?.(services);
      const engine = new JobEngine({ ...parts, housekeeping });
      await engine.open(exclusive);
      await engine.start(exclusive);
      const work = async (): Promise<void> => {
        await queue.runPending(clock.now());
        await engine.reconcile();
        await queue.runPending(clock.now());
      };
      return { engine, queue, parts, work };
    },
  };
}
