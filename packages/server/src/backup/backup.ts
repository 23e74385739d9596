import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { addAbortSignal, type Readable, Transform } from 'node:stream';
import { FILES } from '../db/data-directory.js';
import type { FileStore } from '../files/file-store.js';
import { filesAt, nameOf } from '../files/open-files.js';
import type { S3Location } from '../files/s3/s3-location.js';
import { otherStore } from '../files/store-identity.js';
import { keyOf } from '../files/stored-files.js';
import { type Catalogue, withCatalogue } from './catalogue.js';
import { type BackupWriter, type Manifest, PARTS, writeBackup } from './format.js';

/** The source and target of a backup. */
export interface BackupRequest {
  readonly directory: string;
  readonly databaseUrl?: string | undefined;
  /** Where the files are, if not in the directory. */
  readonly bucket?: S3Location | undefined;
  /** A name that ends with `.tar` becomes a single file, any other name a directory. */
  readonly to: string;
  /** Ends the backup, which leaves nothing then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Backs up database and files, while a server runs or not. The backup appears under its name when it is complete.
 *
 * Files are copied before and after the database. One of the two copies contains each referenced file,
 * because files never change and are not removed within an hour after they were stored.
 *
 * @returns The manifest of the backup.
 * @throws Error when the target exists, something cannot be read or written, or the files are not those of the database; the reason of the
 *   signal when it aborts. Partial output is removed.
 */
export async function backUp(request: BackupRequest): Promise<Manifest> {
  if (existsSync(request.to)) throw new Error(`${request.to} already exists`);
  const files = await filesAt(request);
  try {
    return await copyTo(request, files);
  } finally {
    await files.close();
  }
}

function copyTo(request: BackupRequest, files: FileStore): Promise<Manifest> {
  const { directory, databaseUrl, to, signal } = request;
  return withCatalogue({ directory, databaseUrl }, async (read) => {
    const unique = randomUUID().slice(0, 8);
    const writer = await writeBackup(to, unique);
    try {
      const copier = new FileCopier(files, writer, signal);
      await copier.copyAll();
      let sha256: string;
      let named: ReadonlyMap<string, string>;
      if (databaseUrl === undefined) {
        const catalogue = await read();
        await checkStore(request, files, catalogue, copier);
        const archive = catalogue.archive ?? new Uint8Array();
        named = catalogue.named;
        sha256 = createHash('sha256').update(archive).digest('hex');
        await writer.add(PARTS.embedded, archive.length, archive);
      } else {
        sha256 = await addPgDump(databaseUrl, writer, `${to}.partial-${unique}.pgdump`, signal);
        const catalogue = await read();
        await checkStore(request, files, catalogue, copier);
        named = catalogue.named;
      }
      await copier.copyAll();
      const manifest: Manifest = {
        format: 'ips-server-backup',
        version: 1,
        created: new Date().toISOString(),
        database: { kind: databaseUrl === undefined ? 'embedded' : 'postgresql', sha256 },
        files: { count: copier.copied.size, bytes: copier.bytes },
        missing: [...named.keys()].filter((hash) => !copier.copied.has(hash)).sort(),
        damaged: copier.damaged.toSorted(),
      };
      const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
      await writer.add(PARTS.manifest, text.length, text);
      signal?.throwIfAborted();
      await writer.finish();
      return manifest;
    } catch (error) {
      await writer.discard();
      throw signal?.aborted === true ? signal.reason : error;
    }
  });
}

/** Copies the files in the store, each once. */
class FileCopier {
  readonly copied = new Set<string>();
  readonly damaged: string[] = [];
  bytes = 0;
  readonly #files: FileStore;
  readonly #writer: BackupWriter;
  readonly #signal: AbortSignal | undefined;

  constructor(files: FileStore, writer: BackupWriter, signal: AbortSignal | undefined) {
    this.#files = files;
    this.#writer = writer;
    this.#signal = signal;
  }

  async copyAll(): Promise<void> {
    const store = this.#files;
    for await (const hash of store.list()) {
      this.#signal?.throwIfAborted();
      if (this.copied.has(hash)) continue;
      const size = await store.size(hash);
      // Removed after it was listed.
      if (size === undefined) continue;
      const digest = createHash('sha256');
      const content = store.read(hash);
      if (this.#signal !== undefined) addAbortSignal(this.#signal, content);
      await this.#writer.add(fileName(hash), size, hashed(content, digest));
      if (digest.digest('hex') !== hash) this.damaged.push(hash);
      this.copied.add(hash);
      this.bytes += size;
    }
  }
}

/**
 * Checks that files are those of a database.
 *
 * @throws Error if the store has another identity, or none and less than half of the files that the database names: those of a volume that
 *   is not mounted are not missing.
 */
async function checkStore(
  place: BackupRequest,
  files: FileStore,
  { identity: remembered, named }: Catalogue,
  { copied }: FileCopier,
): Promise<void> {
  const found = await files.identity();
  const there = [...named.keys()].filter((hash) => copied.has(hash)).length;
  const reason =
    otherStore({ remembered, found }) ??
    (remembered !== undefined && found === undefined && there * 2 < named.size
      ? `it has no identity, and ${there} of the ${named.size} files of the database`
      : undefined);
  if (reason !== undefined)
    throw new Error(
      `${nameOf(place)} is not the store of the files that belongs to the database: ${reason}. If a volume belongs there, mount it`,
    );
}

/** The name of a file of the store in a backup. */
export const fileName = (hash: string): string => `${FILES}/${keyOf(hash)}`;

/** The same content, also added to a digest. */
export function hashed(content: Readable, digest: ReturnType<typeof createHash>): Readable {
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
  content.on('error', (error) => measure.destroy(error));
  measure.on('close', () => content.destroy());
  return content.pipe(measure);
}

/** Dumps a PostgreSQL server with `pg_dump`. */
async function addPgDump(
  url: string,
  writer: BackupWriter,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    await pgDump(url, temporary, signal);
    const { size } = await stat(temporary);
    const digest = createHash('sha256');
    await writer.add(PARTS.postgresql, size, hashed(createReadStream(temporary), digest));
    return digest.digest('hex');
  } finally {
    await rm(temporary, { force: true });
  }
}

async function pgDump(url: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  // Other users of the machine can read arguments, so the password is passed in the environment.
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  const child = spawn('pg_dump', ['--format=custom', '--no-password', `--file=${file}`, parsed.href], {
    env: { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text.slice(0, 4000);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      // It may go on writing until it is gone.
      if (signal?.aborted !== true)
        reject(
          new Error(`pg_dump is needed to back up a PostgreSQL server and cannot be run: ${error.message}`, {
            cause: error,
          }),
        );
    });
    child.once('close', (code, name) => {
      if (signal?.aborted === true) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new Error(`pg_dump ended with ${name ?? code}: ${said.trim()}`));
    });
  });
}
