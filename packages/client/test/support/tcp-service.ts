import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of bytes, for what no HTTP server would say. */
export interface TcpService {
  readonly endpoint: string;
  readonly port: number;
  /** How many connections there were. */
  readonly connections: () => number;
}

/**
 * Starts one that ends with the test.
 *
 * @param onConnection - Gets each connection with its number, from 1.
 */
export async function startTcp(onConnection: (socket: Socket, number: number) => void): Promise<TcpService> {
  const open = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    count += 1;
    onConnection(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    endpoint: `http://127.0.0.1:${port}/scene7/services/IpsApiService`,
    connections: () => count,
  };
}

/** Calls back with each request on a connection, once its body is there. */
export function onRequests(socket: Socket, answer: (xml: string, number: number) => void): void {
  let pending = Buffer.alloc(0);
  let count = 0;
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(pending.subarray(0, end).toString())?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const xml = pending.subarray(end + 4, end + 4 + length).toString();
      pending = pending.subarray(end + 4 + length);
      count += 1;
      answer(xml, count);
    }
  });
}

/** An HTTP answer as text. `Content-Length` is right unless it is given. */
export function httpAnswer(
  status: number | string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Buffer {
  const bytes = Buffer.from(body);
  const all = {
    'Content-Type': 'text/xml; charset=utf-8',
    'Content-Length': String(bytes.length),
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`), bytes]);
}
