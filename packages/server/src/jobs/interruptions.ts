// The errors that interrupt a run. Each is thrown where the run checks for it.

/** Another worker has taken over the run; this one must stop writing. */
export class RunTakenOverError extends Error {
  override readonly name = 'RunTakenOverError';
}

/** A stop of the run was requested. */
export class RunStoppedError extends Error {
  override readonly name = 'RunStoppedError';
}

/** A pause of the run was requested: items in progress are finished, and no others begin. */
export class RunPausedError extends Error {
  override readonly name = 'RunPausedError';
}
