// What the tables put into an empty queue, and the nightly cleanup, without an engine.
import { describe, expect, it } from 'vitest';
import * as t from '../src/db/schema.js';
import {
  CLEANUP,
  ensureCleanup,
  forgetWorkers,
  inPages,
  PAGE,
  rebuildQueue,
  runCleanup,
  unreadableSchedules,
} from '../src/jobs/recovery.js';
import { START } from './support/engine.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const chores = () => world().db.select().from(t.chores);
const midnight = `cleanup at ${later(DAY).toISOString()}`;

describe('the queue is rebuilt', () => {
  it('with the runs that are not done, which no worker holds any more', async () => {
    const states = ['New', 'WaitingClient', 'WaitingCoordinator', 'Running', 'Stopping'];
    const runs = [];
    for (const state of states) runs.push(await world().run({ state, seenAt: START }));
    const done = await world().run({ state: 'Done', seenAt: START });
    await forgetWorkers(world().db);
    await rebuildQueue(world().parts);
    expect(world().queue.entries).toEqual(['clear', ...runs.map(({ id }) => `run ${id}`), midnight]);
    const seen = new Map((await world().runs()).map(({ id, seenAt }) => [id, seenAt]));
    expect(runs.map(({ id }) => seen.get(id))).toEqual([START, START, START, null, null]);
    expect(seen.get(done.id)).toEqual(START);
  });

  it('with the ends of uploads that take files', async () => {
    const posts = { state: 'WaitingClient', sourceAddress: 'a', lastPostAt: later(5) };
    const open = await world().run(posts);
    await world().run({ ...posts, endRequested: true });
    await world().run({ ...posts, stopRequested: true });
    await rebuildQueue(world().parts);
    const due = later(5 + world().services.config.limits.uploadIdle).toISOString();
    expect(world().queue.entries.filter((entry) => entry.startsWith('close'))).toEqual([
      `close ${open.id} at ${due}`,
    ]);
  });

  it('with the triggers that will fire', async () => {
    const trigger = await world().trigger({ nextFireTime: later(HOUR) });
    await world().trigger();
    for (const state of ['Paused', 'Complete', 'Error'])
      await world().trigger({ state, nextFireTime: later(HOUR) });
    await rebuildQueue(world().parts);
    expect(world().queue.entries).toEqual([
      'clear',
      `fire ${trigger.id} at ${later(HOUR).toISOString()}`,
      midnight,
    ]);
  });

  it('with the notifications, which are due now if a worker that is gone held them', async () => {
    const held = await world().notification({ dueAt: later(5) });
    const late = await world().notification({ dueAt: later(-5) });
    await rebuildQueue(world().parts);
    expect(world().queue.entries).toEqual(['clear', `delivery ${held.id}`, `delivery ${late.id}`, midnight]);
    expect((await world().outbox()).map(({ dueAt }) => dueAt)).toEqual([START, later(-5)]);
  });

  it('with all runs, however many', async () => {
    const { id: _, ...columns } = await world().run();
    for (let part = 0; part < 4; part += 1)
      await world()
        .db.insert(t.runs)
        .values(Array.from({ length: 275 }, (_each, at) => ({ ...columns, name: `many-${part}-${at}` })));
    await rebuildQueue(world().parts);
    const runs = world().queue.entries.filter((entry) => entry.startsWith('run'));
    expect([runs.length, new Set(runs).size]).toEqual([1101, 1101]);
  });
});

describe('pages', () => {
  const rowsOf = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

  it.each([
    [0, [-1]],
    [PAGE - 1, [-1]],
    [PAGE, [-1, PAGE - 1]],
    [PAGE + 1, [-1, PAGE - 1]],
  ])('of %i rows are read until one is not full', async (count, expected) => {
    const asked: number[] = [];
    const seen: number[] = [];
    await inPages(
      async (from) => {
        asked.push(from);
        return rowsOf(count)
          .filter(({ id }) => id > from)
          .slice(0, PAGE);
      },
      async ({ id }) => void seen.push(id),
    );
    expect(asked).toEqual(expected);
    expect(seen).toEqual(rowsOf(count).map(({ id }) => id));
  });
});

describe('the nightly cleanup', () => {
  it('is scheduled once', async () => {
    await ensureCleanup(world().parts, world().db);
    world().clock.move(2 * DAY);
    await ensureCleanup(world().parts, world().db);
    expect(await chores()).toMatchObject([{ name: CLEANUP, dueAt: later(DAY), scheduledAt: START }]);
    expect(world().queue.entries).toEqual([midnight, midnight]);
  });

  it('begins when it is due, in one process, and has its next time after the work', async () => {
    await ensureCleanup(world().parts, world().db);
    let nights = 0;
    const work = async (): Promise<void> => {
      nights += 1;
      // Another process finds it taken, for an hour.
      expect(await chores()).toMatchObject([{ dueAt: later(DAY + HOUR), scheduledAt: later(DAY) }]);
      await runCleanup(world().parts, work);
      world().clock.move(1);
    };
    world().clock.move(DAY - 1);
    await runCleanup(world().parts, work);
    expect(nights).toBe(0);
    world().clock.move(1);
    world().queue.entries.length = 0;
    await runCleanup(world().parts, work);
    expect(nights).toBe(1);
    expect(await chores()).toMatchObject([{ dueAt: later(2 * DAY), scheduledAt: later(DAY + 1) }]);
    expect(world().queue.entries).toEqual([`cleanup at ${later(2 * DAY).toISOString()}`]);
  });

  it('that fails begins again an hour later', async () => {
    await ensureCleanup(world().parts, world().db);
    world().clock.move(DAY);
    world().queue.entries.length = 0;
    await runCleanup(world().parts, () => Promise.reject(new Error('the disk is full')));
    expect(await chores()).toMatchObject([{ dueAt: later(DAY + HOUR) }]);
    expect(world().queue.entries).toEqual([`cleanup at ${later(DAY + HOUR).toISOString()}`]);
    expect(world().lines.join('')).toMatch(/the disk is full.*the nightly cleanup failed/);
  });
});

it('schedules that cannot be read are counted', async () => {
  await world().trigger();
  expect(await unreadableSchedules(world().db)).toBe(0);
  for (let each = 0; each < 2; each += 1) await world().trigger({ state: 'Error' });
  expect(await unreadableSchedules(world().db)).toBe(2);
});
