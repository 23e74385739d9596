import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DATABASE, makeDataDirectory } from '../db/data-directory.js';
import { DirectoryLock, isOwnersFile } from '../db/directory-lock.js';
import {
  beginReplacement,
  commitReplacement,
  discardReplacement,
  finishReplacement,
} from '../db/replacement.js';
import { unpackDatabase } from '../db/template.js';
import { fileName, hashed } from './backup.js';
import { read } from './catalogue.js';
import { type Manifest, PARTS, parseManifest, readBackup } from './format.js';

/** The source and target of a restore. */
export interface RestoreRequest {
  readonly from: string;
  readonly directory: string;
  /** Whether existing database and files may be replaced. */
  readonly replace?: boolean | undefined;
}

/** Maximum bytes of a manifest. */
const MAX_MANIFEST = 2 ** 30;

/** Maximum bytes of an embedded database, which is read into memory. */
const MAX_DATABASE = 2 ** 31 - 1;

/**
 * Restores a backup into a data directory that no server is using. Everything is checked before anything is
 * replaced. The replacement is atomic, and finishes at the next start if this process dies.
 *
 * @returns The manifest of the backup.
 * @throws Error when the backup is incomplete or damaged, or the directory is in use or not empty.
 */
export async function restore({ from, directory, replace = false }: RestoreRequest): Promise<Manifest> {
  if (!existsSync(from)) throw new Error(`${from} does not exist`);
  await makeDataDirectory(directory);
  const lock = await DirectoryLock.acquire(directory);
  try {
    finishReplacement(directory);
    const there = readdirSync(directory).filter((name) => !isOwnersFile(name));
    if (there.length > 0 && !replace)
      throw new Error(
        `${directory} is not empty: it contains ${there.slice(0, 5).join(', ')}; --replace replaces its database and files`,
      );
    const incoming = beginReplacement(directory);
    try {
      const manifest = await collect(from, incoming);
      commitReplacement(directory);
      return manifest;
    } catch (error) {
      discardReplacement(directory);
      throw error;
    }
  } finally {
    lock.release();
  }
}

/** Collects a backup in a directory, and checks it. */
async function collect(from: string, incoming: string): Promise<Manifest> {
  const files = new Map<string, number>();
  const damaged: string[] = [];
  let manifestText: string | undefined;
  let archive: Buffer | undefined;
  let dump: string | undefined;
  // Even a backup without files has a folder for them, which replaces the existing one.
  mkdirSync(join(incoming, 'files'), { mode: 0o700 });
  for await (const { name, content } of readBackup(from)) {
    const hash = /^files\/[0-9a-f]{2}\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (name === PARTS.manifest)
      manifestText = (await bufferOf(content, MAX_MANIFEST, name)).toString('utf8');
    else if (name === PARTS.embedded) archive = await bufferOf(content, MAX_DATABASE, name);
    else if (name === PARTS.postgresql) dump = await digestOf(content);
    else if (hash !== undefined && name === fileName(hash)) {
      const path = join(incoming, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const digest = createHash('sha256');
      const file = createWriteStream(path, { mode: 0o600, flush: true });
      await pipeline(hashed(content, digest), file);
      if (digest.digest('hex') !== hash) damaged.push(hash);
      files.set(hash, file.bytesWritten);
    } else throw new Error(`${from} contains "${name}", which does not belong to a backup`);
  }
  if (manifestText === undefined)
    throw new Error(`${from} is not a complete backup: it has no ${PARTS.manifest}`);
  const manifest = parseManifest(manifestText, from);
  checkFiles(from, manifest, files, damaged);
  if (manifest.database.kind === 'postgresql') {
    if (dump !== manifest.database.sha256)
      throw new Error(`${from}: ${PARTS.postgresql} is missing or damaged`);
    return manifest;
  }
  if (archive === undefined || sha256(archive) !== manifest.database.sha256)
    throw new Error(`${from}: ${PARTS.embedded} is missing or damaged`);
  unpackDatabase(archive, join(incoming, DATABASE), true);
  const missing = new Set(manifest.missing);
  const { named } = await read(archive);
  for (const [hash, owner] of named) {
    if (!files.has(hash) && !missing.has(hash))
      throw new Error(`${from} is not complete: the file ${hash} of ${owner} is missing`);
  }
  return manifest;
}

function checkFiles(
  from: string,
  manifest: Manifest,
  files: ReadonlyMap<string, number>,
  damaged: readonly string[],
): void {
  const known = new Set(manifest.damaged);
  const broken = damaged.find((hash) => !known.has(hash));
  if (broken !== undefined)
    throw new Error(`${from} is damaged: the content of the file ${broken} does not match its hash`);
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  if (files.size !== manifest.files.count || bytes !== manifest.files.bytes)
    throw new Error(
      `${from} is not complete: found ${files.size} files with ${bytes} bytes, expected ${manifest.files.count} with ${manifest.files.bytes}`,
    );
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function digestOf(content: Readable): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of content as AsyncIterable<Buffer>) digest.update(chunk);
  return digest.digest('hex');
}

async function bufferOf(content: Readable, maxBytes: number, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`${name} has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
