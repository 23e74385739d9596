/** What is wrong with the disk, by the code of an error of the system or of PostgreSQL. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full: the quota is used up',
  // disk_full
  '53100': 'the disk is full',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  // io_error
  '58030': 'the disk reports an error',
  // undefined_file, and duplicate_file, which PGlite reports when a folder of its database has gone
  '58P01': 'files of the database are missing',
  '58P02': 'files of the database are missing',
};

/** The server cannot store anything in its data directory. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** What is wrong with the server's disk, if that is why something failed; for people, without paths. */
export function storageProblem(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof StorageError) return cause.message;
    const problem = 'code' in cause ? PROBLEMS[String(cause.code)] : undefined;
    if (problem !== undefined) return problem;
    // SQLite and PGlite do not always pass a code on.
    if (/No space left on device/i.test(cause.message)) return PROBLEMS['ENOSPC'];
    if (/Disk quota exceeded/i.test(cause.message)) return PROBLEMS['EDQUOT'];
    if (/Read-only file system/i.test(cause.message)) return PROBLEMS['EROFS'];
  }
  return undefined;
}
