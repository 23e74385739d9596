// Items of a run that share a transaction: each has one outcome, whatever becomes of the others.
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as t from '../src/db/schema.js';
import { ItemFailure } from '../src/failures.js';
import type { Item, ItemResult, Together } from '../src/jobs/item.js';
import type { RunContext } from '../src/jobs/run-context.js';
import { type EngineWorld, engineWorld } from './support/engine.js';

let world: EngineWorld;

beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.store.close());

const success = (name: string): ItemResult => ({
  outcome: 'success',
  rows: [{ logType: 'Success', message: name, assetName: name }],
  transfers: { success: 1 },
});

/** An item whose effect is a project with its name. */
const project = (name: string, more: Partial<Item<string>> = {}): Item<string> => ({
  key: name,
  name,
  prepare: async () => name,
  commit: async (tx) => {
    await tx.insert(t.projects).values({ companyId: world.company.id, name });
    return success(name);
  },
  ...more,
});

const failing = (name: string): Item<string> =>
  project(name, {
    commit: async (tx) => {
      await tx.insert(t.projects).values({ companyId: world.company.id, name });
      throw new ItemFailure('it is at fault');
    },
  });

/** Runs a job whose items share transactions, and returns what it has logged about them. */
async function runOf(
  items: (context: RunContext) => Iterable<Item<string>>,
  together: Together<string> = { most: 10, commit: async () => [] },
): Promise<string[]> {
  const { engine, work } = await world.start({
    run: async (context) => {
      await context.items(context.task('Test', 0), items(context), { concurrency: 2, together });
      return 'done';
    },
  });
  await engine.submit(world.submission('job'));
  await work();
  await engine.stop();
  const rows = await world.store.db.select().from(t.logRows).orderBy(t.logRows.id);
  return rows.filter(({ logType }) => /Success|Error|Cancel/.test(logType)).map(({ message }) => message);
}

const projects = async (): Promise<string[]> =>
  (await world.store.db.select().from(t.projects).orderBy(t.projects.id)).map(({ name }) => name);

const counters = async () => (await world.runs()).at(-1)?.counters;

/** Finds out which items were committed together. */
const transactionOf = async (): Promise<number> => {
  const { rows } = await world.store.db.execute<{ count: number }>(
    sql`select count(distinct xmin::text)::int as count from log_rows where log_type = 'Success'`,
  );
  return rows[0]?.count ?? 0;
};

it('commits them together, in their order, with what they count', async () => {
  const log = await runOf(() => ['a', 'b', 'c', 'd'].map((name) => project(name)));
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  expect(await projects()).toEqual(['a', 'b', 'c', 'd']);
  expect(await transactionOf()).toBe(1);
  expect(await counters()).toMatchObject({ success: 4, error: 0, transferSuccess: 4 });
});

it('logs them in their order, whichever is ready first', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = project('a', { prepare: async () => promise.then(() => 'a') });
  const early = project('b', {
    prepare: async () => {
      setImmediate(resolve);
      return 'b';
    },
  });
  expect(await runOf(() => [late, early, project('c')])).toEqual(['a', 'b', 'c']);
});

it('undoes what a failing one did, and nothing else', async () => {
  const refused = project('x', { prepare: async () => Promise.reject(new ItemFailure('it is unreadable')) });
  const log = await runOf(() => [project('a'), failing('b'), refused, project('c')]);
  expect(log).toEqual(['a', 'b: it is at fault', 'x: it is unreadable', 'c']);
  expect(await projects()).toEqual(['a', 'c']);
  expect(await transactionOf()).toBe(1);
  expect(await counters()).toMatchObject({ success: 2, error: 2 });
});

it('commits each by itself when several at once fail', async () => {
  let attempts = 0;
  const log = await runOf(() => [project('a'), failing('b'), project('c')], {
    most: 10,
    commit: async (tx) => {
      attempts += 1;
      await tx.insert(t.projects).values({ companyId: world.company.id, name: 'all' });
      throw new Error('all of them fail');
    },
  });
  expect(attempts).toBe(1);
  expect(log).toEqual(['a', 'b: it is at fault', 'c']);
  expect(await projects()).toEqual(['a', 'c']);
  expect(await counters()).toMatchObject({ success: 2, error: 1 });
});

it('does what comes last for each of them, and commits each by itself if that fails', async () => {
  const done: string[] = [];
  const withLast = (name: string): Item<string> =>
    project(name, {
      commit: async (tx) => {
        await tx.insert(t.projects).values({ companyId: world.company.id, name });
        return {
          ...success(name),
          last: async () => {
            if (name === 'b') throw new ItemFailure('its file cannot be moved');
            done.push(name);
          },
        };
      },
    });
  const log = await runOf(() => ['a', 'b', 'c'].map(withLast));
  expect(log).toEqual(['a', 'b: its file cannot be moved', 'c']);
  expect(await projects()).toEqual(['a', 'c']);
  // Once for all of them, which failed, and once by itself.
  expect(done).toEqual(['a', 'a', 'c']);
});

it('does not keep those that are ready waiting for one that is slow', async () => {
  const slow = project('slow', {
    prepare: async () => {
      // Ends only when the others are in the tables.
      while ((await projects()).length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
      return 'slow';
    },
  });
  const log = await runOf(() => [slow, project('a'), project('b'), project('c')]);
  expect(log).toEqual(['a', 'b', 'c', 'slow']);
});

it('fills a transaction with no more than it may have', async () => {
  const names = Array.from({ length: 25 }, (_, at) => `item ${at}`);
  const log = await runOf(() => names.map((name) => project(name)));
  expect(log.toSorted()).toEqual(names.toSorted());
  const { rows } = await world.store.db.execute<{ most: number }>(
    sql`select max(n)::int as most from (select count(*) as n from log_rows where log_type = 'Success' group by xmin::text) counts`,
  );
  expect(rows[0]?.most).toBeLessThanOrEqual(10);
});

it('finishes what is ready when it is told to stop, and begins nothing more', async () => {
  const log = await runOf((context) => {
    const stopping = project('b', {
      prepare: async () => {
        await world.store.db.update(t.runs).set({ stopRequested: true }).where(eq(t.runs.id, context.run.id));
        while (!context.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
        return 'b';
      },
    });
    const never = project('c', {
      prepare: async () => {
        while (!context.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
        throw context.signal.reason;
      },
    });
    return [project('a'), stopping, never, project('d')];
  });
  expect(log.toSorted()).toEqual(['The job was stopped', 'a', 'b', 'c']);
  expect(await projects()).toEqual(['a']);
});

it('writes nothing of a worker that has lost the run', async () => {
  const log = await runOf((context) => [
    project('a'),
    project('b', {
      prepare: async () => {
        await world.store.db
          .update(t.runs)
          .set({ attempt: context.run.attempt + 1 })
          .where(eq(t.runs.id, context.run.id));
        return 'b';
      },
    }),
  ]);
  expect(log).toEqual([]);
  expect(await projects()).toEqual([]);
});
