/** A journal that cannot be continued. Nothing was sent. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly path: string;
  /** The line that is wrong, counted from 1; absent when the problem is the whole file. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, cause?: unknown) {
    super(`journal ${path}${line === undefined ? '' : `, line ${line}`}: ${problem}`, { cause });
    this.path = path;
    this.line = line;
  }
}
