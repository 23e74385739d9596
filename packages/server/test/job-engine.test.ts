// The engine alone, with a kind of job that the test makes and a queue that it drives.
import type { ExportJob } from '@ips-sdk/types';
import { eq, type SQLWrapper, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Clock } from '../src/clock.js';
import { defaultContracts, defaultLimits, type ServerConfig } from '../src/config.js';
import { RecentLookups } from '../src/db/recent-lookups.js';
import type { CompanyRow, UserRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { openStore, type Store } from '../src/db/store.js';
import { RunFailure } from '../src/failures.js';
import type { EngineParts } from '../src/jobs/engine-parts.js';
import { JobEngine } from '../src/jobs/job-engine.js';
import type { JobKind, JobKinds } from '../src/jobs/job-kind.js';
import { ManualQueue } from '../src/jobs/manual-queue.js';
import { requeueStranded } from '../src/jobs/reconciliation.js';
import { Metrics } from '../src/metrics.js';
import { seedDatabase } from '../src/seed/seed-database.js';
import type { Services } from '../src/services.js';
import { noTraces } from '../src/traces/traces.js';

const details: ExportJob = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' };
const logTypes = { begin: 'Begin', end: 'End', success: 'Success', error: 'Error', warning: 'Warning' };
const start = new Date('2026-01-01T00:00:00Z');

let store: Store;
let clock: Clock;
let queue: ManualQueue;
let company: CompanyRow;
let submitter: UserRow;

beforeEach(async () => {
  store = await openStore({ kind: 'memory' });
  clock = new Clock('manual', start);
  queue = new ManualQueue();
  await seedDatabase(store.db, {
    company: 'Sample Company',
    admin: { email: 'admin@example.com', passwordHash: 'none' },
    now: start,
  });
  const [sample] = await store.db.select().from(t.companies).where(eq(t.companies.name, 'Sample Company'));
  const [admin] = await store.db.select().from(t.users);
  if (sample === undefined || admin === undefined) throw new Error('the database was not seeded');
  company = sample;
  submitter = admin;
});
afterEach(() => store.close());

/** An engine that knows the one kind of the test. */
async function engineOf(run: JobKind<'exportJob'>['run'], more: Partial<JobKind<'exportJob'>> = {}) {
  const config: ServerConfig = {
    role: 'all',
    serverName: 'worker-1',
    jobClock: 'manual',
    timeZone: 'UTC',
    submittedJobForm: 'documented',
    workers: 1,
    allowPrivateAddresses: false,
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
  };
  const log = pino({ level: 'silent' });
  // The engine touches no files and no passwords.
  const services = {
    db: store.db,
    clock,
    config,
    log,
    metrics: new Metrics(),
    traces: noTraces,
    lookups: new RecentLookups(),
  } as unknown as Services;
  const kind: JobKind<'exportJob'> = { kind: 'exportJob', type: 'Export', logTypes, run, ...more };
  const parts: EngineParts = { services, queue, kinds: { exportJob: kind } as unknown as JobKinds };
  let nights = 0;
  const housekeeping = async (): Promise<void> => {
    nights += 1;
  };
  const engine = new JobEngine({ ...parts, housekeeping });
  await engine.open(true);
  await engine.start(true);
  return { engine, parts, nights: () => nights };
}

const submission = (name: string) => ({ company, submitter, kind: 'exportJob' as const, details, name });
const runs = () => store.db.select().from(t.runs).orderBy(t.runs.id);
const rows = async () =>
  (await store.db.select().from(t.logRows).orderBy(t.logRows.id)).map((row) => row.logType);

it('carries out kinds that it is given', async () => {
  const { engine } = await engineOf(async (context) => {
    await context.log({ logType: 'Success', message: context.details.fmt ?? '' });
    return 'done';
  });
  expect(await engine.submit(submission('first'))).toBe('j|6|first|');
  await queue.runPending(clock.now());
  expect(await runs()).toMatchObject([
    { state: 'Done', fatalError: false, attempt: 1, serverName: 'worker-1' },
  ]);
  expect(await rows()).toEqual(['Begin', 'OriginalJobName', 'JobClient', 'JobType', 'Success', 'End']);
  await engine.stop();
});

it('asks the kind before it takes a job in, and keeps nothing of one that is refused', async () => {
  const { engine } = await engineOf(async () => 'done', {
    check: async (given, place) => {
      expect([given, place.company, place.submitter]).toEqual([details, company, submitter]);
      throw new RunFailure('no');
    },
  });
  await expect(engine.submit(submission('refused'))).rejects.toThrow('no');
  expect(await store.db.$count(t.triggers)).toBe(0);
  await engine.stop();
});

it('does its housekeeping each night', async () => {
  const { engine, nights } = await engineOf(async () => 'done');
  clock.set(new Date('2026-01-03T12:00:00Z'));
  await queue.runPending(clock.now());
  expect(nights()).toBe(1);
  const [next] = [queue.nextTime()];
  expect(next).toEqual(new Date('2026-01-04T00:00:00Z'));
  await engine.stop();
});

it('lets a worker that was taken for lost write nothing when it comes back', async () => {
  const { promise: atWork, resolve: takenUp } = Promise.withResolvers<void>();
  const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
  const { engine } = await engineOf(async (context) => {
    takenUp();
    await held;
    await context.log({ logType: 'Success', message: 'too late' });
    return 'done';
  });
  await engine.submit(submission('slow'));
  const working = queue.runPending(clock.now());
  await atWork;
  // What another worker does that takes the run up.
  await store.db.update(t.runs).set({ attempt: 2, serverName: 'worker-2' });
  const before = await rows();
  goOn();
  await working;
  expect(await rows()).toEqual(before);
  expect(await runs()).toMatchObject([{ state: 'Running', serverName: 'worker-2', attempt: 2 }]);
  await engine.stop();
});

it('gives runs to the queue again that it has forgotten, and no others', async () => {
  const { engine, parts } = await engineOf(async () => 'done');
  await engine.submit(submission('forgotten'));
  await engine.submit(submission('held'));
  const [forgotten, held] = await runs();
  await queue.clear();
  const given: number[] = [];
  const forgetful: EngineParts = {
    ...parts,
    queue: Object.assign(Object.create(queue) as ManualQueue, {
      lacksRun: (id: SQLWrapper) => sql`${id} <> ${held?.id}`,
      enqueueRun: async (_: unknown, { id }: { id: number }) => void given.push(id),
    }),
  };
  // A run that made progress a moment ago may be on its way into the queue.
  await requeueStranded(forgetful);
  expect(given).toEqual([]);
  clock.set(new Date(start.getTime() + 60_000));
  await requeueStranded(forgetful);
  expect(given).toEqual([forgotten?.id]);
  await engine.stop();
});

it('keeps a paused run that was lost with its worker until it is resumed', async () => {
  const { engine, parts } = await engineOf(async () => 'done');
  await engine.submit(submission('lost'));
  await store.db.update(t.runs).set({ state: 'Running', attempt: 1, paused: true });
  await queue.runPending(clock.now());
  expect(await runs()).toMatchObject([{ state: 'WaitingCoordinator', attempt: 2, losses: 1 }]);
  // It is not stranded: nobody is to have it.
  const given: number[] = [];
  const forgetful: EngineParts = {
    ...parts,
    queue: Object.assign(Object.create(queue) as ManualQueue, {
      lacksRun: () => sql`true`,
      enqueueRun: async (_: unknown, { id }: { id: number }) => void given.push(id),
    }),
  };
  clock.set(new Date(start.getTime() + 60_000));
  await requeueStranded(forgetful);
  expect(given).toEqual([]);
  await engine.resume(company, 'j|6|lost|');
  await queue.runPending(clock.now());
  expect(await runs()).toMatchObject([{ state: 'Done', fatalError: false, losses: 1 }]);
  await engine.stop();
});

it('ends a run that is told to stop while it lets go of its work to pause', async () => {
  const done: string[] = [];
  const { engine } = await engineOf(async (context) => {
    const item = (key: string) => ({
      key,
      name: key,
      prepare: async () => {
        done.push(key);
        await engine.pause(company, 'j|6|torn|');
        // As another process does, which this one has not noticed yet.
        await store.db.update(t.runs).set({ stopRequested: true });
      },
      commit: async () => ({ outcome: 'success' as const, rows: [] }),
    });
    await context.items(context.task('Test', 2), [item('first'), item('second')], { concurrency: 1 });
    return 'done';
  });
  await engine.submit(submission('torn'));
  await queue.runPending(clock.now());
  expect(done).toEqual(['first']);
  expect(await runs()).toMatchObject([{ state: 'Done', fatalError: false }]);
  expect((await rows()).slice(-2)).toEqual(['FileCancel', 'End']);
  await engine.stop();
});

it('does one job of a kind at a time where it has to, and with the instant clock answers when it is done', async () => {
  clock = new Clock('instant', start);
  const begun: string[] = [];
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { engine } = await engineOf(
    async ({ run }) => {
      begun.push(run.originalName);
      await held;
      return 'done';
    },
    { oneAtATime: true },
  );
  const submitted = [engine.submit(submission('first')), engine.submit(submission('second'))];
  while ((await runs()).length < 2 || begun.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  // Whoever takes up the second finds that it is not its turn.
  const [first, second] = await runs();
  expect([first?.state, second?.state]).toEqual(['Running', 'New']);
  expect(begun).toEqual(['first']);
  goOn();
  await Promise.all(submitted);
  expect(begun).toEqual(['first', 'second']);
  expect((await runs()).map(({ state }) => state)).toEqual(['Done', 'Done']);
  await engine.stop();
});
