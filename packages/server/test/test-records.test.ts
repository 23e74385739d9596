// What a server records for those who test against it: calls, mails and notifications, in its process and over HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import * as t from '../src/db/schema.js';
import { RequestJournal } from '../src/http/request-journal.js';
import { NotificationLog } from '../src/jobs/notification-log.js';
import { deliver } from '../src/jobs/notifications.js';
import { addToOutbox, MAX_ATTEMPTS } from '../src/jobs/outbox.js';
import { redactXml } from '../src/redaction.js';
import { connect, post, requestXml } from './support/call.js';
import { engineWorld } from './support/engine.js';
import { TEST_COST } from './support/password-hash.js';

const TOKEN = 'a-token-of-the-admin-api';
const START = new Date('2026-03-01T12:00:00Z');
const SECRET = 'hunter2-secret';
const publish = { publishType: 'Incremental', emailSetting: 'JobCompletion' } as const;

/** An entry as JSON: dates are text. */
type Entry = Readonly<Record<string, unknown>>;

let server: IpsServer;
let ips: IpsClient;
let hookStatus = 200;
const hook = createServer((request, response) =>
  request.resume().on('end', () => response.writeHead(hookStatus).end()),
);
let hookUrl: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
  hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/done`;
  server = await createIpsServer({
    company: 'MyCompany',
    jobClock: 'manual',
    now: START,
    passwordCost: TEST_COST,
    allowPrivateAddresses: true,
    adminApi: true,
    adminToken: TOKEN,
  });
  const { email: user, password } = server.admin;
  ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, companyHandle: 'c|6' });
});

afterEach(async () => {
  hookStatus = 200;
  server.chaos({});
  await server.clearRecords();
});

afterAll(async () => {
  await ips.close();
  await server.stop();
  hook.closeAllConnections();
  hook.close();
});

async function admin<Answer = Entry>(
  path: string,
  method = 'GET',
): Promise<{ readonly status: number; readonly body: Answer }> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${server.url}/admin/${path}`, { method, headers });
  return { status: response.status, body: (await response.json()) as Answer };
}

/** Submits a job and lets it run to its end. */
async function ended(name: string, more: object = {}): Promise<void> {
  await ips.jobs.submit('imageServingPublishJob', { ...publish, ...more }, { name });
  await server.clock.runPending();
}

describe('recorded requests', () => {
  it('are found by operation, user, status, fault, time and number', async () => {
    await ips.createFolder({ folderPath: '/Shoes' });
    await ips.publish({}, { name: 'First' });
    await server.clock.advance(3_600_000);
    await connect(server).fault('stopJob', { companyHandle: 'c|6', jobHandle: 'j|6||None|99' });
    const all = server.requests();
    expect(all.map(({ operation }) => operation)).toEqual(['createFolder', 'submitJob', 'stopJob']);
    expect(all.map(({ at }) => at.getTime() - START.getTime())).toEqual([0, 0, 3_600_000]);
    const [, submitted, stopped] = all;
    expect(submitted).toMatchObject({
      transport: 'soap',
      user: server.admin.email,
      status: 200,
      fault: undefined,
      isTruncated: false,
      request: expect.stringContaining('<jobName>First</jobName>'),
      response: expect.stringContaining('submitJobReturn'),
    });
    expect(server.requests({ operation: 'submitJob' })).toEqual([submitted]);
    expect(server.requests({ user: server.admin.email.toUpperCase() })).toHaveLength(3);
    expect(server.requests({ user: 'ann@example.com' })).toEqual([]);
    expect(server.requests({ status: 500 })).toEqual([stopped]);
    expect(server.requests({ fault: stopped?.fault?.code })).toEqual([stopped]);
    expect(server.requests({ since: new Date(START.getTime() + 1) })).toEqual([stopped]);
    expect(server.requests({ after: submitted?.id })).toEqual([stopped]);
    expect(server.requests({ limit: 1 })).toEqual([stopped]);
  });

  it('are not found by a filter that is wrong', async () => {
    const wrong: readonly (readonly [object | null, string | RegExp])[] = [
      [{ opration: 'x' }, 'opration: unknown option; did you mean operation?'],
      [
        { operation: 'createFoldr' },
        'operation: expected the name of an operation, found "createFoldr"; did you mean createFolder?',
      ],
      [{ user: 5 }, 'user: expected a string, found 5'],
      [{ status: '500' }, 'status: expected a whole number from 0 to 599, found "500"'],
      [{ since: 'yesterday' }, 'since: expected a valid Date, found "yesterday"'],
      [{ after: -1 }, /^after: expected a whole number from 0 to \d+, found -1$/],
      [{ limit: 0 }, /^limit: expected a whole number from 1 to \d+, found 0$/],
      [null, 'filter: expected an object, found null'],
    ];
    for (const [filter, words] of wrong) {
      expect(() => server.requests(filter as never)).toThrow(words);
      expect(() => server.waitForRequest(filter as never)).toThrow(words);
    }
    expect(server.requests({ operation: '', since: undefined })).toEqual([]);
    await expect(server.mails({ to: 'x' } as never)).rejects.toThrow(
      'to: unknown option; expected one of recipient, subject,',
    );
    await expect(server.mails({ since: 'x' } as never)).rejects.toThrow(
      'since: expected a valid Date, found "x"',
    );
    await expect(server.notifications({ status: 'sent' } as never)).rejects.toThrow(
      'status: expected "waiting", "delivered" or "failed", found "sent"',
    );
    await expect(server.notifications({ kynd: 'http' } as never)).rejects.toThrow('did you mean kind?');
    expect(() => server.waitForMail({ recipient: 'x' } as never)).toThrow(
      'predicate: expected a function, found an object',
    );
    expect(() => server.waitForNotification('x' as never)).toThrow(
      'predicate: expected a function, found "x"',
    );
  });

  it('show no secrets, whatever the encoding and the form of the request', async () => {
    const { email, password } = server.admin;
    const header = { user: email, password: SECRET, appName: 'tests', appVersion: '1' };
    const xml = requestXml('getSystemProperties', {}, { header });
    const utf16 = Buffer.from(`\ufeff${xml.replace(/^<\?xml[^>]*>/, '')}`, 'utf16le');
    const type = { 'content-type': 'text/xml; charset=utf-16le' };
    expect((await post(server.url, utf16, { headers: type })).body).toContain('<code>10001</code>');
    const noted = xml.replace(SECRET, `${SECRET.slice(0, 3)}<!-- </password> -->${SECRET.slice(3)}`);
    await post(server.url, noted);
    await post(server.url, xml.replace(SECRET, `<![CDATA[</password>${SECRET}]]>`));
    const basic = `Basic ${Buffer.from(`${email}:${SECRET}`).toString('base64')}`;
    await post(server.url, requestXml('getSystemProperties', {}), { headers: { authorization: basic } });
    const found = server.requests();
    expect(found.map(({ operation, user }) => [operation, user])).toEqual(
      Array.from({ length: 4 }, () => ['getSystemProperties', email]),
    );
    expect(found[0]?.request).toContain('getSystemPropertiesParam');
    const text = JSON.stringify(found);
    for (const part of [SECRET, SECRET.slice(3), basic.slice(6), password]) expect(text).not.toContain(part);
  });

  it('include uploads, calls that cannot be read, and dropped connections', async () => {
    const { email, password } = server.admin;
    const form = new FormData();
    const header = requestXml(
      'getSystemProperties',
      {},
      { header: { user: email, password, appName: 'tests', appVersion: '1' } },
    );
    const auth = /<(?:\w+:)?authHeader[\s\S]*<\/(?:\w+:)?authHeader>/.exec(header)?.[0] ?? '';
    form.append('auth', new Blob([auth], { type: 'text/xml' }), 'auth.xml');
    form.append('file', new Blob(['red']), 'red.png');
    const uploaded = await fetch(server.endpoints.upload, { method: 'POST', body: form });
    expect(uploaded.status).not.toBe(200);
    await post(server.url, '<broken');
    await post(server.url, 'x', { headers: { 'content-type': 'image/png' } });
    server.chaos({ drop: 1, operations: ['getSystemProperties'] });
    await expect(post(server.url, requestXml('getSystemProperties', {}))).rejects.toThrow();
    const found = server.requests();
    expect(found.map(({ operation, transport, status }) => [operation, transport, status])).toEqual([
      ['uploadPost', 'upload', uploaded.status],
      ['', 'soap', 500],
      ['', 'soap', 415],
      ['getSystemProperties', 'soap', 0],
    ]);
    expect(found[0]).toMatchObject({ user: email, fault: { code: expect.any(Number) } });
    expect(found[0]?.request).toContain('--- file "red.png", 3 bytes');
    expect(found[0]?.request).not.toContain(password);
    expect(found[1]).toMatchObject({ request: '<broken', fault: { code: expect.any(Number) } });
  });

  it('can be waited for', async () => {
    const waiting = server.waitForRequest({ operation: 'getSystemProperties' });
    await ips.getSystemProperties({});
    expect(await waiting).toMatchObject({ operation: 'getSystemProperties', status: 200 });
    await expect(server.waitForRequest({ operation: 'stopJob' }, { timeout: 20 })).rejects.toThrow(
      'request: none of 1 matched {"operation":"stopJob"}; waited 20 ms',
    );
    expect(() => server.waitForRequest({}, { timeout: -1 })).toThrow(
      'timeout: expected milliseconds from 0 to 2147483647, found -1',
    );
  });

  it('are forgotten by a reset', async () => {
    const other = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST });
    try {
      await connect(other).call('getSystemProperties', {});
      expect(other.requests()).toHaveLength(1);
      await other.reset();
      expect(other.requests()).toEqual([]);
      const waiting = other.waitForMail();
      const refused = expect(waiting).rejects.toThrow('the server was stopped');
      await new Promise((resolve) => setImmediate(resolve));
      await other.stop();
      await refused;
    } finally {
      await other.stop();
    }
  });

  it('are not recorded unless wanted, which a count shows', async () => {
    const other = await createIpsServer({ recordRequests: false, passwordCost: TEST_COST });
    try {
      expect(() => other.requests()).toThrow('this server records no requests');
    } finally {
      await other.stop();
    }
  });
});

describe('the journal', () => {
  const call = (more: object = {}) => ({
    at: START,
    operation: 'submitJob',
    transport: 'soap' as const,
    user: undefined,
    status: 200,
    fault: undefined,
    duration: 1,
    request: '',
    response: '',
    ...more,
  });

  it('keeps a number of calls, and says how many it dropped', () => {
    const journal = new RequestJournal('ips-console');
    for (let count = 0; count < RequestJournal.capacity + 5; count += 1) journal.add(call());
    expect([journal.length, journal.dropped, journal.find()[0]?.id]).toEqual([1000, 5, 6]);
    journal.clear();
    journal.add(call());
    expect([journal.length, journal.dropped, journal.find()[0]?.id]).toEqual([1, 0, 1006]);
  });

  it('keeps a number of bytes', () => {
    const journal = new RequestJournal('ips-console');
    const large = { request: Buffer.alloc(1_000_000, 'x'), response: 'y'.repeat(1_000_000) };
    for (let count = 0; count < 300; count += 1) journal.add(call(large));
    expect(journal.length).toBeLessThanOrEqual(Math.floor((32 * 1024 * 1024) / 300_000));
    expect(journal.length).toBeGreaterThan(100);
    expect(journal.find()[0]).toMatchObject({ isTruncated: true });
    expect(journal.find()[0]?.request).toHaveLength(100_000);
    expect(journal.find()[0]?.response).toHaveLength(100_000);
  });

  it('omits calls of the console', () => {
    const journal = new RequestJournal('ips-console');
    journal.add(call({ request: Buffer.from('<a:appName>ips-console</a:appName>') }));
    journal.add(call({ request: '<appName>ips-console</appName>' }));
    expect(journal.length).toBe(0);
  });
});

describe('redaction', () => {
  it.each([
    ['<password>s</password><x>1</x>', '<password>••••••</password><x>1</x>'],
    ['<p:password a="b">s</p:password>', '<p:password a="b">••••••</p:password>'],
    ['<é:password>s</é:password>', '<é:password>••••••</é:password>'],
    ['<password></password><x>1</x>', '<password></password><x>1</x>'],
    ['<password/><x>1</x>', '<password/><x>1</x>'],
    ['<password a="b" /><x>1</x>', '<password a="b" /><x>1</x>'],
    ['<password>s<!-- c -->t</password >', '<password>••••••</password >'],
    ['<password>s<sub>t</sub>u</password>', '<password>••••••</password>'],
    ['<password>a<![CDATA[</password>b]]>c</password>', '<password>••••••</password>'],
    ['<password>the end is missing', '<password>••••••'],
    ['<passwords>1</passwords>', '<passwords>1</passwords>'],
    ['<u>ftp://ann:s@example.com/</u>', '<u>ftp://••••••@example.com/</u>'],
  ])('of %s', (xml, shown) => {
    expect(redactXml(xml)).toBe(shown);
  });

  it('takes no longer for what is hostile', () => {
    const lines = ['<password ', '<password>', '<a:', '<!--', '<password><![CDATA['];
    for (const line of lines) expect(redactXml(line.repeat(20_000))).toMatch(/^<|^$/);
  });
});

describe('mails and notifications', () => {
  it('are listed with their state, and can be waited for', async () => {
    hookStatus = 503;
    const waiting = server.waitForMail(({ subject }) => subject.endsWith('Nightly'));
    await ended('Nightly', { httpCompletionUrl: `${hookUrl}?of=nightly` });
    const mail = await waiting;
    expect(mail).toMatchObject({
      recipient: server.admin.email,
      subject: 'Job done: Nightly',
      body: expect.stringContaining('Job: Nightly'),
    });
    expect(await server.mails({ recipient: server.admin.email.toUpperCase() })).toMatchObject([
      { id: mail.id },
    ]);
    expect(await server.mails({ subject: 'Weekly' })).toEqual([]);
    expect(await server.mails({ subject: '\0' })).toEqual([]);
    const { id } = await server.waitForNotification(
      ({ kind, error }) => kind === 'http' && error !== undefined,
    );
    expect((await server.notifications({ kind: 'http' }))[0]).toMatchObject({
      id,
      target: `${hookUrl}?of=nightly`,
      status: 'waiting',
      attempts: 1,
      error: expect.stringContaining('503'),
      dueAt: expect.any(Date),
    });
    hookStatus = 200;
    await server.clock.advance(60_000);
    expect(await server.waitForNotification(({ kind }) => kind === 'http')).toMatchObject({
      id,
      status: 'delivered',
      attempts: 2,
      error: undefined,
      dueAt: undefined,
      body: expect.stringContaining('"originalJobName":"Nightly"'),
    });
    await expect(server.waitForMail(({ body }) => body === '', { timeout: 20 })).rejects.toThrow(
      `mail: none of 1 matched: "Job done: Nightly" to ${server.admin.email}; waited 20 ms`,
    );
  });

  it('are recorded as failed after the last attempt', async () => {
    hookStatus = 410;
    const world = await engineWorld();
    try {
      const { parts } = await world.start();
      const log = new NotificationLog();
      const services = { ...parts.services, onAttempt: log.add.bind(log) };
      const { db } = services;
      const url = hookUrl.replace('//', `//ann:${SECRET}@`);
      const id = await addToOutbox(
        db,
        { kind: 'http', about: 'Nightly', url, body: '{}' },
        world.clock.now(),
      );
      await db.update(t.outbox).set({ attempts: MAX_ATTEMPTS - 2 });
      await deliver({ ...parts, services }, id);
      expect(await log.list(db)).toMatchObject([
        { id, status: 'waiting', error: expect.stringContaining('410') },
      ]);
      world.clock.move(24 * 3_600_000);
      await deliver({ ...parts, services }, id);
      const target = hookUrl.replace('//', '//••••••@');
      const failed = { id, target, status: 'failed', attempts: MAX_ATTEMPTS, error: expect.any(String) };
      expect(await log.list(db, { target })).toMatchObject([failed]);
      expect(await log.list(db, { status: 'waiting' })).toEqual([]);
      expect(JSON.stringify(await log.list(db))).not.toContain(SECRET);
    } finally {
      await world.store.close();
    }
  });

  it('that wait are cancelled when they are removed', async () => {
    hookStatus = 503;
    await ended('Cancelled', { httpCompletionUrl: hookUrl });
    expect(await server.notifications({ status: 'waiting', kind: 'http' })).toHaveLength(1);
    expect((await admin('notifications', 'DELETE')).body).toEqual({ ok: true });
    hookStatus = 200;
    await server.clock.advance(24 * 3_600_000);
    expect(await server.notifications()).toEqual([]);
  });
});

describe('over HTTP', () => {
  it('requests are filtered, limited and cleared', async () => {
    await ips.createFolder({ folderPath: '/Boots' });
    await ips.publish({}, { name: 'Second' });
    const since = START.toISOString();
    const { body } = await admin<{ readonly requests: readonly Entry[] }>(
      `requests?operation=submitJob&user=${server.admin.email}&status=200&since=${since}&limit=5`,
    );
    const [submitted] = server.requests({ operation: 'submitJob' });
    // As JSON, without what is undefined.
    expect(body).toEqual({
      ...JSON.parse(JSON.stringify({ requests: [submitted] })),
      total: 1,
      dropped: 0,
      capacity: 1000,
    });
    expect((await admin('requests?limit=1')).body).toMatchObject({
      requests: [{ operation: 'submitJob' }],
      total: 2,
    });
    expect((await admin('requests', 'DELETE')).body).toEqual({ ok: true });
    expect((await admin('requests')).body).toMatchObject({ requests: [], total: 0 });
  });

  it('mails and notifications are filtered, limited and cleared', async () => {
    await ended('One', { httpCompletionUrl: hookUrl });
    await ended('Two');
    await server.waitForNotification(({ kind, status }) => kind === 'http' && status === 'delivered');
    const { body: mails } = await admin('mails?limit=1');
    expect(mails).toMatchObject({ mails: [{ subject: 'Job done: Two', outcome: 'kept' }], total: 2 });
    expect((await admin(`mails?subject=One&recipient=${server.admin.email}`)).body).toMatchObject({
      total: 1,
    });
    expect((await admin('notifications?kind=http&status=delivered')).body).toMatchObject({
      notifications: [{ target: hookUrl, about: expect.stringContaining('One'), attempts: 1 }],
      total: 1,
    });
    expect((await admin('mails', 'DELETE')).status).toBe(200);
    expect((await admin('mails')).body).toEqual({ mails: [], total: 0 });
    expect((await admin('notifications', 'DELETE')).status).toBe(200);
    expect((await admin('notifications')).body).toEqual({ notifications: [], total: 0 });
  });

  it.each([
    ['requests?operation=noOperation', 'operation: expected the name of an operation, found "noOperation"'],
    ['requests?limit=0', 'limit: expected a whole number from 1 to 1000, found "0"'],
    ['requests?since=soon', 'since: expected a time such as 2026-03-01T12:00:00Z, found "soon"'],
    ['mails?status=sent', 'status: unknown; expected one of recipient, subject, since, after, limit'],
    ['mails?limit=1&limit=2', 'limit: occurs twice'],
    ['notifications?status=lost', 'status: expected "waiting", "delivered" or "failed", found "lost"'],
  ])('%s is refused', async (path, error) => {
    expect(await admin(path)).toEqual({ status: 400, body: { error } });
  });

  it('everything needs the token', async () => {
    for (const path of ['requests', 'mails', 'notifications'])
      for (const method of ['GET', 'HEAD', 'DELETE'])
        expect((await fetch(`${server.url}/admin/${path}`, { method })).status).toBe(401);
  });
});
