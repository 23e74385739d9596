import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fileChunks } from '../src/files/file-chunks.js';
import { DirectoryFileStore, type FileStore, FileTooLargeError } from '../src/files/file-store.js';
import { S3FileStore } from '../src/files/s3/s3-file-store.js';
import { parseS3Location } from '../src/files/s3/s3-location.js';
import { imageWork } from '../src/images/image-library.js';
import { StorageError } from '../src/storage-problem.js';
import { BUCKET, S3_KEYS, type S3Service, startS3 } from './support/s3-service.js';

const folder = mkdtempSync(join(tmpdir(), 'ips-file-store-'));
const LARGE = Buffer.alloc(700_000, 'shoes and boots ');
let service: S3Service;

beforeAll(async () => {
  service = await startS3();
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** The stores, each in a folder of the local disk that also receives files. */
const KINDS = {
  'a directory': (root: string): FileStore => new DirectoryFileStore(root),
  'an S3-compatible service': (root: string): FileStore =>
    new S3FileStore({
      location: parseS3Location(`s3://${BUCKET}/shared-suite?endpoint=${service.url}`, S3_KEYS),
      directory: root,
      maxCopyBytes: 1e9,
      presignedDownloads: false,
      // Large files have several parts.
      partBytes: 300_000,
    }),
};

describe.each(Object.entries(KINDS))('a store in %s', (kind, create) => {
  const root = join(folder, kind);
  let store: FileStore;
  beforeAll(async () => {
    store = create(root);
    await store.open();
  });
  afterAll(() => store.close());

  const incoming = (): string[] => readdirSync(join(root, 'incoming'));
  const content = async (hash: string, range?: { start: number; end: number }): Promise<string> =>
    (await buffer(store.read(hash, range))).toString();
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const listed = async (): Promise<string[]> => {
    const hashes: string[] = [];
    for await (const hash of store.list()) hashes.push(hash);
    return hashes.sort();
  };

  describe('keeps a file', () => {
    it('with the same hash from a buffer, a stream, a file and what something else writes', async () => {
      const path = join(folder, 'large');
      writeFileSync(path, LARGE);
      const stored = [
        await store.put(LARGE),
        await store.put(Readable.from([LARGE.subarray(0, 5), LARGE.subarray(5)])),
        await store.put(fileChunks(path)),
        await store.putWritten((to) => writeFile(to, LARGE)),
      ];
      expect(new Set(stored.map(({ hash }) => hash)).size).toBe(1);
      expect(stored.map(({ size }) => size)).toEqual(Array(4).fill(LARGE.length));
      expect(await content(stored[0]?.hash ?? '')).toBe(LARGE.toString());
      expect(incoming()).toEqual([]);
    });

    it('that only its owner can read, also while something else writes it', async () => {
      let modeWhileWritten = 0;
      const { hash } = await store.putWritten(async (to) => {
        await writeFile(to, 'private');
        modeWhileWritten = statSync(to).mode & 0o777;
      });
      expect(modeWhileWritten).toBe(0o600);
      expect(statSync(await store.path(hash)).mode & 0o777).toBe(0o600);
    });

    it('apart from those that are read at the same time', async () => {
      const names = Array.from({ length: 40 }, (_, at) => join(folder, `file${at}`));
      for (const [at, name] of names.entries()) writeFileSync(name, Buffer.alloc(600_000, `${at} `));
      const stored = await Promise.all(names.map((name) => store.put(fileChunks(name))));
      for (const [at, { hash }] of stored.entries())
        expect((await content(hash)) === readFileSync(names[at] ?? '', 'utf8')).toBe(true);
    });

    it('of no bytes', async () => {
      const { hash, size } = await store.put(new Uint8Array());
      expect(size).toBe(0);
      expect(await store.size(hash)).toBe(0);
      expect(await content(hash)).toBe('');
      expect(readFileSync(await store.path(hash), 'utf8')).toBe('');
    });

    it('and delivers all of it, a part, its size, its time and a path', async () => {
      const before = Date.now();
      const { hash } = await store.put(Buffer.from('red shoes'));
      expect(await content(hash)).toBe('red shoes');
      expect(await content(hash, { start: 4, end: 9 })).toBe('shoes');
      expect(await content(hash, { start: 0, end: 1 })).toBe('r');
      expect(await store.size(hash)).toBe(9);
      expect(readFileSync(await store.path(hash), 'utf8')).toBe('red shoes');
      // Services give whole seconds.
      const age = ((await store.modified(hash))?.getTime() ?? 0) - before;
      expect(age).toBeGreaterThan(-1500);
      expect(age).toBeLessThan(60_000);
    });

    it('once it is kept, not while it is staged or discarded', async () => {
      const kept = await store.stage(Buffer.from('kept'));
      expect(await store.size(kept.hash)).toBeUndefined();
      await kept.keep();
      expect(await store.size(kept.hash)).toBe(4);
      const discarded = await store.stage(Buffer.from('discarded'));
      await discarded.discard();
      expect(await store.size(discarded.hash)).toBeUndefined();
      await store.stage(Buffer.from('forgotten'));
      await store.discardStaged(new Date(Date.now() - 60_000));
      expect(incoming()).toHaveLength(1);
      await store.discardStaged(new Date(Date.now() + 60_000));
      expect(incoming()).toEqual([]);
    });

    it('until it is deleted', async () => {
      const before = await listed();
      const { hash } = await store.put(Buffer.from('short-lived'));
      expect(await listed()).toEqual([...before, hash].sort());
      await store.delete(hash);
      await store.delete(hash);
      expect(await listed()).toEqual(before);
      expect(await store.size(hash)).toBeUndefined();
      expect(await store.modified(hash)).toBeUndefined();
      await expect(content(hash)).rejects.toMatchObject({ code: 'ENOENT' });
      const path = await store.path(hash);
      expect(() => readFileSync(path)).toThrow('ENOENT');
    });
  });

  it('refuses what is not a hash', async () => {
    for (const bad of ['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}/x`])
      await expect(store.size(bad)).rejects.toThrow('is not the hash of a stored file');
  });

  it('remembers since when files are unused', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map(hashOf) as [string, string, string];
    const days = [1, 2, 3, 4].map((day) => new Date(Date.UTC(2020, 1, day))) as [Date, Date, Date, Date];
    await store.recordUnused([first, second], days[0]);
    expect(await store.recordUnused([second, third], days[1])).toEqual(
      new Map([
        [second, days[0]],
        [third, days[1]],
      ]),
    );
    expect(await store.recordUnused([], days[2])).toEqual(new Map());
    expect(await store.recordUnused([second], days[3])).toEqual(new Map([[second, days[3]]]));
    expect(await listed()).not.toContain(second);
  });

  describe('has an identity', () => {
    const ids = [1, 2].map((digit) => `${digit}`.repeat(36)) as [string, string];

    it('that it keeps, and that can be replaced', async () => {
      const other = create(join(folder, `${kind} with identity`));
      await other.open();
      expect(await store.identity()).toBeUndefined();
      await store.identify(ids[0]);
      expect(await store.identity()).toBe(ids[0]);
      await store.identify(ids[1]);
      expect(await store.identity()).toBe(ids[1]);
      expect(await listed()).not.toContain('store-id');
      await other.close();
    });

    it('without which it stores nothing and removes nothing', async () => {
      const strict = create(root);
      await strict.open();
      await strict.identify(ids[1]);
      strict.expect(ids[1]);
      const { hash } = await strict.put(Buffer.from('before'));
      const none = '0'.repeat(64);
      expect([await strict.problem(), await strict.size(none)]).toEqual([undefined, undefined]);
      const staged = await strict.stage(Buffer.from('before'));
      await store.identify(ids[0]);
      // A store in a directory notices another directory at once; this one is the same.
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_000);
      onTestFinished(() => void vi.restoreAllMocks());
      const words = 'has been replaced: its store-id is that of another one';
      await expect(staged.keep()).rejects.toThrow(words);
      await staged.discard();
      await expect(strict.put(Buffer.from('after'))).rejects.toThrow(StorageError);
      await expect(strict.discardStaged(new Date())).rejects.toThrow(words);
      // What it lacks may be in the one that belongs here.
      await expect(strict.size(none)).rejects.toThrow(words);
      await expect(strict.modified(none)).rejects.toThrow(words);
      await expect(strict.check()).rejects.toThrow(words);
      vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
      expect(await strict.problem()).toContain(words);
      await store.identify(ids[1]);
      await strict.put(Buffer.from('after'));
      expect(await strict.size(hash)).toBe(6);
      await strict.close();
    });
  });

  it('has no problem, and no URL unless that is requested', async () => {
    expect(await store.problem()).toBeUndefined();
    const { hash } = await store.put(Buffer.from('red shoes'));
    expect(await store.downloadUrl(hash, { mediaType: 'text/plain', disposition: 'inline' })).toBeUndefined();
  });

  describe('stores nothing', () => {
    it('of a file that is too large, and its stream is closed', async () => {
      const stream = Readable.from([LARGE, LARGE]);
      await expect(store.put(stream, { maxBytes: LARGE.length })).rejects.toThrow(FileTooLargeError);
      expect(stream.destroyed).toBe(true);
      expect(incoming()).toEqual([]);
    });

    it('of a stream that fails or ends early', async () => {
      const failing = new Readable({ read: () => undefined });
      failing.push('begin');
      setImmediate(() => failing.destroy(new Error('the sender is gone')));
      await expect(store.put(failing)).rejects.toThrow('the sender is gone');
      const ending = new Readable({ read: () => undefined });
      ending.push('begin');
      setImmediate(() => ending.destroy());
      await expect(store.put(ending)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      expect(incoming()).toEqual([]);
    });

    it('of what could not be written', async () => {
      const failed = store.putWritten(async (to) => {
        await writeFile(to, 'half');
        throw new Error('no more');
      });
      await expect(failed).rejects.toThrow('no more');
      expect(incoming()).toEqual([]);
    });

    it('of a file whose signal is aborted', async () => {
      const path = join(folder, 'aborted');
      writeFileSync(path, LARGE);
      const aborted = AbortSignal.abort(new Error('stopped'));
      await expect(store.put(fileChunks(path, aborted))).rejects.toThrow('stopped');
      expect(incoming()).toEqual([]);
    });

    it.runIf(process.platform === 'linux')('in a directory that cannot be created', async () => {
      await expect(create(`/proc/${kind}`).open()).rejects.toThrow(
        `/proc/${kind} cannot be created: its file system does not permit it`,
      );
    });

    it('in a directory that has vanished, which is not created again', async () => {
      const gone = join(folder, `${kind} that is gone`);
      const lost = create(gone);
      await lost.open();
      const staged = await lost.stage(Buffer.from('early'));
      rmSync(gone, { recursive: true });
      await expect(staged.keep()).rejects.toThrow(StorageError);
      await expect(lost.put(Buffer.from('late'))).rejects.toThrow(StorageError);
      await expect(lost.putWritten((to) => writeFile(to, 'late'))).rejects.toThrow(StorageError);
      expect(await lost.problem()).toBe('the directory of the files is missing');
      expect(readdirSync(folder)).not.toContain(`${kind} that is gone`);
      await lost.close();
    });
  });
});

it('calls a disk that is full while the image library writes by its name, not the image damaged', async () => {
  const full = (): Promise<never> =>
    Promise.reject(new Error('wbuffer_write: write failed\nunix error: No space left on device\n'));
  const works = [1, 2, 3].map(() => imageWork(full, undefined, 1));
  for (const work of works) await expect(work).rejects.toThrow(new StorageError('the disk is full'));
});
