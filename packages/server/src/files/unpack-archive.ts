import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract as extractTar } from 'tar-stream';
import { type Entry, openPromise } from 'yauzl';
import { storageProblem } from '../storage-problem.js';
import { type FileStore, FileTooLargeError, type StoredFile } from './file-store.js';

/** An archive cannot or must not be unpacked. The message is meant for its sender. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** A file from an archive. */
export interface UnpackedFile {
  /** Its path in the archive, with slashes: `shoes/red.tif`. */
  readonly path: string;
  readonly stored: StoredFile;
}

/** Limits on the content of an archive. */
export interface ArchiveLimits {
  readonly maxEntries: number;
  /** Maximum bytes of all files. */
  readonly maxBytes: number;
  /** Maximum bytes of one file. */
  readonly maxFileBytes: number;
}

/** Maximum ratio of the content of a large archive to its size. Archives beyond it are malicious. */
const MAX_RATIO = 200;

/** Bytes above which the ratio is checked, because small repetitive files also compress well. */
const RATIO_FROM = 64 * 2 ** 20;

/** The file type bits of a mode, and their value for symbolic links. */
const [KIND_MASK, SYMBOLIC_LINK] = [0o170000, 0o120000];

/**
 * Unpacks a ZIP, tar or gzipped tar archive into the file store. Skips folders, links and the files that the macOS Finder adds.
 *
 * @throws ArchiveError if the archive is damaged, exceeds the limits, or contains a path outside itself. None
 * of its files are used then. Throws the signal's reason if aborted.
 */
export async function unpackArchive(
  archive: { readonly path: string; readonly size: number; readonly mediaType: string },
  files: FileStore,
  limits: ArchiveLimits,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const bounds = new Bounds(archive.size, limits);
  try {
    return archive.mediaType === 'application/zip'
      ? await unpackZip(archive.path, files, bounds, signal)
      : await unpackTar(archive.path, archive.mediaType === 'application/gzip', files, bounds, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ArchiveError) throw error;
    if (error instanceof FileTooLargeError)
      throw new ArchiveError(`a file in the archive has more than ${error.maxBytes} bytes`);
    if (storageProblem(error) !== undefined || (error as NodeJS.ErrnoException).code === 'EACCES')
      throw error;
    throw new ArchiveError(
      `the archive is damaged: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function unpackZip(
  path: string,
  files: FileStore,
  bounds: Bounds,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const zip = await openPromise(path, { autoClose: false });
  const unpacked: UnpackedFile[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      bounds.addEntry();
      const name = safePath(entry.fileName);
      if (name === undefined || entry.fileName.endsWith('/') || isLink(entry)) continue;
      if (entry.isEncrypted()) throw new ArchiveError(`${name} is protected by a password`);
      const content = await zip.openReadStreamPromise(entry);
      unpacked.push({ path: name, stored: await keep(content, files, bounds, signal) });
    }
  } finally {
    zip.close();
  }
  return unpacked;
}

async function unpackTar(
  path: string,
  zipped: boolean,
  files: FileStore,
  bounds: Bounds,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const tar = extractTar();
  const unpacked: UnpackedFile[] = [];
  const reading = async (): Promise<void> => {
    for await (const entry of tar) {
      bounds.addEntry();
      const name = safePath(entry.header.name);
      const plain = entry.header.type === 'file' || entry.header.type === 'contiguous-file';
      if (name === undefined || !plain) entry.resume();
      else unpacked.push({ path: name, stored: await keep(Readable.from(entry), files, bounds, signal) });
    }
  };
  const source = createReadStream(path);
  // Skipped entries also count, because they have to be unpacked.
  const steps = zipped ? [source, createGunzip(), bounds.meter(false)] : [source];
  // The types of tar-stream only include its own streams, not Node's.
  const feeding = pipeline([...steps, tar as unknown as NodeJS.WritableStream], {
    ...(signal ? { signal } : {}),
  });
  await Promise.all([
    feeding,
    reading().catch((error: unknown) => {
      source.destroy(error as Error);
      throw error;
    }),
  ]);
  return unpacked;
}

async function keep(
  content: Readable,
  files: FileStore,
  bounds: Bounds,
  signal: AbortSignal | undefined,
): Promise<StoredFile> {
  const source = signal === undefined ? content : addAbortSignal(signal, content);
  const metered = bounds.meter(true);
  source.on('error', (error) => metered.destroy(error));
  // It can fail before the store listens.
  metered.on('error', () => undefined);
  return files.put(source.pipe(metered), { maxBytes: bounds.maxFileBytes });
}

/** Counts unpacked bytes and entries, and enforces the limits. */
class Bounds {
  readonly #archiveSize: number;
  readonly #limits: ArchiveLimits;
  readonly #kept = { bytes: 0 };
  #entries = 0;

  constructor(archiveSize: number, limits: ArchiveLimits) {
    this.#archiveSize = archiveSize;
    this.#limits = limits;
  }

  get maxFileBytes(): number {
    return this.#limits.maxFileBytes;
  }

  addEntry(): void {
    this.#entries += 1;
    if (this.#entries > this.#limits.maxEntries)
      throw new ArchiveError(`the archive has more than ${this.#limits.maxEntries} entries`);
  }

  /** A stream that counts its bytes, in the total or on its own. */
  meter(together: boolean): Transform {
    const counted = together ? this.#kept : { bytes: 0 };
    return new Transform({
      transform: (chunk: Uint8Array, _encoding, done) => {
        counted.bytes += chunk.length;
        const problem = this.#problem(counted.bytes);
        if (problem === undefined) done(null, chunk);
        else done(new ArchiveError(problem));
      },
    });
  }

  #problem(bytes: number): string | undefined {
    if (bytes > this.#limits.maxBytes)
      return `the archive unpacks to more than ${this.#limits.maxBytes} bytes`;
    if (bytes > RATIO_FROM && bytes > this.#archiveSize * MAX_RATIO)
      return `the archive unpacks to more than ${MAX_RATIO} times its size`;
    return undefined;
  }
}

const isLink = ({ externalFileAttributes }: Entry): boolean =>
  ((externalFileAttributes >>> 16) & KIND_MASK) === SYMBOLIC_LINK;

/**
 * A path in an archive, with slashes.
 *
 * @returns `undefined` for a file that the packing program added.
 * @throws ArchiveError for a path outside the archive.
 */
function safePath(path: string): string | undefined {
  const steps = path.replaceAll('\\', '/').split('/');
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || steps.includes('..') || /\p{Cc}/u.test(path)) {
    throw new ArchiveError(
      `the archive has the path ${JSON.stringify(path.slice(0, 200))}, which points outside the archive`,
    );
  }
  const named = steps.filter((step) => step !== '' && step !== '.');
  const last = named.at(-1);
  if (last === undefined || named[0] === '__MACOSX' || last.startsWith('.')) return undefined;
  return named.join('/');
}
