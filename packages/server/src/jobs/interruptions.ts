// How a run is interrupted from outside. Each is thrown where the run notices.

/** Another worker has taken over the run; this one must stop writing. */
export class RunTakenOverError extends Error {
  override readonly name = 'RunTakenOverError';
}

/** The run was told to stop. */
export class RunStoppedError extends Error {
  override readonly name = 'RunStoppedError';
}

/** The run was told to pause: what has begun is finished, and nothing else begins. */
export class RunPausedError extends Error {
  override readonly name = 'RunPausedError';
}
