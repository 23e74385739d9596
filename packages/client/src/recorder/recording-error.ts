/** The reason for a {@link RecordingError}. */
export type RecordingProblem =
  /** The folder does not exist. */
  | 'missing'
  /** The folder contains other files, or an invalid file. */
  | 'not-a-recording'
  /** The recording was written by a later version of this package. */
  | 'newer-version'
  /** The recording has another key. */
  | 'other-key';

/** A folder that cannot be read as a recording or extended. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly problem: RecordingProblem;

  constructor(problem: RecordingProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
