import { EXIT, type ExitCode } from './exit-code.js';

/** What an error of the system means to the user. */
export interface SystemError {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly hint?: string | undefined;
}

const IN_USE = 'another program uses it';
const FULL: SystemError = {
  exitCode: EXIT.failed,
  text: 'the disk is full',
  hint: 'free some space, then run it again',
};
const FILES: SystemError = {
  exitCode: EXIT.failed,
  text: 'too many files are open',
  hint: 'raise the limit of open files: ulimit -n 4096',
};

/** Errors of the system by their code, whatever call they come from and whether they name a path or not. */
const BY_CODE: Readonly<Record<string, SystemError>> = {
  ENOENT: { exitCode: EXIT.usage, text: 'no such file or folder' },
  ENOTDIR: { exitCode: EXIT.usage, text: 'a part of this path is not a folder' },
  EISDIR: { exitCode: EXIT.usage, text: 'it is a folder; a file is expected' },
  EEXIST: { exitCode: EXIT.usage, text: 'it already exists' },
  ENOTEMPTY: { exitCode: EXIT.usage, text: 'the folder is not empty' },
  EACCES: { exitCode: EXIT.usage, text: 'permission denied' },
  EPERM: { exitCode: EXIT.usage, text: 'permission denied' },
  EROFS: { exitCode: EXIT.usage, text: 'the file system is read-only' },
  ELOOP: { exitCode: EXIT.usage, text: 'its symbolic links lead in a circle' },
  ENAMETOOLONG: { exitCode: EXIT.usage, text: 'the name is too long' },
  ERR_INVALID_ARG_VALUE: { exitCode: EXIT.usage, text: 'the path contains a NUL character' },
  ERR_FS_FILE_TOO_LARGE: { exitCode: EXIT.usage, text: 'the file is too large to be read at once' },
  ERR_STRING_TOO_LONG: { exitCode: EXIT.usage, text: 'the text is too long to be read at once' },
  EADDRINUSE: { exitCode: EXIT.usage, text: 'another program uses this port', hint: 'choose another port' },
  ENOSPC: FULL,
  EDQUOT: { ...FULL, text: 'your quota on this disk is used up' },
  EFBIG: { exitCode: EXIT.failed, text: 'the file would be larger than the system allows' },
  EMFILE: FILES,
  ENFILE: FILES,
  EIO: { exitCode: EXIT.failed, text: 'the device reports an error' },
  ENXIO: { exitCode: EXIT.failed, text: 'there is no such device' },
  ENOMEM: { exitCode: EXIT.failed, text: 'there is not enough memory' },
  EBUSY: { exitCode: EXIT.failed, text: IN_USE },
  ETXTBSY: { exitCode: EXIT.failed, text: IN_USE },
  EAGAIN: {
    exitCode: EXIT.failed,
    text: 'the system has too few resources at the moment',
    hint: 'run it again later',
  },
  EPIPE: { exitCode: EXIT.failed, text: 'its reader has gone' },
  EBADF: { exitCode: EXIT.usage, text: 'the stream is closed' },
};

/** Explains an error of the system, or one that was caused by such an error. It names the file where the error does. */
export function systemError(error: unknown): SystemError | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const { code, path, syscall } = at as NodeJS.ErrnoException;
    const found = code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
    if (found === undefined) continue;
    if (code === 'EEXIST' && syscall === 'mkdir')
      return { ...found, text: `${path}: it already exists, and is not a folder` };
    if (path !== undefined && path !== '') return { ...found, text: `${path}: ${found.text}` };
    if (syscall === 'write' && code !== 'EISDIR') return { ...found, text: `cannot write: ${found.text}` };
    return { ...found, text: code === 'EISDIR' ? 'found a folder; expected a file' : found.text };
  }
  return undefined;
}
