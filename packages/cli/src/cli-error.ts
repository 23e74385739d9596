import type { ExitCode } from './exit-code.js';

/** An error that says what went wrong and what to try. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** What to try, in one sentence or one command. */
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
