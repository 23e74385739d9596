import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FILES } from '../db/data-directory.js';
import { DirectoryFileStore } from '../files/file-store.js';
import { withCatalogue } from './catalogue.js';

/** Milliseconds that a file may be in the store before a row names it. */
const ARRIVING = 86_400_000;

/** What a check found. */
export interface CheckReport {
  /** Files in the store. */
  readonly files: number;
  /** Files that the database names. */
  readonly named: number;
  /** Named files that the store does not have, and what names them. */
  readonly missing: readonly { readonly hash: string; readonly owner: string }[];
  /** Files whose content does not have their hash; what names them, if anything does. */
  readonly damaged: readonly { readonly hash: string; readonly owner: string | undefined }[];
  /** Files older than a day that the database does not name. */
  readonly unowned: readonly string[];
}

/**
 * Compares the files of a data directory with its database, and reads all of both, while a server runs or not. Changes nothing.
 *
 * @throws Error when the database is missing, damaged or out of reach.
 */
export async function check(place: {
  readonly directory: string;
  readonly databaseUrl?: string | undefined;
}): Promise<CheckReport> {
  return withCatalogue(place, async (read) => {
    const store = new DirectoryFileStore(join(place.directory, FILES));
    const hashes = new Set<string>();
    const wrong: string[] = [];
    for await (const hash of store.list()) {
      const content = await contentHash(store, hash);
      // Removed since it was listed.
      if (content === undefined) continue;
      hashes.add(hash);
      if (content !== hash) wrong.push(hash);
    }
    // Read after the files, which appear before the rows that name them: those that arrived in between are looked up.
    const { named } = await read();
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
      files: hashes.size,
      named: named.size,
      missing,
      damaged: wrong.map((hash) => ({ hash, owner: named.get(hash) })),
      unowned,
    };
  });
}

/** The hash that the content of a file has; `undefined` when the store does not have the file. */
async function contentHash(store: DirectoryFileStore, hash: string): Promise<string | undefined> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of store.read(hash)) digest.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return digest.digest('hex');
}
