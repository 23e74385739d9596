// What a worker notices while a run is at work: requests, lost databases, full disks; and how its tasks end.
import { describe, expect, it, vi } from 'vitest';
import { Clock } from '../src/clock.js';
import type { Db } from '../src/db/db.js';
import type { RunRow } from '../src/db/rows.js';
import { RunFailure } from '../src/failures.js';
import type { RunContext } from '../src/jobs/run-context.js';
import type { RunExecutor } from '../src/jobs/run-executor.js';
import { executions, item, lost } from './support/executions.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const { read, logged, finished, executorOf } = executions(world);

describe('the tasks of a run', () => {
  const states = async (run: Pick<RunRow, 'id'>) => (await read(run)).tasks.map(({ taskState }) => taskState);
  const twoTasks = (context: RunContext<'exportJob'>): void => {
    context.task('First', 1).skip();
    context.task('Second', 2).skip();
  };

  it('are all done when it is', async () => {
    const run = await world().run();
    await executorOf(async (context) => {
      twoTasks(context);
      return 'done';
    }).execute(run.id);
    expect(await states(run)).toEqual(['Done', 'Done']);
  });

  it('have failed with it, except those that were complete', async () => {
    const run = await world().run();
    await executorOf(async (context) => {
      twoTasks(context);
      throw new RunFailure('too large');
    }).execute(run.id);
    expect(await states(run)).toEqual(['Processing', 'Failed']);
  });

  it('are stopped with it', async () => {
    const run = await world().run();
    const executor: RunExecutor = executorOf(async (context) => {
      twoTasks(context);
      executor.stop(run.id);
      context.throwIfStopped();
      return 'done';
    });
    await executor.execute(run.id);
    expect(await states(run)).toEqual(['Processing', 'Stopping']);
  });
});

describe('a check', () => {
  /** The database, with the checks that begin counted, and perhaps failing. */
  function watched(failure?: () => unknown) {
    const { db } = world();
    const seen = { checks: 0 };
    const watching = Object.assign(Object.create(db) as Db, {
      // Handed on as they are; their types are only known to the caller.
      select: (columns: Record<string, unknown>) => {
        if (Object.keys(columns ?? {}).join() !== 'stopRequested,paused') return db.select(columns as never);
        seen.checks += 1;
        if (failure !== undefined) throw failure();
        return db.select(columns as never);
      },
    });
    return { db: watching, seen };
  }
  const checked = (seen: { readonly checks: number }, times: number) =>
    vi.waitFor(() => expect(seen.checks).toBeGreaterThan(times), { timeout: 10_000, interval: 20 });

  it('changes nothing where nothing was requested', async () => {
    const { db, seen } = watched();
    const aborted: boolean[] = [];
    const executor = executorOf(
      async (context) => {
        await checked(seen, 1);
        aborted.push(context.signal.aborted);
        await context.items(context.task('Test', 1), [item('a', async () => undefined)], { concurrency: 1 });
        return 'done';
      },
      { ...world().services, db },
    );
    const run = await world().run();
    await executor.execute(run.id);
    expect(aborted).toEqual([false]);
    expect(await read(run)).toMatchObject({ state: 'Done', counters: { success: 1 } });
  });

  it('that fails is logged, unless the database is lost, which the work itself notices', async () => {
    const failures = [new Error('a bug'), lost()];
    const { db, seen } = watched(() => failures.shift() ?? lost());
    const executor = executorOf(
      async () => {
        await checked(seen, 2);
        return 'done';
      },
      { ...world().services, db },
    );
    const run = await world().run({ name: 'run-1' });
    await executor.execute(run.id);
    expect((await read(run)).state).toBe('Done');
    expect(logged()).toEqual(['could not check a run']);
    expect(world().lines[0]).toContain('"run":"run-1"');
  });

  it('reports to the run every two seconds, so that no other worker takes it', async () => {
    const run = await world().run();
    const reports: (Date | null)[] = [];
    await executorOf(async () => {
      reports.push((await read(run)).seenAt);
      await vi.waitFor(async () => expect((await read(run)).seenAt).not.toEqual(reports[0]), {
        timeout: 10_000,
        interval: 50,
      });
      reports.push((await read(run)).seenAt);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      // Checks in between do not report.
      reports.push((await read(run)).seenAt);
      return 'done';
    }).execute(run.id);
    const [first, second, third] = reports;
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(1900);
    expect(third).toEqual(second);
  });
});

describe('a full disk', () => {
  it('is waited for, and then the run is released to be taken again', async () => {
    const { services } = world();
    const problems = ['the disk is full', undefined];
    // Waiting reads nothing else of the store.
    const files = { problem: async () => problems.shift() } as typeof services.files;
    const executor = executorOf(() => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' })), {
      ...services,
      files,
      clock: new Clock('real'),
    });
    const run = await world().run({ name: 'run-1' });
    await expect(executor.execute(run.id)).rejects.toThrow('the disk is writable again');
    expect(problems).toEqual([]);
    expect(await read(run)).toMatchObject({ state: 'WaitingCoordinator', seenAt: null, fatalError: false });
    expect(logged()).toHaveLength(1);
    expect(logged()[0]).toMatch(/^a run is waiting: /);
    expect(finished()).toEqual([]);
  });
});
