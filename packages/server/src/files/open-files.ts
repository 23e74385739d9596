import { statSync } from 'node:fs';
import { join } from 'node:path';
import { count } from 'drizzle-orm';
import type { Logger } from 'pino';
import { FILES, lostDatabase } from '../db/data-directory.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { DirectoryFileStore, type FileStore } from './file-store.js';
import type { S3Location } from './s3/s3-location.js';
import { claimStore } from './store-identity.js';

/** Where the files of a server are. */
export interface FilesPlace {
  /** The data directory. */
  readonly directory: string;
  /** A bucket, instead of a folder of the data directory. */
  readonly bucket?: S3Location | undefined;
  /** Most bytes of local copies of files in a bucket. */
  readonly maxCopyBytes?: number | undefined;
  /** Whether downloads are sent to the bucket. */
  readonly presignedDownloads?: boolean | undefined;
  /** Whether the files belong to the database, regardless of their identity. */
  readonly adopts?: boolean | undefined;
}

/** The folder of a data directory for copies of the files in a bucket. */
const COPIES = 'file-copies';

/** Bytes of local copies for commands. */
const FEW_COPIES = 2 ** 30;

/** The files of a server, without looking at them. Close them after use. */
export async function filesAt({ directory, bucket, ...more }: FilesPlace): Promise<FileStore> {
  if (bucket === undefined) return new DirectoryFileStore(join(directory, FILES));
  // Most servers do without it.
  const { S3FileStore } = await import('./s3/s3-file-store.js');
  return new S3FileStore({
    location: bucket,
    directory: join(directory, COPIES),
    maxCopyBytes: more.maxCopyBytes ?? FEW_COPIES,
    presignedDownloads: more.presignedDownloads ?? false,
  });
}

/** A name of the files for messages. */
export const nameOf = ({ directory, bucket }: FilesPlace): string =>
  bucket === undefined ? join(directory, FILES) : `s3://${bucket.bucket}/${bucket.prefix}`;

/**
 * Opens the files of a server before anything is written to the database.
 *
 * @throws Error if there are files but the database is empty, or remembers another store, and thus is not theirs, or the bucket cannot be used.
 */
export async function openFiles(db: Db, place: FilesPlace, log: Logger): Promise<FileStore> {
  const { directory, bucket } = place;
  const files = await filesAt(place);
  try {
    // In this order, because a server that starts at the same time fills the database before it stores files.
    const holds = await holdsAny(files).catch((error: Error) => {
      throw new Error(`${nameOf(place)}: ${error.message}`, { cause: error });
    });
    const [companies] = await db.select({ count: count() }).from(t.companies);
    if (holds && companies?.count === 0)
      throw bucket === undefined
        ? lostDatabase(directory, 'the database is empty')
        : lostDatabaseOf(nameOf(place));
    await claimStore(db, files, { name: nameOf(place), adopts: place.adopts });
    await files.open();
  } catch (error) {
    await files.close();
    throw error;
  }
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

async function holdsAny(files: FileStore): Promise<boolean> {
  for await (const _ of files.list()) return true;
  return false;
}

const lostDatabaseOf = (name: string): Error =>
  new Error(
    `the database is empty. The server does not start, because it would treat the files in ${name} as unused. ` +
      'Use the database that belongs to them, restored from a backup if needed, or another prefix to start empty',
  );
