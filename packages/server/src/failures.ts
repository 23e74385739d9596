import { storageProblem } from './storage-problem.js';

/** A run cannot continue. Its log gets a FatalError with this message. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** One item of a run failed. Its row gets this message, and the run continues. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';
}

/**
 * What a log says of a failure.
 *
 * @param unexpected - What it says of an error whose message is not meant for callers.
 */
export function reasonOf(
  error: unknown,
  unexpected = 'An unexpected error occurred; see the server log for details',
): { message: string; expected: boolean } {
  if (error instanceof RunFailure || error instanceof ItemFailure)
    return { message: error.message, expected: true };
  const problem = storageProblem(error);
  return problem === undefined
    ? { message: unexpected, expected: false }
    : {
        message: `not stored: ${problem} at the server; submit it again when that is resolved`,
        expected: false,
      };
}
