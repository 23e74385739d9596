// The admission control of all routes, without a network.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerLimits } from '../src/config.js';
import type { ContentFor } from '../src/http/traffic/raw-answer.js';
import { Traffic } from '../src/http/traffic/traffic.js';
import { Metrics } from '../src/metrics.js';
import { FakeRequest, FakeResponse, FakeServer, FakeSocket } from './support/fake-connections.js';

const KIB = 1024;

/** Limits that no test reaches. The admission control reads no others. */
const LIMITS = {
  maxConnections: 10_000,
  maxOpenRequests: 2000,
  maxBufferedBytes: 2 ** 30,
  maxUnknownUploadBytes: 2 ** 30,
  maxUploadBytes: 2 ** 30,
  addressShare: 1,
  headerTimeout: 60_000,
  silenceTimeout: 120_000,
  minReceiveRate: 500,
} as ServerLimits;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** A request in the hands of the admission control. */
interface Call {
  readonly request: FakeRequest;
  readonly response: FakeResponse;
  /** Whether its turn has come. */
  begun: boolean;
}

/** An admission control with a server that it is attached to. */
function world(limits: Partial<ServerLimits> = {}, contentFor?: ContentFor) {
  const metrics = new Metrics();
  const traffic = new Traffic({ ...LIMITS, ...limits }, metrics, contentFor);
  const server = new FakeServer();
  traffic.attach(server.real);
  const connect = (address?: string): FakeSocket => {
    const socket = new FakeSocket(address);
    server.emit('connection', socket);
    return socket;
  };
  const call = (socket: FakeSocket, more: ConstructorParameters<typeof FakeRequest>[1] = {}): Call => {
    const made: Call = {
      request: new FakeRequest(socket, more),
      response: new FakeResponse(),
      begun: false,
    };
    traffic.accept(made.request.real, made.response.real, () => {
      made.begun = true;
    });
    return made;
  };
  const refused = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await metrics.refused.get()).values.map(({ labels, value }) => [labels.reason, value]),
    );
  const open = async (): Promise<number | undefined> => (await metrics.requestsOpen.get()).values[0]?.value;
  const reasonOf = ({ request }: Call): string | undefined => traffic.refusalOf(request.real)?.reason;
  return { traffic, server, connect, call, refused, open, reasonOf };
}

/** Reads what has arrived, as Node.js does before it goes on with the next timers. */
const readOn = (): void => void vi.advanceTimersByTime(0);

/** Ends the work on a call, whose response is read. */
function finish({ response }: Call): void {
  response.finish();
}

describe('a server', () => {
  it('gets the time limits for headers and silence, and none for its own work', () => {
    const { server } = world({ headerTimeout: 60, silenceTimeout: 70 });
    expect([server.headersTimeout, server.timeout, server.requestTimeout, server.keepAliveTimeout]).toEqual([
      60, 70, 0, 72_000,
    ]);
  });

  it('hands connections to the admission control before others see them', () => {
    const seen: string[] = [];
    const traffic = new Traffic({ ...LIMITS, maxConnections: 0 }, new Metrics());
    const server = new FakeServer();
    server.on('connection', (socket: FakeSocket) => seen.push(socket.destroyed ? 'closed' : 'open'));
    traffic.attach(server.real);
    server.emit('connection', new FakeSocket());
    expect(seen).toEqual(['closed']);
  });

  it('looks for slow requests until it is closed', () => {
    const { server } = world();
    expect(vi.getTimerCount()).toBe(1);
    server.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('learns whether a client that has closed its side gets its responses', () => {
    const { server, connect, call } = world();
    const socket = connect();
    const { request } = call(socket);
    request.url = '/is/image/a';
    socket.emit('end');
    expect(server.httpAllowHalfOpen).toBe(false);
    const other = connect();
    call(other);
    other.emit('end');
    expect(server.httpAllowHalfOpen).toBe(true);
  });
});

describe('connections', () => {
  it('are closed beyond the limit and beyond the share of an address, and let in again', async () => {
    const { connect, refused } = world({ maxConnections: 3, addressShare: 0.7 });
    const [first] = [connect('192.0.2.1'), connect('192.0.2.1')];
    expect(connect('::ffff:192.0.2.1').destroyed).toBe(true);
    expect(connect('192.0.2.2').destroyed).toBe(false);
    expect(connect('192.0.2.3').destroyed).toBe(true);
    expect(await refused()).toEqual({ connections: 2 });
    first?.destroy();
    expect(connect('192.0.2.3').destroyed).toBe(false);
  });

  it('without one that is known are ignored', () => {
    const { traffic, call } = world();
    expect(call(new FakeSocket()).begun).toBe(false);
    const stranger = new FakeSocket();
    traffic.clientError(new Error('a'), stranger.real);
    expect(stranger.destroyed).toBe(true);
  });

  it('that are closed begin no request', () => {
    const { connect, call } = world();
    const socket = connect();
    socket.destroyed = true;
    expect(call(socket).begun).toBe(false);
  });

  it('that were closed are forgotten', () => {
    const { traffic, connect } = world();
    const socket = connect();
    socket.destroy();
    Object.assign(socket, { destroyed: false, writable: true });
    traffic.clientError(new Error('a'), socket.real);
    expect([socket.destroyed, socket.ended]).toEqual([true, undefined]);
  });

  it('all end with the server', () => {
    const { traffic, connect } = world();
    const sockets = [connect(), connect()];
    traffic.destroy();
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});

describe('requests', () => {
  it('beyond those that may be open are refused in their turn, and count for nothing', async () => {
    const { connect, call, reasonOf, refused, open } = world({ maxOpenRequests: 2 });
    const [one, two, three] = [call(connect()), call(connect()), call(connect())];
    expect([one, two, three].map(({ begun }) => begun)).toEqual([true, true, true]);
    expect([one, three].map(({ response }) => response.headers)).toEqual([{}, {}]);
    expect([one, two, three].map(reasonOf)).toEqual([undefined, undefined, 'requests']);
    expect([await refused(), await open()]).toEqual([{ requests: 1 }, 2]);
    finish(three);
    expect(await open()).toBe(2);
    finish(one);
    expect(await open()).toBe(1);
    expect(reasonOf(call(connect()))).toBeUndefined();
    expect(reasonOf(call(connect()))).toBe('requests');
  });

  it('count until the response is closed and the work on them has ended', async () => {
    const { traffic, connect, call, open } = world();
    const left = call(connect());
    left.response.close();
    expect(await open()).toBe(1);
    traffic.handled(left.request.real);
    expect(await open()).toBe(0);
    // Once.
    traffic.handled(left.request.real);
    expect(await open()).toBe(0);
    const read = call(connect());
    traffic.handled(read.request.real);
    expect(await open()).toBe(1);
    read.response.close();
    expect(await open()).toBe(0);
    const written = call(connect());
    written.response.writableEnded = true;
    traffic.handled(new FakeRequest(new FakeSocket()).real);
    expect(await open()).toBe(1);
    written.response.close();
    expect(await open()).toBe(0);
  });

  it('of a connection that is closed count while there is work on them', async () => {
    const { traffic, connect, call, open } = world();
    const socket = connect();
    const { request } = call(socket);
    socket.destroy();
    expect(await open()).toBe(1);
    traffic.handled(request.real);
    expect(await open()).toBe(0);
  });
});

describe('requests that wait', () => {
  it('are a thousand of one connection, which ends with 503 at the next', async () => {
    const { connect, call, refused } = world({ maxOpenRequests: 1000 });
    const socket = connect();
    const first = call(socket);
    const waiting = Array.from({ length: 1000 }, () => call(socket));
    expect(await refused()).toEqual({});
    const ignored = [call(socket), call(socket)];
    expect(await refused()).toEqual({ waiting: 1 });
    finish(first);
    for (const each of waiting) finish(each);
    expect(waiting.every(({ begun }) => begun)).toBe(true);
    expect(ignored.map(({ begun }) => begun)).toEqual([false, false]);
    expect(socket.ended).toMatch(
      /^HTTP\/1\.1 503 .*text\/plain; charset=utf-8.*Retry-After: 2\r\n\r\nthe server is busy: [^\n]+\n$/s,
    );
  });

  it('end their connection without a response when no more may wait and many of it do', async () => {
    const { connect, call, refused } = world({ maxOpenRequests: 2 });
    const socket = connect();
    call(socket);
    // Twenty may wait.
    for (let each = 0; each < 20; each += 1) call(socket);
    expect([socket.destroyed, await refused()]).toEqual([false, {}]);
    call(socket);
    expect([socket.destroyed, await refused()]).toEqual([true, { waiting: 1 }]);
    // All of them are released.
    const next = connect();
    call(next);
    for (let each = 0; each < 20; each += 1) call(next);
    expect(next.destroyed).toBe(false);
  });

  it.each([
    [10, false],
    [11, true],
  ])('end it with 503 when no more may wait and %i of it do: %s', async (few, isReset) => {
    const { connect, call, refused } = world({ maxOpenRequests: 3 });
    const greedy = connect();
    call(greedy);
    for (let each = 0; each < 30 - few; each += 1) call(greedy);
    const socket = connect();
    call(socket);
    for (let each = 0; each < few; each += 1) call(socket);
    expect(await refused()).toEqual({});
    call(socket);
    expect([socket.destroyed, await refused()]).toEqual([isReset, { waiting: 1 }]);
    // It is ending: what comes gets no response, and is not counted as refused again.
    if (!isReset) {
      call(socket);
      expect([socket.destroyed, await refused()]).toEqual([false, { waiting: 1 }]);
    }
  });

  it('of a connection that is ending take their places, too many of them reset it, and all are released', async () => {
    const { traffic, connect, call, refused } = world({ maxOpenRequests: 2 });
    const socket = connect();
    const first = call(socket);
    traffic.clientError(new Error('bad'), socket.real);
    for (let each = 0; each < 20; each += 1) expect(call(socket).begun).toBe(false);
    expect([socket.destroyed, await refused()]).toEqual([false, {}]);
    const other = connect();
    call(other);
    call(other);
    expect([other.destroyed, await refused()]).toEqual([false, { waiting: 1 }]);
    call(socket);
    expect([socket.destroyed, await refused()]).toEqual([true, { waiting: 2 }]);
    expect(first.begun).toBe(true);
    const next = connect();
    call(next);
    for (let each = 0; each < 20; each += 1) call(next);
    expect(await refused()).toMatchObject({ waiting: 2 });
  });

  it('release their place when their turn comes', async () => {
    const { connect, call, refused } = world({ maxOpenRequests: 1 });
    const socket = connect();
    const calls = [call(socket), ...Array.from({ length: 10 }, () => call(socket))];
    for (const each of calls) finish(each);
    call(socket);
    for (let each = 0; each < 10; each += 1) call(socket);
    expect(await refused()).toEqual({});
  });
});

describe('bytes', () => {
  it('in memory are refused beyond the limit, and released with the response', async () => {
    const { traffic, connect, call, refused } = world({ maxBufferedBytes: 1000 });
    const one = call(connect());
    const two = call(connect());
    traffic.keepBytes(one.request.real, 400);
    traffic.keepBytes(one.request.real, 200);
    expect(() => traffic.keepBytes(two.request.real, 401)).toThrow(
      expect.objectContaining({ reason: 'bytes' }),
    );
    expect(await refused()).toEqual({ bytes: 1 });
    traffic.keepBytes(two.request.real, 400);
    finish(one);
    const three = call(connect());
    traffic.keepBytes(three.request.real, 600);
    expect(() => traffic.keepBytes(three.request.real, 1)).toThrow('too much data is in transfer');
  });

  it('of small responses are counted, but never refused', () => {
    const { traffic, connect, call } = world({ maxBufferedBytes: 100 * KIB });
    const one = call(connect());
    const two = call(connect());
    traffic.keepAnswer(one.request.real, 64 * KIB);
    traffic.keepAnswer(one.request.real, 64 * KIB);
    expect(() => traffic.keepAnswer(two.request.real, 64 * KIB + 1)).toThrow('too much data');
    expect(() => traffic.keepBytes(two.request.real, 1)).toThrow('too much data');
    finish(one);
    traffic.keepAnswer(two.request.real, 64 * KIB + 1);
    traffic.keepBytes(two.request.real, 36 * KIB - 1);
    expect(() => traffic.keepBytes(two.request.real, 1)).toThrow('too much data');
  });

  it('of uploads are those of callers who have presented credentials and of others', async () => {
    const { traffic, connect, call, refused } = world({ maxUnknownUploadBytes: 300, maxUploadBytes: 400 });
    const one = call(connect());
    const two = call(connect());
    const keep = (each: Call, bytes: number, isKnown: boolean) =>
      traffic.keepUpload(each.request.real, bytes, isKnown);
    for (const [bytes, isKnown] of [
      [100, false],
      [200, false],
      [150, true],
      [250, true],
    ] as const)
      keep(one, bytes, isKnown);
    expect(() => keep(two, 1, false)).toThrow('send the part auth before the files');
    expect(() => keep(two, 1, true)).toThrow('too many bytes are being uploaded');
    expect(await refused()).toEqual({ 'unknown-uploads': 1, uploads: 1 });
    finish(one);
    keep(two, 300, false);
    keep(two, 400, true);
    expect(() => keep(two, 1, false)).toThrow('auth');
    expect(() => keep(two, 1, true)).toThrow('uploaded');
  });

  it('of requests that are not known count for nothing', () => {
    const { traffic } = world({ maxBufferedBytes: 1, maxUnknownUploadBytes: 1, maxUploadBytes: 1 });
    const { real } = new FakeRequest(new FakeSocket());
    expect(traffic.refusalOf(real)).toBeUndefined();
    traffic.keepBytes(real, 2);
    traffic.keepAnswer(real, 2);
    traffic.keepUpload(real, 2, true);
    traffic.keepUpload(real, 2, false);
    traffic.handled(real);
  });

  it('are released once', () => {
    const { traffic, connect, call } = world({ maxBufferedBytes: 1000, maxUploadBytes: 10 });
    const one = call(connect());
    traffic.keepBytes(one.request.real, 1000);
    traffic.keepUpload(one.request.real, 10, true);
    finish(one);
    traffic.handled(one.request.real);
    const two = call(connect());
    traffic.keepBytes(two.request.real, 1000);
    traffic.keepUpload(two.request.real, 10, true);
    expect(() => traffic.keepBytes(two.request.real, 1)).toThrow('too much data');
    expect(() => traffic.keepUpload(two.request.real, 1, true)).toThrow('uploaded');
  });
});

describe('errors of the parser', () => {
  const errorOf = (code?: string) => Object.assign(new Error('a'), code === undefined ? {} : { code });

  it.each([
    [undefined, 400, 'the request is not valid HTTP'],
    ['HPE_INVALID_METHOD', 400, 'the request is not valid HTTP'],
    ['HPE_HEADER_OVERFLOW', 431, 'the headers of the request are too large'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'the headers of the request did not arrive in time'],
  ])('%s ends the connection with %i', async (code, status, message) => {
    const { traffic, connect, refused } = world();
    const socket = connect();
    traffic.clientError(errorOf(code), socket.real);
    readOn();
    expect(socket.ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\n\r\n${message}\n$`, 's'));
    expect(await refused()).toEqual(status === 408 ? { silence: 1 } : {});
  });

  it('reset a connection that was reset or cannot be written to', () => {
    for (const [code, writable] of [
      ['ECONNRESET', true],
      ['HPE_INVALID_METHOD', false],
    ] as const) {
      const { traffic, connect } = world();
      const socket = connect();
      socket.writable = writable;
      traffic.clientError(errorOf(code), socket.real);
      expect([socket.ended, socket.destroyed]).toEqual([undefined, true]);
    }
  });

  it('about late headers are not the fault of a client that waits for the server', async () => {
    const { traffic, connect, call, refused } = world();
    const socket = connect();
    call(socket);
    traffic.clientError(errorOf('ERR_HTTP_REQUEST_TIMEOUT'), socket.real);
    readOn();
    expect([socket.ended, socket.destroyed, socket.paused, await refused()]).toEqual([
      undefined,
      false,
      false,
      {},
    ]);
  });

  it('about late headers are not the fault of a client whose request was not read yet', async () => {
    const { traffic, connect, call, refused } = world();
    const socket = connect();
    traffic.clientError(errorOf('ERR_HTTP_REQUEST_TIMEOUT'), socket.real);
    finish(call(socket));
    readOn();
    expect([socket.ended, socket.destroyed, await refused()]).toEqual([undefined, false, {}]);
  });

  it('have the content for the URL of the request that is arriving', () => {
    const asked: unknown[] = [];
    const { traffic, connect, call } = world({}, (...given) => {
      asked.push(given);
      return { mediaType: 'text/xml', text: '<fault/>' };
    });
    const socket = connect();
    call(socket, { url: '/a', complete: false });
    traffic.clientError(errorOf(), socket.real);
    traffic.clientError(errorOf(), connect().real);
    expect(asked).toEqual([
      ['/a', 400, 'the request is not valid HTTP'],
      [undefined, 400, 'the request is not valid HTTP'],
    ]);
    expect(socket.ended).toMatch(/text\/xml.*<fault\/>$/s);
  });
});

describe('silence', () => {
  const silent = ({ server }: ReturnType<typeof world>, socket: FakeSocket): void => {
    server.silent(socket.real);
    readOn();
  };

  it('of an idle connection closes it', async () => {
    const here = world();
    const socket = here.connect();
    silent(here, socket);
    expect([socket.destroyed, socket.ended, await here.refused()]).toEqual([true, undefined, {}]);
    const stranger = new FakeSocket();
    silent(here, stranger);
    expect(stranger.destroyed).toBe(true);
  });

  it('is not that of a client whose bytes were not read yet', async () => {
    const here = world();
    const socket = here.connect();
    here.server.silent(socket.real);
    socket.bytesRead += 1;
    readOn();
    expect([socket.destroyed, socket.ended, await here.refused()]).toEqual([false, undefined, {}]);
  });

  it('of the server lets the client wait', async () => {
    const here = world({ silenceTimeout: 70 });
    const socket = here.connect();
    here.call(socket);
    silent(here, socket);
    expect([socket.destroyed, socket.timeout, await here.refused()]).toEqual([false, 70, {}]);
  });

  it('of a client that has to send ends with 408', async () => {
    const here = world();
    const socket = here.connect();
    here.call(socket, { complete: false });
    silent(here, socket);
    expect(socket.ended).toMatch(/^HTTP\/1\.1 408 .*the body of the request did not arrive in time\n$/s);
    expect([socket.destroyed, await here.refused()]).toEqual([false, { silence: 1 }]);
  });

  it('of a client that has to read closes the connection', async () => {
    const here = world();
    const socket = here.connect();
    here.call(socket);
    socket.writableLength = 1;
    silent(here, socket);
    expect([socket.destroyed, socket.ended, await here.refused()]).toEqual([true, undefined, { silence: 1 }]);
  });
});

describe('slowness', () => {
  it('ends only the requests that arrive below the rate', async () => {
    const { connect, call, refused } = world({ silenceTimeout: 4000, minReceiveRate: 10 });
    const [slow, fast] = [connect(), connect()];
    for (const socket of [slow, fast]) call(socket, { complete: false });
    // It looks four times during the silence that is allowed.
    for (let look = 0; look < 4; look += 1) {
      fast.bytesRead += 20;
      slow.bytesRead += 1;
      vi.advanceTimersByTime(1000);
    }
    expect([slow.ended, await refused()]).toEqual([undefined, {}]);
    fast.bytesRead += 20;
    vi.advanceTimersByTime(1000);
    expect(slow.ended).toMatch(/^HTTP\/1\.1 408 .*arrives at less than 10 bytes per second\n$/s);
    expect([fast.ended, await refused()]).toEqual([undefined, { slowness: 1 }]);
  });

  it.each([
    [1_000_000, 5000],
    [8000, 2000],
    [2, 1],
  ])('with a silence of %i ms is looked for each %i ms', (silenceTimeout, interval) => {
    const { connect, call } = world({ silenceTimeout });
    const socket = connect();
    const { request } = call(socket, { complete: false });
    const turns = vi.spyOn(socket, 'isPaused');
    vi.advanceTimersByTime(interval - 1);
    expect(turns).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(turns).toHaveBeenCalledTimes(1);
    expect(request.complete).toBe(false);
  });
});

describe('a server that stops', () => {
  it('closes idle connections, and refuses new ones and the requests behind those at work', async () => {
    const { traffic, connect, call, reasonOf, refused, open } = world();
    const idle = connect();
    const busy = connect();
    const first = call(busy);
    const second = call(busy);
    traffic.drain();
    expect([idle.destroyed, busy.destroyed]).toEqual([true, false]);
    expect(first.response.headers).toEqual({ connection: 'close' });
    expect(connect().destroyed).toBe(true);
    expect(await refused()).toEqual({ stopping: 1 });
    finish(first);
    expect([second.begun, reasonOf(second), second.response.headers]).toEqual([
      true,
      'stopping',
      { connection: 'close' },
    ]);
    expect([await refused(), await open()]).toEqual([{ stopping: 2 }, 0]);
  });

  it('abandons the requests without a response, and waits for the work on them', async () => {
    vi.useRealTimers();
    const { traffic, connect, call } = world();
    const [working, stuck, answering] = [connect(), connect(), connect()];
    const one = call(working);
    const two = call(stuck);
    call(answering).response.headersSent = true;
    const abandoned = traffic.abandon(60_000);
    expect([working.destroyed, stuck.destroyed, answering.destroyed]).toEqual([true, true, false]);
    traffic.handled(one.request.real);
    traffic.handled(two.request.real);
    expect(await abandoned).toBe(0);
  });

  it('counts those that are still at work after the time', async () => {
    vi.useRealTimers();
    const { traffic, connect, call } = world();
    const [one] = [call(connect()), call(connect())];
    const abandoned = traffic.abandon(30);
    traffic.handled(one.request.real);
    expect(await abandoned).toBe(1);
    expect(await world().traffic.abandon(0)).toBe(0);
  });
});
