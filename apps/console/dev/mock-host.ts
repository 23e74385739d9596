import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createMockConsole, type MockConsole, type MockOptions } from './mock-console.ts';

const DIST = join(import.meta.dirname, '../dist');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** As strict as the host's. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface MockHost extends AsyncDisposable {
  readonly origin: string;
  readonly console: MockConsole;
}

/** Serves the built console with the mock behind it. */
export async function startMockHost(options: MockOptions = {}): Promise<MockHost> {
  const mock = createMockConsole(options);
  const server = createServer(async (request, response) => {
    if (await mock.handle(request, response)) return;
    const { pathname } = new URL(request.url ?? '/', 'http://mock.invalid');
    const file = pathname.startsWith('/console/') ? join(DIST, pathname) : join(DIST, 'index.html');
    if (!existsSync(file)) return void response.writeHead(404).end();
    response
      .writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
      })
      .end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    console: mock,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
