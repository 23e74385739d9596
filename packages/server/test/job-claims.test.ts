// Who may work on a run, and when: the states of runs in the tables, without an engine.
import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Db } from '../src/db/db.js';
import type { RunRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { checkRun, claimRun, releaseRun } from '../src/jobs/claims.js';
import type { JobKind } from '../src/jobs/job-kind.js';
import { keepPaused, leavePaused, pauseRun, resumeRun } from '../src/jobs/pausing.js';
import type { RunContext } from '../src/jobs/run-context.js';
import { nextInTurn, waitsForTurn } from '../src/jobs/turns.js';
import { START } from './support/engine.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const MINUTE = 60_000;
/** A kind that companies run one at a time, and one that they do not. Nothing else of them matters. */
const alone = { oneAtATime: true } as JobKind;
const together = {} as JobKind;
/** The time of the database, which reports have. */
const reportOf = (seconds: number) => sql<Date>`now() + ${seconds} * interval '1 second'`;

const claim = (run: RunRow, kind = together) => claimRun(world().services, () => kind, run.id);
const read = async ({ id }: RunRow): Promise<RunRow> => {
  const [row] = await world().db.select().from(t.runs).where(eq(t.runs.id, id));
  if (row === undefined) throw new Error('the run is gone');
  return row;
};
const seen = (run: RunRow, seconds: number) =>
  world()
    .db.update(t.runs)
    .set({ seenAt: reportOf(seconds) })
    .where(eq(t.runs.id, run.id));

describe('a claim', () => {
  it('of a new run begins it', async () => {
    world().clock.move(MINUTE);
    const run = await world().run({ awaitsWorker: true });
    const claimed = await claim(run);
    expect(claimed?.before).toBeUndefined();
    expect(claimed?.run).toEqual(await read(run));
    expect(claimed?.run).toMatchObject({
      id: run.id,
      state: 'Running',
      attempt: 1,
      losses: 0,
      serverName: 'worker-1',
      awaitsWorker: false,
      startDate: new Date(START.getTime() + MINUTE),
      seenAt: expect.any(Date),
    });
  });

  it.each(['WaitingClient', 'WaitingCoordinator'])('of a run that is %s continues it', async (state) => {
    world().clock.move(MINUTE);
    const run = await world().run({ state, attempt: 2, losses: 1, serverName: 'worker-2' });
    const claimed = await claim(run);
    expect(claimed?.before).toEqual({ server: 'worker-2', lost: false });
    expect(claimed?.run).toMatchObject({ state: 'Running', attempt: 3, losses: 1, startDate: START });
  });

  it.each([
    ['Running', false, 'Running'],
    ['Stopping', true, 'Stopping'],
  ])('of a run that was lost while %s counts the loss', async (state, stopRequested, then) => {
    const run = await world().run({ state, stopRequested, attempt: 1, losses: 2, serverName: 'worker-2' });
    const claimed = await claim(run);
    expect(claimed?.before).toEqual({ server: 'worker-2', lost: true });
    expect(claimed?.run).toMatchObject({ state: then, attempt: 2, losses: 3 });
  });

  it('of a run that never began counts no loss, whatever its state says', async () => {
    const claimed = await claim(await world().run({ state: 'Running', attempt: 0 }));
    expect(claimed).toMatchObject({ before: undefined, run: { attempt: 1, losses: 0 } });
  });

  it.each([0, -7, 7])('leaves a run to a worker that reported %i seconds from now', async (seconds) => {
    for (const state of ['Running', 'Stopping']) {
      const run = await world().run({ state, attempt: 1 });
      await seen(run, seconds);
      expect(await claim(run)).toBeUndefined();
      expect(await read(run)).toMatchObject({ state, attempt: 1 });
    }
  });

  it.each([-9, 9])('takes a run whose worker reported %i seconds from now', async (seconds) => {
    const run = await world().run({ state: 'Running', attempt: 1 });
    await seen(run, seconds);
    expect(await claim(run)).toMatchObject({ before: { lost: true } });
  });

  it('takes a waiting run whatever its last report', async () => {
    const run = await world().run({ state: 'WaitingCoordinator', attempt: 1 });
    await seen(run, 0);
    expect(await claim(run)).toMatchObject({ before: { lost: false } });
  });

  it('does nothing to a run that is done or does not exist', async () => {
    const run = await world().run({ state: 'Done', attempt: 1 });
    expect(await claim(run)).toBeUndefined();
    expect(await read(run)).toMatchObject({ state: 'Done', attempt: 1, seenAt: null });
    expect(await claim({ ...run, id: run.id + 1 })).toBeUndefined();
  });

  it('leaves a paused run, unless it has to stop', async () => {
    const run = await world().run({ paused: true });
    expect(await claim(run)).toBeUndefined();
    expect(await read(run)).toMatchObject({ state: 'New', attempt: 0 });
    const stopped = await world().run({ paused: true, stopRequested: true });
    expect(await claim(stopped)).toMatchObject({ run: { state: 'Stopping', attempt: 1 } });
  });

  it('lets a run wait for its turn, without its place in the queue, unless it has to stop', async () => {
    await world().run({ state: 'Running', attempt: 1 });
    const run = await world().run({ turn: 8 });
    expect(await claim(run, alone)).toBeUndefined();
    expect(await read(run)).toMatchObject({ state: 'New', attempt: 0, turn: 0 });
    expect(await claim(run, together)).toMatchObject({ run: { attempt: 1 } });
    const stopped = await world().run({ stopRequested: true });
    expect(await claim(stopped, alone)).toMatchObject({ run: { state: 'Stopping' } });
  });
});

describe('a worker', () => {
  it('reports to its run, and learns what is requested of it', async () => {
    const run = await world().run({ state: 'Running', attempt: 2 });
    expect(await checkRun(world().services, run, false)).toEqual({ stopRequested: false, paused: false });
    expect((await read(run)).seenAt).toBeNull();
    expect(await checkRun(world().services, run, true)).toEqual({ stopRequested: false, paused: false });
    expect((await read(run)).seenAt).toBeInstanceOf(Date);
    await world().db.update(t.runs).set({ state: 'Stopping', stopRequested: true, paused: true });
    for (const reports of [true, false])
      expect(await checkRun(world().services, run, reports)).toEqual({ stopRequested: true, paused: true });
  });

  it.each([true, false])('learns that another one has claimed its run, reporting: %s', async (reports) => {
    const run = await world().run({ state: 'Running', attempt: 2 });
    await world().run({ state: 'Running', attempt: 1 });
    expect(await checkRun(world().services, { ...run, attempt: 1 }, reports)).toBeUndefined();
    expect((await read(run)).seenAt).toBeNull();
  });

  it('reports to no run that is not at work', async () => {
    for (const state of ['New', 'WaitingClient', 'WaitingCoordinator', 'Done']) {
      const run = await world().run({ state, attempt: 1 });
      expect(await checkRun(world().services, run, true)).toBeUndefined();
      expect((await read(run)).seenAt).toBeNull();
    }
  });

  it('releases its run, unless it is done or another one has claimed it', async () => {
    const run = await world().run({ state: 'Running', attempt: 2, seenAt: START });
    const other = await world().run({ state: 'Running', attempt: 2, seenAt: START });
    await releaseRun(world().services, { ...run, attempt: 1 });
    expect(await read(run)).toMatchObject({ state: 'Running', seenAt: START });
    await releaseRun(world().services, run);
    expect(await read(run)).toMatchObject({ state: 'WaitingCoordinator', seenAt: null, attempt: 2 });
    expect(await read(other)).toMatchObject({ state: 'Running', seenAt: START });
    const done = await world().run({ state: 'Done', attempt: 2 });
    await releaseRun(world().services, done);
    expect(await read(done)).toMatchObject({ state: 'Done' });
  });
});

describe('a pause', () => {
  it('marks a run that is not done, and only that', async () => {
    const [run, other, done] = [
      await world().run(),
      await world().run(),
      await world().run({ state: 'Done' }),
    ];
    await pauseRun(world().parts, run.id);
    await pauseRun(world().parts, done.id);
    expect([(await read(run)).paused, (await read(other)).paused, (await read(done)).paused]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('ends with a place in the queue and a new start of waiting', async () => {
    const run = await world().run({ paused: true });
    const other = await world().run({ paused: true });
    world().clock.move(MINUTE);
    expect(await resumeRun(world().parts, run.id)).toBe(true);
    expect(world().queue.entries).toEqual([`run ${run.id}`]);
    expect(await read(run)).toMatchObject({
      paused: false,
      lastProgressUpdate: new Date(START.getTime() + MINUTE),
    });
    expect(await read(other)).toMatchObject({ paused: true });
  });

  it.each([{ paused: false }, { paused: true, state: 'Done' }])('does not end for %j', async (more) => {
    const run = await world().run(more);
    expect(await resumeRun(world().parts, run.id)).toBe(false);
    expect([world().queue.entries, await read(run)]).toEqual([[], run]);
  });

  it('of a run that lost its worker counts the loss, and lets no worker of before write', async () => {
    const run = await world().run({ state: 'Running', attempt: 1, losses: 1, paused: true, seenAt: START });
    const other = await world().run({ state: 'Running', attempt: 1 });
    await keepPaused(world().db, run);
    expect(await read(run)).toMatchObject({
      state: 'WaitingCoordinator',
      seenAt: null,
      attempt: 2,
      losses: 2,
    });
    expect(await read(other)).toEqual(other);
    const waiting = await world().run({ state: 'New', paused: true });
    await keepPaused(world().db, waiting);
    expect(await read(waiting)).toEqual(waiting);
  });

  it('releases the run with its progress, unless it has to stop', async () => {
    const run = await world().run({ state: 'Running', paused: true, seenAt: START });
    const other = await world().run({ state: 'Running', seenAt: START });
    const leave = ({ id }: RunRow) =>
      leavePaused({
        run: { id },
        progress: { changes: () => ({ progressMessage: 'half' }) },
        transaction: (work: (tx: Db) => Promise<boolean>) => work(world().db),
        // Nothing else of a context is used.
      } as unknown as RunContext);
    expect(await leave(run)).toBe(true);
    expect(await read(run)).toMatchObject({
      state: 'WaitingCoordinator',
      seenAt: null,
      progressMessage: 'half',
    });
    expect(await read(other)).toEqual(other);
    const stopped = await world().run({ state: 'Running', paused: true, stopRequested: true });
    expect(await leave(stopped)).toBe(false);
    expect(await read(stopped)).toEqual(stopped);
  });

  it('is kept by a claim of a run that was lost', async () => {
    const run = await world().run({ state: 'Running', attempt: 1, paused: true });
    expect(await claim(run)).toBeUndefined();
    expect(await read(run)).toMatchObject({ state: 'WaitingCoordinator', attempt: 2, losses: 1 });
  });
});

describe('a turn', () => {
  it('comes when no earlier run of the kind and company is left', async () => {
    const first = await world().run({ kind: 'uploadUrlsJob' });
    const run = await world().run();
    await world().run();
    expect(await waitsForTurn(world().db, run, alone)).toBe(false);
    await world().db.update(t.runs).set({ kind: 'exportJob' }).where(eq(t.runs.id, first.id));
    expect(await waitsForTurn(world().db, run, alone)).toBe(true);
    expect(await waitsForTurn(world().db, { ...run, companyId: run.companyId + 1 }, alone)).toBe(false);
    expect(await waitsForTurn(world().db, run, together)).toBe(false);
    await world().db.update(t.runs).set({ state: 'Done' }).where(eq(t.runs.id, first.id));
    expect(await waitsForTurn(world().db, run, alone)).toBe(false);
  });

  it('is that of the earliest new run', async () => {
    const run = await world().run({ state: 'Running' });
    expect(await nextInTurn(world().db, run, alone)).toBeUndefined();
    await world().run({ state: 'WaitingClient' });
    await world().run({ kind: 'uploadUrlsJob' });
    const next = await world().run({ urgent: true, turn: 3 });
    await world().run();
    expect(await nextInTurn(world().db, run, alone)).toEqual({
      id: next.id,
      companyId: next.companyId,
      urgent: true,
      turn: 3,
    });
    expect(await nextInTurn(world().db, run, together)).toBeUndefined();
    expect(await nextInTurn(world().db, { ...run, companyId: 0 }, alone)).toBeUndefined();
  });

  it('is not that of the run that is ending', async () => {
    const run = await world().run();
    expect(await nextInTurn(world().db, run, alone)).toBeUndefined();
  });
});
