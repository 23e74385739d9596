// When jobs fire: the states of triggers in the tables, without an engine.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { TriggerRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import {
  createTrigger,
  fireTrigger,
  pauseTrigger,
  rescheduleTrigger,
  resumeTrigger,
} from '../src/jobs/triggers.js';
import { noTraces, type SpanOptions, type Traces } from '../src/traces/traces.js';
import { START } from './support/engine.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURLY = '0 0 * * * ?';
const LAST_YEAR = '0 0 0 1 1 ? 2025';
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);

const read = async ({ id }: TriggerRow): Promise<TriggerRow> => {
  const [row] = await world().db.select().from(t.triggers).where(eq(t.triggers.id, id));
  if (row === undefined) throw new Error('the trigger is gone');
  return row;
};
const fire = (trigger: TriggerRow, at = trigger.nextFireTime ?? START) =>
  fireTrigger(world().parts, trigger.id, at);
const entry = (trigger: TriggerRow, at: Date): string => `fire ${trigger.id} at ${at.toISOString()}`;

/** A world whose spans are recorded. */
function traced() {
  const spans: (SpanOptions & { name: string })[] = [];
  const traces: Traces = {
    ...noTraces,
    begin: (name, options) => {
      spans.push({ name, ...options });
      return noTraces.begin(name, options);
    },
    here: () => ({ traceparent: 'here' }),
  };
  const { parts: plain } = world();
  const parts = { ...plain, services: { ...plain.services, traces } };
  return { spans, parts };
}

describe('a submitted job', () => {
  it('without a time has a run at once, and is complete', async () => {
    const { spans, parts } = traced();
    const runId = await createTrigger(parts, world().submission('now'));
    expect(await world().runs()).toMatchObject([{ id: runId, originalName: 'now', triggerTime: START }]);
    expect(world().queue.entries).toEqual([`run ${runId}`]);
    expect(await world().triggers()).toMatchObject([
      {
        name: 'now',
        state: 'Complete',
        nextFireTime: null,
        execTime: null,
        execSchedule: null,
        scheduledAt: START,
        createdAt: START,
        trace: { traceparent: 'here' },
      },
    ]);
    expect(spans[0]).toEqual({ name: 'submit exportJob', kind: 'producer' });
  });

  it('with a time waits for it', async () => {
    const execTime = later(HOUR);
    const submission = world().submission('later', { execTime, locale: 'en-US', description: 'a job' });
    expect(await createTrigger(world().parts, submission)).toBeUndefined();
    const [trigger] = await world().triggers();
    expect(trigger).toMatchObject({
      state: 'Normal',
      execTime,
      nextFireTime: execTime,
      locale: 'en-US',
      description: 'a job',
    });
    expect([await world().runs(), world().queue.entries]).toEqual([
      [],
      [`fire ${trigger?.id} at ${execTime.toISOString()}`],
    ]);
  });

  it('with a schedule waits for its first time, and is refused if there is none', async () => {
    expect(
      await createTrigger(world().parts, world().submission('often', { execSchedule: HOURLY })),
    ).toBeUndefined();
    expect(await world().triggers()).toMatchObject([
      { state: 'Normal', execSchedule: HOURLY, nextFireTime: later(HOUR) },
    ]);
    const never = world().submission('never', { execSchedule: LAST_YEAR });
    await expect(createTrigger(world().parts, never)).rejects.toMatchObject({
      code: 30000,
      reason: expect.stringContaining('never fires again'),
    });
    expect(await world().triggers()).toHaveLength(1);
  });
});

describe('a job for one time', () => {
  it('fires once, and is complete', async () => {
    const { spans, parts } = traced();
    const trace = { traceparent: 'submission' };
    const trigger = await world().trigger({ nextFireTime: START, trace });
    const runId = await fireTrigger(parts, trigger.id, START);
    expect(await world().runs()).toMatchObject([
      { id: runId, triggerId: trigger.id, triggerTime: START, urgent: false, state: 'New' },
    ]);
    expect(await read(trigger)).toMatchObject({ state: 'Complete', nextFireTime: null, scheduledAt: START });
    expect(world().queue.entries).toEqual([`run ${runId}`]);
    expect(spans).toEqual([{ name: 'fire exportJob', kind: 'producer', from: trace }]);
    expect(await fire(trigger)).toBeUndefined();
    expect(await world().runs()).toHaveLength(1);
  });

  it('is not urgent, however small', async () => {
    const trigger = await world().trigger({ nextFireTime: START });
    await fireTrigger(world().withKind({ size: () => 1 }), trigger.id, START);
    expect(await world().runs()).toMatchObject([{ urgent: false }]);
  });
});

describe('a schedule', () => {
  it('fires, and waits for its next time', async () => {
    const { spans, parts } = traced();
    const trace = { traceparent: 'submission' };
    const trigger = await world().trigger({ nextFireTime: START, execSchedule: HOURLY, trace });
    world().clock.move(HOUR + MINUTE);
    const runId = await fireTrigger(parts, trigger.id, START);
    expect(await world().runs()).toMatchObject([{ id: runId, triggerTime: START }]);
    // Missed times are skipped.
    expect(await read(trigger)).toMatchObject({
      state: 'Normal',
      nextFireTime: later(2 * HOUR),
      scheduledAt: later(HOUR + MINUTE),
      error: null,
    });
    expect(world().queue.entries).toEqual([entry(trigger, later(2 * HOUR)), `run ${runId}`]);
    expect(spans).toEqual([{ name: 'fire exportJob', kind: 'producer', from: null, link: trace }]);
  });

  it('that fires a little early does not fire again at the same time', async () => {
    const trigger = await world().trigger({ nextFireTime: later(HOUR), execSchedule: HOURLY });
    world().clock.move(HOUR - 1000);
    expect(await fire(trigger)).toBeDefined();
    expect(await read(trigger)).toMatchObject({
      nextFireTime: later(2 * HOUR),
      scheduledAt: later(HOUR),
    });
  });

  it('does not fire more than a second early, at another time, or in another state', async () => {
    const trigger = await world().trigger({ nextFireTime: later(HOUR), execSchedule: HOURLY });
    world().clock.move(HOUR - 1001);
    expect(await fire(trigger)).toBeUndefined();
    world().clock.move(1001);
    expect(await fire(trigger, later(HOUR - 1))).toBeUndefined();
    expect(await read(trigger)).toEqual(trigger);
    expect(await fireTrigger(world().parts, trigger.id + 1, later(HOUR))).toBeUndefined();
    for (const state of ['Paused', 'Error', 'Complete']) {
      await world().db.update(t.triggers).set({ state });
      expect(await fire(trigger)).toBeUndefined();
    }
    expect([await world().runs(), world().queue.entries]).toEqual([[], []]);
  });

  it('completes after its last time', async () => {
    const trigger = await world().trigger({ nextFireTime: START, execSchedule: LAST_YEAR });
    expect(await fire(trigger)).toBeDefined();
    expect(await read(trigger)).toMatchObject({ state: 'Complete', nextFireTime: null });
  });

  it('does not fire if it cannot be read, and says why', async () => {
    const trigger = await world().trigger({ nextFireTime: START, execSchedule: 'often' });
    expect(await fire(trigger)).toBeUndefined();
    expect(await read(trigger)).toMatchObject({
      state: 'Error',
      nextFireTime: null,
      error: expect.stringContaining('6 or 7 fields'),
    });
    expect([await world().runs(), world().queue.entries]).toEqual([[], []]);
    expect(JSON.parse(world().lines[0] ?? '')).toMatchObject({
      job: 'job',
      execSchedule: 'often',
      reason: expect.stringContaining('6 or 7 fields'),
      msg: 'the schedule of a job is invalid; the job does not run',
    });
  });

  it.each(['New', 'WaitingClient', 'WaitingCoordinator', 'Running', 'Stopping'])(
    'waits a second while its last run is %s',
    async (state) => {
      const trigger = await world().trigger({ nextFireTime: START, execSchedule: HOURLY });
      await world().run({ triggerId: trigger.id, state });
      world().clock.move(MINUTE);
      expect(await fire(trigger)).toBeUndefined();
      const next = later(MINUTE + 1000);
      expect(await read(trigger)).toMatchObject({
        state: 'Normal',
        nextFireTime: next,
        scheduledAt: later(MINUTE),
      });
      expect([await world().db.$count(t.runs), world().queue.entries]).toEqual([1, [entry(trigger, next)]]);
    },
  );

  it('does not wait for runs that are done, or of others', async () => {
    const trigger = await world().trigger({ nextFireTime: START, execSchedule: HOURLY });
    const other = await world().trigger();
    await world().run({ triggerId: trigger.id, state: 'Done' });
    await world().run({ triggerId: other.id });
    expect(await fire(trigger)).toBeDefined();
    expect(await read(other)).toEqual(other);
  });
});

describe('a paused trigger', () => {
  it('is one of its job alone, without an error', async () => {
    const trigger = await world().trigger({ state: 'Error', error: 'no', nextFireTime: START });
    const other = await world().trigger();
    await pauseTrigger(world().parts, trigger);
    expect(await read(trigger)).toEqual({ ...trigger, state: 'Paused', error: null });
    expect(await read(other)).toEqual(other);
  });

  it('of a job for one time fires at that time, or now if that has passed', async () => {
    const trigger = await world().trigger({ state: 'Paused', nextFireTime: later(HOUR) });
    const other = await world().trigger({ state: 'Paused' });
    world().clock.move(MINUTE);
    await resumeTrigger(world().parts, trigger);
    expect(await read(trigger)).toMatchObject({
      state: 'Normal',
      nextFireTime: later(HOUR),
      scheduledAt: later(MINUTE),
    });
    await resumeTrigger(world().parts, other);
    expect(await read(other)).toMatchObject({ state: 'Normal', nextFireTime: later(MINUTE) });
    expect(world().queue.entries).toEqual([entry(trigger, later(HOUR)), entry(other, later(MINUTE))]);
  });

  it('of a schedule fires at its next time', async () => {
    const trigger = await world().trigger({ state: 'Paused', nextFireTime: START, execSchedule: HOURLY });
    world().clock.move(HOUR + MINUTE);
    await resumeTrigger(world().parts, trigger);
    expect(await read(trigger)).toMatchObject({ state: 'Normal', nextFireTime: later(2 * HOUR) });
  });

  it('is not resumed twice', async () => {
    const trigger = await world().trigger({ nextFireTime: later(HOUR), execSchedule: HOURLY });
    await resumeTrigger(world().parts, trigger);
    expect([await read(trigger), world().queue.entries]).toEqual([trigger, []]);
  });
});

describe('a trigger whose time was computed with a wrong clock, or from a wrong schedule', () => {
  it('gets a new time', async () => {
    const trigger = await world().trigger({ nextFireTime: later(24 * HOUR), execSchedule: HOURLY });
    world().clock.move(MINUTE);
    await rescheduleTrigger(world().parts, trigger.id, 'Normal');
    expect(await read(trigger)).toMatchObject({
      state: 'Normal',
      nextFireTime: later(HOUR),
      scheduledAt: later(MINUTE),
    });
    expect(world().queue.entries).toEqual([entry(trigger, later(HOUR))]);
  });

  it('keeps the time that a user has chosen, and fires now without one', async () => {
    const trigger = await world().trigger({ nextFireTime: later(24 * HOUR) });
    const other = await world().trigger();
    world().clock.move(MINUTE);
    for (const { id } of [trigger, other]) await rescheduleTrigger(world().parts, id, 'Normal');
    expect(await read(trigger)).toMatchObject({
      nextFireTime: later(24 * HOUR),
      scheduledAt: later(MINUTE),
    });
    expect(await read(other)).toMatchObject({ nextFireTime: later(MINUTE) });
  });

  it('is left alone in another state', async () => {
    const trigger = await world().trigger({ state: 'Paused', execSchedule: HOURLY });
    for (const state of ['Normal', 'Error'] as const)
      await rescheduleTrigger(world().parts, trigger.id, state);
    await rescheduleTrigger(world().parts, trigger.id + 1, 'Normal');
    expect([await read(trigger), world().queue.entries]).toEqual([trigger, []]);
  });

  it('fires again when its schedule can be read', async () => {
    const trigger = await world().trigger({ state: 'Error', error: 'no', execSchedule: HOURLY });
    await rescheduleTrigger(world().parts, trigger.id, 'Error');
    expect(await read(trigger)).toMatchObject({ state: 'Normal', error: null, nextFireTime: later(HOUR) });
  });
});
