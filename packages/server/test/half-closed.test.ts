// Clients that send everything and close their side, as `nc -N` does, still read.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits } from '../src/config.js';
import { Traffic } from '../src/http/traffic/traffic.js';
import { Metrics } from '../src/metrics.js';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server that responds with the path of a request after a while, and the paths of the requests whose response closed early. */
async function serve() {
  const metrics = new Metrics();
  const traffic = new Traffic(defaultLimits, metrics);
  const abandoned: string[] = [];
  const server = createServer((request, response) =>
    traffic.accept(request, response, async (one, other) => {
      other.once('close', () => {
        if (!other.writableFinished) abandoned.push(one.url ?? '');
      });
      one.resume();
      if (one.url === '/events') {
        other.write('<event>');
        return;
      }
      await sleep(50);
      other.end(`<${one.url}>`);
      traffic.handled(one);
    }),
  );
  traffic.attach(server);
  server.on('clientError', (error, socket) => traffic.clientError(error, socket as never));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    traffic.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** Sends a text, closes the side that sends, and returns the response. */
  const send = async (text: string): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end(text);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return answer;
  };
  const places = async () => (await metrics.requestsOpen.get()).values[0]?.value;
  return { port, send, abandoned, places };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string, length: number, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

describe('a client that has closed its side', () => {
  it.each([
    ['a request', get('/healthz'), ['</healthz>']],
    [
      'a request with a body',
      post('/scene7/services/IpsApiService', 4, 'body'),
      ['</scene7/services/IpsApiService>'],
    ],
    ['several requests', get('/1') + get('/2') + get('/3'), ['</1>', '</2>', '</3>']],
  ])('gets the responses to %s, and the connection ends', async (_what, text, bodies) => {
    const { send, places, abandoned } = await serve();
    const answer = await send(text);
    expect(answer.match(/<.*?>/g)).toEqual(bodies);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(bodies.length);
    expect(abandoned).toEqual([]);
    expect(await places()).toBe(0);
  });

  it('in the middle of a body gets an error', async () => {
    const { send } = await serve();
    expect(await send(post('/x', 100, 'half'))).toMatch(/^HTTP\/1\.1 400 .*the request is not valid HTTP/s);
  });

  it('leaves a stream that has begun', async () => {
    const { port, abandoned } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write(get('/events'));
    await once(socket, 'data');
    socket.destroy();
    while (abandoned.length === 0) await sleep(5);
    expect(abandoned).toEqual(['/events']);
  });

  it('gets no image, because most such clients have left', async () => {
    const { send, abandoned } = await serve();
    expect(await send(get('/is/image/SampleCompany/red'))).toBe('');
    expect(abandoned).toEqual(['/is/image/SampleCompany/red']);
    // The decision is that of the connection, not of the server.
    expect(await send(get('/after'))).toContain('</after>');
  });
});
