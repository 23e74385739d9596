/** A run cannot go on; the log gets a FatalError with these words. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** One item of a run failed; its row gets these words, and the run goes on. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';
}
