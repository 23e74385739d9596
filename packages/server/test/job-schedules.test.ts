import type { ScheduledJob } from '@ips-sdk/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { zonedDateTime } from '../src/zoned-date-time.js';
import { connect } from './support/call.js';

// The clocks of this zone go forward on 8 March 2026 at 2:00 and back on 1 November at 2:00.
const timeZone = 'America/Los_Angeles';
const START = new Date('2026-03-07T20:00:00Z');
const companyHandle = 'c|6';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// A job that has nothing to do.
const publish = { publishType: 'Incremental', emailSetting: 'None' };

let server: IpsServer;

const startAt = (now: Date, jobClock: 'manual' | 'instant' | 'real' = 'manual') =>
  createIpsServer({ jobClock, now, timeZone, serverName: 'worker-1' });

describe('with a manual clock', () => {
  beforeAll(async () => {
    server = await startAt(START);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());

  const submit = async (more: object, jobName = 'Nightly') =>
    (
      await connect(server).call('submitJob', {
        companyHandle,
        jobName,
        imageServingPublishJob: publish,
        ...more,
      })
    ).jobHandle;

  const scheduled = async (): Promise<ScheduledJob | undefined> =>
    (await connect(server).call('getScheduledJobs', { companyHandle })).jobArray[0];

  const runs = async (): Promise<string[]> =>
    (await connect(server).call('getJobLogs', { companyHandle })).jobLogArray.map(
      ({ startDate = '' }) => startDate,
    );

  const fromStart = (milliseconds: number) => new Date(server.clock.now().getTime() + milliseconds);

  it('a job without a time waits until it is its turn', async () => {
    const jobHandle = await submit({});
    const { jobArray } = await connect(server).call('getActiveJobs', { companyHandle, jobHandle });
    expect(jobArray).toMatchObject([{ state: 'New' }]);
    expect(await server.clock.runPending()).toBe(1);
    expect((await connect(server).call('getActiveJobs', { companyHandle })).jobArray).toEqual([]);
    expect(await runs()).toHaveLength(1);
  });

  it('execTime runs a job once, at its time', async () => {
    const execTime = zonedDateTime(fromStart(HOUR), timeZone);
    const jobHandle = await submit({ execTime });
    expect(await scheduled()).toMatchObject({
      jobHandle,
      name: 'Nightly',
      triggerState: 'Normal',
      nextFireTime: execTime,
      timeZone,
      imageServingPublishJob: publish,
    });
    await server.clock.advance(HOUR - 1);
    expect(await runs()).toEqual([]);
    await server.clock.advance(1);
    expect(await runs()).toEqual([execTime]);
    expect(await scheduled()).toBeUndefined();
    await server.clock.advance(48 * HOUR);
    expect(await runs()).toHaveLength(1);
  });

  it('execTime with an offset is that moment', async () => {
    const at = fromStart(HOUR);
    const local = new Date(at.getTime() + 9 * HOUR).toISOString().replace('Z', '+09:00');
    await submit({ execTime: local });
    await server.clock.advance(HOUR);
    expect(await runs()).toEqual([zonedDateTime(at, timeZone)]);
  });

  it('an execTime in the past means now', async () => {
    await submit({ execTime: fromStart(-HOUR).toISOString() });
    await server.clock.runPending();
    expect(await runs()).toHaveLength(1);
  });

  it('execSchedule is shown as it was given, and fires at local midnight on the days when clocks change', async () => {
    const now = server.clock.now();
    await submit({ execSchedule: '00 00 00 * * ' });
    expect((await scheduled())?.execSchedule).toBe('00 00 00 * * ');
    const clock = await startAt(new Date('2026-03-07T20:00:00Z'));
    try {
      const admin = connect(clock);
      await admin.call('submitJob', {
        companyHandle,
        jobName: 'Nightly',
        execSchedule: '00 00 00 * * ',
        imageServingPublishJob: publish,
      });
      await clock.clock.advance(72 * HOUR);
      const starts = async () =>
        (await admin.call('getJobLogs', { companyHandle })).jobLogArray.map(({ startDate }) => startDate);
      // The day of the change has 23 hours.
      expect(await starts()).toEqual([
        '2026-03-08T00:00:00.000-08:00',
        '2026-03-09T00:00:00.000-07:00',
        '2026-03-10T00:00:00.000-07:00',
      ]);
    } finally {
      await clock.stop();
    }
    expect(server.clock.now()).toEqual(now);
  });

  it('a time that a day does not have is skipped, one that occurs twice fires once', async () => {
    for (const { now, expected } of [
      // 2:30 does not exist on 8 March.
      { now: '2026-03-07T20:00:00Z', expected: ['2026-03-09T02:30:00.000-07:00'] },
      // 1:30 comes twice on 1 November.
      {
        now: '2026-10-31T20:00:00Z',
        expected: ['2026-11-01T01:30:00.000-07:00', '2026-11-02T01:30:00.000-08:00'],
      },
    ]) {
      const clock = await startAt(new Date(now));
      try {
        const admin = connect(clock);
        const hour = now.startsWith('2026-03') ? 2 : 1;
        await admin.call('submitJob', {
          companyHandle,
          jobName: 'Nightly',
          execSchedule: `0 30 ${hour} * * ?`,
          imageServingPublishJob: publish,
        });
        await clock.clock.advance(48 * HOUR - 4 * HOUR);
        const { jobLogArray } = await admin.call('getJobLogs', { companyHandle });
        const days = new Map<string, string[]>();
        for (const { startDate = '' } of jobLogArray) {
          const day = new Date(startDate).toLocaleDateString('en-CA', { timeZone });
          days.set(day, [...(days.get(day) ?? []), startDate]);
        }
        for (const list of days.values()) expect(list).toHaveLength(1);
        expect(jobLogArray.map(({ startDate }) => startDate)).toEqual(
          expect.arrayContaining(expected.slice(0, 1)),
        );
      } finally {
        await clock.stop();
      }
    }
  });

  it('the name of a run is in the time zone of the server', async () => {
    await submit({});
    await server.clock.runPending();
    const { jobLogArray } = await connect(server).call('getJobLogs', { companyHandle });
    const start = new Date(jobLogArray[0]?.startDate ?? '');
    const local = start.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    expect(jobLogArray[0]?.jobName).toContain(`-${local}:`);
  });

  it('is paused and resumed: missed times are not made up for', async () => {
    const jobHandle = await submit({ execSchedule: '0 0 * * * ?' });
    await server.clock.advance(HOUR);
    expect(await runs()).toHaveLength(1);
    await connect(server).call('pauseJob', { companyHandle, jobHandle });
    expect((await scheduled())?.triggerState).toBe('Paused');
    await server.clock.advance(3 * HOUR);
    expect(await runs()).toHaveLength(1);
    await connect(server).call('resumeJob', { companyHandle, jobHandle });
    expect((await scheduled())?.triggerState).toBe('Normal');
    await server.clock.advance(HOUR);
    expect(await runs()).toHaveLength(2);
  });

  it('a job that was to run once while it was paused runs when it is resumed', async () => {
    const jobHandle = await submit({ execTime: fromStart(HOUR).toISOString() });
    await connect(server).call('pauseJob', { companyHandle, jobHandle });
    await server.clock.advance(2 * HOUR);
    expect(await runs()).toEqual([]);
    await connect(server).call('resumeJob', { companyHandle, jobHandle });
    await server.clock.runPending();
    expect(await runs()).toHaveLength(1);
  });

  it('is executed now, and its schedule stays', async () => {
    const jobHandle = await submit({ execSchedule: '0 0 0 1 1 ?' });
    const before = await scheduled();
    await connect(server).call('executeJob', { companyHandle, jobHandle });
    await server.clock.runPending();
    expect(await runs()).toHaveLength(1);
    expect(await scheduled()).toEqual(before);
  });

  it('is deleted: it never fires again, and the logs of its runs stay', async () => {
    const jobHandle = await submit({ execSchedule: '0 0 * * * ?' });
    await server.clock.advance(HOUR);
    await connect(server).call('deleteJob', { companyHandle, jobHandle });
    await server.clock.advance(5 * HOUR);
    expect(await runs()).toHaveLength(1);
    expect(await scheduled()).toBeUndefined();
    for (const operation of ['pauseJob', 'resumeJob', 'executeJob', 'deleteJob'] as const)
      expect(await connect(server).fault(operation, { companyHandle, jobHandle })).toMatchObject({
        code: 30000,
      });
  });

  it('refuses both kinds of time, invalid schedules and those that never fire', async () => {
    const admin = connect(server);
    const fault = (more: object) =>
      admin.fault('submitJob', {
        companyHandle,
        jobName: 'Nightly',
        imageServingPublishJob: publish,
        ...more,
      });
    expect(await fault({ execTime: '2030-01-01T00:00:00Z', execSchedule: '0 0 0 * * ?' })).toMatchObject({
      code: 30001,
    });
    expect(await fault({ execSchedule: 'often' })).toMatchObject({
      code: 30001,
      reason: 'execSchedule: found "often", expected 6 or 7 fields separated by spaces, not 1',
    });
    expect(await fault({ execSchedule: '0 0 24 * * ?' })).toMatchObject({
      code: 30001,
      reason: 'execSchedule: hours: found "24", expected 0 to 23',
    });
    expect(await fault({ execSchedule: '0 2 * * *' })).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('did you mean "0 0 2 * * ?" (every day at 02:00)?'),
    });
    expect(await fault({ execSchedule: '0 0 0 1 1 ? 2001' })).toMatchObject({ code: 30000 });
    expect(await fault({ jobName: 'a|b' })).toMatchObject({ code: 30001 });
    expect(await fault({ jobName: 'x'.repeat(256) })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^jobName: found 'x+…?'.*, expected a name of 1 to 255 characters/),
    });
    expect(await scheduled()).toBeUndefined();
  });

  it('survives a snapshot: what was scheduled fires after it was restored', async () => {
    await submit({ execTime: fromStart(HOUR).toISOString() });
    const snapshot = await server.snapshot();
    await server.reset();
    await server.clock.advance(30 * MINUTE);
    await server.restore(snapshot);
    await server.clock.advance(HOUR);
    expect(await runs()).toHaveLength(1);
  });
});

describe('with the other clocks', () => {
  it('instant: a job is done before submitJob answers, a later one waits for its time', async () => {
    server = await startAt(START, 'instant');
    try {
      const admin = connect(server);
      const { jobHandle } = await admin.call('submitJob', {
        companyHandle,
        jobName: 'Now',
        imageServingPublishJob: publish,
      });
      const { jobLogArray } = await admin.call('getJobLogDetails', { companyHandle, jobHandle });
      expect(jobLogArray[0]?.endDate).toBeDefined();
      await admin.call('submitJob', {
        companyHandle,
        jobName: 'Later',
        execTime: new Date(Date.now() + HOUR).toISOString(),
        imageServingPublishJob: publish,
      });
      expect((await admin.call('getScheduledJobs', { companyHandle })).jobArray).toHaveLength(1);
      await expect(server.clock.advance(HOUR)).rejects.toThrow(/manual/);
    } finally {
      await server.stop();
    }
  });

  it('real: execTime and execSchedule fire when their time comes', async () => {
    server = await startAt(START, 'real');
    try {
      const admin = connect(server);
      await admin.call('submitJob', {
        companyHandle,
        jobName: 'Once',
        execTime: new Date(Date.now() + 500).toISOString(),
        imageServingPublishJob: publish,
      });
      await admin.call('submitJob', {
        companyHandle,
        jobName: 'Often',
        execSchedule: '* * * * * ?',
        imageServingPublishJob: publish,
      });
      const count = async (name: string) =>
        (await admin.call('getJobLogs', { companyHandle })).jobLogArray.filter(
          ({ originalJobName }) => originalJobName === name,
        ).length;
      while ((await count('Often')) < 2 || (await count('Once')) < 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await count('Once')).toBe(1);
    } finally {
      await server.stop();
    }
  });
});
