// Requests of every form, over real sockets: methods, conditions, ranges, forms, origins, hosts and bytes that are not HTTP.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { dispositionOf } from '../src/http/content-disposition.js';
import { hostNameOf } from '../src/http/own-host.js';
import { preconditionStatus, requestedRange } from '../src/http/preconditions.js';
import { SITEMAP_FILE } from '../src/publish/video-sitemap.js';
import { connect, post, requestXml } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, messagesOf, runJob } from './support/jobs.js';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const OPTIONS =
  '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams>';
const WSDL = '/scene7/webservice/IpsApi.wsdl';
const IMAGE = '/is/image/Shoes/red';
const CONTENT = '/is/content/Shoes/page';

let server: IpsServer;
let web: FileServer;

beforeAll(async () => {
  const red = await sharp({ create: { width: 20, height: 10, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  web = await serveFiles({ '/red.png': red, '/page.html': Buffer.from('<script>alert(1)</script>') });
  server = await createIpsServer({
    jobClock: 'instant',
    allowPrivateAddresses: true,
    company: 'Shoes',
    adminApi: true,
    limits: { maxRequestBytes: 100_000, silenceTimeout: 2_000, headerTimeout: 2_000, stopTimeout: 1_000 },
  });
  await runJob(connect(server), 'c|6', {
    jobName: 'up',
    uploadUrlsJob: {
      urlArray: ['red.png', 'page.html'].map((name) => ({
        sourceUrl: `${web.url}/${name}`,
        destPath: `Shoes/${name}`,
      })),
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  });
  await runJob(connect(server), 'c|6', {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});

afterAll(async () => {
  await server?.stop();
  await web?.close();
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}${path}`, { method, headers });

/** Sends bytes as they are; everything that comes back until the end of the connection. */
async function raw(bytes: string | Uint8Array, end = false): Promise<string> {
  const socket = dial(Number(new URL(server.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  socket.write(bytes);
  if (end) socket.end();
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

describe('methods', () => {
  it.each([
    [WSDL, 'GET, HEAD'],
    [IMAGE, 'GET, HEAD'],
    [CONTENT, 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
    [`/is/sitemap/Shoes/${SITEMAP_FILE}`, 'GET, HEAD'],
    ['/scene7/export/a/b.zip', 'GET, HEAD'],
    ['/scene7/services/IpsApiService', 'POST'],
    ['/scene7/api/IpsApiService', 'POST'],
    ['/scene7/UploadFile', 'POST'],
    ['/admin/snapshot', 'GET, HEAD'],
    ['/admin/reset', 'POST'],
  ])('%s allows %s and OPTIONS, and nothing else', async (path, methods) => {
    const allowed = new Set([...methods.split(', '), 'OPTIONS']);
    for (const method of ['DELETE', 'PUT', 'PATCH', 'GET', 'HEAD', 'POST', 'PROPFIND', 'OPTIONS']) {
      if (allowed.has(method) && method !== 'OPTIONS') continue;
      const answer = await get(path, {}, method);
      expect([method, answer.status]).toEqual([method, method === 'OPTIONS' ? 204 : 405]);
      expect(new Set(answer.headers.get('allow')?.split(', '))).toEqual(allowed);
    }
  });

  it.each([WSDL, IMAGE, CONTENT, '/healthz', `${IMAGE}?req=imageprops`])(
    'HEAD of %s is GET without its body',
    async (path) => {
      const [whole, head] = await Promise.all([
        get(path, { 'accept-encoding': 'identity' }),
        get(path, { 'accept-encoding': 'identity' }, 'HEAD'),
      ]);
      expect(head.status).toBe(200);
      expect(await head.text()).toBe('');
      const length = (await whole.arrayBuffer()).byteLength;
      expect(Number(head.headers.get('content-length'))).toBe(length);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary'])
        expect(head.headers.get(name)).toBe(whole.headers.get(name));
    },
  );

  it('OPTIONS of the server as a whole is answered, and of no path is not found', async () => {
    expect(await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 204 .*allow: /is,
    );
    expect((await get('/nothing', {}, 'OPTIONS')).status).toBe(404);
  });
});

describe('conditions and ranges', () => {
  it.each([WSDL, IMAGE, CONTENT])('of %s', async (path) => {
    const plain = { 'accept-encoding': 'identity' };
    const whole = await get(path, plain);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag') ?? '';
    const status = async (headers: Record<string, string>, method = 'GET') =>
      (await get(path, { ...plain, ...headers }, method)).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': `"a,b", W/${etag}` }, 'HEAD')).toBe(304);
    expect(await status({ 'if-none-match': '"other"' })).toBe(200);
    expect(await status({ 'if-match': '"other"' })).toBe(412);
    expect(await status({ 'if-match': etag })).toBe(200);
    const unchanged = await get(path, { ...plain, 'if-none-match': '*' });
    expect(unchanged.status).toBe(304);
    for (const name of ['etag', 'cache-control', 'vary'])
      expect(unchanged.headers.get(name)).toBe(whole.headers.get(name));
    const part = await get(path, { ...plain, range: 'bytes=3-6', 'if-range': etag });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 3-6/${bytes.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(3, 7));
    const last = await get(path, { ...plain, range: 'bytes=-4' });
    expect(Buffer.from(await last.arrayBuffer())).toEqual(bytes.subarray(-4));
    const beyond = await get(path, { ...plain, range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    expect(await status({ range: 'bytes=3-6', 'if-range': '"old"' })).toBe(200);
    expect(await status({ range: 'bytes=0-1,5-6' })).toBe(200);
    expect(await status({ range: 'bytes=0-3,2-9' })).toBe(206);
    expect(await status({ range: 'bytes=3-6' }, 'HEAD')).toBe(200);
  });

  const etag = '"a"';
  const lastModified = new Date('2026-03-01T12:00:00.400Z');
  const AT = 'Sun, 01 Mar 2026 12:00:00 GMT';
  it.each([
    ['GET', { 'if-none-match': '"x", "a"' }, 304],
    ['GET', { 'if-none-match': 'W/"a"' }, 304],
    ['PUT', { 'if-none-match': '*' }, 412],
    ['GET', { 'if-none-match': '"b"', 'if-modified-since': AT }, undefined],
    ['GET', { 'if-modified-since': AT }, 304],
    ['GET', { 'if-modified-since': 'Sunday, 01-Mar-26 12:00:00 GMT' }, 304],
    ['GET', { 'if-modified-since': 'Sun Mar  1 12:00:00 2026' }, 304],
    ['GET', { 'if-modified-since': 'Sun, 01 Mar 2026 11:59:59 GMT' }, undefined],
    ['GET', { 'if-modified-since': '2026-03-02' }, undefined],
    ['POST', { 'if-modified-since': AT }, undefined],
    ['GET', { 'if-match': 'W/"a"' }, 412],
    ['GET', { 'if-match': '*', 'if-unmodified-since': 'Sun, 01 Mar 2020 12:00:00 GMT' }, undefined],
    ['GET', { 'if-unmodified-since': 'Sun, 01 Mar 2020 12:00:00 GMT' }, 412],
    ['GET', { 'if-unmodified-since': AT, 'if-none-match': '"a"' }, 304],
    ['GET', { 'if-match': '"b"', 'if-none-match': '"a"' }, 412],
  ] as const)('%s with %o ends with %s', (method, headers, expected) => {
    expect(preconditionStatus(method, headers, { etag, lastModified })).toBe(expected);
  });

  it.each([
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=2-99', { start: 2, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes= 1-2 , 3-4', { start: 1, end: 5 }],
    ['BYTES=1-1', { start: 1, end: 2 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=10-12,1-1', { start: 1, end: 2 }],
    ['bytes=5-2', undefined],
    ['bytes=', undefined],
    ['bytes=-', undefined],
    ['bytes=1-2x', undefined],
    ['bytes=a-b', undefined],
    ['items=1-2', undefined],
    [`bytes=${'0-0,'.repeat(100)}`, undefined],
  ])('the range %s', (range, expected) => {
    expect(requestedRange('GET', { range }, { etag, lastModified }, 10)).toEqual(expected);
    expect(requestedRange('GET', { range, 'if-range': AT }, { etag, lastModified }, 10)).toEqual(expected);
    expect(requestedRange('GET', { range, 'if-range': 'W/"a"' }, { etag, lastModified }, 10)).toBeUndefined();
    expect(requestedRange('HEAD', { range }, { etag, lastModified }, 10)).toBeUndefined();
  });

  it('the WSDL is compressed when requested, with an ETag of its own', async () => {
    const answer = await raw(
      `GET ${WSDL} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br;q=1, gzip;q=0.5\r\nConnection: close\r\n\r\n`,
    );
    const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s);
    expect(head).toMatch(/content-encoding: gzip\r\n/i);
    expect(head).toMatch(/vary: accept-encoding\r\n/i);
    const text = gunzipSync(Buffer.from(body, 'latin1')).toString();
    expect(text).toContain('location="http://x/scene7/services/IpsApiService"');
    const plain = await get(WSDL, { 'accept-encoding': 'gzip;q=0, identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(head).not.toContain(plain.headers.get('etag'));
  });

  it('the WSDL has the requested address in both ports, also in a part of it', async () => {
    const path = `${WSDL}?serviceUrl=${encodeURIComponent('https://example.com/é?a=1&b=2')}`;
    const whole = Buffer.from(await (await get(path)).arrayBuffer());
    const original = readFileSync(
      fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl')),
      'utf8',
    );
    expect(whole.toString()).toBe(
      original.replace(/(address location=")[^"]*/g, '$1https://example.com/é?a=1&amp;b=2'),
    );
    const at = whole.indexOf('example.com/');
    for (const [start, end] of [
      [at - 30, at + 60],
      [at, at + 3],
      [at - 5, whole.length - 1],
    ] as const) {
      const part = await get(path, { range: `bytes=${start}-${end}` });
      expect(part.status).toBe(206);
      expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(start, end + 1));
    }
    const other = await get(`${WSDL}?serviceUrl=https://example.com/`);
    expect(other.headers.get('etag')).not.toBe((await get(path)).headers.get('etag'));
  });
});

describe('uploaded files', () => {
  it('cannot run as pages of the server, whole, in part or unchanged', async () => {
    for (const headers of [{}, { range: 'bytes=0-3' }, { 'if-none-match': '*' }]) {
      const answer = await get(CONTENT, headers);
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await get(IMAGE)).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('may be read by pages of any origin, unless an option says otherwise', async () => {
    for (const path of [IMAGE, CONTENT, '/is/image/Shoes/none']) {
      expect(
        (await get(path, { origin: 'https://shop.example.com' })).headers.get('access-control-allow-origin'),
      ).toBe('*');
      const preflight = await get(
        path,
        { origin: 'https://shop.example.com', 'access-control-request-method': 'GET' },
        'OPTIONS',
      );
      expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
    }
    expect((await get(WSDL)).headers.get('access-control-allow-origin')).toBeNull();
    const closed = await createIpsServer({ imageCors: false });
    expect((await fetch(`${closed.url}/is/image/a/b`)).headers.get('access-control-allow-origin')).toBeNull();
    await closed.stop();
  });
});

describe('the admin API', () => {
  const reset = (host: string, target = '/admin/clock', headers = '') =>
    raw(`GET ${target} HTTP/1.1\r\n${host}${headers}Connection: close\r\n\r\n`);
  const port = () => new URL(server.url).port;

  it.each([
    'Host: 127.0.0.1\r\n',
    'Host: 127.9.9.9:80\r\n',
    'Host: localhost:1234\r\n',
    'Host: LocalHost.\r\n',
    'Host: app.localhost\r\n',
    'Host: [::1]:8080\r\n',
    'Host: [::ffff:127.0.0.1]\r\n',
  ])('answers under %s', async (host) => {
    expect(statusOf(await reset(host))).toBe(200);
  });

  it.each([
    ['Host: evil.example.com\r\n', 403],
    ['Host: 127.0.0.1.evil.example.com\r\n', 403],
    ['Host: localhost.evil.example.com\r\n', 403],
    ['Host: localhost@evil.example.com\r\n', 400],
    ['Host: evil.example.com@localhost\r\n', 400],
    ['Host: 10.0.0.1\r\n', 403],
    ['Host: 0.0.0.0\r\n', 403],
    ['Host: 127.1\r\n', 403],
    ['Host: [::2]\r\n', 403],
    ['Host: localhost:99999999\r\n', 400],
    ['Host: localhost/evil\r\n', 400],
    ['Host: \r\n', 403],
    ['Host: localhost, evil.example.com\r\n', 400],
    ['Host: localhost\r\nHost: evil.example.com\r\n', 400],
    ['', 400],
  ])('refuses %s', async (host, status) => {
    expect(statusOf(await reset(host))).toBe(status);
  });

  it('refuses other hosts in every method and way to write a path, and as the target', async () => {
    const evil = 'Host: evil.example.com\r\n';
    for (const target of ['/%61dmin/clock', '/admin/clock/', 'http://localhost/admin/clock'])
      expect([target, statusOf(await reset(evil, target))]).toEqual([target, 403]);
    expect(statusOf(await reset('Host: localhost\r\n', 'http://evil.example.com/admin/clock'))).toBe(403);
    expect(statusOf(await reset('Host: localhost\r\n', 'http://localhost/admin/clock'))).toBe(200);
    for (const method of ['OPTIONS', 'HEAD', 'DELETE', 'POST'])
      expect(statusOf(await raw(`${method} /admin/reset HTTP/1.1\r\n${evil}Connection: close\r\n\r\n`))).toBe(
        403,
      );
    expect(await raw('GET /admin/clock HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(
      statusOf(
        await reset(`Host: localhost:${port()}\r\n`, '/admin/clock', 'Origin: https://evil.example.com\r\n'),
      ),
    ).toBe(403);
  });

  it('needs a token where others reach the server, and takes no other', async () => {
    await expect(createIpsServer({ adminApi: true, host: '0.0.0.0' })).rejects.toThrow(
      /^adminToken: required .* 0\.0\.0\.0/,
    );
    await expect(createIpsServer({ adminApi: true, adminToken: 'short' })).rejects.toThrow(
      /^adminToken: expected/,
    );
    const adminToken = 'a-token-of-the-tests';
    const guarded = await createIpsServer({
      adminApi: true,
      host: '0.0.0.0',
      adminToken,
      publicUrl: 'https://IPS.example.com',
    });
    const clock = async (headers: Record<string, string>) =>
      (await fetch(`${guarded.url}/admin/clock`, { headers })).status;
    expect(await clock({})).toBe(401);
    expect(await clock({ authorization: `Bearer ${adminToken}x` })).toBe(401);
    expect(await clock({ authorization: `bearer ${adminToken}` })).toBe(200);
    await guarded.stop();

    // While callers change from one token to the next, both are right.
    const previousAdminToken = 'a-token-of-yesterday';
    await expect(createIpsServer({ adminApi: true, previousAdminToken })).rejects.toThrow(
      /^previousAdminToken: found one without adminToken/,
    );
    const rotating = await createIpsServer({ adminApi: true, adminToken, previousAdminToken });
    for (const [token, status] of [
      [adminToken, 200],
      [previousAdminToken, 200],
      ['a-token-of-nobody', 401],
    ] as const) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${rotating.url}/admin/clock`, { headers })).status, token).toBe(status);
    }
    await rotating.stop();
  });

  it('reads a host as a name or an address, and a port', () => {
    expect(['A.example.', '[2001:DB8::1]:1', 'a:b', 'u@h', '[zz]', '', '.', 'a b'].map(hostNameOf)).toEqual([
      'a.example',
      '2001:db8::1',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an XML request', () => {
  it.each([
    ['application/json', 415],
    ['x', 415],
  ])('of the content type %s gets a fault', async (type, status) => {
    for (const path of ['/scene7/services/IpsApiService', '/scene7/api/IpsApiService']) {
      const answer = await post(server.url, requestXml('getSystemProperties', {}), {
        path,
        headers: { 'content-type': type },
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'text/xml; charset=UTF-8',
      ]);
      expect(answer.body).toContain(`Content-Type: found ${type}, expected text/xml`);
    }
  });

  it('without a content type gets a fault, and so does one that is too large', async () => {
    const head = 'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
    expect(await raw(`${head}Content-Length: 4\r\n\r\n<a/>`)).toMatch(
      /^HTTP\/1\.1 415 .*Content-Type: found none, expected.*Envelope>$/s,
    );
    expect(await raw(`${head}Content-Type: application/soap+xml\r\nContent-Length: 100001\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 .*www\.w3\.org\/2003\/05\/soap-envelope.*100000 bytes.*Envelope>$/s,
    );
  });
});

describe('a form', () => {
  const credentials = () =>
    `<authHeader xmlns="${NAMESPACE}"><user>${server.admin.email}</user><password>${server.admin.password}</password></authHeader>`;
  const field = (name: string, value: string) =>
    `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const params = (more = '') =>
    field(
      'uploadParams',
      `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>c|6</companyHandle><jobName>form</jobName><endJob>true</endJob>${more}${OPTIONS}</uploadPostParam>`,
    );
  const image = (name: string, headers = '') =>
    `Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/xml\r\n${headers}\r\n<a/>`;
  const send = async (parts: readonly string[], type = 'multipart/form-data; boundary=b') => {
    const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
    const answer = await fetch(server.endpoints.upload, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  };

  it.each([
    ['with a field that nothing knows', () => [field('comment', 'hello')], "the part 'comment' is unknown"],
    [
      'with a part without a disposition',
      () => ['Content-Type: image/png\r\n\r\nx'],
      'part 3 has no Content-Disposition',
    ],
    ['with a part without headers', () => ['just text'], 'part 3 has no Content-Disposition'],
    [
      'with an attachment',
      () => ['Content-Disposition: attachment; filename="a.png"\r\n\r\nx'],
      'part 3: Content-Disposition: found attachment',
    ],
    [
      'with a part in base64',
      () => [image('a.txt', 'Content-Transfer-Encoding: base64\r\n')],
      'Content-Transfer-Encoding: found base64',
    ],
    [
      'with parts in a part',
      () => [
        'Content-Disposition: form-data; name="files"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nx',
      ],
      'nested parts',
    ],
    ['with its parameters twice', () => [params()], "the part 'uploadParams' occurs twice"],
    [
      'with a disposition that does not end',
      () => ['Content-Disposition: form-data; name="a\r\n\r\nx'],
      'part 3: its Content-Disposition is malformed',
    ],
    [
      'with a file without a name',
      () => ['Content-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\n\r\nx'],
      'the name of the file is missing',
    ],
  ])('%s is refused by name', async (_what, more, words) => {
    const { status, text } = await send([field('auth', credentials()), params(), ...more()]);
    expect(status).toBe(500);
    expect(text).toContain(words);
    expect(text).not.toMatch(/<reason>\s*:/);
  });

  it('that ends early, has no boundary or is none is refused', async () => {
    const { text } = await send(
      [`Content-Disposition: form-data; name="auth"\r\n\r\nx`],
      'multipart/form-data; boundary=other',
    );
    expect(text).toContain('not valid multipart/form-data');
    expect((await send([], 'multipart/form-data')).text).toContain('expected a boundary');
    expect((await send([], 'image/png')).text).toContain(
      'Content-Type: found image/png, expected multipart/form-data',
    );
    const head = 'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n';
    expect(await raw(`${head}\r\nabc`)).toMatch(/Content-Type: found none, expected multipart\/form-data/);
  });

  it.each([
    ['its credentials', () => field('auth', credentials())],
    ['a file', () => image('a.txt')],
    ['the headers of a part', () => 'Content-Disposition: form-data; na'],
  ])('whose bytes end within %s is refused as such', async (_what, last) => {
    const parts = [field('auth', credentials()), params(), last()].slice(_what === 'its credentials' ? 2 : 0);
    const body = parts.map((part) => `--b\r\n${part}`).join('\r\n');
    const answer = await fetch(server.endpoints.upload, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    const text = await answer.text();
    expect(text).toContain('<code>30003</code>');
    expect(text).toMatch(
      /not valid multipart\/form-data: (?:it ends within a part|part \d has no Content-Disposition)/,
    );
  });

  it('gives files their names: the last part of a path of Windows, accents composed', async () => {
    const { text } = await send([
      field('auth', credentials()),
      params(),
      image('C:\\fakepath\\cafe\u0301.xml'),
      image('a%22b.xml'),
      image('Shoes\\Spring\\c.xml'),
    ]);
    expect(text).toContain('<jobHandle>');
    const log = await endedJob(connect(server), 'c|6', 'form');
    expect(messagesOf(log, 'UploadSuccess').sort()).toEqual(
      ['Shoes/Spring/c.xml', 'Shoes/a"b.xml', 'Shoes/caf\u00e9.xml'].map(
        (path) => `${path} was processed into IPS.`,
      ),
    );
  });

  it('may say its names in several ways', () => {
    expect(dispositionOf('form-data; name="a"; filename="x\\"y.png"')).toEqual({
      type: 'form-data',
      name: 'a',
      fileName: 'x"y.png',
    });
    expect(dispositionOf(`Form-Data;name=a;filename*=UTF-8''%e2%82%ac.png;filename="e.png";`)?.fileName).toBe(
      '\u20ac.png',
    );
    expect(dispositionOf(Buffer.from('form-data; name="\u00e9"').toString('latin1'))?.name).toBe('\u00e9');
    expect(dispositionOf('form-data; name="\xe9"')?.name).toBe('\xe9');
    for (const wrong of [
      '',
      'form-data; name=a; name=b',
      'form-data; name="a',
      "form-data; filename*=klingon''x",
      'form-data a=b',
    ])
      expect(dispositionOf(wrong)).toBeUndefined();
  });
});

describe('the Host header', () => {
  const asked = (path: string, hosts: readonly string[]): Promise<string> =>
    raw(
      `GET ${path} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Connection: close\r\n\r\n`,
    );

  it.each(['/healthz', WSDL, IMAGE, '/scene7/services/IpsApiService'])('is one host: %s', async (path) => {
    for (const hosts of [['a', 'b'], ['a', 'a'], ['a b'], ['a/b'], ['user@a'], ['a:port'], ['[::g]']])
      expect(await asked(path, hosts), hosts.join()).toMatch(/^HTTP\/1\.1 400 /);
    for (const host of ['a', 'a.example:8080', '127.0.0.1', '[::1]:80', ''])
      expect(await asked(path, [host]), host).not.toMatch(/^HTTP\/1\.1 400 /);
  });

  it('is named in the refusal', async () => {
    expect(await asked('/healthz', ['a', 'b'])).toContain('Host: found 2 of these headers, expected one');
    expect(await asked('/healthz', ['a b'])).toContain(
      "Host: found 'a b', expected a host and an optional port",
    );
  });
});

describe('bytes that are not quite HTTP', () => {
  const alive = async () => expect((await get('/healthz')).status).toBe(200);

  /** Splits what a connection got into answers; throws for anything that is not a whole answer. */
  function answersIn(text: string): number[] {
    const statuses: number[] = [];
    let left = text;
    while (left !== '') {
      const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[!#$%&'*+.^_`|~\w-]+:[^\r\n]*\r\n)*)\r\n/.exec(left);
      if (head === null) throw new Error(`not an answer: ${JSON.stringify(left.slice(0, 200))}`);
      left = left.slice(head[0].length);
      const status = Number(head[1]);
      statuses.push(status);
      if (status === 100 || status === 204 || status === 304) continue;
      if (/^transfer-encoding: chunked\r$/im.test(head[2] ?? '')) {
        const body = /^(?:[1-9a-f][\da-f]*\r\n.*?\r\n)*?0\r\n\r\n/s.exec(left)?.[0];
        if (body === undefined) throw new Error('the chunks of an answer do not end');
        left = left.slice(body.length);
        continue;
      }
      const length = Number(/^content-length: (\d+)\r$/im.exec(head[2] ?? '')?.[1] ?? 0);
      if (left.length < length) throw new Error('an answer is shorter than its length');
      left = left.slice(length);
    }
    return statuses;
  }

  it.each([
    ['garbage', '\0\x01\x02\r\n\r\n', [400]],
    ['another protocol', 'SSH-2.0-x\r\n\r\n', [400]],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00', [400]],
    [
      'two lengths',
      'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      [400],
    ],
    [
      'a length and chunks',
      'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      [400],
    ],
    ['a folded header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\nConnection: close\r\n\r\n', [400]],
    ['a space before a colon', 'GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n', [400]],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(70_000)}\r\n\r\n`, [431]],
    [
      'a chunk without length',
      'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      [400],
    ],
    [
      'a chunk that is too long',
      'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n',
      [400],
    ],
    ['a badly encoded path', 'GET /is/image/%zz/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [400]],
    ['a tunnel', 'CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n', []],
    [
      'an upgrade',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n',
      [200],
    ],
    [
      'an expectation',
      'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nExpect: rain\r\nConnection: close\r\n\r\n',
      [417],
    ],
  ])('%s', async (what, bytes, statuses) => {
    // Node gives up on a request whose client stops sending before the answer; one with an upgrade ends by itself.
    expect(answersIn(await raw(Buffer.from(bytes, 'latin1'), what !== 'an upgrade'))).toEqual(statuses);
    await alive();
  });

  it('never stop the server, and are answered in whole answers or not at all', async () => {
    const token = fc.constantFrom(
      'GET',
      'POST',
      'HEAD',
      'OPTIONS',
      ' ',
      '/',
      '/healthz',
      WSDL,
      IMAGE,
      '/scene7/UploadFile',
      '/scene7/services/IpsApiService',
      ' HTTP/1.1',
      ' HTTP/1.0',
      ' HTTP/9.9',
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      'Host: x',
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Length: 99999999999999999999',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Content-Type: text/xml',
      'Content-Type: multipart/form-data; boundary=b',
      'Connection: close',
      'Expect: 100-continue',
      'Range: bytes=0-',
      '--b',
      '0\r\n\r\n',
      '5\r\nabcde\r\n',
      '<a/>',
      '\0',
      '\xff',
      ': ',
      'a'.repeat(2000),
      'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 25 }), async (tokens) => {
        answersIn(await raw(Buffer.from(tokens.join(''), 'latin1'), true));
      }),
      { numRuns: 150, endOnFailure: true },
    );
    await alive();
    const open = /^ips_requests_open (\d+)$/m.exec(await (await get('/metrics')).text())?.[1];
    // The request for the metrics itself.
    expect(open).toBe('1');
  });
});
