/** A run cannot continue. Its log gets a FatalError with this message. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** One item of a run failed. Its row gets this message, and the run continues. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';
}
