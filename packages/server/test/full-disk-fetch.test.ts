// A disk that becomes full while a file arrives: the file fails with the reason, the source is not asked again, and the process goes on.
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { FileStore } from '../src/files/file-store.js';
import { fetchFile } from '../src/job-kinds/fetch-file.js';
import { storageProblem } from '../src/storage-problem.js';
import { type FileServer, serveFiles } from './support/file-server.js';

const LIMITS = { maxBytes: 1e9, timeout: 10_000, allowPrivateAddresses: true };
const ROOM = 50_000;
const CONTENT = Buffer.alloc(4_000_000, 'x');

let web: FileServer;
const thrown: unknown[] = [];
const note = (error: unknown): void => void thrown.push(error);

beforeAll(async () => {
  web = await serveFiles({
    '/whole': CONTENT,
    '/chunked': (_, response) => void response.writeHead(200).end(CONTENT),
    '/coded': (_, response) => {
      const content = gzipSync(CONTENT, { level: 0 });
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': content.length }).end(content);
    },
    '/endless': (_, response) => {
      response.writeHead(200, { 'content-length': 1e8 });
      // The rest never arrives, and the disk is full before it is missed.
      response.write(CONTENT);
    },
  });
  process.on('uncaughtException', note);
});

afterEach(() => expect(thrown.splice(0)).toEqual([]));

afterAll(async () => {
  process.off('uncaughtException', note);
  await web.close();
});

const WHEN = ['before', 'at once', 'later'] as const;

/** A store on a disk with room for the beginning of a file. */
function fullStore(code: string, when: (typeof WHEN)[number]): FileStore {
  let room = when === 'at once' ? 0 : ROOM;
  const disk = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      room -= chunk.length;
      done(room < 0 ? Object.assign(new Error(`${code}: write`), { code }) : null);
    },
  });
  const put: FileStore['put'] = async (content) => {
    // No directory for the file can be made, and nothing ever listens to the stream.
    if (when === 'before') throw Object.assign(new Error(`${code}: mkdir`), { code });
    await pipeline(content as never, disk);
    return { hash: '', size: 0 };
  };
  // Fetching uses nothing else of a store.
  return { put } as FileStore;
}

const CASES = ['/whole', '/chunked', '/coded', '/endless'].flatMap((path) =>
  WHEN.map((when) => [path, when] as const),
);

it.each(CASES)('fails %s with the reason: %s', async (path, when) => {
  for (const code of ['ENOSPC', 'EROFS', 'EDQUOT']) {
    const before = web.requests.length;
    const waits: number[] = [];
    const fetched = fetchFile(
      `${web.url}${path}`,
      fullStore(code, when),
      LIMITS,
      new AbortController().signal,
      () => undefined,
      async (milliseconds) => waits.push(milliseconds),
    );
    const error: unknown = await fetched.catch((reason: unknown) => reason);
    expect([storageProblem(error) !== undefined, waits], `${code}: ${error}`).toEqual([true, []]);
    expect(web.requests.length - before).toBe(1);
    // What is destroyed reports its errors later.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
