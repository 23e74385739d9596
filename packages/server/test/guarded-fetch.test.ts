// What the server fetches for strangers: from where, with what, and the words for what goes wrong.
import dns from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Agent, Pool } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FetchError,
  type FetchOptions,
  fetchError,
  guardedFetch,
  guardedLookup,
} from '../src/net/guarded-fetch.js';
import { type FileServer, serveFiles } from './support/file-server.js';

/** Addresses that names have, in place of those of the system. */
const names = new Map<string, dns.LookupAddress[]>();

let web: FileServer;
let got: IncomingMessage[];
let body: string;

beforeAll(async () => {
  web = await serveFiles();
  web.set('/file', (request, response) => {
    got.push(request);
    body = '';
    request.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on('end', () => response.writeHead(200, { 'x-kind': 'test' }).end('content'));
  });
});
afterAll(() => web.close());
beforeEach(() => {
  got = [];
  // Its overloads cannot be written as one function; fetches use this one.
  vi.spyOn(dns, 'lookup').mockImplementation(((
    name: string,
    { all }: dns.LookupOptions,
    callback: (error: Error | null, found?: dns.LookupAddress[]) => void,
  ) => {
    const found = names.get(name);
    if (all !== true) throw new Error('only the first address was requested');
    if (found === undefined) callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    else callback(null, found);
  }) as typeof dns.lookup);
});
afterEach(() => {
  names.clear();
  vi.restoreAllMocks();
});

const open: FetchOptions = { timeout: 30_000, allowPrivateAddresses: true };
const guarded: FetchOptions = { ...open, allowPrivateAddresses: false };
const failure = (url: string, options = open): Promise<unknown> =>
  guardedFetch(url, options).then(
    () => 'fetched',
    (error: unknown) => error,
  );
/** Lets a path answer with a status and headers. */
const answer = (path: string, status: number, headers: Record<string, string> = {}): string => {
  web.set(path, (_request, response) => void response.writeHead(status, headers).end());
  return web.url + path;
};

describe('a request', () => {
  it('is a GET that names the server and asks for the content as it is', async () => {
    const response = await guardedFetch(`${web.url}/file`, open);
    expect([response.status, await response.body.text(), response.headers['x-kind']]).toEqual([
      200,
      'content',
      'test',
    ]);
    expect(response.url.href).toBe(`${web.url}/file`);
    expect(got[0]?.method).toBe('GET');
    expect(got[0]?.headers).toMatchObject({
      'user-agent': 'ips-server',
      accept: '*/*',
      'accept-encoding': 'identity',
    });
    expect(got[0]?.headers).not.toHaveProperty('authorization');
  });

  it('has the method, the content and the headers that are given', async () => {
    const headers = { accept: 'text/plain', 'x-own': 'yes' };
    await guardedFetch(`${web.url}/file`, { ...open, method: 'POST', headers, body: 'sent' });
    expect([got[0]?.method, body]).toEqual(['POST', 'sent']);
    expect(got[0]?.headers).toMatchObject({ ...headers, 'user-agent': 'ips-server' });
  });

  it('presents the name and the password in the URL', async () => {
    const url = new URL(`${web.url}/file`);
    url.username = 'ann@example.com';
    url.password = 'a:b/ü';
    await guardedFetch(url.href, open);
    const [, sent = ''] = /^Basic (.+)$/.exec(got[0]?.headers.authorization ?? '') ?? [];
    expect(Buffer.from(sent, 'base64').toString()).toBe('ann@example.com:a:b/ü');
  });
});

describe('redirects', () => {
  it('are followed five times, relative ones too', async () => {
    for (let at = 1; at < 5; at += 1) answer(`/hop${at}`, 301 + at, { location: `hop${at + 1}` });
    answer('/hop5', 301, { location: '/file' });
    const response = await guardedFetch(`${web.url}/hop1`, open);
    expect([response.status, response.url.pathname]).toEqual([200, '/file']);
    const sixth = answer('/hop0', 302, { location: 'hop1' });
    expect(await failure(sixth)).toMatchObject({ message: 'more than 5 redirects', transient: false });
  });

  it('are checked like the first URL', async () => {
    expect(await failure(answer('/ftp', 302, { location: 'ftp://example.com/a' }))).toMatchObject({
      message: 'ftp URLs are not supported; expected http or https',
    });
    expect(await failure(answer('/bad', 302, { location: 'http://[' }))).toMatchObject({
      message: 'not a valid URL',
    });
  });

  it('from the internet lead to no private address', async () => {
    // The web server of the test is the internet.
    const internet = new Pool(web.url);
    vi.spyOn(Agent.prototype, 'dispatch').mockImplementation((request, handler) =>
      internet.dispatch({ ...request, origin: web.url }, handler),
    );
    answer('/private', 302, { location: 'http://10.0.0.1/' });
    expect(await failure('http://8.8.8.8/private', guarded)).toMatchObject({
      message: '10.0.0.1 is a private address, which is not allowed',
    });
    answer('/public', 302, { location: 'http://8.8.4.4/file' });
    const response = await guardedFetch('http://8.8.8.8/public', guarded);
    expect([response.url.href, await response.body.text()]).toEqual(['http://8.8.4.4/file', 'content']);
    await internet.close();
  });

  it('need a place, and a status of redirects', async () => {
    expect(await failure(answer('/nowhere', 302))).toMatchObject({
      message: 'the server responded with HTTP 302',
      transient: false,
    });
    expect(await failure(answer('/choices', 300))).toMatchObject({
      message: 'the server responded with HTTP 300',
    });
    expect(await failure(answer('/gone', 410, { location: '/file' }))).toMatchObject({
      message: 'the server responded with HTTP 410',
    });
    const created = await guardedFetch(answer('/made', 201, { location: '/file' }), open);
    expect(created.status).toBe(201);
    // 299 is the last of the good ones, and 400 the first of the bad.
    expect((await guardedFetch(answer('/last', 299, { location: '/file' }), open)).status).toBe(299);
    expect(await failure(answer('/first', 400, { location: '/file' }))).toMatchObject({
      message: 'the server responded with HTTP 400',
    });
    expect((await guardedFetch(answer('/moved', 300, { location: '/file' }), open)).url.pathname).toBe(
      '/file',
    );
  });
});

describe('statuses', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('%i may be another one later', async (status) => {
    expect(await failure(answer('/status', status))).toMatchObject({ transient: true });
  });

  it.each([400, 401, 403, 404, 410, 501])('%i stays', async (status) => {
    const error = await failure(answer('/status', status));
    expect(error).toBeInstanceOf(FetchError);
    expect(error).toMatchObject({
      message: `the server responded with HTTP ${status}`,
      transient: false,
      retryAfter: undefined,
    });
  });

  const waitOf = async (value: string): Promise<unknown> => {
    const error = await failure(answer('/wait', 503, { 'retry-after': value }));
    return error instanceof FetchError ? error.retryAfter : error;
  };

  it('come with a time to wait, in seconds or as a date', async () => {
    expect(await waitOf('120')).toBe(120_000);
    expect(await waitOf('7')).toBe(7000);
    expect(await waitOf('Thu, 01 Jan 2015 00:00:00 GMT')).toBe(0);
    const inAnHour = await waitOf(new Date(Date.now() + 3_600_000).toUTCString());
    expect(inAnHour).toBeGreaterThan(3_000_000);
    expect(inAnHour).toBeLessThanOrEqual(3_600_000);
  });

  it.each([
    'soon',
    '1234567890',
    '-1',
    '1x',
    'x1',
    '1.5',
    '2099-01-01',
    'X 2099-01-01',
    'on Thu, 01 Jan 2099 00:00:00 GMT',
    'Thu, never',
  ])('come without one when it reads %j', async (value) => expect(await waitOf(value)).toBeUndefined());
});

describe('a URL', () => {
  it.each(['', 'file', 'http://', 'http://[::1'])('is refused that is none: %j', async (url) =>
    expect(await failure(url)).toMatchObject({ message: 'not a valid URL', transient: false }),
  );

  it.each([
    ['file:///etc/passwd', 'file'],
    ['data:,a', 'data'],
    ['gopher://example.com/', 'gopher'],
  ])('is refused with another scheme: %s', async (url, scheme) =>
    expect(await failure(url)).toMatchObject({
      message: `${scheme} URLs are not supported; expected http or https`,
    }),
  );

  it('may be one of https', async () => {
    names.set('secure.test', [{ address: '127.0.0.1', family: 4 }]);
    expect(await failure('https://secure.test/', guarded)).toMatchObject({
      message: 'secure.test resolves to a private address, which is not allowed',
    });
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['192.168.0.1', '192.168.0.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['100.64.0.1', '100.64.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['224.0.0.1', '224.0.0.1'],
    ['[::1]', '::1'],
    ['[fd00::1]', 'fd00::1'],
    ['[fe80::1]', 'fe80::1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1'],
  ])('does not lead to %s', async (host, shown) =>
    expect(await failure(`http://${host}/`, guarded)).toMatchObject({
      message: `${shown} is a private address, which is not allowed`,
      transient: false,
    }),
  );

  it('leads to private addresses where that is allowed', async () => {
    expect(web.url).toContain('127.0.0.1');
    expect((await guardedFetch(`${web.url}/file`, open)).status).toBe(200);
  });
});

describe('a lookup', () => {
  const lookup = (name: string, all: boolean): Promise<unknown[]> =>
    new Promise((resolve) => guardedLookup(name, { all }, (...found) => resolve(found)));
  const home = { address: '192.168.1.1', family: 4 };
  const four = { address: '8.8.8.8', family: 4 };
  const six = { address: '2001:4860:4860::8888', family: 6 };

  it('finds the public addresses of a name', async () => {
    names.set('mixed.test', [home, six, four, { address: 'nonsense', family: 4 }]);
    expect(await lookup('mixed.test', true)).toEqual([null, [six, four]]);
    expect(await lookup('mixed.test', false)).toEqual([null, six.address, 6]);
  });

  it('fails without public addresses, and with the error of the system', async () => {
    names.set('home.test', [home]);
    for (const all of [true, false]) {
      const [error, found] = await lookup('home.test', all);
      expect(found).toEqual([]);
      expect(error).toBeInstanceOf(FetchError);
      expect(error).toMatchObject({
        message: 'home.test resolves to a private address, which is not allowed',
        transient: false,
      });
      expect(await lookup('none.test', all)).toEqual([expect.objectContaining({ code: 'ENOTFOUND' }), []]);
    }
  });
});

describe('the end of a fetch', () => {
  /** Lets a path answer nothing, and holds until the request has arrived. */
  function silent(path: string): Promise<void> {
    return new Promise((resolve) => web.set(path, () => resolve()));
  }

  it('comes with its timeout, which may not be reached another time', async () => {
    void silent('/silent');
    expect(await failure(`${web.url}/silent`, { ...open, timeout: 30 })).toMatchObject({
      message: 'no response within 30 ms',
      transient: true,
    });
  });

  it('comes with the signal of its caller, and has its reason', async () => {
    const stop = new AbortController();
    const arrived = silent('/stopped');
    const failed = failure(`${web.url}/stopped`, { ...open, signal: stop.signal });
    await arrived;
    const reason = new Error('stopped');
    stop.abort(reason);
    expect(await failed).toBe(reason);
  });

  it('is an error of the connection', async () => {
    web.set('/cut', (request) => void request.socket.destroy());
    expect(await failure(`${web.url}/cut`)).toMatchObject({
      message: 'the connection was closed early',
      transient: true,
    });
    web.set('/odd', (request) => void request.socket.end('nonsense\r\n\r\n'));
    expect(await failure(`${web.url}/odd`)).toMatchObject({
      message: 'the response is not valid HTTP',
      transient: false,
    });
  });
});

describe('the error of a fetch', () => {
  const target = new URL('http://host.test:81/a');
  const errorOf = (error: unknown, more: Partial<FetchOptions> = {}, deadline?: AbortSignal) =>
    fetchError(error, target, { ...open, timeout: 5000, ...more }, deadline);
  const coded = (code: string, message = 'the words of the system') =>
    Object.assign(new Error(message), { code });

  it.each([
    ['EAI_AGAIN', 'the name host.test cannot be looked up at the moment'],
    ['ECONNREFUSED', 'host.test:81 refuses connections'],
    ['ECONNRESET', 'the connection was closed early'],
    ['EPIPE', 'the connection was closed early'],
    ['ETIMEDOUT', 'host.test:81 does not respond'],
    ['EHOSTUNREACH', 'host.test:81 cannot be reached'],
    ['ENETUNREACH', 'host.test:81 cannot be reached'],
    ['UND_ERR_SOCKET', 'the connection was closed early'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the connection was closed early'],
    ['UND_ERR_CONNECT_TIMEOUT', 'host.test:81 does not respond'],
    ['UND_ERR_HEADERS_TIMEOUT', 'host.test:81 does not respond'],
    ['UND_ERR_BODY_TIMEOUT', 'host.test:81 stopped sending'],
  ])('%s may not come another time', (code, message) => {
    const error = errorOf(coded(code));
    expect(error).toBeInstanceOf(FetchError);
    expect(error).toMatchObject({ message, transient: true });
  });

  it.each([
    ['ENOTFOUND', 'the host host.test does not exist'],
    ['HPE_INVALID_CONSTANT', 'the response is not valid HTTP'],
    ['Z_DATA_ERROR', 'the response does not match its Content-Encoding'],
    ['ERR_BROTLI_DECODER_ERROR', 'the response does not match its Content-Encoding'],
    ['ERR__ERROR_FORMAT_PADDING_1', 'the words of the system'],
    ['ZSTD_error_prefix_unknown', 'the response does not match its Content-Encoding'],
    ['ERR__ZSTD', 'the response does not match its Content-Encoding'],
    ['toString', 'the words of the system'],
    ['X_HPE_', 'the words of the system'],
    ['XZ_', 'the words of the system'],
    ['X_ERR_BROTLI', 'the words of the system'],
    ['XZSTD_', 'the words of the system'],
    ['XERR__ZSTD', 'the words of the system'],
  ])('%s would come again', (code, message) => {
    const error = errorOf(coded(code));
    expect(error).toBeInstanceOf(FetchError);
    expect(error).toMatchObject({ message, transient: false });
  });

  it('of a parser is that of its response', () => {
    expect(errorOf(Object.assign(new Error('a'), { name: 'HTTPParserError' }))).toMatchObject({
      message: 'the response is not valid HTTP',
    });
    expect(errorOf(new Error('the words'))).toMatchObject({ message: 'the words', transient: false });
  });

  it('of ours stays as it is, alone or as the cause of another one', () => {
    const ours = new FetchError('ours', true, 5);
    expect(errorOf(ours)).toBe(ours);
    expect(errorOf(new Error('theirs', { cause: ours }))).toBe(ours);
    expect(errorOf(new Error('theirs', { cause: new Error('other') }))).toMatchObject({ message: 'theirs' });
  });

  it('is that of the deadline when it has passed, and the reason of the caller before all', () => {
    const late = { message: 'no response within 5000 ms', transient: true };
    expect(errorOf(coded('ECONNRESET'), {}, AbortSignal.abort())).toMatchObject(late);
    expect(errorOf(Object.assign(new Error('a'), { name: 'TimeoutError' }))).toMatchObject(late);
    expect(errorOf(coded('EPIPE'), {}, new AbortController().signal)).toMatchObject({
      message: 'the connection was closed early',
    });
    const reason = new Error('stopped');
    expect(errorOf(coded('EPIPE'), { signal: AbortSignal.abort(reason) }, AbortSignal.abort())).toBe(reason);
    expect(errorOf(coded('EPIPE'), { signal: new AbortController().signal })).toMatchObject({
      message: 'the connection was closed early',
    });
  });
});

it('a response with a content coding comes as it was sent', async () => {
  const packed = gzipSync('content');
  web.set('/packed', (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
  });
  const response = await guardedFetch(`${web.url}/packed`, open);
  expect(Buffer.from(await response.body.arrayBuffer())).toEqual(packed);
});
