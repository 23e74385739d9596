import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import type { FileStore } from '../files/file-store.js';
import type { TablePart } from './contents.js';
import { fileName, MANIFEST, MAX_MANIFEST, parseManifest, partName, type StateManifest } from './manifest.js';

/** What a state file has for an entry beside its content, at most: a header, the filling of the last block, an extended header. */
const ENTRY_OVERHEAD = 4096;

/** What follows the last entry, at most. */
const END = 2 ** 16;

/** An entry of an archive; its type has no name in the types of the library. */
type Entry = ReturnType<typeof extract> extends AsyncIterable<infer Each> ? Each : never;

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The entry of each part of a manifest. */
export function partEntries(parts: readonly TablePart[]): StateManifest['parts'] {
  return parts.map(({ table, rows }) => {
    const content = Buffer.from(rows);
    return { table, bytes: content.length, sha256: sha256(content) };
  });
}

/** A state file: a tar archive, compressed with gzip. Equal states give equal bytes. */
export function packState(
  manifest: StateManifest,
  parts: readonly TablePart[],
  files: Pick<FileStore, 'read'>,
): Readable {
  const tar = pack();
  const zipped = createGzip();
  const add = async (name: string, size: number, content: Readable): Promise<void> => {
    const entry = tar.entry({ name, size, mode: 0o600, mtime: new Date(0) });
    // The types of tar-stream only include its own streams, not Node's, here and below.
    await pipeline(content, entry as unknown as NodeJS.WritableStream);
  };
  const text = (name: string, content: Buffer): Promise<void> =>
    add(name, content.length, Readable.from([content]));
  const fill = async (): Promise<void> => {
    await text(MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`));
    for (const [index, { table, rows }] of parts.entries())
      await text(partName(index, table), Buffer.from(rows));
    for (const { sha256: hash, bytes } of manifest.files) await add(fileName(hash), bytes, files.read(hash));
    tar.finalize();
  };
  pipeline(tar as unknown as Readable, zipped).catch((error: Error) => zipped.destroy(error));
  fill().catch((error: Error) => zipped.destroy(error));
  return zipped;
}

/** A state file whose manifest and rows have been read and checked. Its files follow. */
export class StateReader {
  readonly manifest: StateManifest;
  readonly parts: readonly TablePart[];
  readonly #path: string;
  readonly #archive: Archive;

  private constructor(path: string, archive: Archive, manifest: StateManifest, parts: readonly TablePart[]) {
    this.#path = path;
    this.#archive = archive;
    this.manifest = manifest;
    this.parts = parts;
  }

  /**
   * Opens a state file.
   *
   * @param migrations - The names of all migrations that this server has.
   * @throws Error that names the file and what is wrong.
   */
  static async open(path: string, migrations: readonly string[]): Promise<StateReader> {
    const archive = openArchive(path);
    try {
      const content = await contentOf(archive, await archive.next(MANIFEST), MAX_MANIFEST);
      const manifest = parseManifest(content.toString('utf8'), migrations);
      const entries = [...manifest.parts, ...manifest.files];
      archive.allow(entries.reduce((sum, { bytes }) => sum + bytes + ENTRY_OVERHEAD, END));
      return new StateReader(path, archive, manifest, await partsOf(archive, manifest));
    } catch (error) {
      archive.close();
      throw readable(path, error);
    }
  }

  /**
   * Stores the files.
   *
   * @throws Error that names the file and what is wrong.
   */
  async storeFiles(files: Pick<FileStore, 'put'>): Promise<void> {
    await this.checked(async () => {
      for (const { sha256: hash, bytes } of this.manifest.files) {
        const name = fileName(hash);
        const entry = await this.#archive.next(name);
        if (entry.header.size !== bytes) throw mismatch(name);
        const stored = await files.put(this.#archive.chunks(entry), { maxBytes: bytes });
        if (stored.hash !== hash) throw mismatch(name);
      }
      await this.#archive.end();
    });
  }

  /** Does something with the contents. Errors name the file. */
  async checked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.close();
      throw readable(this.#path, error);
    }
  }

  close(): void {
    this.#archive.close();
  }
}

async function partsOf(archive: Archive, manifest: StateManifest): Promise<readonly TablePart[]> {
  const parts: TablePart[] = [];
  for (const [index, { table, bytes, sha256: hash }] of manifest.parts.entries()) {
    const name = partName(index, table);
    const content = await contentOf(archive, await archive.next(name), bytes);
    if (content.length !== bytes || sha256(content) !== hash) throw mismatch(name);
    parts.push({ table, rows: content.toString('utf8') });
  }
  return parts;
}

/** An archive that is being read. */
interface Archive {
  /** The next entry. Its content has to be read before the one after it. */
  next(name: string): Promise<Entry>;
  /** The content of an entry. */
  chunks(entry: Entry): AsyncIterable<Buffer>;
  /** Reads what follows the last entry. */
  end(): Promise<void>;
  /** Accepts that many bytes more. */
  allow(bytes: number): void;
  close(): void;
}

function openArchive(path: string): Archive {
  let allowed = MAX_MANIFEST + ENTRY_OVERHEAD;
  const limit = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      allowed -= chunk.length;
      if (allowed < 0) done(new Error('it contains more than its manifest says'));
      else done(null, chunk);
    },
  });
  const tar = extract();
  const source = createReadStream(path);
  const gunzip = createGunzip();
  const reading = pipeline(source, gunzip, limit, tar as unknown as NodeJS.WritableStream);
  // An entry that nobody was reading when the archive failed never ends.
  const failure = reading.then(() => new Promise<never>(() => undefined));
  failure.catch(() => undefined);
  const entries = tar[Symbol.asyncIterator]();
  /** What comes next, or why the archive failed: a stream that the failure destroyed only knows that it was destroyed. */
  const unlessFailed = <T>(next: Promise<T>): Promise<T> =>
    Promise.race([next.catch((error: unknown) => reading.then(() => Promise.reject(error))), failure]);
  return {
    next: async (name) => {
      const { done, value } = await unlessFailed(entries.next());
      if (done === true) {
        await reading;
        throw new Error(`it is not complete: it has no ${name}`);
      }
      if (value.header.type !== 'file' || value.header.name !== name)
        throw new Error(
          `it contains "${value.header.name}" (${value.header.type}), expected the file ${name}`,
        );
      return value;
    },
    chunks: async function* (entry) {
      const chunks = (entry as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      for (;;) {
        const { done, value } = await unlessFailed(chunks.next());
        if (done === true) return;
        yield value;
      }
    },
    end: async () => {
      const { done, value } = await unlessFailed(entries.next());
      if (done !== true) throw new Error(`it contains "${value.header.name}", which its manifest lacks`);
      await reading;
      if (gunzip.bytesWritten !== source.bytesRead) throw new Error('it has bytes after its end');
    },
    allow: (bytes) => {
      allowed += bytes;
    },
    close: () => source.destroy(),
  };
}

async function contentOf(archive: Archive, entry: Entry, maxBytes: number): Promise<Buffer> {
  const { name, size = 0 } = entry.header;
  if (size > maxBytes) throw new Error(`${name} has ${size} bytes, expected at most ${maxBytes}`);
  const chunks: Buffer[] = [];
  for await (const chunk of archive.chunks(entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const mismatch = (name: string): Error =>
  new Error(`it is damaged: the content of ${name} does not match the manifest`);

/** The error in words, with the file. */
function readable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const words =
    code === 'ENOENT'
      ? 'it does not exist'
      : code === 'EISDIR'
        ? 'it is a directory, expected a file'
        : code === 'Z_BUF_ERROR' || /Unexpected end of data/.test(message)
          ? 'it is not complete'
          : code?.startsWith('Z_') === true || /tar header/i.test(message)
            ? `it is damaged, or not a state of ips-server: ${message}`
            : message;
  return new Error(`state: ${path} cannot be used: ${words}`, { cause: error });
}
