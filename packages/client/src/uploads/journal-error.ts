/** A journal that cannot be gone on with. Nothing was sent. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly path: string;
  /** The line that is wrong, counted from 1; absent when it is about the whole. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, cause?: unknown) {
    super(`journal ${path}${line === undefined ? '' : `, line ${line}`}: ${problem}`, { cause });
    this.path = path;
    this.line = line;
  }
}
