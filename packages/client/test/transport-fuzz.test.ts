// A server that misbehaves at random, from a seed: whatever it does, every call ends in a value or a typed error within its time, and
// gives back its slot.
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { codec } from '@ips-sdk/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import type { IpsClient } from '../src/index.js';
import { clientOf, collect } from './support/clients.js';
import { httpAnswer, onRequests, startTcp } from './support/tcp-service.js';

const ANSWER = codec.encodeResponse('searchAssets', { totalRows: 0, assetArray: [] });
const BODIES: Readonly<Record<string, Buffer>> = {
  answer: Buffer.from(ANSWER),
  'other answer': Buffer.from(codec.encodeResponse('stopJob', {})),
  fault: Buffer.from(codec.encodeFault({ kind: 'api', code: 30000, reason: 'No' })),
  page: Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'),
  nothing: Buffer.alloc(0),
  noise: Buffer.from([0xff, 0xfe, 0, 1, 2, 0xd8, 0x3c, 0x80]),
  gzip: gzipSync(ANSWER),
  utf16: Buffer.from(`\ufeff${ANSWER}`, 'utf16le'),
  hostile: Buffer.from('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'),
};

/** What the server does with one request. */
interface Misbehaviour {
  readonly before: string;
  readonly status: number | string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How much of the answer is sent, of 1. */
  readonly part: number;
  /** In how many pieces. */
  readonly pieces: number;
  readonly after: 'open' | 'end' | 'reset' | 'more';
}

const header = (name: string, ...values: string[]) =>
  fc.constantFrom(...values).map((value): Record<string, string> => ({ [name]: value }));

const misbehaviour: fc.Arbitrary<Misbehaviour> = fc.record({
  before: fc.constantFrom(
    '',
    '',
    '',
    '',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 102 Wait\r\n\r\n',
    'noise\r\n',
    '\r\n\r\n',
    '\x16\x03\x01',
  ),
  status: fc.constantFrom<number | string>(
    200,
    200,
    200,
    204,
    301,
    400,
    401,
    403,
    404,
    407,
    429,
    500,
    502,
    503,
    504,
    99,
    'abc',
  ),
  headers: fc
    .array(
      fc.oneof(
        header('Content-Length', '', '0', '7', '100000', '-1', 'x', '99999999999999999999'),
        header(
          'Content-Type',
          '',
          'text/html',
          'text/xml; charset=utf-16',
          'text/xml; charset=x-none',
          'text/xml;charset="',
          'multipart/related',
        ),
        header('Content-Encoding', 'gzip', 'deflate', 'br', 'sdch', 'gzip, gzip', 'identity'),
        header('Transfer-Encoding', 'chunked', 'gzip', 'chunked, chunked'),
        header('Retry-After', '0', '-5', 'soon', '1'),
        header('Connection', 'close', 'keep-alive', 'upgrade'),
        header('Location', 'http://127.0.0.1:1/', '::', '/loop'),
        header('Date', 'never', 'Thu, 01 Jan 1970 00:00:00 GMT'),
      ),
      { maxLength: 4 },
    )
    .map((all): Record<string, string> => Object.assign({}, ...all)),
  body: fc.constantFrom(...Object.keys(BODIES)),
  part: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  pieces: fc.integer({ min: 1, max: 4 }),
  after: fc.constantFrom('open', 'open', 'end', 'reset', 'more'),
});

async function misbehave(
  socket: Socket,
  { before, status, headers, body, part, pieces, after }: Misbehaviour,
): Promise<void> {
  const whole = httpAnswer(status, headers, BODIES[body] ?? '');
  const bytes = Buffer.concat([
    Buffer.from(before, 'latin1'),
    whole.subarray(0, Math.ceil(whole.length * part)),
  ]);
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    await new Promise((resolve) => socket.write(bytes.subarray(at, at + size), resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (after === 'end') socket.end();
  if (after === 'reset') socket.resetAndDestroy();
  if (after === 'more') socket.write('<more/>'.repeat(20));
}

const SEARCH = { includeSubfolders: true };
const PATHS: Readonly<Record<string, (ips: IpsClient, endpoint: string) => Promise<unknown>>> = {
  call: (ips) => ips.searchAssets(SEARCH),
  raw: (ips) => ips.callRaw('searchAssets', SEARCH),
  stream: (ips) => collect(ips.stream('searchAssets', SEARCH)),
  download: async (ips, endpoint) => collect((await ips.download(endpoint)).body),
  unsafe: (ips) => ips.submitJob({ jobName: 'x', optimizeImagesJob: { emailSetting: 'None' } }),
};

const TYPED = ['HttpError', 'ConnectionError', 'TimeoutError', 'WireError', 'IpsFault'];
const TIMEOUT = 80;
const SLOTS = 20;
/** Calls that have not ended by then never will. Three attempts and their waits take a fraction of it. */
const NEVER = 20_000;

it.each([false, true])(
  'every call ends in a value or a typed error, and gives back its slot (soap: %s)',
  { timeout: 300_000 },
  async (soap) => {
    let script: Misbehaviour[] | undefined;
    const service = await startTcp((socket) =>
      onRequests(socket, () => {
        const next = script === undefined ? undefined : (script.shift() ?? script.at(-1));
        if (script === undefined || next === undefined) socket.write(httpAnswer(200, {}, ANSWER));
        else void misbehave(socket, next);
      }),
    );
    const ips = clientOf(service, {
      timeout: TIMEOUT,
      concurrency: SLOTS,
      retry: { retries: 1, minDelay: 1, maxDelay: 2 },
    });
    if (soap) await ips.soap;
    const paths = soap ? ['call', 'unsafe'] : Object.keys(PATHS);
    const round = fc.array(fc.tuple(fc.constantFrom(...paths), misbehaviour), {
      minLength: SLOTS,
      maxLength: SLOTS,
    });

    await fc.assert(
      fc.asyncProperty(round, async (calls) => {
        script = calls.map(([, one]) => one);
        const ends = calls.map(async ([path, how]) => {
          let timer: NodeJS.Timeout | undefined;
          const late = new Promise<string>((resolve) => {
            timer = setTimeout(() => resolve('never'), NEVER);
          });
          const call = (PATHS[path]?.(ips, service.endpoint) ?? Promise.resolve()).then(
            () => 'value',
            (error: unknown) => (error instanceof Error ? error.name : String(error)),
          );
          const end = await Promise.race([call, late]);
          clearTimeout(timer);
          return { path, how, end };
        });
        for (const { path, how, end } of await Promise.all(ends))
          expect(['value', ...TYPED], `${path}: ${JSON.stringify(how)}`).toContain(end);
        script = undefined;
        // Every slot is free again: as many calls as there are slots succeed at once. A kept connection may still receive what a
        // misbehaving answer sent behind its end, which fails the first call on it.
        const search = () => ips.searchAssets(SEARCH, { timeout: NEVER });
        await Promise.all(Array.from({ length: SLOTS }, () => search().catch(search)));
      }),
      { numRuns: casesOf(100), endOnFailure: true },
    );
  },
);
