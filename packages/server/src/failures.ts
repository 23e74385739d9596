import { storageProblem } from './storage-problem.js';

/** A run cannot continue. The message is logged as a FatalError. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** One item of a run failed. The message is logged in its row, and the run continues. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';
}

/**
 * The text for a failure in a job log.
 *
 * @param unexpected - The text for errors whose message is not meant for callers.
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
