// The rows of jobs, and what is enqueued for them, without an engine. One database for a file, emptied before each test.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { anyOf } from '../../src/db/any-of.js';
import type { Db } from '../../src/db/db.js';
import type { OutboxRow, RunRow, TriggerRow } from '../../src/db/rows.js';
import * as t from '../../src/db/schema.js';
import type { EngineParts } from '../../src/jobs/engine-parts.js';
import type { JobKind, JobKinds } from '../../src/jobs/job-kind.js';
import type { JobQueue, QueuedRun } from '../../src/jobs/queue.js';
import { NO_COUNTS } from '../../src/jobs/run-counters.js';
import type { Services } from '../../src/services.js';
import { type EngineWorld, engineWorld, START } from './engine.js';

/** A queue that records what it is given. */
export class RecordingQueue implements JobQueue {
  /** What was enqueued, in order. */
  readonly entries: string[] = [];
  /** Runs and notifications with an entry. */
  readonly runs: number[] = [];
  readonly deliveries: number[] = [];

  async open(): Promise<void> {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async clear(): Promise<void> {
    this.entries.push('clear');
  }

  turnOf(): SQL<number> {
    return sql<number>`0`;
  }

  lacksRun(runId: SQLWrapper): SQL {
    return sql`not ${anyOf(runId, this.runs)}`;
  }

  lacksDelivery(outboxId: SQLWrapper): SQL {
    return sql`not ${anyOf(outboxId, this.deliveries)}`;
  }

  async enqueueRun(_tx: Db, { id }: QueuedRun): Promise<void> {
    this.entries.push(`run ${id}`);
  }

  async enqueueRuns(tx: Db, runs: readonly QueuedRun[]): Promise<void> {
    for (const run of runs) await this.enqueueRun(tx, run);
  }

  async renewRun(_tx: Db, { id }: QueuedRun): Promise<void> {
    this.entries.push(`lost run ${id}`);
  }

  async enqueueFire(_tx: Db, triggerId: number, at: Date): Promise<void> {
    this.entries.push(`fire ${triggerId} at ${at.toISOString()}`);
  }

  async enqueueDelivery(_tx: Db, outboxId: number, at?: Date): Promise<void> {
    this.entries.push(`delivery ${outboxId}${at === undefined ? '' : ` at ${at.toISOString()}`}`);
  }

  async enqueueCloseIdle(_tx: Db, runId: number, at: Date): Promise<void> {
    this.entries.push(`close ${runId} at ${at.toISOString()}`);
  }

  async enqueueCleanup(_tx: Db, at: Date): Promise<void> {
    this.entries.push(`cleanup at ${at.toISOString()}`);
  }
}

/** What the tests of a file share; the queue and the parts are new for each. */
export interface JobWorld extends EngineWorld {
  readonly db: Db;
  readonly queue: RecordingQueue;
  readonly parts: EngineParts;
  readonly services: Services;
  /** The parts with other properties of the only kind of job. */
  withKind(more: Partial<JobKind<'exportJob'>>): EngineParts;
  run(more?: Partial<RunRow>): Promise<RunRow>;
  trigger(more?: Partial<TriggerRow>): Promise<TriggerRow>;
  notification(more?: Partial<OutboxRow>): Promise<OutboxRow>;
  /** The notifications that wait. */
  outbox(): Promise<OutboxRow[]>;
}

const details = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' };

/** The world of the tests of a file. Call it at the top of the file, and the result in a test. */
export function jobWorld(): () => JobWorld {
  let shared: EngineWorld & { readonly begun: EngineParts };
  let world: JobWorld;
  beforeAll(async () => {
    const engine = await engineWorld();
    const { parts } = await engine.start();
    shared = { ...engine, begun: parts };
  });
  afterAll(() => shared.store.close());
  beforeEach(async () => {
    const { begun, store, clock, company, submitter, lines } = shared;
    const { db } = store;
    for (const table of [t.outbox, t.mails, t.runs, t.triggers, t.chores]) await db.delete(table);
    clock.set(START);
    lines.length = 0;
    const queue = new RecordingQueue();
    const parts = { ...begun, queue };
    const columns = {
      companyId: company.id,
      kind: 'exportJob' as const,
      details,
      submitUserId: submitter.id,
      mailUserId: submitter.id,
    };
    world = {
      ...shared,
      db,
      queue,
      parts,
      services: parts.services,
      withKind: (more) => ({
        ...parts,
        // The only kind of the tests.
        kinds: { exportJob: { ...begun.kinds.exportJob, ...more } } as unknown as JobKinds,
      }),
      run: async (more) => {
        const [row] = await db
          .insert(t.runs)
          .values({
            ...columns,
            name: `run-${Math.random()}`,
            originalName: 'job',
            state: 'New',
            triggerTime: START,
            startDate: START,
            lastProgressUpdate: START,
            counters: NO_COUNTS,
            logType: 'Begin',
            ...more,
          })
          .returning();
        return stored(row);
      },
      trigger: async (more) => {
        const [row] = await db
          .insert(t.triggers)
          .values({ ...columns, name: 'job', state: 'Normal', createdAt: START, ...more })
          .returning();
        return stored(row);
      },
      notification: async (more) => {
        const [row] = await db
          .insert(t.outbox)
          .values({
            kind: 'http',
            target: 'http://127.0.0.1:9/',
            about: 'test',
            createdAt: START,
            dueAt: START,
            ...more,
          })
          .returning();
        return stored(row);
      },
      outbox: () => db.select().from(t.outbox).orderBy(t.outbox.id),
    };
  });
  return () => world;
}

function stored<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the row was not stored');
  return row;
}
