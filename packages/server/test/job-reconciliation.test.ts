// What one pass of the reconciliation does with the tables, without an engine.
import { eq, sql } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import * as t from '../src/db/schema.js';
import type { EngineParts } from '../src/jobs/engine-parts.js';
import {
  checkSchedules,
  type ReconciliationWork,
  reconcile,
  requeueStranded,
} from '../src/jobs/reconciliation.js';
import { CLEANUP } from '../src/jobs/recovery.js';
import { START } from './support/engine.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HOURLY = '0 0 * * * ?';
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const idle: ReconciliationWork = { fire: async () => undefined, carriesOut: () => false };

/** One pass. Returns what it enqueued, without the nightly cleanup. */
async function pass(work = idle, parts: EngineParts = world().parts): Promise<string[]> {
  const { entries } = world().queue;
  entries.length = 0;
  await reconcile(parts, work, { after: -1 });
  return entries.filter((entry) => !entry.startsWith('cleanup'));
}

/** Messages of the log with what they are about. */
const logged = (): Record<string, unknown>[] =>
  world().lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('due triggers', () => {
  it('fire, one after the other, and those that are not due or not normal do not', async () => {
    const due = await world().trigger({ nextFireTime: START });
    const second = await world().trigger({ nextFireTime: later(-HOUR) });
    await world().trigger({ nextFireTime: later(1) });
    await world().trigger();
    for (const state of ['Paused', 'Error', 'Complete'])
      await world().trigger({ nextFireTime: START, state });
    const fired: unknown[] = [];
    await pass({ ...idle, fire: async (...given) => void fired.push(given) });
    expect(fired).toEqual([
      [due.id, START],
      [second.id, later(-HOUR)],
    ]);
  });

  it('that fail do not keep others from firing, and are logged', async () => {
    const first = await world().trigger({ nextFireTime: START, name: 'first' });
    const second = await world().trigger({ nextFireTime: START });
    const fired: number[] = [];
    await pass({
      ...idle,
      fire: async (id) => {
        fired.push(id);
        if (id === first.id) throw new Error('it failed');
      },
    });
    expect(fired).toEqual([first.id, second.id]);
    expect(logged()).toMatchObject([
      { job: 'first', msg: 'a step of the reconciliation failed', err: { message: 'it failed' } },
    ]);
  });

  it('end the pass when the database is lost', async () => {
    const loss = new DrizzleQueryError('select', [], Object.assign(new Error('a'), { code: 'ECONNRESET' }));
    await world().trigger({ nextFireTime: START });
    const { dueAt: _, ...row } = await world().notification();
    await expect(pass({ ...idle, fire: () => Promise.reject(loss) })).rejects.toBe(loss);
    expect([world().queue.entries, logged(), row.attempts]).toEqual([[], [], 0]);
  });

  it('are all found, however many', async () => {
    for (let each = 0; each < 3; each += 1)
      await world()
        .db.insert(t.triggers)
        .values(
          Array.from({ length: 70 }, () => ({
            companyId: world().company.id,
            kind: 'exportJob' as const,
            details: { assetHandleArray: [], fmt: 'orig', emailSetting: 'None' },
            submitUserId: world().submitter.id,
            mailUserId: world().submitter.id,
            name: 'many',
            state: 'Normal',
            createdAt: START,
            nextFireTime: START,
          })),
        );
    const fired = new Set<number>();
    await pass({ ...idle, fire: async (id) => void fired.add(id) });
    expect(fired.size).toBe(210);
  });
});

describe('a clock that was set back', () => {
  it('gives triggers another time that were computed more than a minute ahead', async () => {
    const ahead = await world().trigger({
      nextFireTime: later(DAY),
      scheduledAt: later(MINUTE + 1),
      execSchedule: HOURLY,
    });
    const near = await world().trigger({
      nextFireTime: later(DAY),
      scheduledAt: later(MINUTE),
      execSchedule: HOURLY,
    });
    const paused = await world().trigger({
      state: 'Paused',
      nextFireTime: later(DAY),
      scheduledAt: later(DAY),
      execSchedule: HOURLY,
    });
    expect(await pass()).toEqual([`fire ${ahead.id} at ${later(HOUR).toISOString()}`]);
    const [first, ...others] = await world().triggers();
    expect(first).toMatchObject({ nextFireTime: later(HOUR), scheduledAt: START });
    expect(others).toEqual([near, paused]);
  });

  it('lets uploads wait from now, unless they are ending', async () => {
    const posts = { state: 'WaitingClient', sourceAddress: 'a' };
    await world().run({ ...posts, lastPostAt: later(MINUTE + 1) });
    await world().run({ ...posts, lastPostAt: later(MINUTE) });
    await world().run({ ...posts, lastPostAt: later(DAY), endRequested: true });
    await world().run({ ...posts, lastPostAt: later(DAY), state: 'Done' });
    await world().run({ ...posts, lastPostAt: null });
    await pass();
    expect((await world().runs()).map(({ lastPostAt }) => lastPostAt)).toEqual([
      START,
      later(MINUTE),
      later(DAY),
      later(DAY),
      null,
    ]);
  });

  it('makes notifications due that would be due later than any attempt', async () => {
    // The longest delay, and the minute by which clocks may differ.
    const latest = 16 * MINUTE;
    await world().notification({ dueAt: later(latest) });
    const late = await world().notification({ dueAt: later(latest + 1) });
    expect(await pass()).toEqual([`delivery ${late.id}`]);
    expect((await world().outbox()).map(({ dueAt }) => dueAt)).toEqual([later(latest), START]);
  });

  it('brings the cleanup back to the coming night', async () => {
    const midnight = later(DAY);
    for (const [scheduledAt, dueAt] of [
      [later(MINUTE + 1), midnight],
      [later(MINUTE), later(9 * DAY)],
    ] as const) {
      await world().db.delete(t.chores);
      await world()
        .db.insert(t.chores)
        .values({ name: CLEANUP, dueAt: later(9 * DAY), scheduledAt });
      await pass();
      expect(await world().db.select().from(t.chores)).toMatchObject([{ dueAt }]);
      expect(world().queue.entries).toEqual(
        dueAt === midnight ? [`cleanup at ${midnight.toISOString()}`] : [],
      );
    }
    expect(await world().db.select().from(t.chores)).toMatchObject([{ scheduledAt: later(MINUTE) }]);
  });
});

describe('stranded runs', () => {
  it('are those that wait for half a minute without an entry', async () => {
    world().clock.move(30 * SECOND + 1);
    const stranded = await world().run({ name: 'stranded' });
    const held = await world().run();
    world().queue.runs.push(held.id);
    await world().run({ lastProgressUpdate: later(1) });
    expect(await pass()).toEqual([`run ${stranded.id}`]);
    expect(logged()).toMatchObject([{ run: 'stranded', msg: 'a run was stranded; enqueued again' }]);
  });

  it('are those whose progress is more than a minute ahead', async () => {
    const ahead = await world().run({ lastProgressUpdate: later(MINUTE + 1) });
    await world().run({ lastProgressUpdate: later(MINUTE) });
    expect(await pass()).toEqual([`run ${ahead.id}`]);
  });

  it('are in any state of waiting, and a suspended one only if it has work', async () => {
    world().clock.move(MINUTE);
    const expected = [
      await world().run({ state: 'New' }),
      await world().run({ state: 'WaitingCoordinator' }),
      await world().run({ state: 'WaitingClient', awaitsWorker: true }),
      await world().run({ state: 'WaitingClient', stopRequested: true }),
      await world().run({ paused: true, stopRequested: true }),
    ];
    await world().run({ state: 'WaitingClient' });
    await world().run({ paused: true });
    await world().run({ state: 'Done' });
    expect(await pass()).toEqual(expected.map(({ id }) => `run ${id}`));
  });

  it('are not those that this process executes, or that wait for their turn', async () => {
    world().clock.move(MINUTE);
    const first = await world().run({ kind: 'exportJob' });
    const second = await world().run({ kind: 'exportJob' });
    const third = await world().run({ kind: 'exportJob', stopRequested: true });
    const parts = world().withKind({ oneAtATime: true });
    expect(await pass(idle, parts)).toEqual([`run ${first.id}`, `run ${third.id}`]);
    expect(await pass({ ...idle, carriesOut: (id) => id === first.id }, parts)).toEqual([`run ${third.id}`]);
    await world().db.update(t.runs).set({ state: 'Done' }).where(eq(t.runs.id, first.id));
    expect(await pass(idle, parts)).toEqual([`run ${second.id}`, `run ${third.id}`]);
    expect(await pass()).toEqual([`run ${second.id}`, `run ${third.id}`]);
  });

  it('are those that lost their worker, at once and whatever their entry', async () => {
    const lost = await world().run({ state: 'Running', name: 'lost', lastProgressUpdate: START });
    const stopping = await world().run({ state: 'Stopping' });
    const held = await world().run({ state: 'Running' });
    await world().db.update(t.runs).set({ seenAt: sql`now()` }).where(eq(t.runs.id, held.id));
    world().queue.runs.push(lost.id);
    expect(await pass()).toEqual([`lost run ${lost.id}`, `lost run ${stopping.id}`]);
    expect(logged()[0]).toMatchObject({ run: 'lost', msg: 'a run lost its worker' });
    expect(await pass({ ...idle, carriesOut: () => true })).toEqual([]);
  });

  it('are looked for in rounds of a thousand', async () => {
    const { db, company, submitter } = world();
    const run = await world().run({ state: 'Done' });
    const { id: _, ...columns } = run;
    const rows = Array.from({ length: 1002 }, (_each, at) => ({
      ...columns,
      companyId: company.id,
      submitUserId: submitter.id,
      name: `many-${at}`,
      state: 'New',
    }));
    for (let at = 0; at < rows.length; at += 501) await db.insert(t.runs).values(rows.slice(at, at + 501));
    world().clock.move(MINUTE);
    const round = { after: -1 };
    const given: number[] = [];
    for (let each = 0; each < 3; each += 1) {
      world().queue.entries.length = 0;
      await requeueStranded(world().parts, round);
      given.push(world().queue.entries.length);
    }
    expect(given).toEqual([1000, 2, 1000]);
    await requeueStranded(world().parts);
    expect(world().queue.entries).toHaveLength(2000);
    const lost = await world().run({ state: 'Running' });
    // One that was lost is found in any round.
    await requeueStranded(world().parts, { after: lost.id });
    expect(world().queue.entries.at(-1)).toBe(`lost run ${lost.id}`);
  });

  it('do not keep each other from a worker', async () => {
    world().clock.move(MINUTE);
    const first = await world().run({ name: 'first' });
    const second = await world().run();
    const { parts, queue } = world();
    const failing = Object.assign(Object.create(queue) as typeof queue, {
      enqueueRun: async (tx: Parameters<typeof queue.enqueueRun>[0], run: { id: number }) => {
        if (run.id === first.id) throw new Error('it failed');
        await queue.enqueueRun(tx, { ...second });
      },
    });
    expect(await pass(idle, { ...parts, queue: failing })).toEqual([`run ${second.id}`]);
    expect(logged().map(({ msg }) => msg)).toContain('a step of the reconciliation failed');
  });
});

describe('uploads', () => {
  it('are closed after the last post for too long', async () => {
    const limit = world().services.config.limits.uploadIdle;
    world().clock.move(limit);
    const posts = { state: 'WaitingClient', sourceAddress: 'a', lastProgressUpdate: later(limit) };
    const old = await world().run({ ...posts, lastPostAt: START });
    await world().run({ ...posts, lastPostAt: later(1) });
    await world().run({ ...posts, lastPostAt: START, endRequested: true });
    await world().run({ ...posts, lastPostAt: START, state: 'Done' });
    await world().run(posts);
    expect(await pass()).toEqual([`run ${old.id}`]);
    expect((await world().runs()).map(({ endRequested }) => endRequested)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('notifications', () => {
  it('that are due and have no entry get one', async () => {
    const due = await world().notification();
    const held = await world().notification();
    await world().notification({ dueAt: later(1) });
    world().queue.deliveries.push(held.id);
    expect(await pass()).toEqual([`delivery ${due.id}`]);
  });
});

describe('the nightly cleanup', () => {
  const chore = (dueAt: Date) =>
    world().db.insert(t.chores).values({ name: CLEANUP, dueAt, scheduledAt: START });

  it('is scheduled if it is not', async () => {
    await pass();
    expect(await world().db.select().from(t.chores)).toMatchObject([{ name: CLEANUP, dueAt: later(DAY) }]);
    expect(world().queue.entries).toEqual([`cleanup at ${later(DAY).toISOString()}`]);
  });

  it('is enqueued a second after it was due', async () => {
    await chore(START);
    world().clock.move(999);
    await pass();
    expect(world().queue.entries).toEqual([]);
    world().clock.move(1);
    await pass();
    expect(world().queue.entries).toEqual([`cleanup at ${later(1000).toISOString()}`]);
  });
});

describe('schedules at the start of a server', () => {
  it('are checked: those that cannot be read are errors, and errors that can be read fire again', async () => {
    const good = await world().trigger({ execSchedule: HOURLY, nextFireTime: later(MINUTE) });
    const bad = await world().trigger({ name: 'bad', execSchedule: 'often', nextFireTime: START });
    const mended = await world().trigger({ state: 'Error', error: 'no', execSchedule: HOURLY });
    const once = await world().trigger({ nextFireTime: START });
    const paused = await world().trigger({ state: 'Paused', execSchedule: 'often' });
    const failed = await world().trigger({ state: 'Error', error: 'no' });
    await checkSchedules(world().parts);
    const rows = new Map((await world().triggers()).map((row) => [row.id, row]));
    for (const each of [good, once, paused, failed]) expect(rows.get(each.id)).toEqual(each);
    expect(rows.get(bad.id)).toMatchObject({ state: 'Error', error: expect.stringContaining('fields') });
    expect(rows.get(mended.id)).toMatchObject({ state: 'Normal', error: null, nextFireTime: later(HOUR) });
    expect(world().queue.entries).toEqual([`fire ${mended.id} at ${later(HOUR).toISOString()}`]);
  });
});
