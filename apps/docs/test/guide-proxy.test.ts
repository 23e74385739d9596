// What the guide "Behind a proxy" says of failures, with proxies that fail in each of these ways.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsClient, HttpError } from '@ips-sdk/client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../content/guides/behind-a-proxy.md', import.meta.url), 'utf8');
const command = fileURLToPath(new URL('bin/ips.js', import.meta.resolve('@ips-sdk/cli/package.json')));
const endpoint = 'http://ips.example.com/scene7/services/IpsApiService';

describe('a proxy that fails, by the guide', () => {
  const home = mkdtempSync(join(tmpdir(), 'ips-guide-proxy-'));
  const proxies: Server[] = [];
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close();
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function proxyThat(answers: RequestListener): Promise<string> {
    const proxy = createServer(answers).listen(0, '127.0.0.1');
    proxies.push(proxy);
    await once(proxy, 'listening');
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }

  function whoami(variables: NodeJS.ProcessEnv): Promise<{ code: number; stderr: string }> {
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      IPS_KEYCHAIN: 'off',
      IPS_ENDPOINT: endpoint,
      IPS_USER: 'ann@example.com',
      IPS_PASSWORD: 'secret',
      ...variables,
    };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [command, 'whoami'], { env }, (_error, _stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stderr });
      });
    });
  }

  it('has a table of what is seen', () => {
    for (const seen of ['`ECONNREFUSED`', 'status 407', '`HttpError`', '`error.body`', '`ips.history`'])
      expect(page).toContain(seen);
  });

  it.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])('that %s names is used', async (name) => {
    const asked: (string | undefined)[] = [];
    const proxy = await proxyThat((request, response) => {
      asked.push(request.url);
      response.writeHead(407).end();
    });
    const { code, stderr } = await whoami({ [name]: proxy });
    expect(asked).toContain(endpoint);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/status 407/);
  });

  it('is not used for hosts in no_proxy', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await proxyThat((request, response) => {
      asked.push(request.url);
      response.writeHead(407).end();
    });
    const local = await proxyThat((_request, response) => response.writeHead(418).end());
    const variables = { http_proxy: proxy, IPS_ENDPOINT: `${local}/scene7/services/IpsApiService` };
    const direct = await whoami({ ...variables, no_proxy: 'localhost,127.0.0.1,.example.com' });
    expect(direct.stderr).toMatch(/418/);
    expect(asked).toEqual([]);
    // Without it, calls to this machine go to the proxy, too.
    expect((await whoami(variables)).stderr).toMatch(/status 407/);
  });

  it('and is not there is ECONNREFUSED', async () => {
    const gone = await proxyThat((_request, response) => response.end());
    const [server] = proxies.splice(0);
    server?.close();
    await once(server as Server, 'close');
    expect((await whoami({ http_proxy: gone })).stderr).toMatch(/ECONNREFUSED/);
  });

  it('and blocks the address is an HttpError with the page', async () => {
    const html = `<html><title>Blocked</title><p>Ask the help desk.</p>${' '.repeat(4000)}<!-- end --></html>`;
    const proxy = await proxyThat((_request, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end(html);
    });
    process.env['http_proxy'] = proxy;
    try {
      const ips = createIpsClient({
        endpoint,
        auth: { user: 'ann@example.com', password: 'secret' },
        retry: false,
      });
      const error = await ips.getActiveJobs({ companyHandle: 'c|6' }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(HttpError);
      const { body } = error as HttpError;
      expect(html.startsWith(body)).toBe(true);
      expect(body).toContain('Ask the help desk.');
      expect(ips.history.at(-1)?.response).toBe(html);
      await ips.close();
    } finally {
      delete process.env['http_proxy'];
    }
  });
});
