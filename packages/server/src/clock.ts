/** How time passes for jobs. */
export type JobClock =
  /** Real time. */
  | 'real'
  /** A job that is due runs before the call that made it due returns. */
  | 'instant'
  /** Time stands still until a test advances it. Jobs wait. */
  | 'manual';

/** The server's time. In manual mode it moves only when a test moves it. */
export class Clock {
  readonly mode: JobClock;
  readonly #start: number;
  #manual: number;

  constructor(mode: JobClock = 'real', start: Date = new Date()) {
    this.mode = mode;
    this.#start = start.getTime();
    this.#manual = this.#start;
  }

  now(): Date {
    return new Date(this.mode === 'manual' ? this.#manual : Date.now());
  }

  /**
   * Advances manual time.
   *
   * @throws Error in another mode, RangeError if time would run backwards.
   */
  set(time: Date): void {
    if (this.mode !== 'manual')
      throw new Error(`the job clock is "${this.mode}"; only a manual clock can be set`);
    if (!(time.getTime() >= this.#manual)) throw new RangeError('time cannot run backwards');
    this.#manual = time.getTime();
  }

  /** Sets a manual clock back, for a server that starts over. Default: to where it began. */
  restart(time: Date = new Date(this.#start)): void {
    this.#manual = time.getTime();
  }
}
