/** How time passes for jobs. */
export type JobClock =
  /** As on the wall. */
  | 'real'
  /** Jobs that are due are done before the call that made them due answers. */
  | 'instant'
  /** Time stands still, and jobs wait, until a test moves it on. */
  | 'manual';

/** The server's time. In the manual mode it moves only when it is told to. */
export class Clock {
  readonly mode: JobClock;
  #manual: number;

  constructor(mode: JobClock = 'real', start: Date = new Date()) {
    this.mode = mode;
    this.#manual = start.getTime();
  }

  now(): Date {
    return new Date(this.mode === 'manual' ? this.#manual : Date.now());
  }

  /**
   * Moves manual time on.
   *
   * @throws Error in another mode, RangeError when time would go back.
   */
  set(time: Date): void {
    if (this.mode !== 'manual')
      throw new Error(`the job clock is "${this.mode}"; only "manual" can be moved`);
    if (!(time.getTime() >= this.#manual)) throw new RangeError('time cannot go back');
    this.#manual = time.getTime();
  }
}
