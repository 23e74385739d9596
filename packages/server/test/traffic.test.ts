// What clients may take of the server, over bare sockets: nothing here needs a database.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits, limitsOf, type ServerLimits } from '../src/config.js';
import { incompleteContent } from '../src/http/incomplete-content.js';
import { Connection, type Exchange } from '../src/http/traffic/connection.js';
import { OverloadError } from '../src/http/traffic/overload-error.js';
import { piecesOf } from '../src/http/traffic/pieces.js';
import type { ContentFor } from '../src/http/traffic/raw-answer.js';
import { SharedLimit } from '../src/http/traffic/shared-limit.js';
import { Traffic } from '../src/http/traffic/traffic.js';
import { Metrics } from '../src/metrics.js';
import { addressKey } from '../src/net/address-key.js';

type Handle = (request: IncomingMessage, response: ServerResponse, traffic: Traffic) => void;

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server behind the admission control. */
async function serve(handle: Handle, limits: Partial<ServerLimits> = {}, contentFor?: ContentFor) {
  const metrics = new Metrics();
  const traffic = new Traffic({ ...defaultLimits, addressShare: 1, ...limits }, metrics, contentFor);
  const server: Server = createServer({ connectionsCheckingInterval: 20 }, (request, response) =>
    traffic.accept(request, response, (one, other) => {
      const refusal = traffic.refusalOf(one);
      if (refusal === undefined) handle(one, other, traffic);
      else other.writeHead(503, { 'content-length': 0 }).end();
    }),
  );
  traffic.attach(server);
  server.on('clientError', (error, socket) => traffic.clientError(error, socket as Socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    traffic.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const refused = async () =>
    Object.fromEntries(
      (await metrics.refused.get()).values.map(({ labels, value }) => [labels.reason, value]),
    );
  return {
    traffic,
    server,
    port,
    refused,
    isOpen: async () => (await metrics.requestsOpen.get()).values[0]?.value,
  };
}

/** A connection that reads nothing unless it is resumed. */
async function dial(port: number, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

/** Everything that a connection still gets, until its end. */
async function rest(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(5);
};

describe('requests of one connection', () => {
  it('are answered one after the other, in order', async () => {
    let atWork = 0;
    const { port } = await serve(async (request, response) => {
      atWork += 1;
      expect(atWork).toBe(1);
      await sleep(2);
      atWork -= 1;
      response.end(request.url);
    });
    const socket = await dial(
      port,
      Array.from({ length: 50 }, (_, index) => GET.replace('/', `/${index};`)).join(''),
    );
    socket.write('GET /last; HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const urls = [...(await rest(socket)).matchAll(/^\/(\w+);/gm)].map(([, name]) => name);
    expect(urls).toEqual([...Array.from({ length: 50 }, (_, index) => String(index)), 'last']);
  });

  it('are not read while their answers are not, so that a flood takes no more than one large answer', async () => {
    const answer = Buffer.alloc(300_000, 'x');
    let begun = 0;
    const { port, server } = await serve((_request, response) => {
      begun += 1;
      response.end(answer);
    });
    const flood = Buffer.from(GET.repeat(14_000));
    const before = process.memoryUsage().rss;
    const socket = await dial(port);
    socket.pause();
    const sent = new Promise<void>((resolve) => void socket.write(flood, () => resolve()));
    await until(() => begun > 0);
    await Promise.race([sent, sleep(300)]);
    // The kernel holds some megabytes of answers; 14,000 of them would be four gigabytes.
    expect(begun).toBeLessThan(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    // Others are served meanwhile.
    const other = await dial(port, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect(await rest(other)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('stay bytes while an earlier one waits for its answer, and are all answered', async () => {
    const finish: (() => void)[] = [];
    let parsed = 0;
    const { port, server, refused } = await serve(
      (_request, response) => void finish.push(() => response.end('done')),
    );
    server.on('request', () => {
      parsed += 1;
    });
    const socket = await dial(port, GET.repeat(1500));
    await until(() => finish.length === 1);
    const bound = parsed;
    // The reads of a socket are one event of the loop each.
    for (let reads = 0; reads < 20; reads += 1) await sleep(1);
    expect([bound, parsed]).toEqual([2, 2]);
    const answered = rest(socket);
    const timer = setInterval(() => finish.pop()?.(), 0);
    socket.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect((await answered).match(/HTTP\/1\.1 200 /g)).toHaveLength(1501);
    clearInterval(timer);
    expect(await refused()).toEqual({});
  });

  it('stay bytes when the client has read a part of an answer, after which Node.js reads on', async () => {
    let answer: ServerResponse | undefined;
    let parsed = 0;
    const { port, server } = await serve((_request, response) => {
      answer = response;
    });
    server.on('request', () => {
      parsed += 1;
    });
    const socket = await dial(port, GET);
    socket.pause();
    await until(() => answer !== undefined);
    const part = Buffer.alloc(16_000_000);
    let drained = 0;
    answer?.on('drain', () => {
      drained += 1;
    });
    answer?.write(part);
    socket.write(GET.repeat(500));
    await until(() => parsed === 2);
    socket.resume();
    await until(() => drained === 1);
    // What is read is parsed in the turn of the loop that follows.
    await sleep(20);
    expect(parsed).toBe(2);
    socket.destroy();
  });

  it('count among the bytes in memory until they are parsed', async () => {
    const refusals: boolean[] = [];
    const { port } = await serve(
      (request, response, traffic) => {
        if (request.url === '/') return;
        try {
          traffic.keepBytes(request, 990_000);
          refusals.push(false);
        } catch (error) {
          refusals.push(error instanceof OverloadError);
        }
        response.end();
      },
      { maxBufferedBytes: 1_000_000 },
    );
    const ask = async (): Promise<void> => {
      await rest(await dial(port, 'GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    };
    const flood = await dial(port, GET.repeat(2000));
    do await ask();
    while (refusals.at(-1) === false);
    flood.resetAndDestroy();
    do await ask();
    while (refusals.at(-1) === true);
  });

  it('are held back as well where Node.js would answer them itself', async () => {
    const finish: (() => void)[] = [];
    const { port } = await serve((_request, response) => void finish.push(() => response.end('done')));
    const odd = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nExpect: rain\r\n';
    const socket = await dial(port, `${GET}${`${odd}\r\n`.repeat(100)}${odd}Connection: close\r\n\r\n`);
    await until(() => finish.length === 1);
    const answered = rest(socket);
    finish[0]?.();
    expect((await answered).match(/HTTP\/1\.1 \d+ /g)).toEqual([
      'HTTP/1.1 200 ',
      ...Array.from({ length: 101 }, () => 'HTTP/1.1 417 '),
    ]);
  });

  it('end with one 400 after the answers to those before, when the next is not HTTP', async () => {
    let finish: (() => void) | undefined;
    const { port } = await serve((_request, response) => {
      finish = () => response.end('first');
    });
    const answered = rest(await dial(port, `${GET}nonsense\r\n\r\n`));
    await until(() => finish !== undefined);
    finish?.();
    expect(await answered).toMatch(
      /^HTTP\/1\.1 200 .*\r\n\r\nfirstHTTP\/1\.1 400 .*the request is not valid HTTP\n$/s,
    );
  });
});

describe('the pieces of a read', () => {
  it.each([
    ['GET / HTTP/1.1\r\nHost: x\r\n', ['GET / HTTP/1.1\r\nHost: x\r\n']],
    ['POST\r\n\r\nbody', ['POST\r\n\r\nbody']],
    ['a\r\n\r\nb\r\n\r\nc', ['a\r\n\r\n', 'b\r\n\r\n', 'c']],
    ['\r\n\r\n\r\n\r\n', ['\r\n\r\n', '\r\n\r\n']],
  ])('of %j end the headers of one request at most', (read, pieces) => {
    expect(piecesOf(Buffer.from(read)).map(String)).toEqual(pieces);
  });
});

describe('limits', () => {
  it('refuse requests beyond those that may be open, and let them in again afterwards', async () => {
    const finish: (() => void)[] = [];
    const { port, refused, isOpen } = await serve(
      (_request, response) => void finish.push(() => response.end('done')),
      { maxOpenRequests: 2 },
    );
    const sockets = [await dial(port, GET), await dial(port, GET)];
    await until(() => finish.length === 2);
    const third = await dial(port, GET);
    expect(String((await once(third, 'data'))[0])).toMatch(/^HTTP\/1\.1 503 /);
    expect(await refused()).toEqual({ requests: 1 });
    for (const each of finish) each();
    await until(async () => (await isOpen()) === 0);
    third.write(GET);
    await until(() => finish.length === 3);
    for (const socket of [...sockets, third]) socket.destroy();
  });

  it('count work whose client has left until it is done', async () => {
    let request: IncomingMessage | undefined;
    const { port, traffic, isOpen } = await serve((given) => {
      request = given;
    });
    const socket = await dial(port, GET);
    await until(() => request !== undefined);
    // One that only closes its side may still read.
    socket.resetAndDestroy();
    await until(() => request?.socket.destroyed === true);
    await sleep(20);
    expect(await isOpen()).toBe(1);
    if (request !== undefined) traffic.handled(request);
    expect(await isOpen()).toBe(0);
  });

  it('close connections beyond those of one address', async () => {
    const { port, refused } = await serve((_request, response) => void response.end(), {
      maxConnections: 4,
      addressShare: 0.5,
    });
    const kept = [await dial(port), await dial(port)];
    const third = await dial(port);
    await rest(third);
    expect(await refused()).toEqual({ connections: 1 });
    for (const socket of kept) socket.destroy();
  });

  it('count bytes in memory and of uploads until the answer is read', async () => {
    const seen: unknown[] = [];
    const { port } = await serve(
      (request, response, traffic) => {
        for (const [kind, bytes] of [
          ['keepBytes', 600],
          ['keepBytes', 600],
          ['unknown', 300],
          ['unknown', 1],
          ['known', 400],
          ['known', 1],
        ] as const) {
          try {
            if (kind === 'keepBytes') traffic.keepBytes(request, bytes);
            else traffic.keepUpload(request, bytes, kind === 'known');
            seen.push(`${kind} ${bytes}`);
          } catch (error) {
            seen.push(error instanceof OverloadError ? error.reason : error);
          }
        }
        response.end();
      },
      { maxBufferedBytes: 1000, maxUnknownUploadBytes: 300, maxUploadBytes: 400 },
    );
    const socket = await dial(port, `${GET}`);
    await once(socket, 'data');
    socket.end(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await rest(socket);
    const once1 = ['keepBytes 600', 'bytes', 'unknown 300', 'unknown-uploads', 'known 400', 'uploads'];
    expect(seen).toEqual([...once1, ...once1]);
  });

  it('share an amount among addresses', () => {
    const limit = new SharedLimit(10, 0.5);
    expect([limit.take('a', 5), limit.take('a'), limit.take('b', 5), limit.take('c')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    limit.give('a', 5);
    expect([limit.take('c', 5), limit.taken]).toEqual([true, 10]);
  });

  it('are of addresses, those of IPv6 by their /64 network', () => {
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:db8:1:2:ffff::1'));
    expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'));
    expect(addressKey(undefined)).toBe('unknown');
  });

  it('are checked by name and value', () => {
    expect(limitsOf({ maxConnections: 5 })).toEqual({ ...defaultLimits, maxConnections: 5 });
    expect(() => limitsOf({ maxConnections: 0 })).toThrow(
      'limits.maxConnections: expected a number above 0, found 0',
    );
    expect(() => limitsOf({ addressShare: 2 })).toThrow(
      'limits.addressShare: expected a number above 0, up to 1, found 2',
    );
    expect(() => limitsOf(JSON.parse('{"maxFish":1}'))).toThrow(
      'limits.maxFish: no such limit; expected maxRequestBytes,',
    );
  });
});

describe('silence', () => {
  it('of a client that does not finish its headers ends with 408', async () => {
    const { port, refused } = await serve(() => undefined, { headerTimeout: 60 });
    expect(await rest(await dial(port, 'GET / HTTP/1.1\r\nHost'))).toMatch(/^HTTP\/1\.1 408 /);
    expect(await refused()).toEqual({ silence: 1 });
  });

  it('of a client that does not finish its body ends with 408', async () => {
    const { port } = await serve((request) => void request.resume(), { silenceTimeout: 60 });
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc';
    expect(await rest(await dial(port, head))).toMatch(
      /^HTTP\/1\.1 408 .*the body of the request did not arrive/s,
    );
  });

  it('of a client in the middle of a call ends with a fault', async () => {
    const { port } = await serve(
      (request) => void request.resume(),
      { silenceTimeout: 60 },
      incompleteContent,
    );
    const post = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc`;
    const words = 'the body of the request did not arrive in time';
    const soap = await rest(await dial(port, post('/scene7/services/IpsApiService?x')));
    expect(soap).toMatch(/^HTTP\/1\.1 408 .*Content-Type: text\/xml;charset=utf-8.*<(\w+:)?Envelope/s);
    expect(soap).toContain(words);
    const plain = await rest(await dial(port, post('/scene7/UploadFile/')));
    expect(plain).toMatch(/text\/xml.*\r\n\r\n(?!.*Envelope).*<code>/s);
    expect(plain).toContain(words);
    // Paths of images and requests without a path answer with text.
    expect(await rest(await dial(port, post('/is/image/a')))).toMatch(/text\/plain.*in time\n$/s);
    expect(await rest(await dial(port, 'POST \0'))).toMatch(/^HTTP\/1\.1 400 .*text\/plain/s);
  });

  it('of a client that does not read its answer ends the connection', async () => {
    const { port, refused } = await serve((_request, response) => void response.end(Buffer.alloc(2 ** 26)), {
      silenceTimeout: 100,
    });
    const socket = await dial(port, GET);
    socket.pause();
    const closed = once(socket, 'close');
    await until(async () => (await refused())['silence'] === 1);
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(2 ** 26);
  });

  it('is not that of a client that waits for slow work, however long it takes', async () => {
    const { port, refused } = await serve(
      async (_request, response) => {
        await sleep(400);
        response.end('worth it');
      },
      { silenceTimeout: 50, headerTimeout: 50 },
    );
    // The start of a further request arrives meanwhile, and is not held against it either.
    const socket = await dial(port, `${GET}GET /ne`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/worth it$/);
    expect(await refused()).toEqual({});
    socket.destroy();
  });

  it('is not that of a client whose request waits to be read, because the process was busy', async () => {
    const { port, server, refused } = await serve((_request, response) => void response.end('read'), {
      headerTimeout: 30,
      silenceTimeout: 30,
    });
    server.keepAliveTimeout = 1;
    const socket = await dial(port);
    for (let request = 0; request < 2; request += 1) {
      socket.write(GET);
      // Longer than all timeouts, of which Node.js extends the one between requests by a second.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
      const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
      expect(String(answer)).toMatch(/read$/);
    }
    expect(await refused()).toEqual({});
    socket.destroy();
  });
});

it('a server that drains finishes open requests, refuses those behind them and closes idle connections', async () => {
  const finish: (() => void)[] = [];
  const { port, traffic, server, refused } = await serve(
    (_request, response) => void finish.push(() => response.end('done')),
  );
  const idle = await dial(port);
  const busy = await dial(port, GET + GET);
  await until(() => finish.length === 1);
  traffic.drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  expect(await rest(idle)).toBe('');
  const answered = rest(busy);
  finish[0]?.();
  expect(await answered).toMatch(/^HTTP\/1\.1 200 .*connection: close.*done/is);
  await closed;
  expect(finish).toHaveLength(1);
  expect(Object.keys(await refused())).not.toContain('requests');
});

describe('a request that arrives slowly', () => {
  const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n';
  /** Sends a piece of the body again and again until the connection ends. */
  async function send(port: number, piece: string): Promise<string> {
    const socket = await dial(port, HEAD);
    const timer = setInterval(() => socket.write(piece), 10);
    try {
      return await rest(socket);
    } finally {
      clearInterval(timer);
    }
  }
  /** Receives a request and answers it when its body is complete. */
  const receive: Handle = (request, response) =>
    void request
      .resume()
      .once('end', () => response.end('received').on('finish', () => request.socket.end()));

  it('is ended below the rate, though its client is never silent', async () => {
    const { port, refused } = await serve(receive, { silenceTimeout: 100, minReceiveRate: 50_000 });
    expect(await send(port, 'a')).toMatch(
      /^HTTP\/1\.1 408 .*arrives at less than 50000 bytes per second\n$/s,
    );
    expect(await refused()).toEqual({ slowness: 1 });
  });

  it('is received above the rate', async () => {
    const { port, refused } = await serve(receive, { silenceTimeout: 2000, minReceiveRate: 50 });
    expect(await send(port, 'a'.repeat(20_000))).toMatch(/received$/);
    expect(await refused()).toEqual({});
  });

  it('is measured only while its client has to send', () => {
    const socket = { bytesRead: 0, writableLength: 0, isPaused: () => false, once: () => undefined };
    const request = { complete: false, readableLength: 0, readableHighWaterMark: 100 };
    const response = { once: () => undefined };
    const exchange = { request, response, begin: () => undefined, sendingTime: 0, receivedBytes: 0 };
    // What the connection does not touch here is left out.
    const connection = new Connection(socket as unknown as Socket, 'a');
    connection.add(exchange as unknown as Exchange);
    const look = (bytes: number): boolean => {
      socket.bytesRead += bytes;
      return connection.isTooSlow(1000, { grace: 3000, rate: 10 });
    };
    // The server has not emptied the buffer.
    request.readableLength = 100;
    expect([look(100), look(0), look(0), look(0), look(0)]).toEqual(Array(5).fill(false));
    request.readableLength = 0;
    // What arrived before counts for nothing, and the grace has to pass.
    expect([look(9), look(9), look(9)]).toEqual([false, false, false]);
    expect(look(12)).toBe(true);
    expect(look(11)).toBe(false);
    socket.writableLength = 1;
    expect(look(0)).toBe(false);
    socket.writableLength = 0;
    request.complete = true;
    expect(look(0)).toBe(false);
  });
});
