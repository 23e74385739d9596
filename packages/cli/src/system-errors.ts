import { EXIT, type ExitCode } from './exit-code.js';

/** A system error as reported to the user. */
export interface SystemError {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly hint?: string | undefined;
}

const IN_USE = 'in use by another program';
const FULL: SystemError = {
  exitCode: EXIT.failed,
  text: 'the disk is full',
  hint: 'free some space and run the command again',
};
const FILES: SystemError = {
  exitCode: EXIT.failed,
  text: 'too many open files',
  hint: 'raise the limit: ulimit -n 4096',
};

/** System errors by code. */
const BY_CODE: Readonly<Record<string, SystemError>> = {
  ENOENT: { exitCode: EXIT.usage, text: 'no such file or folder' },
  ENOTDIR: { exitCode: EXIT.usage, text: 'a part of the path is not a folder' },
  EISDIR: { exitCode: EXIT.usage, text: 'expected a file, found a folder' },
  EEXIST: { exitCode: EXIT.usage, text: 'already exists' },
  ENOTEMPTY: { exitCode: EXIT.usage, text: 'the folder is not empty' },
  EACCES: { exitCode: EXIT.usage, text: 'permission denied' },
  EPERM: { exitCode: EXIT.usage, text: 'permission denied' },
  EROFS: { exitCode: EXIT.usage, text: 'the file system is read-only' },
  ELOOP: { exitCode: EXIT.usage, text: 'too many levels of symbolic links' },
  ENAMETOOLONG: { exitCode: EXIT.usage, text: 'the name is too long' },
  ERR_INVALID_ARG_VALUE: { exitCode: EXIT.usage, text: 'the path contains a NUL character' },
  ERR_FS_FILE_TOO_LARGE: { exitCode: EXIT.usage, text: 'the file is too large' },
  ERR_STRING_TOO_LONG: { exitCode: EXIT.usage, text: 'the text is too long' },
  EADDRINUSE: { exitCode: EXIT.usage, text: 'the port is in use', hint: 'choose another port' },
  ENOSPC: FULL,
  EDQUOT: { ...FULL, text: 'disk quota exceeded' },
  EFBIG: { exitCode: EXIT.failed, text: 'the file exceeds the maximum size' },
  EMFILE: FILES,
  ENFILE: FILES,
  EIO: { exitCode: EXIT.failed, text: 'input/output error' },
  ENXIO: { exitCode: EXIT.failed, text: 'no such device' },
  ENOMEM: { exitCode: EXIT.failed, text: 'out of memory' },
  EBUSY: { exitCode: EXIT.failed, text: IN_USE },
  ETXTBSY: { exitCode: EXIT.failed, text: IN_USE },
  EAGAIN: {
    exitCode: EXIT.failed,
    text: 'resources temporarily unavailable',
    hint: 'run the command again later',
  },
  EPIPE: { exitCode: EXIT.failed, text: 'the reader closed the pipe' },
  EBADF: { exitCode: EXIT.usage, text: 'the stream is closed' },
};

/** Explains a system error, or an error caused by one. Names the file if the error does. */
export function systemError(error: unknown): SystemError | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const { code, path, syscall } = at as NodeJS.ErrnoException;
    const found = code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
    if (found === undefined) continue;
    if (code === 'EEXIST' && syscall === 'mkdir')
      return { ...found, text: `${path}: already exists and is not a folder` };
    if (path !== undefined && path !== '') return { ...found, text: `${path}: ${found.text}` };
    if (syscall === 'write' && code !== 'EISDIR') return { ...found, text: `cannot write: ${found.text}` };
    return { ...found, text: found.text };
  }
  return undefined;
}
