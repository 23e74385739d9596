import { codec, IpsFault } from '@ips-sdk/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect, post, requestXml } from './support/call.js';
import { TEST_COST } from './support/password-hash.js';

let server: IpsServer;
const email = 'ann@example.com';
const password = 'Sünny-Däy-42:colon';

beforeAll(async () => {
  server = await createIpsServer({
    passwordCost: TEST_COST,
    jobClock: 'manual',
    now: new Date('2026-03-01T12:00:00Z'),
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  await server.seed({
    users: [{ email, password, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] }],
  });
});

const VERSIONED = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const BASE = 'http://www.scene7.com/IpsApi/xsd';
const LEGACY = 'http://www.scene7.com/IpsApi';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** An envelope whose header holds just what is given. */
function envelope(header: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
      <soapenv:Header>${header}</soapenv:Header>
      <soapenv:Body><getUserInfoParam xmlns="${VERSIONED}"/></soapenv:Body>
    </soapenv:Envelope>`;
}

/** Who the server takes the caller for: an address, or the code of the fault. */
async function caller(
  xml: string,
  headers: Record<string, string> = {},
): Promise<string | number | undefined> {
  const { body, status } = await post(server.url, xml, { headers });
  try {
    return codec.decodeResponse('getUserInfo', body, { httpStatus: status }).value.userInfo.email;
  } catch (error) {
    if (error instanceof IpsFault) return error.code;
    throw error;
  }
}

const authHeader = (namespace: string, user: string, pass: string, more = '') =>
  `<authHeader xmlns="${namespace}"><user>${escaped(user)}</user><password>${escaped(pass)}</password>${more}</authHeader>`;
const legacyHeader = (user: string, pass: string) =>
  `<AuthUser xmlns="${LEGACY}">${escaped(user)}</AuthUser><AuthPassword xmlns="${LEGACY}">${escaped(pass)}</AuthPassword>`;
const basic = (user: string, pass: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${pass}`).toString('base64')}`,
});

describe('a caller is authenticated', () => {
  it('by authHeader in the namespace of the version', async () => {
    const names = '<appName>test</appName><appVersion>1</appVersion>';
    expect(await caller(envelope(authHeader(VERSIONED, email, password, names)))).toBe(email);
  });

  it('by authHeader in the namespace that all versions share', async () => {
    expect(await caller(envelope(authHeader(BASE, email, password)))).toBe(email);
  });

  it('by authHeader in the namespace of another version', async () => {
    expect(await caller(envelope(authHeader(`${BASE}/2010-01-31`, email, password)))).toBe(email);
  });

  it('by the legacy headers', async () => {
    expect(await caller(envelope(legacyHeader(email, password)))).toBe(email);
  });

  it('by HTTP Basic', async () => {
    expect(await caller(envelope(''), basic(email, password))).toBe(email);
  });

  it('by a header rather than HTTP Basic', async () => {
    const header = authHeader(BASE, server.admin.email, server.admin.password);
    expect(await caller(envelope(header), basic(email, password))).toBe(server.admin.email);
    expect(await caller(envelope(authHeader(BASE, email, 'wrong')), basic(email, password))).toBe(10001);
  });

  it('regardless of the case of the address, and with spaces around it', async () => {
    expect(await caller(envelope(authHeader(BASE, ' ANN@Example.com ', password)))).toBe(email);
  });

  it('in a plain request too', async () => {
    const xml = requestXml(
      'getUserInfo',
      {},
      {
        dialect: 'plain',
        header: { user: email, password, appName: 'test', appVersion: '1' },
      },
    );
    const { body } = await post(server.url, xml, { path: '/scene7/api/IpsApiService' });
    expect(codec.decodeResponse('getUserInfo', body).value.userInfo.email).toBe(email);
  });
});

describe('a caller is refused', () => {
  it('without credentials: a fault in HTTP 500, never 401', async () => {
    const answer = await post(server.url, envelope(''));
    expect(answer.status).toBe(500);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await caller(envelope(''))).toBe(10000);
    expect(await caller(envelope(''), { authorization: 'Bearer abc' })).toBe(10000);
    expect(await caller(envelope(''), { authorization: 'Basic !!!' })).toBe(10000);
  });

  it('with a wrong password, and with an unknown address, in the same words', async () => {
    const reasons = new Set<string>();
    for (const credentials of [
      { email, password: 'wrong' },
      { email, password: '' },
      { email: 'nobody@example.com', password },
    ]) {
      const fault = await connect(server, credentials).fault('getUserInfo', {});
      expect(fault).toMatchObject({ kind: 'authentication', code: 10001 });
      reasons.add(fault.reason);
    }
    expect([...reasons]).toEqual(['Invalid username/password']);
    expect(await caller(envelope(legacyHeader(email, 'wrong')))).toBe(10001);
    expect(await caller(envelope(''), basic(email, 'wrong'))).toBe(10001);
  });

  it('when the user is not valid', async () => {
    await connect(server).call('setUserInfo', {
      userHandle: 'u|42|ann@example.com',
      firstName: '',
      lastName: '',
      email,
      isValid: false,
      isIpsAdmin: false,
    });
    expect(await connect(server, { email, password }).fault('getUserInfo', {})).toMatchObject({
      kind: 'authentication',
      code: 10002,
    });
  });

  it('from the moment at which the password expires', async () => {
    const passwordExpires = new Date(server.clock.now().getTime() + 60_000);
    await connect(server).call('setPassword', {
      userHandle: 'u|42|ann@example.com',
      password,
      passwordExpires,
    });
    const ann = connect(server, { email, password });
    await ann.call('getUserInfo', {});
    await server.clock.advance(60_000);
    expect(await ann.fault('getUserInfo', {})).toMatchObject({ kind: 'authentication', code: 10002 });
  });

  it('when the company has expired', async () => {
    const admin = connect(server);
    const expires = new Date(server.clock.now().getTime() + 60_000);
    const { companyInfo } = await admin.call('addCompany', { companyName: 'Short', expires });
    const { companyHandle } = companyInfo;
    await admin.call('addCompanyMembership', {
      userHandle: 'u|42|ann@example.com',
      membershipArray: [{ companyHandle, role: 'IpsUser', isActive: true }],
    });
    const ann = connect(server, { email, password });
    await ann.call('getAssetCounts', { companyHandle });
    await server.clock.advance(60_000);
    expect(await ann.fault('getAssetCounts', { companyHandle })).toMatchObject({
      kind: 'authorization',
      code: 20000,
    });
    // System administrators still have access, to look after it.
    await admin.call('getAssetCounts', { companyHandle });
    await admin.call('removeCompanyMembership', {
      userHandle: 'u|42|ann@example.com',
      companyHandleArray: ['c|6'],
    });
    expect(await ann.fault('getUserInfo', {})).toMatchObject({ kind: 'authorization', code: 20006 });
  });

  it('without an active membership, whatever the operation', async () => {
    await connect(server).call('setCompanyMembership', {
      userHandle: 'u|42|ann@example.com',
      membershipArray: [{ companyHandle: 'c|6', role: 'IpsUser', isActive: false }],
    });
    expect(await connect(server, { email, password }).fault('getSystemProperties', {})).toMatchObject({
      kind: 'authorization',
      code: 20006,
    });
  });

  it('without a word of the password in the fault', async () => {
    const secret = 'not-Her-Password-77';
    const { body } = await post(server.url, envelope(authHeader(BASE, email, secret)));
    expect(body).not.toContain(secret);
  });
});

describe('the response of an identity provider', () => {
  const saml = 'PHNhbWxwOlJlc3BvbnNlPg==';
  const LATER = `${BASE}/2016-01-14-beta`;
  const sent = (namespace: string, more = '') =>
    `<authHeader xmlns="${namespace}">${more}<samlResponse>${saml}</samlResponse><appName>a</appName><appVersion>1</appVersion></authHeader>`;
  const request = (header: string) => envelope(header).replaceAll(VERSIONED, LATER);
  const plain = (header: string) =>
    `<Request xmlns="${LATER}">${header}<getUserInfoParam xmlns="${LATER}"/></Request>`;

  it.each([
    ['SOAP', () => post(server.url, request(sent(LATER)))],
    ['SOAP, with the header in the namespace of all versions', () => post(server.url, request(sent(BASE)))],
    ['plain XML', () => post(server.url, plain(sent(LATER)), { path: '/scene7/api/IpsApiService' })],
  ])('is answered by a fault that names it, and not by its text: %s', async (_, call) => {
    const { body, status } = await call();
    expect(status).toBe(500);
    expect(body).toContain('<code>30000</code>');
    expect(body).toContain('<reason>authHeader.samlResponse is not supported by this server</reason>');
    expect(body).not.toContain(saml);
  });

  it('is so for the upload servlet too', async () => {
    const form = new FormData();
    form.set('auth', sent(LATER));
    form.set(
      'uploadParams',
      `<uploadPostParam xmlns="${LATER}"><companyHandle>c|6</companyHandle></uploadPostParam>`,
    );
    const response = await fetch(server.endpoints.upload, { method: 'POST', body: form });
    expect(await response.text()).toContain('authHeader.samlResponse is not supported by this server');
  });

  it('does no harm beside a user and a password', async () => {
    const user = `<user>${email}</user><password>${password}</password>`;
    const { body } = await post(server.url, request(sent(LATER, user)));
    expect(body).toContain(`<email>${email}</email>`);
  });
});
