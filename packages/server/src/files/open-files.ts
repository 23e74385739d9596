import { statSync } from 'node:fs';
import { join } from 'node:path';
import { count } from 'drizzle-orm';
import type { Logger } from 'pino';
import { FILES, lostDatabase } from '../db/data-directory.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { DirectoryFileStore, type FileStore, holdsFiles } from './file-store.js';

/**
 * Opens the files of a data directory before anything is written to the database.
 *
 * @throws Error if there are files but the database is empty, and thus not theirs.
 */
export async function openFiles(db: Db, directory: string, log: Logger): Promise<FileStore> {
  const root = join(directory, FILES);
  // In this order, because a server that starts at the same time fills the database before it stores files.
  const holds = await holdsFiles(root);
  const [companies] = await db.select({ count: count() }).from(t.companies);
  if (holds && companies?.count === 0) throw lostDatabase(directory, 'the database is empty');
  const files = new DirectoryFileStore(root);
  await files.open();
  if (process.platform !== 'win32') {
    const mode = statSync(directory).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      log.warn(
        { directory, mode: mode.toString(8) },
        'other users of this machine can reach the data directory; chmod 700 keeps them out',
      );
    }
  }
  return files;
}
