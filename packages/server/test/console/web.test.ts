// The pages and files of the console, and the cookie of its sessions behind a proxy.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerWeb } from '../../src/console/web/web-files.js';
import { createIpsServer } from '../../src/create-server.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';

const PAGE = '<!doctype html><title>Console</title>';
const SCRIPT = 'console.log(1);'.repeat(100);
const directory = mkdtempSync(join(tmpdir(), 'console-web-'));

let app: FastifyInstance;
let browser: ConsoleBrowser;

beforeAll(async () => {
  mkdirSync(join(directory, 'console'));
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  write('index.html', PAGE);
  write('console/index-Dh3kX9_a.js', SCRIPT);
  writeFileSync(join(directory, 'console/index-Dh3kX9_a.js.gz'), gzipSync(SCRIPT));
  write('console/theme.js', 'theme();');
  write('console/notes.bin', 'not a type that is served');
  app = Fastify();
  registerWeb(app, directory);
  browser = new ConsoleBrowser(await app.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const NAMED = '/console/index-Dh3kX9_a.js';
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  browser.raw(path, { method, headers });

describe('a file of the console', () => {
  it('is kept for a year if its name says what it contains, and asked for again otherwise', async () => {
    expect((await get(NAMED)).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    for (const path of ['/', '/jobs', '/console/theme.js'])
      expect((await get(path)).headers['cache-control'], path).toBe('no-cache');
  });

  it('is compressed for those who take that, and has another tag then', async () => {
    const plain = await get(NAMED);
    expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, SCRIPT]);
    const packed = await get(NAMED, { 'accept-encoding': 'br, gzip;q=0.5' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.bytes).toString()).toBe(SCRIPT);
    expect(packed.headers['content-length']).toBe(String(packed.bytes.length));
    expect(packed.headers['etag']).not.toBe(plain.headers['etag']);
    for (const refusal of ['identity', 'gzip;q=0', 'br'])
      expect((await get(NAMED, { 'accept-encoding': refusal })).text, refusal).toBe(SCRIPT);
  });

  it('is not sent again to those who have it, not even by way of a proxy that weakens the tag', async () => {
    for (const path of ['/', '/jobs/job?handle=1', NAMED]) {
      const etag = String((await get(path)).headers['etag']);
      for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const { status, bytes, headers } = await get(path, { 'if-none-match': condition });
        expect([status, bytes.length, headers['etag']], condition).toEqual([304, 0, etag]);
      }
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
    const packed = { 'accept-encoding': 'gzip' };
    const { etag } = (await get(NAMED, packed)).headers;
    expect((await get(NAMED, { ...packed, 'if-none-match': String(etag) })).status).toBe(304);
    expect((await get(NAMED, { 'if-none-match': String(etag) })).status).toBe(200);
  });

  it('has the same headers without its content', async () => {
    const { status, headers, bytes } = await get(NAMED, {}, 'HEAD');
    expect([status, bytes.length]).toEqual([200, 0]);
    expect(headers['content-length']).toBe(String(SCRIPT.length));
  });

  it('is explained in plain text when a condition fails, whatever its own encoding', async () => {
    const packed = { 'accept-encoding': 'gzip' };
    const failed = await get(NAMED, { ...packed, 'if-match': '"other"' });
    expect([failed.status, failed.headers['content-encoding'], failed.text]).toEqual([
      412,
      undefined,
      'a precondition of the request failed',
    ]);
    const beyond = await get(NAMED, { ...packed, range: 'bytes=999999-' });
    expect([beyond.status, beyond.headers['content-encoding']]).toEqual([416, undefined]);
    expect(beyond.text).toMatch(/^Range: not within/);
  });

  it('is not there under any other name', async () => {
    for (const path of [
      '/console/none.js',
      '/console/../index.html.gz',
      '/console/%2e%2e/%2e%2e/package.json',
      '/console/notes.bin',
      '/console/index-Dh3kX9_a.js.gz',
    ])
      expect((await get(path)).text, path).not.toMatch(/console\.log|not a type|"name"/);
    expect((await get('/console/none.js')).status).toBe(404);
  });
});

describe('the cookie of a session', () => {
  it.each([
    ['https://ips.example.com', 'ips.example.com', true],
    ['https://ips.example.com:8443', 'ips.example.com:8443', true],
    // Reached past the proxy, without TLS: the browser would drop the cookie.
    ['https://ips.example.com', '127.0.0.1', false],
    ['http://ips.example.com', 'ips.example.com', false],
  ])('of %s under %s is for encrypted connections only: %s', async (publicUrl, host, isSecure) => {
    const server = await createIpsServer({ passwordCost: TEST_COST, publicUrl });
    try {
      const { status, headers } = await new ConsoleBrowser(server.url).raw('/console/api/login', {
        method: 'POST',
        headers: { host, 'content-type': 'application/json' },
        body: JSON.stringify({ user: server.admin.email, password: server.admin.password }),
      });
      expect(status).toBe(200);
      const [cookie = ''] = [headers['set-cookie']].flat();
      expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
      expect(/; Secure(?:;|$)/.test(cookie)).toBe(isSecure);
    } finally {
      await server.stop();
    }
  });
});
