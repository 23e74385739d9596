// The order in which workers take runs from the queue, in a database as it is used.
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCompany } from '../src/companies/create-company.js';
import type { CompanyRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { BossQueue } from '../src/jobs/boss-queue.js';
import type { JobEngine } from '../src/jobs/job-engine.js';
import type { JobKind } from '../src/jobs/job-kind.js';
import type { JobQueue } from '../src/jobs/queue.js';
import { type EngineWorld, engineWorld, START } from './support/engine.js';

let world: EngineWorld;
let api: JobEngine;
let queue: JobQueue;
let other: CompanyRow;
let engines: JobEngine[];

const log = pino({ level: 'silent' });
const queueOf =
  (role: 'api' | 'all', workers = 1) =>
  () =>
    new BossQueue(world.store, { workers, role, serverName: role }, log);

/** How many assets the job of a submission names. */
const kind: Partial<JobKind<'exportJob'>> = { size: ({ assetHandleArray }) => assetHandleArray.length };

beforeEach(async () => {
  world = await engineWorld();
  engines = [];
  const process = await world.start({ kind, config: { role: 'api' }, queue: queueOf('api') });
  api = process.engine;
  queue = process.parts.queue;
  engines.push(api);
  const id = await world.store.db.transaction((tx) => createCompany(tx, 'Other', START));
  const found = (await world.store.db.select().from(t.companies)).find((each) => each.id === id);
  if (found === undefined) throw new Error('the company was not created');
  other = found;
});
afterEach(async () => {
  for (const engine of engines) await engine.stop();
  await world.store.close();
});

/** Submits a job of a company that names so many assets. */
const submit = (company: CompanyRow, name: string, assets: number, more = {}): Promise<string> =>
  api.submit(
    world.submission(name, {
      company,
      details: {
        assetHandleArray: Array.from({ length: assets }, (_, at) => `a|${at}`),
        fmt: 'orig',
        emailSetting: 'None',
      },
      ...more,
    }),
  );

/** Starts a worker, and returns the names of the first runs that it takes. */
async function firstOf(count: number): Promise<string[]> {
  const order: string[] = [];
  const enough = new Promise<void>((resolve) => {
    const run: JobKind<'exportJob'>['run'] = async (context) => {
      order.push(context.run.originalName);
      if (order.length === count) resolve();
      return 'done';
    };
    void world
      .start({ kind, run, exclusive: false, config: { role: 'all' }, queue: queueOf('all') })
      .then(({ engine }) => engines.push(engine));
  });
  await enough;
  return order.slice(0, count);
}

it('a company with 2,000 runs waiting delays that of another company by a few', async () => {
  await submit(world.company, 'first', 100);
  const [first] = await world.runs();
  if (first === undefined) throw new Error('there is no run');
  const { id, ...columns } = first;
  const rows = Array.from({ length: 2000 }, (_, at) => ({
    ...columns,
    name: `many-${at}`,
    originalName: `many-${at}`,
    turn: first.turn + 8 * (at + 1),
  }));
  await world.store.db.transaction(async (tx) => {
    for (let at = 0; at < rows.length; at += 500) {
      const added = await tx
        .insert(t.runs)
        .values(rows.slice(at, at + 500))
        .returning();
      await queue.enqueueRuns(tx, added);
    }
  });
  await submit(other, 'only', 100);
  await submit(world.company, 'last', 100);
  const order = await firstOf(6);
  expect(order.indexOf('only')).toBeGreaterThanOrEqual(0);
  expect(order.indexOf('only')).toBeLessThanOrEqual(2);
  expect(order.filter((name) => name !== 'only')).toEqual(['first', 'many-0', 'many-1', 'many-2', 'many-3']);
  // In the order of its company.
  const last = (await world.runs()).find(({ originalName }) => originalName === 'last');
  expect(last?.turn).toBe(first.turn + 8 * 2001);
});

it('a company that comes later does not catch up on what others had before', async () => {
  await submit(world.company, 'first', 100);
  await queue.clear();
  const [first] = await world.runs();
  if (first === undefined) throw new Error('there is no run');
  await queue.enqueueRun(world.store.db, { ...first, turn: 800 });
  for (const name of ['b0', 'b1', 'b2']) await submit(other, name, 100);
  await submit(other, 'small', 1);
  const turns = (await world.runs()).slice(1).map(({ turn }) => turn);
  expect(turns).toEqual([800, 808, 816, 800]);
});

it('a run that waits for another one of its company has no turn, and gets one when it is next', async () => {
  for (const name of ['a0', 'a1']) await submit(world.company, name, 100);
  const order: string[] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const run: JobKind<'exportJob'>['run'] = async (context) => {
    order.push(context.run.originalName);
    await held;
    return 'done';
  };
  const { engine } = await world.start({
    kind: { ...kind, oneAtATime: true },
    run,
    exclusive: false,
    queue: queueOf('all', 2),
  });
  engines.push(engine);
  const until = async (isSo: (runs: Awaited<ReturnType<EngineWorld['runs']>>) => boolean): Promise<void> => {
    while (!isSo(await world.runs())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until((runs) => runs.some(({ originalName, turn }) => originalName === 'a1' && turn === 0));
  letGo();
  await until((runs) => runs.every(({ state }) => state === 'Done'));
  expect(order).toEqual(['a0', 'a1']);
});

it('two companies with runs waiting take turns', async () => {
  for (let at = 0; at < 4; at += 1) await submit(world.company, `a${at}`, 100);
  for (let at = 0; at < 4; at += 1) await submit(other, `b${at}`, 100);
  expect(await firstOf(8)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
});

it('a small job does not wait for large ones, of its own company or of others', async () => {
  for (let at = 0; at < 4; at += 1) await submit(world.company, `large${at}`, 11);
  await submit(world.company, 'small', 10);
  await submit(other, 'also small', 1);
  const order = await firstOf(6);
  expect(order.slice(0, 2).toSorted()).toEqual(['also small', 'small']);
  expect(order.slice(2)).toEqual(['large0', 'large1', 'large2', 'large3']);
});

it('a stream of small jobs does not keep large ones waiting', async () => {
  for (let at = 0; at < 3; at += 1) await submit(world.company, `large${at}`, 100);
  for (let at = 0; at < 40; at += 1) await submit(other, `small${at}`, 1);
  const order = await firstOf(30);
  const at = ['large0', 'large1', 'large2'].map((name) => order.indexOf(name));
  expect(at.every((each) => each >= 0)).toBe(true);
  // After each, eight small ones.
  expect(at).toEqual([1, 10, 19]);
});

it('a job that its schedule starts is not urgent, however small; one that someone starts is', async () => {
  await submit(world.company, 'later', 1, { execTime: new Date(START.getTime() + 60_000) });
  await submit(world.company, 'at once', 1);
  world.clock.move(120_000);
  await api.reconcile();
  const runs = await world.runs();
  expect(Object.fromEntries(runs.map(({ originalName, urgent }) => [originalName, urgent]))).toEqual({
    'at once': true,
    later: false,
  });
});

it('turns begin again when nothing waits', async () => {
  for (let at = 0; at < 5; at += 1) await submit(world.company, `a${at}`, 100);
  const turns = async () => (await world.runs()).map(({ turn }) => turn);
  expect(await turns()).toEqual([8, 16, 24, 32, 40]);
  await firstOf(5);
  while ((await world.runs()).some(({ state }) => state !== 'Done'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await submit(world.company, 'again', 100);
  expect((await turns()).at(-1)).toBe(8);
});
