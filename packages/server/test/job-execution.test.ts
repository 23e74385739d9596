// One run in the hands of a worker: how it begins, ends, and is taken from it, without a queue.
import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { Clock } from '../src/clock.js';
import type { Db } from '../src/db/db.js';
import * as t from '../src/db/schema.js';
import { RunFailure } from '../src/failures.js';
import { RunTakenOverError } from '../src/jobs/interruptions.js';
import type { RunContext } from '../src/jobs/run-context.js';
import { RunExecutor } from '../src/jobs/run-executor.js';
import { settle } from '../src/jobs/settling.js';
import { executions, held, item, lost } from './support/executions.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const { read, rows, ended, atWork, logged, finished, executorOf } = executions(world);

describe('a run', () => {
  it('ends with its last row, its progress and nothing of its items', async () => {
    const executor = executorOf(async (context) => {
      await context.once('a key', async () => undefined);
      await context.log({ logType: 'Success', message: 'a' });
      return 'done';
    });
    const run = await world().run({ name: 'run-1', progressMessage: 'working' });
    const other = await world().run({ name: 'run-2', state: 'Running', attempt: 1 });
    await world().db.insert(t.runItems).values({ runId: other.id, key: 'b' });
    world().clock.move(5);
    await executor.execute(run.id);
    expect(await read(run)).toMatchObject({
      state: 'Done',
      progress: 100,
      progressMessage: '',
      seenAt: null,
      fatalError: false,
      endDate: world().clock.now(),
    });
    expect((await rows()).slice(-2)).toEqual([
      ['Success', 'a'],
      ['End', 'Job run-1 ended.'],
    ]);
    expect(await world().db.select().from(t.runItems)).toEqual([{ runId: other.id, key: 'b' }]);
    expect(finished()).toEqual([await read(run)]);
    expect([await ended(), executor.busy, executor.has(run.id), await atWork()]).toEqual([
      [['done', 1]],
      false,
      false,
      0,
    ]);
  });

  it('that is done or does not exist is not begun', async () => {
    const work = vi.fn(async () => 'done' as const);
    const executor = executorOf(work);
    await executor.execute((await world().run({ state: 'Done' })).id);
    await executor.execute(0);
    expect(work).not.toHaveBeenCalled();
  });

  it('that is suspended waits for its client, and does not end', async () => {
    const executor = executorOf(async () => 'suspended');
    const run = await world().run();
    const other = await world().run();
    await executor.execute(run.id);
    expect(await read(run)).toMatchObject({ state: 'WaitingClient', seenAt: null, endDate: null });
    expect(await read(other)).toEqual(other);
    expect([finished(), await ended()]).toEqual([[], []]);
  });

  it('that fails ends with the reason, or with none that was not meant for callers', async () => {
    const run = await world().run();
    await executorOf(() => Promise.reject(new RunFailure('too large'))).execute(run.id);
    expect(await read(run)).toMatchObject({ state: 'Done', fatalError: true });
    expect((await rows()).slice(-2)).toEqual([
      ['FatalError', 'too large'],
      ['End', expect.any(String)],
    ]);
    expect([await ended(), logged()]).toEqual([[['fatal', 1]], []]);
    const second = await world().run();
    await executorOf(() => Promise.reject(new Error('a secret'))).execute(second.id);
    expect((await rows()).at(-2)?.[1]).toContain('An unexpected error occurred');
    expect(logged()).toEqual(['a run failed unexpectedly']);
    expect(finished()).toHaveLength(2);
  });

  it('that lost four workers is given up, one that lost three is not', async () => {
    const work = vi.fn(async () => 'done' as const);
    const three = await world().run({ losses: 3, attempt: 3, state: 'WaitingCoordinator' });
    await executorOf(work).execute(three.id);
    expect([work.mock.calls.length, (await read(three)).fatalError]).toEqual([1, false]);
    const four = await world().run({ losses: 3, attempt: 3, state: 'Running' });
    await executorOf(work).execute(four.id);
    expect([work.mock.calls.length, (await read(four)).fatalError]).toEqual([1, true]);
    expect((await rows()).at(-2)).toEqual([
      'FatalError',
      'the run lost its worker 4 times and was abandoned',
    ]);
  });

  it('whose items are done does not repeat them', async () => {
    const keys: string[][] = [];
    const run = await world().run({ state: 'WaitingCoordinator', attempt: 1 });
    const other = await world().run();
    await world()
      .db.insert(t.runItems)
      .values([
        { runId: run.id, key: 'mine' },
        { runId: other.id, key: 'other' },
      ]);
    await executorOf(async (context) => {
      keys.push(context.doneKeys(''));
      expect([context.company, context.submitter]).toEqual([world().company, world().submitter]);
      return 'done';
    }).execute(run.id);
    expect(keys).toEqual([['mine']]);
  });
});

describe('a stop', () => {
  it('that was requested before ends a run without work', async () => {
    const work = vi.fn(async () => 'done' as const);
    const run = await world().run({ stopRequested: true });
    await executorOf(work).execute(run.id);
    expect(work).not.toHaveBeenCalled();
    expect(await read(run)).toMatchObject({ state: 'Done', fatalError: false, progress: 0 });
    expect((await rows()).slice(-2)).toEqual([
      ['FileCancel', 'The job was stopped'],
      ['End', expect.any(String)],
    ]);
    expect(await ended()).toEqual([['stopped', 1]]);
  });

  it('in this process interrupts a run, and no other', async () => {
    const { run: work, begun } = held();
    const executor = executorOf(work);
    const run = await world().run();
    const working = executor.execute(run.id);
    await begun;
    executor.stop(run.id + 1);
    executor.pause(run.id + 1);
    expect([executor.has(run.id), executor.busy, await atWork()]).toEqual([true, true, 1]);
    executor.stop(run.id);
    await working;
    expect((await rows()).at(-2)).toEqual(['FileCancel', 'The job was stopped']);
    expect((await read(run)).state).toBe('Done');
  });

  it('by another process is found by a check', async () => {
    const { run: work, begun } = held();
    const executor = executorOf(work);
    const run = await world().run();
    const working = executor.execute(run.id);
    await begun;
    await world().db.update(t.runs).set({ stopRequested: true });
    await working;
    expect((await rows()).at(-2)).toEqual(['FileCancel', 'The job was stopped']);
  });
});

describe('a pause', () => {
  const twoItems = (first: (context: RunContext<'exportJob'>) => Promise<void>) =>
    vi.fn(async (context: RunContext<'exportJob'>) => {
      const items = [item('first', () => first(context)), item('second', async () => undefined)];
      await context.items(context.task('Test', 2), items, { concurrency: 1 });
      return 'done' as const;
    });

  it('releases a run with its progress after the items in progress', async () => {
    const run = await world().run();
    const other = await world().run();
    const executor: RunExecutor = executorOf(twoItems(async () => executor.pause(run.id)));
    await executor.execute(run.id);
    expect(await read(run)).toMatchObject({
      state: 'WaitingCoordinator',
      seenAt: null,
      endDate: null,
      counters: { success: 1 },
      tasks: [{ taskType: 'Test', numProcessed: 1, numPending: 1 }],
    });
    expect([await read(other), finished(), await ended()]).toEqual([other, [], []]);
  });

  it('by another process is found by a check', async () => {
    const run = await world().run();
    const executor = executorOf(
      twoItems(async () => {
        await world().db.update(t.runs).set({ paused: true });
        // Until this worker has noticed it.
        await vi.waitFor(async () => expect(checks()).toBeGreaterThan(1), { timeout: 10_000, interval: 20 });
      }),
    );
    const select = vi.spyOn(world().db, 'select');
    /** Checks that began after the pause. */
    const checks = (): number =>
      select.mock.calls.filter(([columns]) => Object.keys(columns ?? {}).join() === 'stopRequested,paused')
        .length;
    await executor.execute(run.id);
    select.mockRestore();
    expect(await read(run)).toMatchObject({ state: 'WaitingCoordinator', counters: { success: 1 } });
  });

  it('ends the run if a stop was requested as well', async () => {
    const run = await world().run();
    const executor: RunExecutor = executorOf(
      twoItems(async () => {
        executor.pause(run.id);
        await world().db.update(t.runs).set({ stopRequested: true });
      }),
    );
    await executor.execute(run.id);
    expect(await read(run)).toMatchObject({ state: 'Done', fatalError: false });
    expect((await rows()).at(-2)?.[0]).toBe('FileCancel');
  });
});

describe('a run that another worker has taken over', () => {
  it('is left to it', async () => {
    const {
      run: work,
      begun,
      goOn,
    } = held(async (context) => {
      await context.log({ logType: 'Success', message: 'too late' });
      return 'done';
    });
    const executor = executorOf(work);
    const run = await world().run();
    const working = executor.execute(run.id);
    await begun;
    const before = await rows();
    await world().db.update(t.runs).set({ attempt: 2, seenAt: sql`now()` });
    goOn();
    await working;
    expect(await read(run)).toMatchObject({ state: 'Running', attempt: 2 });
    expect([await rows(), finished(), logged()]).toEqual([
      before,
      [],
      ['a run was taken over by another worker'],
    ]);
  });

  it('is interrupted by a check', async () => {
    const { run: work, begun } = held();
    const executor = executorOf(work);
    const run = await world().run();
    const working = executor.execute(run.id);
    await begun;
    await world().db.update(t.runs).set({ attempt: 2 });
    await working;
    expect(logged()).toEqual(['a run was taken over by another worker']);
    expect(await read(run)).toMatchObject({ state: 'Running', attempt: 2 });
  });
});

describe('a process that stops', () => {
  it('releases its runs to others, and takes no more', async () => {
    const { run: work, begun } = held();
    const executor = executorOf(work);
    const run = await world().run();
    const working = executor.execute(run.id);
    const failed = expect(working).rejects.toThrow('the server is shutting down');
    await begun;
    executor.releaseAll();
    await failed;
    expect(await read(run)).toMatchObject({ state: 'WaitingCoordinator', seenAt: null });
    expect([finished(), logged()]).toEqual([[], ['releasing a run to another worker']]);
    await expect(executor.execute(run.id)).rejects.toBeInstanceOf(RunTakenOverError);
    await expect(executor.take(run.id)).rejects.toBeInstanceOf(RunTakenOverError);
  });

  it('for a reset takes runs afterwards', async () => {
    const { run: work, begun } = held();
    let first = true;
    const executor = executorOf((context) => {
      if (!first) return Promise.resolve('done');
      first = false;
      return work(context);
    });
    const run = await world().run();
    const working = executor.execute(run.id).catch((error: unknown) => error);
    await begun;
    await executor.abortAll();
    expect(await working).toBeInstanceOf(RunTakenOverError);
    expect(executor.busy).toBe(false);
    await executor.execute(run.id);
    expect((await read(run)).state).toBe('Done');
  });
});

describe('a run that is taken twice', () => {
  it('is executed once at a time', async () => {
    const { run: work, begun, goOn } = held();
    const calls = vi.fn(work);
    const executor = executorOf(calls);
    const run = await world().run();
    const working = [executor.execute(run.id)];
    await begun;
    working.push(executor.execute(run.id));
    goOn();
    await Promise.all(working);
    expect(calls).toHaveBeenCalledTimes(1);
  });

  it('is looked at again when it ends, because it may have more work', async () => {
    const first = held(async () => 'suspended');
    const calls = vi.fn((context: RunContext<'exportJob'>) =>
      calls.mock.calls.length === 1 ? first.run(context) : Promise.resolve('done' as const),
    );
    const executor = executorOf(calls);
    const run = await world().run();
    const working = executor.take(run.id);
    await first.begun;
    // Does not wait for it.
    await executor.take(run.id);
    expect(calls).toHaveBeenCalledTimes(1);
    first.goOn();
    await working;
    await executor.idle();
    expect(calls).toHaveBeenCalledTimes(2);
    expect((await read(run)).state).toBe('Done');
  });
});

describe('a database that is lost', () => {
  it('is waited for, and the run continues without a loss of its own', async () => {
    let calls = 0;
    const executor = executorOf(async () => {
      calls += 1;
      if (calls === 1) throw lost();
      return 'done';
    });
    const run = await world().run({ name: 'run-1' });
    await executor.execute(run.id);
    expect(calls).toBe(2);
    expect(await read(run)).toMatchObject({ state: 'Done', fatalError: false, attempt: 2, losses: 0 });
    expect(logged()).toEqual([
      'a run lost the database and is waiting for it',
      'the database is available again; the run continues',
    ]);
    expect(world().lines[0]).toContain('"run":"run-1"');
  });

  it('before the claim is waited for as well', async () => {
    let losses = 2;
    const { db } = world();
    const lossy = Object.assign(Object.create(db) as Db, {
      transaction: (...given: Parameters<Db['transaction']>) => {
        losses -= 1;
        return losses >= 0 ? Promise.reject(lost()) : db.transaction(...given);
      },
    });
    const run = await world().run();
    await executorOf(async () => 'done', { ...world().services, db: lossy }).execute(run.id);
    expect(await read(run)).toMatchObject({ state: 'Done', attempt: 1 });
    expect(logged().filter((each) => each.includes('lost'))).toHaveLength(2);
    expect(world().lines[0]).toContain(`"run":${run.id}`);
  });

  it('is not what another error is', async () => {
    const { db } = world();
    const failing = Object.assign(Object.create(db) as Db, {
      transaction: () => Promise.reject(new Error('another error')),
    });
    const executor = executorOf(async () => 'done', { ...world().services, db: failing });
    await expect(executor.execute((await world().run()).id)).rejects.toThrow('another error');
    expect([executor.busy, logged()]).toEqual([false, []]);
  });

  it('is not waited for by a process that stops', async () => {
    const { db } = world();
    let away = false;
    const lossy = Object.assign(Object.create(db) as Db, {
      update: (...given: Parameters<Db['update']>) => {
        if (!away) return db.update(...given);
        executor.releaseAll();
        throw lost();
      },
    });
    const executor: RunExecutor = executorOf(
      async () => {
        away = true;
        throw lost();
      },
      { ...world().services, db: lossy },
    );
    await expect(executor.execute((await world().run()).id)).rejects.toThrow('the server is shutting down');
  });
});

describe('with the instant clock', () => {
  const instant = () => ({ ...world().services, clock: new Clock('instant') });

  it('a run and those that follow it are done when the call returns', async () => {
    const run = await world().run({ name: 'run-1' });
    const follows = await world().run({ initiatingJobName: 'run-1' });
    const last = await world().run({ initiatingJobName: follows.name });
    const other = await world().run();
    const done = await world().run({ initiatingJobName: 'run-1', state: 'Done', attempt: 1 });
    await settle(
      instant(),
      executorOf(async () => 'done'),
      run.id,
    );
    for (const each of [run, follows, last]) expect(await read(each)).toMatchObject({ state: 'Done' });
    expect([await read(other), await read(done)]).toEqual([other, done]);
  });

  it('a run that waits for another one is done when that has ended', async () => {
    const { run: work, begun, goOn } = held();
    const services = instant();
    const parts = { ...world().withKind({ run: work, oneAtATime: true }), services };
    const executor = new RunExecutor(parts, async () => undefined);
    const first = await world().run();
    const second = await world().run();
    const settling = [settle(services, executor, first.id)];
    await begun;
    settling.push(settle(services, executor, second.id));
    setTimeout(goOn, 20);
    await Promise.all(settling);
    expect((await read(second)).state).toBe('Done');
  });

  it('a paused run is not waited for', async () => {
    const { run: work, begun, goOn } = held();
    const executor = executorOf(work);
    const first = await world().run();
    const paused = await world().run({ paused: true });
    const working = executor.execute(first.id);
    await begun;
    await settle(instant(), executor, paused.id);
    expect(await read(paused)).toMatchObject({ state: 'New' });
    goOn();
    await working;
  });

  it('nothing is executed without a run, or with another clock', async () => {
    const work = vi.fn(async () => 'done' as const);
    const executor = executorOf(work);
    await settle(instant(), executor, undefined);
    await settle(world().services, executor, (await world().run()).id);
    await settle(instant(), executor, 0);
    expect(work).not.toHaveBeenCalled();
  });
});
