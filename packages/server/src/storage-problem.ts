/** Descriptions of disk problems, by the error code of the system or of PostgreSQL. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full: the quota is used up',
  // disk_full
  '53100': 'the disk is full',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  // io_error
  '58030': 'the disk reports an error',
  // undefined_file, and duplicate_file, which PGlite reports when a directory of its database is missing
  '58P01': 'files of the database are missing',
  '58P02': 'files of the database are missing',
};

/** Problems of a disk whose files can still be read. */
const READABLE: readonly (string | undefined)[] = [PROBLEMS['ENOSPC'], PROBLEMS['EDQUOT'], PROBLEMS['EROFS']];

/** Whether a problem prevents reading as well, such as a directory that is missing. */
export const preventsReading = (problem: string): boolean => !READABLE.includes(problem);

/** The problem of a disk that prevents reading a stored file, as `storageProblem`: also a file whose permissions were changed. */
export function readingProblem(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return (
    storageProblem(error) ??
    (code === 'EACCES' || code === 'EPERM' ? 'a file may not be read: permission denied' : undefined)
  );
}

/** The server cannot store anything in its data directory. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** A description of the disk problem that caused an error, without paths; `undefined` for other causes. */
export function storageProblem(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof StorageError) return cause.message;
    const problem = 'code' in cause ? PROBLEMS[String(cause.code)] : undefined;
    if (problem !== undefined) return problem;
    // PGlite does not always pass on the code.
    if (/No space left on device/i.test(cause.message)) return PROBLEMS['ENOSPC'];
    if (/Disk quota exceeded/i.test(cause.message)) return PROBLEMS['EDQUOT'];
    if (/Read-only file system/i.test(cause.message)) return PROBLEMS['EROFS'];
  }
  return undefined;
}
