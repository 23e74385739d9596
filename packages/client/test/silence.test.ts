// Deadlines: whatever falls silent, and at whichever stage, a call ends by its own clock and gives back its slot.
import type { Socket } from 'node:net';
import { codec } from '@ips-sdk/wire';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientOf, errorOf } from './support/clients.js';
import { httpAnswer, onRequests, startTcp } from './support/tcp-service.js';

const STOP = { jobHandle: 'j|6|Nightly|' };
const ANSWER = codec.encodeResponse('stopJob', {});
const TIMEOUT = 60;
const proxies = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];
const before = Object.fromEntries(proxies.map((name) => [name, process.env[name]]));

afterEach(() => {
  vi.restoreAllMocks();
  for (const name of proxies) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const never = (): never => new Promise(() => undefined) as never;
const silent = (socket: Socket): void => void socket.resume();
const saying = (text: string | Buffer) => (socket: Socket) =>
  onRequests(socket, () => void socket.write(text));

/** How each stage falls silent, and the endpoint that a call then goes to. */
const STAGES: Readonly<Record<string, () => Promise<{ endpoint: string; auth?: () => never }>>> = {
  credentials: async () => ({ endpoint: 'http://127.0.0.1:9/', auth: never }),
  DNS: async () => {
    vi.spyOn(process.getBuiltinModule('node:dns'), 'lookup').mockImplementation(() => undefined as never);
    return { endpoint: 'http://ips.example.com/scene7/services/IpsApiService' };
  },
  connect: async () => {
    const { Socket } = process.getBuiltinModule('node:net');
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
      Object.assign(this, { connecting: true });
      return this;
    });
    return { endpoint: 'http://127.0.0.1:9/scene7/services/IpsApiService' };
  },
  'proxy for http': async () => {
    process.env['http_proxy'] = `127.0.0.1:${(await startTcp(silent)).port}`;
    return { endpoint: 'http://ips.example.com/scene7/services/IpsApiService' };
  },
  'CONNECT of a proxy': async () => {
    process.env['https_proxy'] = `http://127.0.0.1:${(await startTcp(silent)).port}`;
    return { endpoint: 'https://ips.example.com/scene7/services/IpsApiService' };
  },
  'TLS behind a proxy': async () => {
    const proxy = await startTcp((socket) => {
      socket.once('data', () => void socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    });
    process.env['https_proxy'] = `http://127.0.0.1:${proxy.port}`;
    return { endpoint: 'https://ips.example.com/scene7/services/IpsApiService' };
  },
  TLS: async () => ({ endpoint: (await startTcp(silent)).endpoint.replace('http:', 'https:') }),
  request: async () => startTcp((socket) => void socket.pause()),
  headers: async () => startTcp(saying('')),
  'in the headers': async () => startTcp(saying('HTTP/1.1 200 OK\r\nContent-Type: text/')),
  'after an interim answer': async () => startTcp(saying('HTTP/1.1 100 Continue\r\n\r\n')),
  body: async () => startTcp(saying(httpAnswer(200, { 'Content-Length': '500' }, ''))),
  'in the body': async () =>
    startTcp(saying(httpAnswer(200, { 'Content-Length': '5000' }, ANSWER.slice(0, 40)))),
  'in a compressed body': async () =>
    startTcp(
      saying(
        httpAnswer(200, { 'Content-Encoding': 'gzip', 'Content-Length': '90' }, Buffer.from([0x1f, 0x8b])),
      ),
    ),
  end: async () =>
    startTcp(
      saying(
        `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n${ANSWER.length.toString(16)}\r\n${ANSWER}\r\n`,
      ),
    ),
};

describe('silence', () => {
  it.each(Object.keys(STAGES))('at the stage "%s" ends a call, and gives its slot back', async (stage) => {
    const { endpoint, auth } = (await STAGES[stage]?.()) ?? { endpoint: '' };
    const ips = clientOf(
      { endpoint },
      { timeout: TIMEOUT, retry: false, concurrency: 1, ...(auth && { auth }) },
    );
    // With one slot, the second call could not even begin if the first one kept it.
    const errors = await Promise.all([errorOf(ips.stopJob(STOP)), errorOf(ips.stopJob(STOP))]);
    for (const error of errors) expect(error).toMatchObject({ name: 'TimeoutError', timeout: TIMEOUT });
  });

  it.each(Object.keys(STAGES))('at the stage "%s" does not delay an abort', async (stage) => {
    const { endpoint, auth } = (await STAGES[stage]?.()) ?? { endpoint: '' };
    const ips = clientOf({ endpoint }, { concurrency: 1, ...(auth && { auth }) });
    const reason = new Error('enough');
    const given = new AbortController();
    const call = errorOf(ips.stopJob(STOP, { signal: given.signal }));
    setTimeout(() => given.abort(reason), 30);
    expect(await call).toBe(reason);
  });

  it('of any kind leaves every slot free for calls that come after it', async () => {
    // A service that falls silent after as many bytes of its answer as a test wants, and then is well again.
    let cut: number | undefined;
    const whole = httpAnswer(200, {}, ANSWER);
    const service = await startTcp((socket) =>
      onRequests(socket, () => void socket.write(cut === undefined ? whole : whole.subarray(0, cut))),
    );
    const ips = clientOf(service, { timeout: TIMEOUT, retry: false, concurrency: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 5 }),
        async (at, calls) => {
          cut = at;
          for (const error of await Promise.all(
            Array.from({ length: calls }, () => errorOf(ips.stopJob(STOP))),
          ))
            expect(error.name).toBe('TimeoutError');
          cut = undefined;
          // These have time: the machine may be busy.
          await Promise.all(Array.from({ length: 6 }, () => ips.stopJob(STOP, { timeout: 30_000 })));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('of a proxy leaves no connection to it open', async () => {
    const open = new Set<Socket>();
    const proxy = await startTcp((socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.resume();
    });
    process.env['https_proxy'] = `http://127.0.0.1:${proxy.port}`;
    const ips = clientOf(
      { endpoint: 'https://ips.example.com/scene7/services/IpsApiService' },
      { timeout: TIMEOUT, retry: false },
    );
    expect((await errorOf(ips.stopJob(STOP))).name).toBe('TimeoutError');
    expect(proxy.connections()).toBe(1);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it('of the lookup of a company does not outlast the time or the signal of a call', async () => {
    const service = await startTcp(silent);
    const ips = clientOf(service, { companyHandle: undefined, company: 'MyCompany' });
    expect(await errorOf(ips.getActiveJobs({}, { timeout: TIMEOUT }))).toMatchObject({
      name: 'TimeoutError',
      timeout: TIMEOUT,
    });
    const reason = new Error('enough');
    const given = new AbortController();
    const call = errorOf(ips.getActiveJobs({}, { signal: given.signal }));
    setTimeout(() => given.abort(reason), 30);
    expect(await call).toBe(reason);
  });

  it('of a stream that is aborted between two items rejects nothing else', async () => {
    const two = codec.encodeResponse('searchAssets', {
      totalRows: 2,
      assetArray: [{ name: 'red' }, { name: 'blue' }],
    });
    const service = await startTcp(saying(httpAnswer(200, { 'Content-Length': '9999' }, two.slice(0, -40))));
    const ips = clientOf(service, { retry: false });
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const given = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of ips.stream('searchAssets', { includeSubfolders: true }, { signal: given.signal }))
        given.abort();
    };
    expect((await errorOf(read())).name).toBe('AbortError');
    await new Promise((resolve) => setTimeout(resolve, 30));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('of a download or a stream ends it, too', async () => {
    const service = await startTcp(
      saying(httpAnswer(200, { 'Content-Length': '5000' }, '<?xml version="1.0"?>')),
    );
    const ips = clientOf(service, { timeout: TIMEOUT, retry: false });
    const { body } = await ips.download(service.endpoint);
    const read = async (chunks: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of chunks);
    };
    expect(await errorOf(read(body))).toMatchObject({ name: 'TimeoutError' });
    expect(await errorOf(read(ips.stream('searchAssets', { includeSubfolders: true })))).toMatchObject({
      name: 'TimeoutError',
    });
    const mute = await startTcp(silent);
    expect(await errorOf(ips.download(mute.endpoint))).toMatchObject({ name: 'TimeoutError' });
  });
});
