/** An invalid file in the input of an upload. */
export interface UploadProblem {
  /** Index in the list, from 0. */
  readonly index: number;
  readonly value: string;
  readonly problem: string;
}

/** Invalid input of an upload. Nothing was sent. */
export class UploadInputError extends Error {
  override readonly name = 'UploadInputError';
  readonly problems: readonly UploadProblem[];

  constructor(problems: readonly UploadProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? `; and ${problems.length - 1} more` : '';
    super(`[${first?.index}]: found ${JSON.stringify(first?.value)}, ${first?.problem}${more}`);
    this.problems = problems;
  }
}

/** A local file that cannot be read, or that has changed since the upload started. */
export class FileSourceError extends Error {
  override readonly name = 'FileSourceError';
  readonly destPath: string;

  constructor(destPath: string, problem: string, cause?: unknown) {
    super(`${destPath}: ${problem}`, { cause });
    this.destPath = destPath;
  }
}
