/** Measures how fast a count grows. Recent changes have more weight. */
export class Speed {
  #at: number | undefined;
  #count = 0;
  #perSecond: number | undefined;

  /** @param now - Milliseconds of a monotonic clock. */
  see(count: number, now: number): void {
    if (this.#at === undefined || count < this.#count) {
      this.#at = now;
      this.#count = count;
      this.#perSecond = undefined;
      return;
    }
    const seconds = (now - this.#at) / 1000;
    if (count === this.#count || seconds <= 0) return;
    const latest = (count - this.#count) / seconds;
    this.#perSecond = this.#perSecond === undefined ? latest : 0.6 * this.#perSecond + 0.4 * latest;
    this.#at = now;
    this.#count = count;
  }

  /** The speed per second; `undefined` until the count has changed. */
  get perSecond(): number | undefined {
    return this.#perSecond;
  }

  /** The time for the remaining count at this speed, in milliseconds. */
  estimate(left: number): number | undefined {
    return this.#perSecond === undefined || this.#perSecond <= 0
      ? undefined
      : (left / this.#perSecond) * 1000;
  }
}

/** Formats a speed: `2.5/s`, `12.0 files/min`. */
export function perSecond(speed: number, what: string = ''): string {
  const unit = what === '' ? '' : ` ${what}`;
  if (speed >= 0.95) return `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}${unit}/s`;
  return `${(speed * 60).toFixed(1)}${unit}/min`;
}
