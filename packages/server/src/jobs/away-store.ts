import { reasonOf } from '../failures.js';
import type { Services } from '../services.js';
import { preventsReading, StorageError, storageProblem } from '../storage-problem.js';

/**
 * The problem of the store if something failed because the files are away, for example on an unmounted volume: they are not lost, and
 * runs wait for them. A disk that is full or read-only is another case, because its files can be read.
 *
 * @returns `undefined` for other failures, and with a clock that does not wait.
 */
export async function awayStore(
  { files, clock }: Pick<Services, 'files' | 'clock'>,
  error: unknown,
): Promise<StorageError | undefined> {
  if (clock.mode !== 'real') return undefined;
  // Most failures have nothing to do with the store, which is asked less then.
  const isExpected = reasonOf(error).expected && storageProblem(error) === undefined;
  const problem = isExpected ? await missing(files) : await files.problem();
  return problem !== undefined && preventsReading(problem)
    ? new StorageError(problem, { cause: error })
    : undefined;
}

/** The problem of a store whose files cannot be there. */
async function missing(files: Services['files']): Promise<string | undefined> {
  try {
    await files.check();
    return undefined;
  } catch (error) {
    return storageProblem(error);
  }
}
