// Uploads by POST as rows, without an engine.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { closeIdleUpload, findUpload, idleDeadline, openUpload, recordPost } from '../src/jobs/uploads.js';
import { START } from './support/engine.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const limit = (): number => world().services.config.limits.uploadIdle;
const read = async ({ id }: Pick<RunRow, 'id'>): Promise<RunRow> => {
  const [row] = await world().db.select().from(t.runs).where(eq(t.runs.id, id));
  if (row === undefined) throw new Error('the run is gone');
  return row;
};
const open = { state: 'WaitingClient', sourceAddress: '192.0.2.1', lastPostAt: START };
const file = { path: 'a.png', hash: 'abc', size: 5 };

it('an upload is opened for one address, and closed when nothing comes', async () => {
  const run = await openUpload(world().parts, world().submission('posts'), '192.0.2.1');
  expect(await read(run)).toMatchObject({
    state: 'WaitingClient',
    sourceAddress: '192.0.2.1',
    lastPostAt: START,
    triggerTime: START,
    urgent: false,
    endRequested: false,
  });
  expect(world().queue.entries).toEqual([`close ${run.id} at ${later(limit()).toISOString()}`]);
  const small = await openUpload(world().withKind({ size: () => 1 }), world().submission('few'), 'a');
  expect(await read(small)).toMatchObject({ urgent: true });
});

describe('an upload is found', () => {
  const find = (run: RunRow, address = '192.0.2.1') =>
    findUpload(world().db, world().company, `j|6||${run.name}|${run.id}`, address);

  it('if it is open, at its address', async () => {
    const run = await world().run(open);
    expect(await find(run)).toMatchObject({ id: run.id });
    await expect(find(run, '192.0.2.2')).rejects.toMatchObject({
      code: 30000,
      reason: expect.stringContaining('this one was opened from 192.0.2.1'),
    });
  });

  it.each([{ state: 'Done' }, { endRequested: true }])('unless it is closed: %j', async (more) => {
    const run = await world().run({ ...open, ...more });
    await expect(find(run)).rejects.toMatchObject({
      code: 30000,
      reason: `jobHandle: the upload job '${run.name}' is closed`,
    });
  });

  it('among the runs of its job, and no other kind of run is one', async () => {
    const run = await world().run({ ...open, originalName: 'posts' });
    await world().run({ originalName: 'posts' });
    expect(await findUpload(world().db, world().company, 'j|6|posts|', '192.0.2.1')).toMatchObject({
      id: run.id,
    });
    await expect(find(await world().run())).rejects.toMatchObject({ code: 30001 });
  });
});

describe('a post', () => {
  const files = () => world().db.select().from(t.postedFiles);

  it('is recorded with its files, and gives the run work', async () => {
    const run = await world().run(open);
    const other = await world().run(open);
    world().clock.move(5);
    await recordPost(world().parts, run, [file, { ...file, path: 'b.png' }], false);
    expect(await files()).toMatchObject([
      { runId: run.id, path: 'a.png', file: 'abc', size: 5 },
      { runId: run.id, path: 'b.png' },
    ]);
    expect(await read(run)).toMatchObject({
      lastPostAt: later(5),
      awaitsWorker: true,
      endRequested: false,
    });
    expect(await read(other)).toEqual(other);
    expect(world().queue.entries).toEqual([`run ${run.id}`]);
    await recordPost(world().parts, run, [], true);
    expect([(await files()).length, (await read(run)).endRequested]).toEqual([2, true]);
  });

  it.each([{ state: 'Done' }, { endRequested: true }])('with files is refused for %j', async (more) => {
    await world().run(open);
    const run = await world().run({ ...open, ...more });
    await expect(recordPost(world().parts, run, [file], false)).rejects.toMatchObject({ code: 30000 });
    expect([await files(), await read(run), world().queue.entries]).toEqual([[], run, []]);
    // Without files, nothing is lost.
    await recordPost(world().parts, run, [], false);
    expect(world().queue.entries).toEqual([`run ${run.id}`]);
  });

  it('for a run that is gone enqueues nothing', async () => {
    await recordPost(world().parts, { id: 0, name: 'gone' }, [], true);
    expect(world().queue.entries).toEqual([]);
  });
});

describe('an idle upload', () => {
  it('is closed at its deadline, and looked at again before', async () => {
    const run = await world().run(open);
    const other = await world().run(open);
    world().clock.move(limit() - 1);
    await closeIdleUpload(world().parts, run.id);
    expect([await read(run), world().queue.entries]).toEqual([
      run,
      [`close ${run.id} at ${later(limit()).toISOString()}`],
    ]);
    world().clock.move(1);
    world().queue.entries.length = 0;
    await closeIdleUpload(world().parts, run.id);
    expect(await read(run)).toMatchObject({ endRequested: true, awaitsWorker: true });
    expect([await read(other), world().queue.entries]).toEqual([other, [`run ${run.id}`]]);
  });

  it('is left alone when it is closed or gone', async () => {
    const runs = [
      await world().run({ ...open, state: 'Done' }),
      await world().run({ ...open, endRequested: true }),
    ];
    world().clock.move(limit());
    for (const run of [...runs, { id: 0 }]) await closeIdleUpload(world().parts, run.id);
    expect([await world().runs(), world().queue.entries]).toEqual([runs, []]);
  });

  it('without a post has its deadline from its start', async () => {
    const { config } = world().services;
    const run = await world().run({ startDate: later(7), lastPostAt: null });
    expect(idleDeadline(config, run)).toEqual(later(7 + limit()));
    expect(idleDeadline(config, { ...run, lastPostAt: later(9) })).toEqual(later(9 + limit()));
  });
});
