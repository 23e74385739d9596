/** How long to wait for a record. */
export interface WaitOptions {
  /** Milliseconds, in real time even if the clock of jobs is manual. Default: 10,000. */
  readonly timeout?: number | undefined;
}
