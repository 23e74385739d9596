import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { syncDirectory } from '../db/replacement.js';
import { makeDirectory } from '../files/make-directory.js';

/** Names of the parts of a backup; files of the store are below `files/`. */
export const PARTS = {
  manifest: 'manifest.json',
  embedded: 'database.tar',
  postgresql: 'database.pgdump',
} as const;

/** What a backup says of itself. It is written last, so a backup without it is incomplete. */
export interface Manifest {
  readonly format: 'ips-server-backup';
  readonly version: 1;
  /** ISO 8601. */
  readonly created: string;
  readonly database: { readonly kind: 'embedded' | 'postgresql'; readonly sha256: string };
  readonly files: { readonly count: number; readonly bytes: number };
  /** Files that the database referenced but the store did not have. */
  readonly missing: readonly string[];
  /** Files whose content did not match their hash. */
  readonly damaged: readonly string[];
}

/** A backup in progress. It appears under its name when it is complete. */
export interface BackupWriter {
  add(name: string, size: number, content: Readable | Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Removes partial output. */
  discard(): Promise<void>;
}

/** A part of a backup to read. Consume its content before the next part. */
export interface BackupPart {
  readonly name: string;
  readonly content: Readable;
}

/** Whether a backup with this name is a single file. */
export const isArchive = (path: string): boolean => path.endsWith('.tar');

/** Begins a backup under a temporary name that only this process uses. */
export async function writeBackup(to: string, unique: string): Promise<BackupWriter> {
  const partial = `${to}.partial-${unique}`;
  await makeDirectory(dirname(to));
  const finish = async (): Promise<void> => {
    if (existsSync(to)) throw new Error(`${to} was created during the backup`);
    await rename(partial, to);
    syncDirectory(dirname(to));
  };
  return isArchive(to) ? archiveWriter(partial, finish) : directoryWriter(partial, finish);
}

function directoryWriter(partial: string, finish: () => Promise<void>): BackupWriter {
  mkdirSync(partial, { mode: 0o700 });
  return {
    add: async (name, _size, content) => {
      const path = join(partial, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if (content instanceof Uint8Array) await writeFile(path, content, { mode: 0o600, flush: true });
      else await pipeline(content, createWriteStream(path, { mode: 0o600, flush: true }));
    },
    finish: async () => {
      syncDirectory(partial);
      await finish();
    },
    discard: () => rm(partial, { recursive: true, force: true }),
  };
}

function archiveWriter(partial: string, finish: () => Promise<void>): BackupWriter {
  const tar = pack();
  const file = createWriteStream(partial, { mode: 0o600, flush: true });
  // A disk error must reject the pending entry. The types of tar-stream only include its own streams, not
  // Node's.
  const written = pipeline(tar as unknown as Readable, file);
  const failed = written.then(
    () => new Promise<never>(() => undefined),
    (error: unknown) => Promise.reject(error),
  );
  failed.catch(() => undefined);
  return {
    add: async (name, size, content) => {
      const entry = tar.entry({ name, size, mode: 0o600 });
      const source = content instanceof Uint8Array ? Readable.from([Buffer.from(content)]) : content;
      // Cast for the same reason as above.
      await Promise.race([pipeline(source, entry as unknown as NodeJS.WritableStream), failed]);
    },
    finish: async () => {
      tar.finalize();
      await written;
      await finish();
    },
    discard: async () => {
      tar.destroy();
      await written.catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

/**
 * The parts of a backup, in no particular order.
 *
 * @throws Error if it is neither a directory nor a tar archive.
 */
export async function* readBackup(from: string): AsyncGenerator<BackupPart> {
  if ((await stat(from)).isDirectory()) {
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) throw new Error(`${path} is not a file`);
      const content = createReadStream(path);
      // The reader gets the error; without a reader, it is ignored.
      content.on('error', () => undefined);
      try {
        yield { name: relative(from, path).split(sep).join('/'), content };
      } finally {
        content.destroy();
      }
    }
    return;
  }
  const tar = extract();
  // The types of tar-stream only include its own streams, not Node's, here and for the entries.
  const reading = pipeline(createReadStream(from), tar as unknown as NodeJS.WritableStream);
  reading.catch(() => undefined);
  for await (const entry of tar) {
    const { name, type } = entry.header;
    if (type !== 'file') throw new Error(`${from} contains "${name}", which is not a file`);
    yield { name, content: entry as unknown as Readable };
  }
  await reading;
}

/** @throws Error if a part is not a manifest of a supported version. */
export function parseManifest(text: string, from: string): Manifest {
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    manifest = null;
  }
  if (manifest?.format !== 'ips-server-backup') throw new Error(`${from} is not a backup of ips-server`);
  if (manifest.version !== 1)
    throw new Error(`${from} is a backup of version ${manifest.version}; this ips-server reads version 1`);
  const { created, database, files, missing, damaged } = manifest;
  if (
    typeof created !== 'string' ||
    !['embedded', 'postgresql'].includes(database?.kind ?? '') ||
    typeof database?.sha256 !== 'string' ||
    !Number.isSafeInteger(files?.count) ||
    !Array.isArray(missing) ||
    !Array.isArray(damaged)
  )
    throw new Error(`${from}: manifest.json is damaged`);
  return manifest as Manifest;
}
