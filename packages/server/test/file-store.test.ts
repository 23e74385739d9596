import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileChunks } from '../src/files/file-chunks.js';
import { DirectoryFileStore, FileTooLargeError } from '../src/files/file-store.js';
import { imageWork } from '../src/images/image-library.js';
import { StorageError } from '../src/storage-problem.js';

const folder = mkdtempSync(join(tmpdir(), 'ips-file-store-'));
const root = join(folder, 'files');
const store = new DirectoryFileStore(root);
const LARGE = Buffer.alloc(700_000, 'shoes and boots ');

beforeAll(() => store.open());
afterAll(() => rmSync(folder, { recursive: true }));

const incoming = (): string[] => readdirSync(join(root, 'incoming'));
const content = async (hash: string): Promise<string> => (await buffer(store.read(hash))).toString();

describe('a stored file', () => {
  it('has the same hash from a buffer, a stream, a file and what something else writes', async () => {
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

  it('can be read by its owner only, also while something else writes it', async () => {
    let modeWhileWritten = 0;
    const { hash } = await store.putWritten(async (to) => {
      await writeFile(to, 'private');
      modeWhileWritten = statSync(to).mode & 0o777;
    });
    expect(modeWhileWritten).toBe(0o600);
    expect(statSync(await store.path(hash)).mode & 0o777).toBe(0o600);
  });

  it('keeps the chunks of files apart that are read at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, at) => join(folder, `file${at}`));
    for (const [at, name] of names.entries()) writeFileSync(name, Buffer.alloc(600_000, `${at} `));
    const stored = await Promise.all(names.map((name) => store.put(fileChunks(name))));
    for (const [at, { hash }] of stored.entries())
      expect((await content(hash)) === readFileSync(names[at] ?? '', 'utf8')).toBe(true);
  });
});

describe('nothing is stored', () => {
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

  it('in a directory that has vanished, which is not created again', async () => {
    const gone = join(folder, 'gone');
    const lost = new DirectoryFileStore(gone);
    await lost.open();
    const staged = await lost.stage(Buffer.from('early'));
    rmSync(gone, { recursive: true });
    await expect(staged.keep()).rejects.toThrow(StorageError);
    await expect(lost.put(Buffer.from('late'))).rejects.toThrow(StorageError);
    await expect(lost.putWritten((to) => writeFile(to, 'late'))).rejects.toThrow(StorageError);
    expect(readdirSync(folder)).not.toContain('gone');
  });
});

it('calls a disk that is full while the image library writes by its name, not the image damaged', async () => {
  const full = (): Promise<never> =>
    Promise.reject(new Error('wbuffer_write: write failed\nunix error: No space left on device\n'));
  const works = [1, 2, 3].map(() => imageWork(full, undefined, 1));
  for (const work of works) await expect(work).rejects.toThrow(new StorageError('the disk is full'));
});
