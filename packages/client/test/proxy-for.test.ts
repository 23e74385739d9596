// The proxy variables as curl reads them. curl itself is the judge where it is installed.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigError } from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';
import { proxyFor } from '../src/http/proxy-for.js';
import { startTcp } from './support/tcp-service.js';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the proxy for a URL', () => {
  const url = new URL('https://ips.example.com/x');

  it.each([
    [{}, undefined],
    [{ https_proxy: 'http://proxy:3128' }, 'http://proxy:3128'],
    [{ https_proxy: 'proxy:3128' }, 'http://proxy:3128'],
    [{ HTTPS_PROXY: 'ann:pw@proxy:3128' }, 'http://ann:pw@proxy:3128'],
    [{ https_proxy: '[::1]:3128' }, 'http://[::1]:3128'],
    [{ https_proxy: 'https://proxy' }, 'https://proxy'],
    [{ http_proxy: 'http://other' }, undefined],
    [{ ALL_PROXY: 'proxy:1' }, 'http://proxy:1'],
    [{ https_proxy: '', all_proxy: 'proxy:1' }, 'http://proxy:1'],
    [{ https_proxy: ' proxy:1 ' }, 'http://proxy:1'],
  ])('is, with %o, %s', (environment, expected) => {
    expect(proxyFor(url, environment)).toBe(expected);
  });

  it.each([
    [{ https_proxy: 'socks5://ann:s3cret@proxy:1' }, 'https_proxy', 'one with the scheme socks5'],
    [{ HTTPS_PROXY: 'ftp://proxy' }, 'HTTPS_PROXY', 'one with the scheme ftp'],
    [{ all_proxy: 'http://' }, 'all_proxy', 'a malformed URL'],
    [{ https_proxy: 'ann:s3cret@pro xy:1' }, 'https_proxy', 'a malformed URL'],
    [{ https_proxy: 'proxy:99999' }, 'https_proxy', 'a malformed URL'],
  ])('is refused by the name of its variable: %o', (environment, setting, found) => {
    const lookUp = (): unknown => proxyFor(url, environment);
    expect(lookUp).toThrow(ConfigError);
    expect(lookUp).toThrow(
      `${setting}: expected the http or https URL of a proxy for https://ips.example.com, found ${found}`,
    );
  });
});

/** What `no_proxy` says, the URL, and whether it is reached directly. */
const DIRECT: readonly [noProxy: string, url: string, direct: boolean][] = [
  ['example.com', 'http://example.com/', true],
  ['example.com', 'http://ips.example.com/', true],
  ['.example.com', 'http://ips.example.com/', true],
  ['.example.com', 'http://example.com/', true],
  ['example.com', 'http://notexample.com/', false],
  ['EXAMPLE.com.', 'http://ips.example.COM/', true],
  ['*', 'http://example.com/', true],
  ['a.com, example.com b.com', 'http://example.com/', true],
  ['10.0.0.0/8', 'http://10.20.30.40/', true],
  ['10.0.0.0/8', 'http://11.0.0.1/', false],
  ['192.168.1.0/25', 'http://192.168.1.127/', true],
  ['192.168.1.0/25', 'http://192.168.1.128/', false],
  ['127.0.0.1', 'http://127.0.0.1:8080/', true],
  ['127.0.0.1/32', 'http://127.0.0.1/', true],
  ['127.0.0.1', 'http://127.0.0.11/', false],
  ['10.0.0.0/8', 'http://ten.example.com/', false],
  ['10.0.0.0/99', 'http://10.0.0.1/', false],
  ['fd00::/8', 'http://[fd12::1]/', true],
  ['fd00::/8', 'http://[fe80::1]/', false],
  ['[::1]', 'http://[::1]/', true],
  ['::1', 'http://[0:0:0:0:0:0:0:1]/', true],
  ['', 'http://example.com/', false],
  [',', 'http://example.com/', false],
];

describe('no_proxy', () => {
  it.each(DIRECT)('%j lists %s: %s', (no_proxy, url, direct) => {
    expect(proxyFor(new URL(url), { http_proxy: 'proxy:1', no_proxy }) === undefined).toBe(direct);
  });

  it.each([
    ['example.com:8080', 'http://example.com:8080/', true],
    ['example.com:8080', 'http://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['127.0.0.1:80', 'http://127.0.0.1/', true],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['*.example.com', 'http://ips.example.com/', true],
  ])('%j lists %s by port or pattern, which curl does not know: %s', (no_proxy, url, direct) => {
    expect(proxyFor(new URL(url), { all_proxy: 'proxy:1', no_proxy }) === undefined).toBe(direct);
  });

  it.skipIf(!hasCurl)('is read as curl reads it', { timeout: 60_000 }, async () => {
    let asked = 0;
    const proxy = await startTcp((socket) => {
      asked += 1;
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    });
    // Versions of curl differ about ranges of IPv6.
    for (const [no_proxy, url, direct] of DIRECT.filter(([, one]) => !one.includes('['))) {
      asked = 0;
      const env = { PATH: process.env['PATH'], http_proxy: `127.0.0.1:${proxy.port}`, no_proxy };
      // Nothing answers directly: curl gives up at once, and only the proxy counts.
      await run('curl', ['--silent', '--max-time', '2', '--connect-timeout', '0.3', url], { env }).catch(
        () => undefined,
      );
      expect({ no_proxy, url, direct: asked === 0 }).toEqual({ no_proxy, url, direct });
    }
  });
});
