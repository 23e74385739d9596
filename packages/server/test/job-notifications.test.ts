// Notifications from the end of a run to their delivery, without an engine.
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { eq } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Db } from '../src/db/db.js';
import type { RunRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { followOnOf, followOnsOf, notificationsOf } from '../src/jobs/follow-on.js';
import { adoptDelivery, deliver, mailFor, noticeFor } from '../src/jobs/notifications.js';
import { addToOutbox, nextAttempt, recordResult, takeFromOutbox, whileHeld } from '../src/jobs/outbox.js';
import { NO_COUNTS } from '../src/jobs/run-counters.js';
import { noTraces, type SpanOptions, type Traces } from '../src/traces/traces.js';
import { START } from './support/engine.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { jobWorld } from './support/job-world.js';

const world = jobWorld();
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const publish = { publishType: 'Full', emailSetting: 'None' } as const;

let web: FileServer;
/** What the receiver got. */
let got: { readonly request: IncomingMessage; readonly body: string }[];
let status: number;

beforeAll(async () => {
  web = await serveFiles();
  web.set('/hook?secret', (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on('end', () => {
      got.push({ request, body });
      response.writeHead(status).end('thanks');
    });
  });
});
afterAll(() => web.close());
beforeEach(() => {
  got = [];
  status = 200;
});

const counts = (more: Partial<RunRow['counters']>): RunRow['counters'] => ({ ...NO_COUNTS, ...more });
const mails = () => world().db.select().from(t.mails).orderBy(t.mails.id);

describe('a delivery', () => {
  const attempts: unknown[] = [];
  const spans: unknown[] = [];
  /** Delivers a notification, with what is told about it and its span recorded. */
  const attempt = async (id: number): Promise<void> => {
    attempts.length = 0;
    spans.length = 0;
    const { parts } = world();
    const traces: Traces = {
      ...noTraces,
      begin: (name: string, options?: SpanOptions) => {
        spans.push({ name, ...options });
        const span = noTraces.begin(name, options);
        return {
          ...span,
          set: (attributes) => void spans.push(attributes),
          headers: () => ({ traceparent: 'a trace' }),
        };
      },
    };
    const services = {
      ...parts.services,
      traces,
      onAttempt: (...given: unknown[]) => void attempts.push(given),
    };
    await deliver({ ...parts, services }, id);
  };
  const counted = async () =>
    (await world().services.metrics.notificationAttempts.get()).values.map(({ labels, value }) => [
      labels.kind,
      labels.outcome,
      value,
    ]);
  beforeEach(() => world().services.metrics.notificationAttempts.reset());

  it('is a signed POST, as a part of the trace, after which the notification is gone', async () => {
    const trace = { traceparent: 'of the run' };
    const row = await world().notification({ target: `${web.url}/hook?secret`, body: '{"a":1}', trace });
    const other = await world().notification();
    await attempt(row.id);
    expect(got.map(({ body, request: { method } }) => [method, body])).toEqual([['POST', '{"a":1}']]);
    const signature = createHmac('sha256', world().services.config.notificationSecret)
      .update('{"a":1}')
      .digest('hex');
    expect(got[0]?.request.headers).toMatchObject({
      'content-type': 'application/json',
      'x-ips-signature': `sha256=${signature}`,
      traceparent: 'a trace',
    });
    expect((await world().outbox()).map(({ id }) => id)).toEqual([other.id]);
    expect(attempts).toMatchObject([[{ id: row.id, attempts: 1 }, { status: 'delivered' }]]);
    expect(await counted()).toEqual([['http', 'delivered', 1]]);
    expect(spans).toEqual([
      {
        name: 'POST',
        kind: 'client',
        from: trace,
        attributes: { 'ips.notification.id': row.id, 'ips.notification.attempt': 1 },
      },
      { 'http.request.method': 'POST', 'server.address': '127.0.0.1' },
      { 'http.response.status_code': 200 },
    ]);
    const [line = ''] = world().lines;
    expect(JSON.parse(line)).toMatchObject({ about: 'test', url: web.url });
    expect(line).not.toContain('secret');
    expect(world().queue.entries).toEqual([]);
  });

  it('that fails is followed by another one', async () => {
    status = 500;
    const row = await world().notification({ target: `${web.url}/hook?secret`, attempts: 1 });
    const other = await world().notification();
    await attempt(row.id);
    expect(await world().outbox()).toMatchObject([{ attempts: 2, dueAt: later(2 * SECOND) }, other]);
    const reason = 'the server responded with HTTP 500';
    expect(attempts).toMatchObject([[{ id: row.id }, { status: 'waiting', error: reason }]]);
    expect(await counted()).toEqual([['http', 'waiting', 1]]);
    expect(world().queue.entries).toEqual([`delivery ${row.id} at ${later(2 * SECOND).toISOString()}`]);
    expect(JSON.parse(world().lines[0] ?? '')).toMatchObject({
      about: 'test',
      kind: 'http',
      reason,
      attempts: 2,
      next: later(2 * SECOND).toISOString(),
      msg: 'a notification was not delivered',
    });
  });

  it('that fails for the hundredth time is the last', async () => {
    status = 500;
    const row = await world().notification({ target: `${web.url}/hook?secret`, attempts: 98 });
    const other = await world().notification();
    await attempt(row.id);
    expect(await world().outbox()).toHaveLength(2);
    world().clock.move(15 * MINUTE);
    world().queue.entries.length = 0;
    await attempt(row.id);
    expect((await world().outbox()).map(({ id }) => id)).toEqual([other.id]);
    expect([attempts, world().queue.entries]).toMatchObject([
      [
        [
          { id: row.id, attempts: 100 },
          { status: 'failed', error: expect.any(String) },
        ],
      ],
      [],
    ]);
    expect(await counted()).toContainEqual(['http', 'failed', 1]);
    expect(world().lines.at(-1)).toContain('giving up on a notification');
    expect(JSON.parse(world().lines.at(-1) ?? '')).not.toHaveProperty('next');
  });

  it('to a target that is no URL fails with its reason', async () => {
    const row = await world().notification({ target: 'nowhere' });
    await attempt(row.id);
    expect(attempts).toMatchObject([[{}, { status: 'waiting', error: 'not a valid URL' }]]);
    expect(spans).toHaveLength(1);
  });

  it('does nothing with a notification that is not due', async () => {
    const row = await world().notification({ dueAt: later(1001) });
    await attempt(row.id);
    await attempt(row.id + 1);
    expect([await world().outbox(), attempts, spans, await counted()]).toEqual([[row], [], [], []]);
  });

  it('of a mail keeps it where there is no mail server', async () => {
    const mail = {
      kind: 'mail',
      about: 'a job',
      recipient: 'ann@example.com',
      subject: 's',
      body: 'b',
    } as const;
    const first = await addToOutbox(world().db, { ...mail, runId: 5 }, START);
    await addToOutbox(world().db, mail, START);
    expect(await mails()).toMatchObject([
      {
        recipient: 'ann@example.com',
        subject: 's',
        body: 'b',
        runId: 5,
        outcome: 'waiting',
        createdAt: START,
      },
      { runId: null, outcome: 'waiting' },
    ]);
    await attempt(first);
    expect((await mails()).map(({ outcome }) => outcome)).toEqual(['kept', 'waiting']);
    expect(await counted()).toEqual([['mail', 'delivered', 1]]);
    expect(spans).toMatchObject([{ name: 'mail', kind: 'client' }]);
    expect(await world().outbox()).toHaveLength(1);
  });

  it('of a mail whose server does not take it keeps the reason', async () => {
    const mail = {
      kind: 'mail',
      about: 'a job',
      recipient: 'a@example.com',
      subject: 's',
      body: 'b',
    } as const;
    const id = await addToOutbox(world().db, mail, START);
    const { parts } = world();
    // Nothing listens there.
    const config = { ...parts.services.config, mailUrl: 'smtp://127.0.0.1:9' };
    await deliver({ ...parts, services: { ...parts.services, config } }, id);
    expect(await mails()).toMatchObject([{ outcome: expect.stringContaining('ECONNREFUSED') }]);
    expect(await world().outbox()).toMatchObject([{ attempts: 1 }]);
  });
});

describe('the outbox', () => {
  const services = () => world().services;

  it('has what is to be delivered, when it was caused and by what', async () => {
    const notice = { kind: 'http', about: 'a job', url: 'http://example.com/', body: '{}' } as const;
    const id = await addToOutbox(world().db, notice, later(5), { traceparent: 'a' });
    expect(await world().outbox()).toEqual([
      {
        id,
        kind: 'http',
        about: 'a job',
        target: 'http://example.com/',
        body: '{}',
        mailId: null,
        createdAt: later(5),
        dueAt: later(5),
        attempts: 0,
        trace: { traceparent: 'a' },
      },
    ]);
    await addToOutbox(world().db, notice, START);
    expect((await world().outbox())[1]).toMatchObject({ trace: null });
  });

  it('gives a notification to one process for half a minute, a second early at most', async () => {
    const row = await world().notification({ dueAt: later(SECOND), attempts: 3 });
    const other = await world().notification();
    expect(await takeFromOutbox(services(), row.id)).toEqual({
      ...row,
      attempts: 4,
      dueAt: later(30 * SECOND),
    });
    expect(await world().outbox()).toMatchObject([{ attempts: 4, dueAt: later(30 * SECOND) }, other]);
    world().clock.move(29 * SECOND - 1);
    expect(await takeFromOutbox(services(), row.id)).toBeUndefined();
    world().clock.move(1);
    expect(await takeFromOutbox(services(), row.id)).toMatchObject({ attempts: 5 });
    expect(await takeFromOutbox(services(), 0)).toBeUndefined();
  });

  it('keeps a notification with its process while that reports, each five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const row = await world().notification({ attempts: 1 });
      const other = await world().notification({ attempts: 1 });
      const result = await whileHeld(services(), row, async () => {
        world().clock.move(MINUTE);
        vi.advanceTimersByTime(4999);
        expect(vi.getTimerCount()).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(await world().outbox()).toEqual([row, other]);
        vi.advanceTimersByTime(1);
        return 'the result';
      });
      // The report was made before the end.
      expect(await world().outbox()).toEqual([{ ...row, dueAt: later(90 * SECOND) }, other]);
      expect([result, vi.getTimerCount()]).toEqual(['the result', 0]);
      // Another process has taken it.
      await whileHeld(services(), { ...row, attempts: 0 }, async () => {
        world().clock.move(MINUTE);
        vi.advanceTimersByTime(5000);
      });
      expect(await world().outbox()).toMatchObject([{ dueAt: later(90 * SECOND) }, {}]);
      const update = (): never => {
        throw new Error('lost');
      };
      // Reports need nothing else of it.
      const failing = { ...services(), db: { update } as unknown as Db };
      await expect(
        whileHeld(failing, row, async () => {
          vi.advanceTimersByTime(5000);
          throw new Error('the attempt failed');
        }),
      ).rejects.toThrow('the attempt failed');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('records a result again while the database is lost, for a minute', async () => {
    const loss = new DrizzleQueryError('update', [], Object.assign(new Error('a'), { code: 'ECONNRESET' }));
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    try {
      let tries = 0;
      const lossy = {
        db: {
          transaction: async (work: (tx: Db) => Promise<void>) => {
            tries += 1;
            if (tries < 3) throw loss;
            await work(world().db);
          },
        } as unknown as Db,
      };
      const record = vi.fn(async () => undefined);
      const recording = recordResult(lossy, record);
      await vi.advanceTimersByTimeAsync(2000);
      await recording;
      expect([tries, record.mock.calls.length]).toEqual([3, 1]);
      tries = Number.NEGATIVE_INFINITY;
      const lost = recordResult(lossy, record);
      const failed = expect(lost).rejects.toBe(loss);
      await vi.advanceTimersByTimeAsync(61_000);
      await failed;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    [1, SECOND],
    [2, 2 * SECOND],
    [3, 4 * SECOND],
    [10, 512 * SECOND],
    [11, 15 * MINUTE],
    [100, 15 * MINUTE],
    [5000, 15 * MINUTE],
  ])('lets the next attempt after %i wait for %i ms', (attempts, delay) =>
    expect(nextAttempt(attempts, START)).toEqual(later(delay)),
  );
});

describe('the end of a run', () => {
  const ended = (more: Partial<RunRow> = {}) =>
    world().run({ name: 'run-1', originalName: 'job', endDate: later(MINUTE), ...more });

  it('has a notice with what it counted', async () => {
    const run = await ended({ counters: counts({ success: 2, error: 1 }), fatalError: true });
    const { body, ...notice } = noticeFor('http://example.com/', run) as { kind: string; body: string };
    expect(notice).toEqual({ kind: 'http', about: 'run-1', url: 'http://example.com/' });
    expect(JSON.parse(body)).toEqual({
      jobHandle: `j|6||run-1|${run.id}`,
      jobName: 'run-1',
      originalJobName: 'job',
      companyHandle: 'c|6',
      type: 'exportJob',
      startDate: START.toISOString(),
      endDate: later(MINUTE).toISOString(),
      fatalError: true,
      counts: counts({ success: 2, error: 1 }),
    });
    const open = noticeFor('http://example.com/', await ended({ name: 'run-2', endDate: null }));
    expect(JSON.parse(open.body)).not.toHaveProperty('endDate');
  });

  it('has a mail with what it counted', async () => {
    const counters = counts({ success: 1, error: 0, warning: 3, update: 4, duplicate: 5 });
    const run = await ended({ counters });
    expect(mailFor('ann@example.com', run)).toEqual({
      kind: 'mail',
      about: 'run-1',
      recipient: 'ann@example.com',
      runId: run.id,
      subject: 'Job done: job',
      body: [
        'Job: run-1',
        'Started: 2026-01-01T00:00:00.000Z',
        'Ended: 2026-01-01T00:01:00.000Z',
        'Succeeded: 1, updated: 4, duplicates: 5, warnings: 3, errors: 0',
      ].join('\n'),
    });
    expect(mailFor('a', { ...run, counters: counts({ error: 1 }) })).toMatchObject({
      subject: 'Job with errors: job',
    });
    const fatal = mailFor('a', { ...run, fatalError: true, endDate: null });
    expect(fatal).toMatchObject({
      subject: 'Job with errors: job',
      body: expect.stringMatching(/\nEnded: \n.*\nThe job ended with a fatal error\.$/s),
    });
  });

  it('is notified to the URLs in its details', async () => {
    const of = async (details: object, more: Partial<RunRow> = {}) =>
      (
        await notificationsOf(world().db, {
          ...(await world().run()),
          details: details as RunRow['details'],
          ...more,
        })
      ).map((each) => (each.kind === 'http' ? each.url : each.recipient));
    expect(await of({})).toEqual([]);
    expect(await of({ httpCompletionUrl: 'http://a/', postHttpUrl: 'http://b/' })).toEqual([
      'http://a/',
      'http://b/',
    ]);
    expect(await of({ httpCompletionUrl: '', postHttpUrl: '' })).toEqual([]);
    const onlyFiles = { httpCompletionUrl: 'http://a/', postHttpUrl: 'http://b/', postJobOnlyIfFiles: true };
    expect(await of(onlyFiles)).toEqual(['http://a/']);
    for (const one of ['success', 'update', 'warning'])
      expect(await of(onlyFiles, { counters: counts({ [one]: 1 }) })).toEqual(['http://a/', 'http://b/']);
    for (const one of ['error', 'duplicate'])
      expect(await of(onlyFiles, { counters: counts({ [one]: 1 }) })).toEqual(['http://a/']);
    expect(await of({ ...onlyFiles, postJobOnlyIfFiles: false })).toEqual(['http://a/', 'http://b/']);
    expect(await of({ emailSetting: 'All' })).toEqual(['admin@example.com']);
    expect(await of({ emailSetting: 'All' }, { mailUserId: 0 })).toEqual([]);
  });

  it.each([
    ['All', [true, true, true, true, true, true]],
    ['JobCompletion', [true, true, true, true, true, true]],
    ['Error', [false, true, true, true, false, false]],
    ['ErrorAndWarning', [false, true, true, true, true, true]],
    ['None', [false, false, false, false, false, false]],
    [undefined, [false, false, false, false, false, false]],
  ])('is mailed with the setting %s as it says', async (emailSetting, expected) => {
    const run = await world().run({ details: { emailSetting } as RunRow['details'] });
    const ends: Partial<RunRow>[] = [
      {},
      { fatalError: true },
      { counters: counts({ error: 1 }) },
      { counters: counts({ transferError: 1 }) },
      { counters: counts({ warning: 1 }) },
      { counters: counts({ transferWarning: 1 }) },
    ];
    const mailed: boolean[] = [];
    for (const end of ends) mailed.push((await notificationsOf(world().db, { ...run, ...end })).length > 0);
    expect(mailed).toEqual(expected);
  });

  it('is followed by the job in its details, unless it failed, was stopped or had no files', async () => {
    const run = (details: object, more: Partial<RunRow> = {}) =>
      ({
        originalName: 'job',
        fatalError: false,
        stopRequested: false,
        counters: NO_COUNTS,
        details,
        ...more,
        // What follows a run depends on nothing else.
      }) as unknown as RunRow;
    const details = { postImageServingPublishJob: publish };
    const follow = { kind: 'imageServingPublishJob', details: publish, name: 'job_imageServingPublish' };
    expect(followOnOf(run({}))).toBeUndefined();
    expect(followOnOf(run(details))).toEqual(follow);
    expect(followOnOf(run(details, { fatalError: true }))).toBeUndefined();
    expect(followOnOf(run(details, { stopRequested: true }))).toBeUndefined();
    const onlyFiles = { ...details, postJobOnlyIfFiles: true };
    expect(followOnOf(run(onlyFiles))).toBeUndefined();
    expect(followOnOf(run(onlyFiles, { counters: counts({ update: 1 }) }))).toEqual(follow);
    expect(followOnOf(run({ ...details, postJobOnlyIfFiles: false }))).toEqual(follow);
    const all = run({
      postVideoPublishJob: publish,
      postImageRenderingPublishJob: publish,
      postImageServingPublishJob: publish,
    }).details;
    expect(followOnsOf(all).map(({ kind }) => kind)).toEqual([
      'imageServingPublishJob',
      'imageRenderingPublishJob',
      'videoPublishJob',
    ]);
    expect(followOnOf(run({ postVideoPublishJob: publish }))?.name).toBe('job_videoPublish');
  });
});

describe('a notification that an earlier version left in the queue', () => {
  it('goes to the outbox, if its run still exists', async () => {
    const trace = { traceparent: 'a' };
    const run = await world().run({ trace });
    const { services } = world();
    world().clock.move(MINUTE);
    const http = await adoptDelivery(services, { kind: 'http', runId: run.id, target: 'http://a/' });
    const mail = await adoptDelivery(services, { kind: 'mail', runId: run.id, target: 'ann@example.com' });
    expect(await world().outbox()).toMatchObject([
      { id: http, kind: 'http', target: 'http://a/', about: run.name, trace, dueAt: later(MINUTE) },
      { id: mail, kind: 'mail', target: 'ann@example.com', about: run.name, trace },
    ]);
    await world().db.delete(t.runs).where(eq(t.runs.id, run.id));
    expect(
      await adoptDelivery(services, { kind: 'http', runId: run.id, target: 'http://a/' }),
    ).toBeUndefined();
  });
});
