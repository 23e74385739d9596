// Who may talk to the console, and what protects those who do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobsPage, SessionInfo } from '../../src/console/api.js';
import type { IpsServer } from '../../src/create-server.js';
import { createIpsServer } from '../../src/create-server.js';
import { connect } from '../support/call.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';

const ANN = { user: 'ann@example.com', password: 'ann-password' };
const BOB = { user: 'bob@example.com', password: 'bob-password' };

let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST, company: 'MyCompany' });
  await server.seed({
    companies: [{ name: 'Second' }],
    users: [
      {
        email: ANN.user,
        password: ANN.password,
        firstName: 'Ann',
        memberships: [
          { company: 'MyCompany', role: 'IpsUser' },
          { company: 'Second', role: 'IpsCompanyAdmin' },
        ],
      },
      {
        email: BOB.user,
        password: BOB.password,
        memberships: [{ company: 'MyCompany', role: 'ImagePortalUser' }],
      },
    ],
  });
});
afterAll(() => server.stop());

const browser = (): ConsoleBrowser => new ConsoleBrowser(server.url);

describe('a session', () => {
  it('begins without the name of the administrator where others reach the server', async () => {
    const open = await createIpsServer({ passwordCost: TEST_COST, publicUrl: 'https://ips.example.com' });
    try {
      const { profiles } = await new ConsoleBrowser(open.url).get<SessionInfo>('session');
      expect(profiles).toEqual([
        { name: 'this server', endpoint: expect.any(String), hasCredentials: false, readOnly: false },
      ]);
    } finally {
      await open.stop();
    }
  });
  it('begins with a login, and shows who is there and where', async () => {
    const ann = browser();
    const before = await ann.get<SessionInfo>('session');
    expect(before).toMatchObject({
      isLoggedIn: false,
      csrf: '',
      profiles: [{ name: 'this server', user: server.admin.email, hasCredentials: false, readOnly: false }],
      service: { kind: 'own', live: 'events', hasTestPanel: false },
    });
    expect(before.user).toBeUndefined();
    const info = await ann.login(ANN);
    expect(info).toMatchObject({
      isLoggedIn: true,
      user: { email: ANN.user, firstName: 'Ann', role: 'IpsUser' },
      company: { name: 'MyCompany' },
      capabilities: { submitJobs: true, testPanel: false },
    });
    expect(info.companies?.map(({ name }) => name)).toEqual(['MyCompany', 'Second']);
    expect((await ann.get<SessionInfo>('session')).csrf).toBe(info.csrf);
  });

  it('is refused in the words of the service', async () => {
    const problem = await problemIn(browser().login({ ...ANN, password: 'wrong' }));
    expect(problem).toMatchObject({
      status: 401,
      code: 'credentials',
      message: 'Invalid username/password',
      fault: { code: 10001 },
    });
  });

  it('names a missing value', async () => {
    expect((await problemIn(browser().login({ user: 'ann@example.com' }))).message).toBe(
      'password: expected a password',
    );
    expect((await problemIn(browser().login({ ...ANN, company: 'Nowhere' }))).message).toContain('Nowhere');
    expect((await problemIn(browser().login({ ...ANN, profile: 'live' }))).message).toContain('this server');
  });

  it('hides its cookie from scripts, other sites and the other routes of the server', async () => {
    const ann = browser();
    const { headers } = await ann.raw('/console/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ANN),
    });
    const [cookie = ''] = [headers['set-cookie']].flat();
    expect(cookie).toMatch(/^ips-console-\d+=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/);
  });

  it('ends with a logout', async () => {
    const ann = browser();
    await ann.login(ANN);
    const { cookie } = ann;
    await ann.post('logout');
    expect(ann.cookie).toBeUndefined();
    ann.cookie = cookie;
    expect(await problemIn(ann.get('jobs'))).toMatchObject({ status: 401, code: 'login' });
  });

  it('is in one company, whatever another session of the same user does', async () => {
    const [one, other] = [browser(), browser()];
    await one.login(ANN);
    const { companies = [] } = await other.login({ ...ANN, company: 'Second' });
    const first = companies.find(({ name }) => name === 'MyCompany')?.companyHandle ?? '';
    expect((await one.get<SessionInfo>('session')).company?.name).toBe('MyCompany');
    expect((await other.get<SessionInfo>('session')).user?.role).toBe('IpsCompanyAdmin');
    const switched = await other.post<SessionInfo>('company', { companyHandle: first });
    expect(switched).toMatchObject({ company: { name: 'MyCompany' }, user: { role: 'IpsUser' } });
    expect(await problemIn(one.post('company', { companyHandle: 'c|999' }))).toMatchObject({ code: 'input' });
  });

  it('ends when the service no longer accepts the password', async () => {
    const carl = { user: 'carl@example.com', password: 'carl-password' };
    const memberships = [{ company: 'MyCompany', role: 'IpsUser' }];
    await server.seed({ users: [{ email: carl.user, password: carl.password, memberships }] });
    const page = browser();
    await page.login(carl);
    const stream = await page.events();
    await connect(server, { email: carl.user, password: carl.password }).call('setPassword', {
      password: 'Another-1',
    });
    const actions = page.post('job/actions', { action: 'stop', handles: ['j|6||x|1'] });
    expect(await problemIn(actions)).toMatchObject({
      status: 401,
      code: 'login',
      message: 'Invalid username/password',
    });
    expect(await stream.next('session')).toMatchObject({ reason: 'refused' });
    await stream.ended();
    expect(await problemIn(page.get('jobs'))).toMatchObject({ status: 401, code: 'login' });
  });
});

describe('requests that no page of the console makes', () => {
  it('are refused without the token of the session', async () => {
    const ann = browser();
    await ann.login(ANN);
    for (const token of ['', 'x', 'A'.repeat(43)])
      expect(
        await problemIn(
          ann.post('job/actions', { action: 'stop', handles: ['j|6||x|1'] }, { 'x-csrf-token': token }),
        ),
      ).toMatchObject({
        status: 403,
        code: 'csrf',
      });
    expect(await problemIn(ann.post('logout', {}, { 'x-csrf-token': 'x' }))).toMatchObject({ code: 'csrf' });
    expect(await problemIn(ann.post('company', {}, { 'x-csrf-token': 'x' }))).toMatchObject({ code: 'csrf' });
    const other = browser();
    await other.login(BOB);
    expect(
      await problemIn(
        ann.post('job/actions', { action: 'stop', handles: ['j'] }, { 'x-csrf-token': other.csrf }),
      ),
    ).toMatchObject({ code: 'csrf' });
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example.com' }, 'origin'],
    ['no origin at all, as of a sandbox', { origin: 'null' }, 'origin'],
    ['another port of the host', { origin: 'http://127.0.0.1:1' }, 'origin'],
    ['a page of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'origin'],
    ['a foreign host', { host: 'evil.example.com' }, 'host'],
    ['a host with a number for the machine', { host: '0x7f000001' }, 'host'],
  ])('are refused from %s', async (_, headers, code) => {
    const ann = browser();
    await ann.login(ANN);
    for (const path of ['/console/api/session', '/console/api/jobs', '/console/api/events']) {
      const { status, text } = await ann.raw(path, { headers });
      expect(status).toBe(403);
      expect(JSON.parse(text)).toMatchObject({ error: { code } });
    }
    const { status } = await browser().raw('/console/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(ANN),
    });
    expect(status).toBe(403);
  });

  it('get no pages under a foreign host either', async () => {
    expect((await browser().raw('/', { headers: { host: 'evil.example.com' } })).status).toBe(403);
  });

  it('are refused as forms, which other sites can send', async () => {
    const { status } = await browser().raw('/console/api/login', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(ANN),
    });
    expect(status).toBe(400);
  });

  it('are refused when they are too large', async () => {
    const { status } = await browser().raw('/console/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ANN, company: 'x'.repeat(100_000) }),
    });
    expect(status).toBe(413);
  });
});

describe('every answer', () => {
  it.each([
    '/',
    '/jobs',
    '/jobs/j%7C6%7C%7CNightly%7C1',
    '/console/api/session',
    '/console/api/jobs',
    '/console/none.js',
  ])('of %s keeps other pages and hosts out', async (path) => {
    const { headers } = await browser().raw(path);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toMatch(/https?:|\*|unsafe/);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('of the API is not stored', async () => {
    expect((await browser().raw('/console/api/session')).headers['cache-control']).toBe('no-store');
  });
});

describe('roles', () => {
  it('are those of the service: who may not read jobs sees its fault', async () => {
    const bob = browser();
    const { capabilities } = await bob.login(BOB);
    expect(capabilities).toMatchObject({
      submitJobs: false,
      controlJobs: false,
      deleteAssets: false,
      testPanel: false,
    });
    const problem = await problemIn(bob.get<JobsPage>('jobs'));
    expect(problem).toMatchObject({ status: 403, code: 'forbidden', fault: { code: 20003 } });
    expect(await problemIn(bob.events())).toMatchObject({ code: 'forbidden' });
  });
});
