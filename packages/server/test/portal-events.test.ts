// The log of the Media Portal: what programs write is what they read, in the companies that their roles admit.
import { describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { NOW, serverForEachTest } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const EVENT = {
  companyHandle: 'c|6',
  eventType: 'Download',
  ipsUser: 'ann@example.com',
  jobName: 'Shoes & <boots>',
  jobDescription: 'Red shoes of the spring catalog',
} as const;

let server: IpsServer;
serverForEachTest('manual', async (shared) => {
  server = shared;
  await server.seed({
    companies: [{ name: 'Other' }],
    users: [
      // An administrator of one company, a user of the other.
      {
        email: 'ann@example.com',
        password,
        memberships: [
          { company: 'Sample Company', role: 'ImagePortalAdmin' },
          { company: 'Other', role: 'ImagePortalUser' },
        ],
      },
      { email: 'bob@example.com', password, memberships: [{ company: 'Other', role: 'IpsCompanyAdmin' }] },
      {
        email: 'cem@example.com',
        password,
        memberships: [{ company: 'Sample Company', role: 'ImagePortalContribUser' }],
      },
    ],
  });
});

const as = (name: string) => connect(server, { email: `${name}@example.com`, password });
const eventsOf = async (caller: ReturnType<typeof as>, filter: object = {}) =>
  (await caller.call('getMediaPortalEvent', filter)).MediaPortalEventArray;

describe('events of the Media Portal', () => {
  it('are read as they were written, with the time and the company', async () => {
    const details = {
      string1: 'red & <bold>',
      string5: '',
      int1: -12,
      int5: 2147483647,
      float1: 0.5,
      float3: -1e10,
      time1: '2026-02-28T23:59:59.999Z',
    };
    await as('cem').call('addMediaPortalEvent', { ...EVENT, ...details });
    const { companyHandle: _company, ...event } = EVENT;
    const [read, ...more] = await eventsOf(as('ann'));
    expect(more).toEqual([]);
    expect(read).toMatchObject({ ...event, ...details, time1: expect.any(String) });
    expect(Object.keys(read ?? {})).not.toContain('string2');
    expect([read?.companyId, read?.companyName]).toEqual([6, 'Sample Company']);
    expect(Date.parse(read?.createDate ?? '')).toBe(NOW.getTime());
    expect(Date.parse(read?.time1 ?? '')).toBe(Date.parse(details.time1));
  });

  it('are filtered by equality', async () => {
    const admin = connect(server);
    await admin.call('addMediaPortalEvent', EVENT);
    await admin.call('addMediaPortalEvent', {
      ...EVENT,
      eventType: 'Upload',
      ipsUser: 'system',
      jobName: 'Hats',
      jobDescription: '',
    });
    await admin.call('addMediaPortalEvent', { ...EVENT, companyHandle: 'c|7' });
    const types = async (filter: object) =>
      (await eventsOf(admin, filter)).map(({ eventType, companyId }) => `${eventType} ${companyId}`);
    expect(await types({})).toEqual(['Download 7', 'Upload 6', 'Download 6']);
    expect(await types({ companyHandle: 'c|6' })).toEqual(['Upload 6', 'Download 6']);
    expect(await types({ eventType: 'Download' })).toEqual(['Download 7', 'Download 6']);
    expect(await types({ eventType: 'download' })).toEqual([]);
    expect(await types({ ipsUser: 'system' })).toEqual(['Upload 6']);
    expect(await types({ jobName: 'Hats', eventType: 'Upload' })).toEqual(['Upload 6']);
    expect(await types({ jobName: 'Hats', eventType: 'Download' })).toEqual([]);
    expect(await types({ jobDescription: '' })).toEqual(['Upload 6']);
  });

  it('are seen by administrators, in their companies', async () => {
    const admin = connect(server);
    await admin.call('addMediaPortalEvent', EVENT);
    await admin.call('addMediaPortalEvent', { ...EVENT, companyHandle: 'c|7' });
    const companies = async (name: string) => (await eventsOf(as(name))).map(({ companyId }) => companyId);
    expect(await companies('ann')).toEqual([6]);
    expect(await companies('bob')).toEqual([7]);
    expect(await as('cem').fault('getMediaPortalEvent', {})).toMatchObject({ code: 20003 });
    expect(await as('ann').fault('getMediaPortalEvent', { companyHandle: 'c|7' })).toMatchObject({
      code: 20003,
    });
    expect(await as('bob').fault('getMediaPortalEvent', { companyHandle: 'c|6' })).toMatchObject({
      code: 20006,
    });
    expect(await as('bob').fault('addMediaPortalEvent', EVENT)).toMatchObject({ code: 20006 });
  });

  it('refuse a text that is too long', async () => {
    const admin = connect(server);
    const text = 'x'.repeat(1001);
    for (const field of ['eventType', 'ipsUser', 'jobName', 'jobDescription', 'string3'])
      expect(await admin.fault('addMediaPortalEvent', { ...EVENT, [field]: text })).toMatchObject({
        code: 30001,
        reason: expect.stringMatching(new RegExp(`^${field}: .*expected at most 1000 characters$`)),
      });
    expect(await eventsOf(admin)).toEqual([]);
  });
});

describe('dates', () => {
  it('bound the events, both inclusive, and no response has more than 10,000', async () => {
    const own = await createIpsServer({ jobClock: 'manual', now: NOW });
    try {
      const admin = connect(own);
      for (let hour = 0; hour < 4; hour += 1) {
        await admin.call('addMediaPortalEvent', { ...EVENT, jobName: `hour ${hour}` });
        await own.clock.advance(3_600_000);
      }
      const at = (hour: number) => new Date(NOW.getTime() + hour * 3_600_000).toISOString();
      const names = async (filter: object) => (await eventsOf(admin, filter)).map(({ jobName }) => jobName);
      expect(await names({ afterDate: at(1), beforeDate: at(2) })).toEqual(['hour 2', 'hour 1']);
      expect(await names({ afterDate: at(3) })).toEqual(['hour 3']);
      expect(await names({ beforeDate: at(0) })).toEqual(['hour 0']);
      expect(await names({ afterDate: at(2), beforeDate: at(1) })).toEqual([]);
      const { version, tables } = await own.snapshot();
      const [row] = tables['portal_events'] ?? [];
      const portal_events = Array.from({ length: 10_001 }, (_, index) => ({
        ...row,
        id: index + 1,
        job_name: `event ${index + 1}`,
      }));
      await own.restore({ version, tables: { ...tables, portal_events } });
      const all = await names({});
      expect([all.length, all[0], all.at(-1)]).toEqual([10_000, 'event 10001', 'event 2']);
    } finally {
      await own.stop();
    }
  });
});

describe('the nightly cleanup', () => {
  const DAY = 86_400_000;

  /** Of events that were written some days before a cleanup, the days of those that are left. */
  async function left(limits: { portalEventDays?: number }, ...days: number[]): Promise<string[]> {
    const own = await createIpsServer({ jobClock: 'manual', now: NOW, timeZone: 'UTC', limits });
    try {
      const admin = connect(own);
      await admin.call('addMediaPortalEvent', EVENT);
      const { version, tables } = await own.snapshot();
      const [row] = tables['portal_events'] ?? [];
      const midnight = Date.parse('2026-03-02T00:00:00Z');
      const portal_events = days.map((each, index) => ({
        ...row,
        id: index + 1,
        job_name: String(each),
        created_at: new Date(midnight - each * DAY).toISOString(),
      }));
      await own.restore({ version, tables: { ...tables, portal_events } });
      await own.clock.advance(DAY);
      return (await eventsOf(admin)).map(({ jobName }) => jobName);
    } finally {
      await own.stop();
    }
  }

  it('deletes events that are older than a year', async () => {
    expect(await left({}, 0.7, 364.9, 365.1, 4000)).toEqual(['0.7', '364.9']);
  });

  it('deletes them after the days of the limit', async () => {
    expect(await left({ portalEventDays: 3 }, 2.9, 3.1)).toEqual(['2.9']);
    const forever = { portalEventDays: Number.POSITIVE_INFINITY };
    expect(await left(forever, 2.9, 4000)).toEqual(['2.9', '4000']);
  });
});
