import { createHash } from 'node:crypto';
import type { FileStore } from '../files/file-store.js';
import { filesAt, nameOf } from '../files/open-files.js';
import type { S3Location } from '../files/s3/s3-location.js';
import { otherStore } from '../files/store-identity.js';
import { withCatalogue } from './catalogue.js';

/** Milliseconds that a file can be in the store before a row references it. */
const ARRIVING = 86_400_000;

/** The result of a check. */
export interface CheckReport {
  /** Why the store is not the one that belongs to the database; `undefined` if it may be. */
  readonly otherStore: string | undefined;
  /** Files in the store. */
  readonly files: number;
  /** Files that the database references. */
  readonly named: number;
  /** Referenced files that are missing from the store, each with a row that references it. */
  readonly missing: readonly { readonly hash: string; readonly owner: string }[];
  /** Files whose content does not match their hash, each with a row that references it, if any. */
  readonly damaged: readonly { readonly hash: string; readonly owner: string | undefined }[];
  /** Files older than a day that the database does not reference. */
  readonly unowned: readonly string[];
}

/**
 * Compares the files of a data directory or a bucket with their database and reads both completely, even while a server is
 * using them. Changes nothing.
 *
 * @throws Error when the database is missing, damaged or unreachable.
 */
export async function check(place: {
  readonly directory: string;
  readonly databaseUrl?: string | undefined;
  /** Where the files are, if not in the directory. */
  readonly bucket?: S3Location | undefined;
}): Promise<CheckReport> {
  const store = await filesAt(place);
  try {
    return await compare(place, store);
  } finally {
    await store.close();
  }
}

function compare(place: Parameters<typeof check>[0], store: FileStore): Promise<CheckReport> {
  return withCatalogue(place, async (read) => {
    const hashes = new Set<string>();
    const wrong: string[] = [];
    for await (const hash of store.list()) {
      const content = await contentHash(store, hash);
      // Removed after it was listed.
      if (content === undefined) continue;
      hashes.add(hash);
      if (content !== hash) wrong.push(hash);
    }
    // Read after the files, which are stored before the rows that reference them. Files that arrived in
    // between are looked up.
    const { named, identity: remembered } = await read();
    const other = otherStore({ remembered, found: await store.identity() });
    const missing: { hash: string; owner: string }[] = [];
    for (const [hash, owner] of named) {
      if (hashes.has(hash)) continue;
      const content = await contentHash(store, hash);
      if (content === undefined) missing.push({ hash, owner });
      else if (content !== hash) wrong.push(hash);
    }
    const unowned: string[] = [];
    for (const hash of hashes) {
      if (named.has(hash)) continue;
      const stored = await store.modified(hash);
      if (stored !== undefined && Date.now() - stored.getTime() >= ARRIVING) unowned.push(hash);
    }
    return {
      otherStore: other === undefined ? undefined : `${nameOf(place)} is another store: ${other}`,
      files: hashes.size,
      named: named.size,
      missing,
      damaged: wrong.map((hash) => ({ hash, owner: named.get(hash) })),
      unowned,
    };
  });
}

/** The hash of a file's content, or `undefined` if the store does not have the file. */
async function contentHash(store: FileStore, hash: string): Promise<string | undefined> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of store.read(hash)) digest.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return digest.digest('hex');
}
