// Clients that send slowly, and uploads in progress of known callers, against a whole server over sockets.
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codec } from '@ips-sdk/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';

const companyHandle = 'c|6';
const OPTIONS = { overwrite: true, readyForPublish: false, createMask: false, emailSetting: 'None' } as const;
const BOUNDARY = 'xxBOUNDARYxx';
/** Bytes on disk of uploads in progress, of all and of one address. */
const ROOM = 1_000_000;

let dataDir: string;
let server: IpsServer;
let slowServer: IpsServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ips-slow-'));
  [server, slowServer] = await Promise.all([
    createIpsServer({ dataDir: join(dataDir, 'a'), limits: { maxUploadBytes: ROOM, addressShare: 1 } }),
    createIpsServer({
      dataDir: join(dataDir, 'b'),
      limits: { silenceTimeout: 1500, minReceiveRate: 2000, addressShare: 1 },
    }),
  ]);
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server?.stop();
  await slowServer?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(at = server): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
  const socket = dial(Number(new URL(at.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const answer = once(socket, 'close').then(() => Buffer.concat(chunks).toString('utf8'));
  return { socket, answer };
}

const head = (path: string, length: number, type: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;

/** The parts of an upload before its file. */
function formStart(jobName: string, at = server): string {
  const { email, password } = at.admin;
  const params = codec.encodeMessage('UploadPostParam', { companyHandle, jobName, uploadParams: OPTIONS });
  const part = (name: string, value: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return `${part('auth', `<authHeader><user>${email}</user><password>${password}</password></authHeader>`)}${part(
    'uploadParams',
    params,
  )}--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${jobName}.txt"\r\n\r\n`;
}

const UPLOAD_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const END = `\r\n--${BOUNDARY}--\r\n`;

/** Begins an upload with some bytes of its file. */
async function begin(jobName: string, size: number, sent: number, at = server) {
  const start = formStart(jobName, at);
  const { socket, answer } = await open(at);
  socket.write(head('/scene7/UploadFile', start.length + size + END.length, UPLOAD_TYPE));
  socket.write(start);
  socket.write(Buffer.alloc(sent, 'x'));
  return {
    socket,
    answer,
    rest: () => socket.write(Buffer.concat([Buffer.alloc(size - sent, 'x'), Buffer.from(END)])),
  };
}

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

async function upload(jobName: string, size: number): Promise<string> {
  const begun = await begin(jobName, size, 0);
  begun.rest();
  return begun.answer;
}

/** A byte every 50 milliseconds, which is never silence, until the server has enough. */
function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write('x'), 50);
  socket.once('close', () => clearInterval(timer));
}

const stagedFiles = (directory = 'a'): string[] => {
  const path = join(dataDir, directory, 'files', 'incoming');
  return existsSync(path) ? readdirSync(path) : [];
};

describe('a client that sends a byte now and then', () => {
  it.each([
    [
      '/scene7/services/IpsApiService',
      'text/xml',
      /^HTTP\/1\.1 408 [\s\S]*<soapenv:Fault|^HTTP\/1\.1 408 [\s\S]*Fault>/,
    ],
    ['/scene7/api/IpsApiService', 'text/xml', /^HTTP\/1\.1 408 [\s\S]*<code>/],
    ['/scene7/UploadFile', UPLOAD_TYPE, /^HTTP\/1\.1 408 [\s\S]*<code>/],
  ])('is ended with a fault at %s, and others are served', async (path, type, fault) => {
    const { socket, answer } = await open(slowServer);
    socket.write(head(path, 100_000, type));
    socket.write(type === UPLOAD_TYPE ? formStart('slow', slowServer) : '<');
    trickle(socket);
    const text = await answer;
    expect(text).toMatch(fault);
    expect(text).toContain('the request arrives at less than 2000 bytes per second');
    expect((await fetch(`${slowServer.url}/healthz`)).status).toBe(200);
  });

  it('leaves nothing of its upload, and no job', async () => {
    const { socket, answer } = await begin('slow', 500_000, 10, slowServer);
    trickle(socket);
    expect(statusOf(await answer)).toBe(408);
    await expect.poll(() => stagedFiles('b'), { timeout: 20_000 }).toEqual([]);
    const { jobLogArray } = await connect(slowServer).call('getJobLogs', { companyHandle });
    expect((jobLogArray ?? []).filter(({ originalJobName }) => originalJobName === 'slow')).toEqual([]);
  });

  it('is counted in the metrics', async () => {
    const text = await (await fetch(`${slowServer.url}/metrics`)).text();
    expect(text).toMatch(/reason="slowness"\}? [1-9]|slowness"[^\n]*\} [1-9]/);
  });
});

describe('uploads of known callers in progress', () => {
  it('have a limit on the disk, which is free again when they end', async () => {
    const first = await begin('first', 700_000, 600_000);
    // It is on the disk when the server has read it.
    await expect.poll(() => stagedFiles()).not.toEqual([]);
    const second = await upload('second', 700_000);
    expect(statusOf(second)).toBe(503);
    expect(second).toMatch(/\r\nRetry-After: \d+/i);
    expect(second).toContain('too many bytes are being uploaded at once');
    first.rest();
    expect(statusOf(await first.answer)).toBe(200);
    expect(statusOf(await upload('third', 700_000))).toBe(200);
    await expect.poll(() => stagedFiles()).toEqual([]);
  });

  it('give back what they took when their client leaves', async () => {
    const left = await begin('left', 900_000, 800_000);
    await expect.poll(() => stagedFiles()).not.toEqual([]);
    left.socket.destroy();
    await expect.poll(() => stagedFiles()).toEqual([]);
    expect(statusOf(await upload('after', 900_000))).toBe(200);
  });

  it('refuse a single file that could never fit', async () => {
    const answer = await upload('huge', ROOM + 1);
    expect(statusOf(answer)).toBe(503);
    await expect.poll(() => stagedFiles()).toEqual([]);
  });
});
