/** A journal that cannot be used. Nothing was sent. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly path: string;
  /** The invalid line, counted from 1; `undefined` if the problem concerns the whole file. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, cause?: unknown) {
    super(`journal ${path}${line === undefined ? '' : `, line ${line}`}: ${problem}`, { cause });
    this.path = path;
    this.line = line;
  }
}
