// Clients that leave before their image is there.
import { connect as connectSocket, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { ConcurrencyLimit } from '../src/http/concurrency-limit.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { quarters } from './support/pictures.js';

const companyHandle = 'c|6';

let server: IpsServer;
let web: FileServer;

beforeAll(async () => {
  const files = { '/shoe.png': await quarters(400, 400).png().toBuffer() };
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'Clients' }),
    serveFiles(files),
  ]);
  const admin = connect(server);
  await runJob(admin, companyHandle, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: [{ sourceUrl: `${web.url}/shoe.png`, destPath: 'Clients/shoe.png' }],
    },
  });
  await runJob(admin, companyHandle, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});
afterAll(async () => {
  await server?.stop();
  await web?.close();
});

const metric = async (outcome: string): Promise<number> => {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`ips_delivery_cache_total\\{outcome="${outcome}"\\} (\\d+)`).exec(page)?.[1] ?? 0);
};

/** A picture that takes long to make. */
const large = (variant: number): string => `/is/image/Clients/shoe?wid=1800&fmt=png&op_blur=${variant}`;

/** Sends a request, and returns the connection. */
async function ask(path: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connectSocket(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  return socket;
}

it('an image that nobody waits for any more is not made, and its place goes to others', async () => {
  // As many as there are processors are made at once.
  const count = availableParallelism() * 2 + 10;
  const sockets = await Promise.all(Array.from({ length: count }, (_, index) => ask(large(10 + index / 10))));
  await vi.waitFor(async () => expect(await metric('miss')).toBe(count), { timeout: 20_000, interval: 20 });
  for (const socket of sockets) socket.destroy();
  // Those that have begun end; those that waited for their turn do not begin.
  await vi.waitFor(async () => expect(await metric('abandoned')).toBeGreaterThanOrEqual(6), {
    timeout: 60_000,
    interval: 20,
  });
  expect((await fetch(`${server.url}/is/image/Clients/shoe?wid=20`)).status).toBe(200);
});

it('an image that another client waits for is made', async () => {
  const before = { abandoned: await metric('abandoned'), shared: await metric('shared') };
  const first = await ask(large(50));
  const miss = await metric('miss');
  const second = fetch(`${server.url}${large(50)}`);
  await vi.waitFor(
    async () =>
      expect((await metric('shared')) + (await metric('miss'))).toBeGreaterThan(before.shared + miss),
    { timeout: 20_000, interval: 20 },
  );
  first.destroy();
  const response = await second;
  expect([response.status, (await response.arrayBuffer()).byteLength > 1000]).toEqual([200, true]);
  expect(await metric('abandoned')).toBe(before.abandoned);
});

it('a task whose result nobody needs gives up its place', async () => {
  const limit = new ConcurrencyLimit(1, 2);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = limit.run(() => promise);
  const gone = new AbortController();
  const abandoned = vi.fn(async () => undefined);
  const waiting = limit.run(abandoned, gone.signal);
  const last = limit.run(async () => 'last');
  await expect(limit.run(async () => undefined)).rejects.toThrow('too many');
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  const next = limit.run(async () => 'next');
  await expect(limit.run(async () => undefined, gone.signal)).rejects.toThrow('gone');
  resolve();
  await running;
  expect([await last, await next]).toEqual(['last', 'next']);
  expect(abandoned).not.toHaveBeenCalled();
});
