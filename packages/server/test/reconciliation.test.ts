// What the tables promise happens, whatever becomes of the queue, the process and the clock.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUpTrash } from '../src/assets/trash-cleanup.js';
import { mailTrashCleanup } from '../src/companies/trash-mail.js';
import { defaultLimits } from '../src/config.js';
import * as t from '../src/db/schema.js';
import { CLEANUP } from '../src/jobs/recovery.js';
import type { Services } from '../src/services.js';
import { COMPANY, type EngineWorld, engineWorld, START } from './support/engine.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVERY_MINUTE = '0 * * * * ?';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.store.close());

describe('a schedule', () => {
  it('fires although its entry was lost, once for the times that were missed', async () => {
    const { engine, queue, work } = await world.start();
    await engine.submit(world.submission('often', { execSchedule: EVERY_MINUTE }));
    // What remains when the queue has given up on an entry that failed for too long.
    await queue.clear();
    world.clock.move(3 * MINUTE + 1);
    await work();
    expect(await world.runs()).toMatchObject([{ state: 'Done', originalName: 'often' }]);
    await queue.clear();
    world.clock.move(MINUTE);
    await work();
    expect(await world.runs()).toHaveLength(2);
    await engine.stop();
  });

  it('that failed to fire fires after a restart, without a restart of its own schedule', async () => {
    const first = await world.start();
    await first.engine.submit(world.submission('often', { execSchedule: EVERY_MINUTE }));
    await first.engine.stop();
    world.clock.move(MINUTE + 1);
    // Another process uses the database as well, so that this one rebuilds no queue.
    const second = await world.start({ exclusive: false });
    await second.work();
    expect((await world.runs()).map(({ triggerTime }) => triggerTime)).toEqual([
      new Date(START.getTime() + MINUTE),
    ]);
    await second.engine.stop();
  });

  it.each([
    ['while it runs', false],
    ['before a restart', true],
  ] as const)('goes on when the clock, which was a day ahead, is set back %s', async (_when, restarts) => {
    let process = await world.start();
    world.clock.move(DAY);
    await process.engine.submit(world.submission('often', { execSchedule: EVERY_MINUTE }));
    world.clock.move(MINUTE);
    await process.work();
    expect(await world.runs()).toHaveLength(1);
    world.clock.move(-DAY);
    if (restarts) {
      await process.engine.stop();
      process = await world.start();
    }
    await process.work();
    world.clock.move(MINUTE);
    await process.work();
    world.clock.move(MINUTE);
    await process.work();
    expect(await world.runs()).toHaveLength(3);
    await process.engine.stop();
  });

  it('does not fire twice when the clocks of two processes differ a little', async () => {
    const { engine, work } = await world.start();
    await engine.submit(world.submission('often', { execSchedule: EVERY_MINUTE }));
    world.clock.move(MINUTE + 30_000);
    await work();
    world.clock.move(-30_000);
    await work();
    expect(await world.runs()).toHaveLength(1);
    await engine.stop();
  });

  it('waits for its time when the clock of the queue is ahead', async () => {
    const { engine, queue, work } = await world.start();
    await engine.submit(world.submission('often', { execSchedule: EVERY_MINUTE }));
    await queue.runPending(new Date(START.getTime() + HOUR));
    expect(await world.runs()).toEqual([]);
    world.clock.move(MINUTE);
    await work();
    expect(await world.runs()).toHaveLength(1);
    await engine.stop();
  });

  it('does not overtake itself: a job whose last run is active waits', async () => {
    const { engine, queue, work } = await world.start();
    await engine.submit(world.submission('slow', { execSchedule: EVERY_MINUTE }));
    world.clock.move(MINUTE);
    await work();
    // The run is at work in another process.
    await world.store.db.update(t.runs).set({ state: 'Running', seenAt: sql`now()` });
    world.clock.move(MINUTE);
    await work();
    await queue.clear();
    world.clock.move(MINUTE);
    await work();
    expect(await world.runs()).toHaveLength(1);
    await world.store.db.update(t.runs).set({ state: 'Done' });
    world.clock.move(1000);
    await work();
    expect(await world.runs()).toHaveLength(2);
    await engine.stop();
  });
});

describe('a schedule that cannot be read', () => {
  const spoil = (execSchedule: string, name: string) =>
    world.store.db.update(t.triggers).set({ execSchedule }).where(eq(t.triggers.name, name));

  it('keeps no other job from firing; its job shows the state Error, and the log the reason', async () => {
    const { engine, work } = await world.start();
    for (const name of ['first', 'old', 'last'])
      await engine.submit(world.submission(name, { execSchedule: EVERY_MINUTE }));
    await spoil('0 2 * * *', 'old');
    world.clock.move(MINUTE);
    await work();
    expect((await world.runs()).map(({ originalName }) => originalName)).toEqual(['first', 'last']);
    expect(await world.triggers()).toMatchObject([
      { name: 'first', state: 'Normal', error: null },
      { name: 'old', state: 'Error', error: expect.stringContaining('0 2 * * *'), nextFireTime: null },
      { name: 'last', state: 'Normal' },
    ]);
    expect(world.lines.join('')).toMatch(/"job":"old".*did you mean/);
    world.clock.move(MINUTE);
    await work();
    expect(await world.runs()).toHaveLength(4);
    await engine.stop();
  });

  it('is found when the server starts, and fires again once it can be read', async () => {
    const first = await world.start();
    await first.engine.submit(world.submission('old', { execSchedule: EVERY_MINUTE }));
    await first.engine.stop();
    await spoil('nonsense', 'old');
    const second = await world.start();
    expect(await world.triggers()).toMatchObject([{ state: 'Error' }]);
    // Pausing and resuming mends nothing, and fails with nothing.
    await second.engine.pause(world.company, 'j|6|old|');
    await second.engine.resume(world.company, 'j|6|old|');
    expect(await world.triggers()).toMatchObject([{ state: 'Error' }]);
    await second.engine.stop();
    await spoil(EVERY_MINUTE, 'old');
    const third = await world.start();
    expect(await world.triggers()).toMatchObject([{ state: 'Normal', error: null }]);
    world.clock.move(MINUTE);
    await third.work();
    expect(await world.runs()).toHaveLength(1);
    await third.engine.stop();
  });
});

describe('an upload by POST', () => {
  const idle = { limits: { ...defaultLimits, uploadIdle: HOUR } };

  it.each([0, DAY])(
    'is closed when it was idle, although its entry was lost and the clock set back %i',
    async (ahead) => {
      const { engine, queue, work } = await world.start({ config: idle });
      world.clock.move(ahead);
      await engine.openUpload(world.submission('posts', { kind: 'uploadPostJob' }), '127.0.0.1');
      await queue.clear();
      world.clock.move(-ahead);
      await work();
      world.clock.move(HOUR - 1);
      await work();
      expect(await world.runs()).toMatchObject([{ state: 'WaitingClient', endRequested: false }]);
      world.clock.move(1);
      await work();
      expect(await world.runs()).toMatchObject([{ state: 'Done' }]);
      await engine.stop();
    },
  );

  it('is continued although the entry of its last post was lost', async () => {
    let worked = 0;
    const { engine, queue, work } = await world.start({
      run: async () => {
        worked += 1;
        return 'suspended';
      },
    });
    const run = await engine.openUpload(world.submission('posts', { kind: 'uploadPostJob' }), '127.0.0.1');
    await engine.takePost(run, [{ path: 'a.png', hash: 'a', size: 1 }], false);
    await queue.clear();
    await work();
    expect(worked).toBe(0);
    world.clock.move(MINUTE);
    await work();
    expect(worked).toBe(1);
    // It has nothing to do now.
    world.clock.move(MINUTE);
    await work();
    expect(worked).toBe(1);
    await engine.stop();
  });

  it('accepts no file once it is closed, at whatever moment that is, and none from another address', async () => {
    const { engine } = await world.start();
    const run = await engine.openUpload(world.submission('posts', { kind: 'uploadPostJob' }), '127.0.0.1');
    const handle = `j|6||${run.name}`;
    expect((await engine.findUpload(world.company, handle, '127.0.0.1')).id).toBe(run.id);
    await expect(engine.findUpload(world.company, handle, '127.0.0.2')).rejects.toMatchObject({
      code: 30000,
      reason: expect.stringContaining('must come from one address'),
    });
    // The run was found open, and ends before the file is recorded.
    const file = { path: 'a.png', hash: 'a', size: 1 };
    await engine.takePost(run, [], true);
    await expect(engine.takePost(run, [file], false)).rejects.toMatchObject({ code: 30000 });
    await world.store.db.update(t.runs).set({ state: 'Done', endRequested: false });
    await expect(engine.takePost(run, [file], false)).rejects.toMatchObject({ code: 30000 });
    await expect(engine.findUpload(world.company, handle, '127.0.0.1')).rejects.toMatchObject({
      code: 30000,
    });
    expect(await world.store.db.$count(t.postedFiles)).toBe(0);
    await engine.stop();
  });
});

describe('a notification', () => {
  const outbox = () => world.store.db.select().from(t.outbox).orderBy(t.outbox.id);

  it('that was not delivered when the server stopped is delivered by the next one, with the same content', async () => {
    const bodies: string[] = [];
    let status = 503;
    const web = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += String(chunk);
      });
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    const details = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'All', httpCompletionUrl: url };
    const first = await world.start();
    await first.engine.submit(world.submission('noted', { details }));
    await first.queue.runPending(world.clock.now());
    expect(bodies).toHaveLength(1);
    expect(await outbox()).toMatchObject([{ kind: 'http', attempts: 1 }]);
    await first.engine.stop();
    status = 200;
    const second = await world.start({ exclusive: false });
    await second.work();
    // The next attempt is not due yet.
    expect(bodies).toHaveLength(1);
    world.clock.move(3000);
    await second.work();
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ originalJobName: 'noted', companyHandle: COMPANY });
    expect(await outbox()).toEqual([]);
    expect(await world.store.db.select().from(t.mails)).toMatchObject([{ outcome: 'kept' }]);
    await second.engine.stop();
    web.close();
  });

  it('that a process took and did not deliver is due again after a while, even with the clock set back', async () => {
    const { engine, work } = await world.start();
    for (const dueAt of [new Date(START.getTime() + 5 * MINUTE), new Date(START.getTime() + DAY)]) {
      await world.store.db.insert(t.outbox).values({
        kind: 'http',
        target: 'http://127.0.0.1:9/',
        about: 'test',
        createdAt: START,
        dueAt,
        attempts: 1,
      });
    }
    await work();
    // That of tomorrow was due by a clock that was ahead.
    expect((await outbox()).map(({ attempts }) => attempts)).toEqual([1, 2]);
    world.clock.move(5 * MINUTE);
    await work();
    expect((await outbox()).map(({ attempts }) => attempts)).toEqual([2, 3]);
    await engine.stop();
  });

  it('about the trash is written although the server stopped after the assets were removed', async () => {
    const { db } = world.store;
    const [folder] = await db.select().from(t.folders).where(eq(t.folders.companyId, world.company.id));
    await db
      .update(t.companies)
      .set({ settings: { emailTrashCleanupWarning: true } })
      .where(eq(t.companies.id, world.company.id));
    for (const name of ['a', 'b'])
      await db.insert(t.assets).values({
        companyId: world.company.id,
        folderId: folder?.id ?? 0,
        name,
        fileName: name,
        type: 'Image',
        created: START,
        lastModified: START,
        trashState: 'InEmptiedTrash',
      });
    const files = { modified: async () => undefined, delete: async () => undefined };
    const { engine, parts, work } = await world.start();
    const services = { ...parts.services, files } as unknown as Services;
    await cleanUpTrash(services);
    expect(await db.select().from(t.mails)).toEqual([]);
    // The cleanup of the next night, or of the next process.
    await cleanUpTrash(services);
    await mailTrashCleanup(services);
    await mailTrashCleanup(services);
    await work();
    expect(await db.select().from(t.mails)).toMatchObject([
      { recipient: 'admin@example.com', outcome: 'kept', body: expect.stringMatching(/Sample Company: 2$/) },
    ]);
    await engine.stop();
  });
});

describe('the nightly cleanup', () => {
  it('is made up for when the server was off at night, and begins again an hour after a failure', async () => {
    const nights: Date[] = [];
    let fails = false;
    const housekeeping = async (): Promise<void> => {
      nights.push(world.clock.now());
      if (fails) throw new Error('the disk is full');
    };
    const first = await world.start({ housekeeping });
    await first.engine.stop();
    world.clock.move(DAY + HOUR);
    fails = true;
    const second = await world.start({ housekeeping, exclusive: false });
    world.clock.move(2000);
    await second.work();
    expect(nights).toHaveLength(1);
    expect(world.lines.join('')).toContain('the disk is full');
    await second.queue.clear();
    fails = false;
    world.clock.move(HOUR + 2000);
    await second.work();
    expect(nights).toHaveLength(2);
    world.clock.move(2 * HOUR);
    await second.work();
    expect(nights).toHaveLength(2);
    await second.engine.stop();
  });

  it('comes tonight when the clock was a day ahead, and when its row is missing', async () => {
    let nights = 0;
    const housekeeping = async (): Promise<void> => {
      nights += 1;
    };
    world.clock.move(10 * DAY);
    const { engine, queue, work } = await world.start({ housekeeping });
    world.clock.move(-10 * DAY);
    await queue.clear();
    await work();
    world.clock.move(DAY + 2000);
    await work();
    expect(nights).toBe(1);
    await world.store.db.delete(t.chores);
    await queue.clear();
    await work();
    expect(await world.store.db.select().from(t.chores)).toMatchObject([{ name: CLEANUP }]);
    world.clock.move(DAY);
    await work();
    expect(nights).toBe(2);
    await engine.stop();
  });
});

describe('a run', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, number) => ({
      key: String(number),
      name: String(number),
      prepare: async () => undefined,
      commit: async () => ({ outcome: 'success' as const, rows: [] }),
    }));

  it('that waits for its turn is not enqueued again and again', async () => {
    const { engine, queue, work } = await world.start({ kind: { oneAtATime: true } });
    await engine.submit(world.submission('first'));
    await engine.submit(world.submission('second'));
    const [first] = await world.runs();
    await world.store.db
      .update(t.runs)
      .set({ state: 'Running', attempt: 1, seenAt: sql`now()` })
      .where(eq(t.runs.id, first?.id ?? 0));
    await queue.clear();
    world.clock.move(MINUTE);
    await work();
    expect((await world.runs()).map(({ state }) => state)).toEqual(['Running', 'New']);
    expect(world.lines.join('')).not.toContain('stranded');
    await world.store.db
      .update(t.runs)
      .set({ state: 'Done' })
      .where(eq(t.runs.id, first?.id ?? 0));
    await work();
    expect((await world.runs()).map(({ state }) => state)).toEqual(['Done', 'Done']);
    await engine.stop();
  });

  it('stays with a worker that reports, whatever the queue says, and leaves one that does not', async () => {
    const { engine, queue, work } = await world.start();
    await engine.submit(world.submission('long'));
    const [run] = await world.runs();
    // Another process has it for longer than an entry of the queue lasts.
    await world.store.db
      .update(t.runs)
      .set({ state: 'Running', attempt: 1, serverName: 'worker-2', seenAt: sql`now()` });
    world.clock.move(25 * HOUR);
    if (run !== undefined) await queue.enqueueRun(world.store.db, run);
    await work();
    expect(await world.runs()).toMatchObject([{ state: 'Running', attempt: 1, losses: 0 }]);
    // A report of the future is one by a clock that was set back.
    for (const seenAt of [sql`now() - interval '1 minute'`, sql`now() + interval '1 day'`]) {
      await world.store.db.update(t.runs).set({ state: 'Running', seenAt });
      await work();
      expect(await world.runs()).toMatchObject([{ state: 'Done', seenAt: null }]);
    }
    expect(await world.runs()).toMatchObject([{ attempt: 3, losses: 2 }]);
    await engine.stop();
  });

  it('is given up after four losses without progress, and not for losses between which it made some', async () => {
    let stuck = false;
    const lose = () => world.store.db.update(t.runs).set({ state: 'Running', seenAt: null });
    const { engine, work } = await world.start({
      run: async (context) => {
        const done = context.doneKeys('').length;
        if (!stuck) await context.items(context.task('Test', 10), items(done + 1));
        return 'suspended';
      },
    });
    await engine.submit(world.submission('unlucky'));
    await work();
    for (let loss = 0; loss < 6; loss += 1) {
      await lose();
      await work();
      expect(await world.runs()).toMatchObject([{ state: 'WaitingClient', losses: 0 }]);
    }
    stuck = true;
    for (let loss = 1; loss <= 3; loss += 1) {
      await lose();
      await work();
      expect(await world.runs()).toMatchObject([{ state: 'WaitingClient', losses: loss }]);
    }
    await lose();
    await work();
    expect(await world.runs()).toMatchObject([{ state: 'Done', fatalError: true, losses: 4 }]);
    await engine.stop();
  });
});
