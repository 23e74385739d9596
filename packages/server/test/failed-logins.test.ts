// Passwords over sockets: what failed logins answer, and whom they delay.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import * as t from '../src/db/schema.js';
import { openStore } from '../src/db/store.js';
import { readHash } from '../src/passwords/stored-hash.js';
import { connect, post, requestXml } from './support/call.js';
import { TEST_COST } from './support/password-hash.js';

let server: IpsServer;
const email = 'ann@example.com';
const password = 'Sunny-Day-42';
const FREE = 5;

beforeAll(async () => {
  server = await createIpsServer({
    jobClock: 'manual',
    now: new Date('2026-03-01T12:00:00Z'),
    passwordCost: TEST_COST,
    host: '0.0.0.0',
    admin: { email: 'admin@example.com', password: 'admin-password' },
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  await server.seed({
    users: [{ email, password, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] }],
  });
});

const as = (given: string, user = email) => connect(server, { email: user, password: given });

/** Fails as often as is free. */
async function failed(user = email): Promise<void> {
  for (let number = 0; number < FREE; number += 1)
    expect(await as(`wrong-${number}`, user).fault('getUserInfo', {})).toMatchObject({
      kind: 'authentication',
      code: 10001,
      reason: 'Invalid username/password',
      httpStatus: 500,
    });
}

const xmlOf = (given: string, more: object = {}, dialect: 'soap' | 'plain' = 'soap') =>
  requestXml(
    'getUserInfo',
    {},
    { dialect, header: { user: email, password: given, appName: 'tests', appVersion: '1', ...more } },
  );

/** Sends a request from another address of this machine; Linux has all of 127.0.0.0/8. */
function postFrom(localAddress: string, xml: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const url = `${server.url}/scene7/services/IpsApiService`;
    const headers = { 'content-type': 'text/xml; charset=UTF-8' };
    const call = request(url, { method: 'POST', localAddress, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode, body }));
    });
    call.once('error', reject);
    call.end(xml);
  });
}

describe('after failed logins', () => {
  it('SOAP, plain XML and the upload servlet answer a fault in HTTP 429 that says when to try again', async () => {
    await failed();
    const reason = "too many failed logins for 'ann@example.com': retry in 1 s";
    const { endpoints } = server;
    const form = new FormData();
    form.set(
      'auth',
      `<authHeader xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><user>${email}</user><password>x</password><appName>t</appName><appVersion>1</appVersion></authHeader>`,
    );
    form.set('uploadParams', '<uploadPostParam/>');
    const uploaded = await fetch(endpoints.upload, { method: 'POST', body: form });
    for (const { status, headers, body } of [
      await post(server.url, xmlOf('wrong')),
      await post(server.url, xmlOf('wrong', {}, 'plain'), { path: '/scene7/api/IpsApiService' }),
      { status: uploaded.status, headers: uploaded.headers, body: await uploaded.text() },
    ]) {
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(body).toContain('<code>30000</code>');
      expect(body.replaceAll('&apos;', "'")).toContain(`<reason>${reason}</reason>`);
    }
    // A caller that cannot read other statuses still gets its own.
    const ok = await post(server.url, xmlOf('wrong', { faultHttpStatusCode: 200 }));
    expect([ok.status, ok.headers.get('retry-after')]).toEqual([200, '1']);
  });

  it('the right password is accepted when the delay is over', async () => {
    await failed();
    expect(await as('Sunny-Day-42').fault('getUserInfo', {})).toMatchObject({
      kind: 'api',
      code: 30000,
      httpStatus: 429,
    });
    await server.clock.advance(1000);
    expect((await as(password).call('getUserInfo', {})).userInfo.email).toBe(email);
  });

  it('users who do not exist get the same answers', async () => {
    await failed('nobody@example.com');
    const { reason, httpStatus } = await as('wrong', 'nobody@example.com').fault('getUserInfo', {});
    expect([reason, httpStatus]).toEqual([
      "too many failed logins for 'nobody@example.com': retry in 1 s",
      429,
    ]);
  });

  it.runIf(process.platform === 'linux')('other addresses and other users are not delayed', async () => {
    await failed();
    expect((await postFrom('127.0.0.1', xmlOf(password))).status).toBe(429);
    expect(await postFrom('127.0.0.2', xmlOf(password))).toMatchObject({
      status: 200,
      body: expect.stringContaining(`<email>${email}</email>`),
    });
    await connect(server).call('getUserInfo', {});
  });

  it('a user who is logged in there continues', async () => {
    await as(password).call('getUserInfo', {});
    await failed();
    expect((await as('wrong').fault('getUserInfo', {})).httpStatus).toBe(429);
    await as(password).call('getUserInfo', {});
  });

  it('they count in checkLogin, too, and for all operations', async () => {
    const admin = connect(server);
    for (let number = 0; number < FREE; number += 1)
      expect(await admin.call('checkLogin', { email, password: `wrong-${number}` })).toEqual({
        status: 'InvalidLogin',
      });
    const refused = { code: 30000, httpStatus: 429, reason: expect.stringContaining('retry in 1 s') };
    expect(await admin.fault('checkLogin', { email: 'ANN@Example.com', password: 'wrong' })).toMatchObject(
      refused,
    );
    expect(await as('wrong').fault('getUserInfo', {})).toMatchObject(refused);
  });

  it('reset and restore forget them', async () => {
    const snapshot = await server.snapshot();
    await failed();
    await server.restore(snapshot);
    await as(password).call('getUserInfo', {});
  });

  it('the outcomes of logins are metrics', async () => {
    const counted = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Object.fromEntries(
        [...text.matchAll(/^ips_logins_total\{outcome="(\w+)"\} (\d+)$/gm)].map(([, name, count]) => [
          name,
          Number(count),
        ]),
      );
    };
    const before = await counted();
    await failed();
    await as('wrong').fault('getUserInfo', {});
    const after = await counted();
    expect((after['wrong'] ?? 0) - (before['wrong'] ?? 0)).toBe(FREE);
    expect((after['delayed'] ?? 0) - (before['delayed'] ?? 0)).toBe(1);
  });
});

describe('many logins at once', () => {
  it('are refused with HTTP 503 when too many wait, and counted', async () => {
    // Each user is tried once, so that none is delayed.
    const strong = await createIpsServer({ passwordCost: 14, jobClock: 'instant' });
    try {
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, number) => {
          const header = { user: `user-${number}@example.com`, password, appName: 'tests', appVersion: '1' };
          return post(strong.url, requestXml('getUserInfo', {}, { header }));
        }),
      );
      const busy = answers.filter(({ status }) => status === 503);
      expect(busy.length).toBeGreaterThan(0);
      for (const { headers, body } of busy) {
        expect(headers.get('retry-after')).toBe('5');
        expect(body).toContain('<code>30000</code>');
        expect(body).toContain('<reason>too many logins at once: retry in 5 s</reason>');
      }
      const checked = answers.filter(({ body }) => body.includes('<code>10001</code>'));
      expect(checked).toHaveLength(60 - busy.length);
      // The administrator, who is remembered, waits for none of them.
      await connect(strong).call('getUserInfo', {});
      const metrics = await (await fetch(`${strong.url}/metrics`)).text();
      expect(metrics).toContain(`ips_logins_total{outcome="overloaded"} ${busy.length}\n`);
      expect(metrics).toContain('ips_passwords_waiting 0\n');
    } finally {
      await strong.stop();
    }
  });
});

describe('a remembered login', () => {
  const ann = 'u|42|ann@example.com';
  const change = { userHandle: ann, firstName: '', lastName: '', email, isIpsAdmin: false };

  it('ends when the password changes', async () => {
    await as(password).call('getUserInfo', {});
    await connect(server).call('setPassword', { userHandle: ann, password: 'Rainy-Night-7' });
    expect(await as(password).fault('getUserInfo', {})).toMatchObject({ code: 10001 });
  });

  it('ends when the user is disabled, and not before', async () => {
    await as(password).call('getUserInfo', {});
    await connect(server).call('setUserInfo', { ...change, isValid: true });
    await as(password).call('getUserInfo', {});
    await connect(server).call('setUserInfo', { ...change, isValid: false });
    expect(await as(password).fault('getUserInfo', {})).toMatchObject({ code: 10002 });
  });
});

describe('a stored hash', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ips-hashes-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  /** Starts a server with hashes of a cost, lets it do something, and reads the hash it leaves. */
  async function hashAfter(
    passwordCost: number,
    work: (running: IpsServer) => Promise<void>,
  ): Promise<string> {
    const running = await createIpsServer({ dataDir, passwordCost, jobClock: 'manual' });
    try {
      await work(running);
    } finally {
      await running.stop();
    }
    const store = await openStore({ kind: 'directory', path: dataDir });
    const [user] = await store.db.select().from(t.users).where(eq(t.users.email, email));
    await store.close();
    return user?.passwordHash ?? '';
  }

  const create = (running: IpsServer) =>
    running.seed({
      users: [{ email, password, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] }],
    });
  const logIn = async (running: IpsServer) => {
    await Promise.all([1, 2, 3].map(() => connect(running, { email, password }).call('getUserInfo', {})));
  };
  const fail = async (running: IpsServer) => {
    await connect(running, { email, password: 'wrong' }).fault('getUserInfo', {});
  };

  it('of a lower cost is replaced by the next login with the right password, and by nothing else', async () => {
    const old = await hashAfter(3, create);
    expect(readHash(old)?.cost.N).toBe(2 ** 3);
    expect(await hashAfter(4, fail)).toBe(old);
    const renewed = await hashAfter(4, logIn);
    expect(readHash(renewed)?.cost.N).toBe(2 ** 4);
    expect(await hashAfter(4, logIn)).toBe(renewed);
    // One of a higher cost stays.
    expect(await hashAfter(3, logIn)).toBe(renewed);
  });
});
