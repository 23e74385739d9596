/** Why a folder cannot be read or added to. */
export type RecordingProblem =
  /** There is no such folder. */
  | 'missing'
  /** The folder holds something else, or a file in it is broken. */
  | 'not-a-recording'
  /** A later version of this package made it. */
  | 'newer-version'
  /** It was recorded with another key. */
  | 'other-key';

/** A folder that cannot be read as a recording, or not be added to. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly problem: RecordingProblem;

  constructor(problem: RecordingProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
