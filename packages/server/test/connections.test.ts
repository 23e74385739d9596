// Slow clients, and stopping the server.
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import pino from 'pino';
import { expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { withoutValues } from '../src/error-log.js';
import { connect } from './support/call.js';

async function open(server: IpsServer, head: string): Promise<Socket> {
  const socket = connectSocket(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

/** Waits for the end of a connection, soft or not. */
const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.once('close', () => resolve()));

it('a request whose body does not arrive in time is dropped', async () => {
  const server = await createIpsServer({ limits: { bodyTimeout: 100 } });
  const socket = await open(
    server,
    'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<',
  );
  // It is never silent for long.
  const drip = setInterval(() => socket.write(' '), 20);
  await ended(socket);
  clearInterval(drip);
  expect(await connect(server).call('getProperty', { name: 'IpsVersion' })).toHaveProperty('value');
  await server.stop();
});

it('a request that expects 100 Continue gets it', async () => {
  const server = await createIpsServer();
  const socket = await open(
    server,
    'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n',
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 100 /);
  socket.write('3\r\n<a>\r\n4\r\n</a>\r\n0\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 500 /);
  socket.destroy();
  await server.stop();
});

it('a stopping server does not wait forever for a client that sends slowly', async () => {
  const server = await createIpsServer({ limits: { stopTimeout: 100 } });
  const socket = await open(
    server,
    'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n',
  );
  const drip = setInterval(() => socket.write('x'), 20);
  const closed = ended(socket);
  await server.stop();
  await closed;
  clearInterval(drip);
});

it('a failed query is logged without its values', () => {
  const lines: string[] = [];
  const log = withoutValues(pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }));
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(secret-1)',
  });
  const error = Object.assign(new Error('Failed query: insert\nparams: secret-2', { cause }), {
    query: 'insert',
    params: ['secret-3'],
  });
  log.error({ err: error }, 'an operation failed unexpectedly');
  log.error({ err: new Error('something else') }, 'so did this');
  expect(lines.join('')).not.toContain('secret');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: { message: 'duplicate key', query: 'insert', code: '23505' },
  });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ err: { message: 'something else' } });
});

it('a lost connection is logged without the connection, and without the key that cancels its queries', () => {
  const lines: string[] = [];
  const log = withoutValues(pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }));
  const client = { processID: 4711, secretKey: 'secret-1', connectionParameters: { password: 'secret-2' } };
  const lost = Object.assign(new Error('terminating connection'), {
    code: '57P01',
    severity: 'FATAL',
    client,
    detail: 'secret-3',
  });
  log.error({ err: lost }, 'as the pool reports it');
  log.error({ err: new Error('outer', { cause: Object.assign(new Error('inner'), { client }) }) }, 'nested');
  log.error({ err: client }, 'no error at all');
  log.error({ error: lost }, 'under another name');
  expect(lines).toHaveLength(4);
  expect(lines.join('')).not.toMatch(/secret|4711|processID/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: { message: 'terminating connection', code: '57P01', severity: 'FATAL' },
  });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({
    err: { message: 'outer', cause: { message: 'inner' } },
  });
});

it('a fault does not repeat the password of a URL', async () => {
  const server = await createIpsServer();
  const fault = await connect(server).fault('submitJob', {
    companyHandle: 'c|6',
    jobName: 'secret',
    uploadUrlsJob: {
      urlArray: [
        { sourceUrl: 'http://example.com/a.png', destPath: 'ftp://ann:hidden@ftp.example.com/../a.png' },
      ],
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  });
  expect(fault.reason).toContain('ftp://ann:***@ftp.example.com/../a.png');
  await server.stop();
});
