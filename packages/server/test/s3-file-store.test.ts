// The store in an S3-compatible service while that and the network in between fail.
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { S3FileStore, type S3FileStoreOptions } from '../src/files/s3/s3-file-store.js';
import { parseS3Location } from '../src/files/s3/s3-location.js';
import { keyOf } from '../src/files/stored-files.js';
import { StorageError } from '../src/storage-problem.js';
import {
  BUCKET,
  FaultProxy,
  type Judge,
  S3_KEYS,
  type S3Service,
  type SeenRequest,
  startS3,
} from './support/s3-service.js';

const folder = mkdtempSync(join(tmpdir(), 'ips-s3-store-'));
/** Quick attempts, and an end of silence that tests can wait for. */
const QUICK = { firstWait: 5, longestWait: 20, silence: 400 };
/** Four parts, the last one short. */
const LARGE = randomBytes(350_000);
const LARGE_HASH = createHash('sha256').update(LARGE).digest('hex');
let service: S3Service;
let proxy: FaultProxy;
let number = 0;

beforeAll(async () => {
  service = await startS3();
  proxy = await FaultProxy.start(service.url);
});
afterEach(() => {
  expect(proxy.falsified).toEqual([]);
  proxy.reset();
});
afterAll(async () => {
  await proxy.stop();
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** A store with a prefix and a local directory that nothing else uses. */
async function freshStore(
  options: Partial<S3FileStoreOptions> & { bucket?: string; endpoint?: string; keys?: object } = {},
) {
  number += 1;
  const { bucket = BUCKET, endpoint = proxy.url, keys = S3_KEYS, ...more } = options;
  const directory = join(folder, String(number));
  const store = new S3FileStore({
    location: parseS3Location(`s3://${bucket}/faults/${number}?endpoint=${endpoint}`, { ...keys }),
    directory,
    maxCopyBytes: 1e9,
    presignedDownloads: false,
    partBytes: 100_000,
    patience: QUICK,
    ...more,
  });
  await store.open();
  onTestFinished(() => store.close());
  const copies = join(directory, 'copies');
  return {
    store,
    directory,
    incoming: () => readdirSync(join(directory, 'incoming')),
    copies: () =>
      existsSync(copies)
        ? readdirSync(copies, { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 60)
        : [],
    /** What the service has of it, by its own files. */
    kept: () =>
      service.paths().filter((path) => path.startsWith(`faults/${number}/`) || path.includes('uploads/')),
  };
}

/** Fails the first requests that a condition holds for. */
function first(times: number, when: (seen: SeenRequest) => boolean, fault: ReturnType<Judge>): Judge {
  let left = times;
  return (seen) => {
    if (left === 0 || !when(seen)) return undefined;
    left -= 1;
    return fault;
  };
}

const isPut = ({ method }: SeenRequest): boolean => method === 'PUT';
const isPart = ({ method, query }: SeenRequest): boolean =>
  method === 'PUT' && query.get('partNumber') === '2';
const isGet = ({ method }: SeenRequest): boolean => method === 'GET';
const isComplete = ({ method, query }: SeenRequest): boolean => method === 'POST' && query.has('uploadId');
const isAbort = ({ method, query }: SeenRequest): boolean => method === 'DELETE' && query.has('uploadId');

/** What passes: another attempt succeeds. */
const PASSING: readonly (readonly [string, ReturnType<Judge>])[] = [
  ['500', { status: 500 }],
  ['503 SlowDown', { status: 503, code: 'SlowDown' }],
  ['400 RequestTimeout', { status: 400, code: 'RequestTimeout' }],
  ['a connection cut in the middle of the request', { cutRequestAt: 1 }],
  ['a response that is lost', { cutResponseAt: -1 }],
  ['silence', 'hang'],
];

describe('what passes does not disturb', () => {
  it.each(PASSING)('an upload: %s', async (_, fault) => {
    const { store, incoming } = await freshStore();
    proxy.judge = first(2, isPut, fault);
    const { hash } = await store.put(Buffer.from('red shoes'));
    expect(proxy.seen.filter(isPut)).toHaveLength(3);
    expect((await buffer(store.read(hash))).toString()).toBe('red shoes');
    expect(incoming()).toEqual([]);
  });

  it.each(PASSING)('a part of a large file: %s', async (_, fault) => {
    const { store } = await freshStore();
    proxy.judge = first(2, isPart, fault);
    const { hash } = await store.put(LARGE);
    expect(proxy.seen.filter(isPart)).toHaveLength(3);
    expect((await buffer(store.read(hash))).equals(LARGE)).toBe(true);
  });

  it.each([
    ...PASSING,
    ['an error with status 200', { text: '<Error><Code>InternalError</Code></Error>' }] as const,
  ])('the end of a large file: %s', async (_, fault) => {
    const { store } = await freshStore();
    proxy.judge = first(1, isComplete, fault);
    const { hash, size } = await store.put(LARGE);
    expect(hash).toBe(LARGE_HASH);
    expect(await store.size(hash)).toBe(size);
  });

  it.each([
    ...PASSING.filter(([, fault]) => !(fault instanceof Object && 'cutRequestAt' in fault)),
    ['a response cut in the middle', { cutResponseAt: 120_000 }] as const,
  ])('a download: %s', async (_, fault) => {
    const { store } = await freshStore();
    const { hash } = await store.put(LARGE);
    proxy.judge = first(2, isGet, fault);
    expect((await buffer(store.read(hash))).equals(LARGE)).toBe(true);
    expect(proxy.seen.filter(isGet)).toHaveLength(3);
  });

  it('a part of a file that is cut again and again, and it continues where it was', async () => {
    const { store } = await freshStore();
    const { hash } = await store.put(LARGE);
    proxy.judge = first(8, isGet, { cutResponseAt: 30_000 });
    const part = await buffer(store.read(hash, { start: 10_000, end: 340_000 }));
    expect(part.equals(LARGE.subarray(10_000, 340_000))).toBe(true);
    const starts = proxy.seen
      .filter(isGet)
      .map(({ range }) => Number(/^bytes=(\d+)-339999$/.exec(range ?? '')?.[1]));
    expect(starts).toHaveLength(9);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts.at(-1)).toBeGreaterThan(200_000);
  });

  it('the copy of a file, which all who ask at once share', async () => {
    const { store } = await freshStore();
    const other = await freshStore({ endpoint: proxy.url });
    const { hash } = await store.put(LARGE);
    const same = new S3FileStore({
      location: parseS3Location(`s3://${BUCKET}/faults/${number - 1}?endpoint=${proxy.url}`, S3_KEYS),
      directory: other.directory,
      maxCopyBytes: 1e9,
      presignedDownloads: false,
      patience: QUICK,
    });
    onTestFinished(() => same.close());
    proxy.reset();
    proxy.judge = first(2, isGet, { cutResponseAt: 120_000 });
    const paths = await Promise.all(Array.from({ length: 10 }, () => same.path(hash)));
    expect(new Set(paths).size).toBe(1);
    expect(readFileSync(paths[0] ?? '').equals(LARGE)).toBe(true);
    expect(proxy.seen.filter(isGet)).toHaveLength(3);
    await same.path(hash);
    expect(proxy.seen.filter(isGet)).toHaveLength(3);
  });
});

/** What does not pass, with its name. */
const LASTING: readonly (readonly [string, ReturnType<Judge>])[] = [
  ['the file store responds with status 503 SlowDown', { status: 503, code: 'SlowDown' }],
  ['the file store refuses access', { status: 403, code: 'AccessDenied' }],
  ['the session token for the file store has expired', { status: 400, code: 'ExpiredToken' }],
  ['the file store responds with status 507 QuotaExceeded', { status: 507, code: 'QuotaExceeded' }],
  ['the file store does not respond', 'hang'],
  ['the file store closed the connection early', { cutRequestAt: 1 }],
];

describe('what does not pass is named, and nothing is left:', () => {
  it.each(LASTING)('an upload: %s', async (message, fault) => {
    const { store, incoming, copies, kept } = await freshStore();
    proxy.judge = (seen) => (isPut(seen) ? fault : undefined);
    await expect(store.put(Buffer.from('red shoes'))).rejects.toThrow(new StorageError(message));
    expect([incoming(), copies(), kept()]).toEqual([[], [], []]);
  });

  it.each(LASTING)('a part of a large file: %s', async (message, fault) => {
    const { store, incoming, copies } = await freshStore();
    proxy.judge = (seen) => (isPart(seen) ? fault : undefined);
    await expect(store.put(LARGE)).rejects.toThrow(new StorageError(message));
    expect([incoming(), copies()]).toEqual([[], []]);
    expect(await store.size(LARGE_HASH)).toBeUndefined();
    // What arrived is given back, after all parts that were on their way.
    expect(isAbort(proxy.seen.findLast(({ method }) => method !== 'HEAD') as SeenRequest)).toBe(true);
  });

  it('attempts are few for what lasts, and one where none helps', async () => {
    const { store } = await freshStore();
    proxy.judge = (seen) => (isPut(seen) ? { status: 503, code: 'SlowDown' } : undefined);
    await expect(store.put(Buffer.from('one'))).rejects.toThrow(StorageError);
    expect(proxy.seen).toHaveLength(5);
    proxy.reset();
    proxy.judge = () => ({ status: 403, code: 'AccessDenied' });
    await expect(store.put(Buffer.from('one'))).rejects.toThrow(StorageError);
    expect(proxy.seen).toHaveLength(1);
  });

  it('a bucket that does not exist, and keys that are wrong', async () => {
    const { store: lost } = await freshStore({ bucket: 'no-such-bucket' });
    await expect(lost.put(Buffer.from('one'))).rejects.toThrow('the bucket of the file store does not exist');
    expect(await lost.problem()).toBe('the bucket of the file store does not exist');
    await expect(lost.list()[Symbol.asyncIterator]().next()).rejects.toThrow('the bucket of the file store');
    const { store: unknown } = await freshStore({ keys: { ...S3_KEYS, AWS_ACCESS_KEY_ID: 'NOBODY' } });
    expect(await unknown.problem()).toBe('the file store does not know the access key');
    const { store: wrong } = await freshStore({ keys: { ...S3_KEYS, AWS_SECRET_ACCESS_KEY: 'WRONG' } });
    expect(await wrong.problem()).toBe('the file store refuses the secret access key');
  });

  it('a service that cannot be reached', async () => {
    const { store } = await freshStore({ endpoint: 'http://127.0.0.1:9' });
    expect(await store.problem()).toBe('the file store cannot be reached (ECONNREFUSED)');
    await expect(store.size(LARGE_HASH)).rejects.toThrow(StorageError);
  });

  it('a file that is damaged in the service, which nothing uses', async () => {
    const { store, directory, incoming } = await freshStore();
    const { hash } = await store.put(LARGE);
    rmSync(join(directory, 'copies'), { recursive: true });
    const again = new S3FileStore({
      location: parseS3Location(`s3://${BUCKET}/faults/${number}?endpoint=${proxy.url}`, S3_KEYS),
      directory,
      maxCopyBytes: 1e9,
      presignedDownloads: false,
    });
    onTestFinished(() => again.close());
    proxy.judge = (seen) => (isGet(seen) ? 'damage' : undefined);
    await expect(again.path(hash)).rejects.toThrow('a file in the file store is damaged');
    expect(incoming()).toEqual([]);
  });

  it('a large file that the service did not keep as it was sent', async () => {
    const { store } = await freshStore();
    proxy.judge = (seen) =>
      isComplete(seen)
        ? { text: '<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>' }
        : undefined;
    await expect(store.put(LARGE)).rejects.toThrow('the file store did not keep a file as it was sent');
  });

  it('a service that does not respond while it is checked, which strangers cannot make costly', async () => {
    const { store } = await freshStore();
    expect(await store.problem()).toBeUndefined();
    await Promise.all(Array.from({ length: 50 }, () => store.problem()));
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('the last byte decides:', () => {
  it('a reader that leaves ends the request', async () => {
    const { store } = await freshStore();
    const { hash } = await store.put(LARGE);
    proxy.judge = (seen) => (isGet(seen) ? 'hang' : undefined);
    const stream = store.read(hash);
    stream.on('error', () => undefined).resume();
    await expect.poll(() => proxy.seen.filter(isGet).length).toBe(1);
    stream.destroy();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(proxy.seen.filter(isGet)).toHaveLength(1);
  });

  it('a large file whose end fails although another server has stored it', async () => {
    const { store } = await freshStore();
    let isStored = false;
    proxy.judge = (seen) => {
      if (!isComplete(seen)) return seen.method === 'HEAD' && !isStored ? { status: 404 } : undefined;
      isStored = true;
      return undefined;
    };
    await store.put(LARGE);
    // It seems to be missing when it is looked for, so that it is sent, and there when its end fails.
    proxy.reset();
    isStored = false;
    proxy.judge = (seen) => {
      if (seen.method === 'HEAD' && !isStored) return { status: 404 };
      if (!isComplete(seen)) return undefined;
      isStored = true;
      return { status: 409, code: 'OperationAborted' };
    };
    await store.put(LARGE);
    expect(proxy.seen.filter(isAbort)).toHaveLength(1);
  });

  it('a large file that was just stored is not sent again, and one of long ago is', async () => {
    const { store } = await freshStore();
    await store.put(LARGE);
    proxy.reset();
    await store.put(LARGE);
    expect(proxy.seen.map(({ method }) => method)).toEqual(['HEAD']);
    proxy.reset();
    const now = Date.now;
    onTestFinished(() => {
      Date.now = now;
    });
    Date.now = () => now() + 3_600_000;
    await store.put(LARGE);
    expect(proxy.seen.filter(isPut)).toHaveLength(4);
  });
});

describe('copies on the local disk', () => {
  it('are removed beyond the limit, the oldest first, but none that was used lately', async () => {
    const { store, copies, directory } = await freshStore({ maxCopyBytes: 1_000_000, copyGrace: 600_000 });
    const put = async (): Promise<string> => (await store.put(randomBytes(300_000))).hash;
    const hashes = [await put(), await put(), await put(), await put(), await put()];
    expect(copies()).toHaveLength(5);
    const old = new Date(Date.now() - 900_000);
    for (const hash of hashes.slice(0, 3)) utimesSync(join(directory, 'copies', keyOf(hash)), old, old);
    // The first one is used again.
    const patient = new S3FileStore({
      location: parseS3Location(`s3://${BUCKET}/faults/${number}?endpoint=${proxy.url}`, S3_KEYS),
      directory,
      maxCopyBytes: 1_000_000,
      presignedDownloads: false,
      copyGrace: 600_000,
    });
    onTestFinished(() => patient.close());
    await patient.path(hashes[0] ?? '');
    const { hash: newest } = await patient.put(randomBytes(300_000));
    const left = copies().map((name) => name.slice(-64));
    expect(left.sort()).toEqual([hashes[0], hashes[3], hashes[4], newest].sort());
    // What was removed is copied again.
    expect(statSync(await patient.path(hashes[1] ?? '')).size).toBe(300_000);
  });

  it('go with their files', async () => {
    const { store, copies } = await freshStore();
    const { hash } = await store.put(Buffer.from('red shoes'));
    expect(copies()).toHaveLength(1);
    await store.delete(hash);
    expect(copies()).toEqual([]);
    expect(existsSync(await store.path(hash))).toBe(false);
  });
});

/** A service of few words: it responds by a function, and records what it is asked. */
async function stub(answer: (query: URLSearchParams, method: string) => string | number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://stub');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const said = answer(url.searchParams, request.method ?? '');
    if (typeof said === 'number') response.writeHead(said).end();
    else response.end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('a service that lists in pages', () => {
  const hashes = ['a', 'b', 'c'].map((digit) => digit.repeat(64));

  it('is listed completely, without what is not a file', async () => {
    const contents = (keys: readonly string[]): string =>
      keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
    const service = await stub((query) => {
      const prefix = query.get('prefix') ?? '';
      const keys = hashes.map((hash) => `${prefix}${keyOf(hash)}`);
      return query.get('continuation-token') === 'next&amp;'.replace('amp;', '')
        ? `<ListBucketResult><IsTruncated>false</IsTruncated>${contents([keys[2] ?? '', `${prefix}probe`])}</ListBucketResult>`
        : `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated><NextContinuationToken>next&amp;</NextContinuationToken>${contents(
            [keys[0] ?? '', `${prefix}unused.json`, keys[1] ?? '', `${prefix}aa/bb/${'c'.repeat(64)}`],
          )}</ListBucketResult>`;
    });
    const { store } = await freshStore({ endpoint: service.url });
    const listed: string[] = [];
    for await (const hash of store.list()) listed.push(hash);
    expect(listed).toEqual(hashes);
    expect(service.asked).toHaveLength(2);
  });

  it('that repeats itself is an error', async () => {
    const page = `<R><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken></R>`;
    const { store } = await freshStore({ endpoint: (await stub(() => page)).url });
    await expect(store.list()[Symbol.asyncIterator]().next()).rejects.toThrow('lists the same files again');
  });

  it('gives back the parts of uploads that died long ago, and only those', async () => {
    const upload = (hash: string, id: string, date: string): string =>
      `<Upload><Key>faults/${number}/${keyOf(hash)}</Key><UploadId>${id}</UploadId><Initiator><ID>1</ID></Initiator><Initiated>${date}</Initiated></Upload>`;
    const [a, b, c] = hashes as [string, string, string];
    const service = await stub((query, method) => {
      if (method === 'DELETE') return 204;
      return query.get('key-marker') === 'k'
        ? `<R><IsTruncated>false</IsTruncated>${upload(c, 'third', '2020-01-01T00:00:00.000Z')}</R>`
        : `<R><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>
            ${upload(a, 'first', '2020-01-01T00:00:00.000Z')}${upload(b, 'second', '2020-01-03T00:00:00.000Z')}</R>`;
    });
    const { store } = await freshStore({ endpoint: service.url });
    await store.discardStaged(new Date('2020-01-02T00:00:00Z'));
    const aborted = service.asked.filter((asked) => asked.startsWith('DELETE'));
    expect(aborted).toEqual([
      `DELETE /${BUCKET}/faults/${number}/${keyOf(a)}?uploadId=first`,
      `DELETE /${BUCKET}/faults/${number}/${keyOf(c)}?uploadId=third`,
    ]);
  });

  it.each([403, 405, 501])(
    'may refuse to list uploads with %i, but not for other reasons',
    async (status) => {
      const { store } = await freshStore({ endpoint: (await stub(() => status)).url });
      await store.discardStaged(new Date());
      const { store: failing } = await freshStore({ endpoint: (await stub(() => 500)).url });
      await expect(failing.discardStaged(new Date())).rejects.toThrow(StorageError);
    },
  );
});

it('takes a large file in parts, a few of them in memory', async () => {
  const { store } = await freshStore({ partBytes: 5 * 2 ** 20, patience: {} });
  const size = 200 * 2 ** 20;
  const chunk = randomBytes(2 ** 20);
  const hash = createHash('sha256');
  globalThis.gc?.();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  onTestFinished(() => clearInterval(watch));
  const stored = await store.put(
    (async function* () {
      for (let sent = 0; sent < size; sent += chunk.length) {
        hash.update(chunk);
        yield chunk;
      }
    })(),
  );
  expect(stored).toEqual({ hash: hash.digest('hex'), size });
  expect(await store.size(stored.hash)).toBe(size);
  expect(most).toBeLessThan(120 * 2 ** 20);
  const digest = createHash('sha256');
  for await (const part of createReadStream(await store.path(stored.hash))) digest.update(part as Buffer);
  expect(digest.digest('hex')).toBe(stored.hash);
});
