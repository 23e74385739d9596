// A notification is attempted by one process at a time, and by another soon after that one was killed.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DatabaseAwayError } from '../src/db/connection-loss.js';
import type { Db } from '../src/db/db.js';
import * as t from '../src/db/schema.js';
import { addToOutbox, recordResult, takeFromOutbox, whileHeld } from '../src/jobs/outbox.js';
import { type EngineWorld, engineWorld } from './support/engine.js';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(async () => {
  vi.useRealTimers();
  await world.store.close();
});

/** Adds a notification. */
function add(): Promise<number> {
  const { store, clock } = world;
  const notice = { kind: 'http', about: 'test', url: 'http://127.0.0.1:9/', body: '{}' } as const;
  return store.db.transaction((tx) => addToOutbox(tx, notice, clock.now()));
}

const services = () => ({ db: world.store.db, clock: world.clock });

it('a notification that was taken is free again half a minute after its process was killed', async () => {
  const id = await add();
  expect(await takeFromOutbox(services(), id)).toMatchObject({ attempts: 1 });
  world.clock.move(28_000);
  expect(await takeFromOutbox(services(), id)).toBeUndefined();
  world.clock.move(2000);
  expect(await takeFromOutbox(services(), id)).toMatchObject({ attempts: 2 });
});

it('an attempt that takes minutes keeps its notification', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const row = await takeFromOutbox(services(), await add());
  if (row === undefined) throw new Error('the notification is not due');
  let finish: () => void = () => undefined;
  const attempt = whileHeld(services(), row, () => new Promise<void>((resolve) => (finish = resolve)));
  const dueAt = async () => (await world.store.db.select().from(t.outbox))[0]?.dueAt.getTime() ?? 0;
  for (let seconds = 0; seconds < 120; seconds += 20) {
    world.clock.move(20_000);
    const before = await dueAt();
    vi.advanceTimersByTime(5000);
    await vi.waitFor(async () => expect(await dueAt()).toBeGreaterThan(before), { interval: 10 });
    expect(await takeFromOutbox(services(), row.id)).toBeUndefined();
  }
  finish();
  await attempt;
  expect(vi.getTimerCount()).toBe(0);
});

it('the report of an attempt does not hold that of another process', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const row = await takeFromOutbox(services(), await add());
  if (row === undefined) throw new Error('the notification is not due');
  await world.store.db.update(t.outbox).set({ attempts: 2 }).where(eq(t.outbox.id, row.id));
  world.clock.move(10_000);
  await whileHeld(services(), row, async () => void vi.advanceTimersByTime(5000));
  expect(await world.store.db.select().from(t.outbox)).toMatchObject([{ dueAt: row.dueAt }]);
});

it('the result of an attempt waits for a lost database, and for nothing else', async () => {
  const id = await add();
  let away = 2;
  const { db } = world.store;
  const transaction: Db['transaction'] = async (work, config) => {
    if (away > 0) {
      away -= 1;
      throw new DatabaseAwayError('the database is away');
    }
    return db.transaction(work, config);
  };
  const lossy = { db: { transaction } as Db };
  await recordResult(lossy, async (tx) => void (await tx.delete(t.outbox).where(eq(t.outbox.id, id))));
  expect(away).toBe(0);
  expect(await db.select().from(t.outbox)).toEqual([]);
  const mistake = recordResult(lossy, () => Promise.reject(new Error('a mistake')));
  await expect(mistake).rejects.toThrow('a mistake');
});
