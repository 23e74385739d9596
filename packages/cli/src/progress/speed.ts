/** How fast a count grows, from what was seen of it so far; late changes count more than early ones. */
export class Speed {
  #at: number | undefined;
  #count = 0;
  #perSecond: number | undefined;

  /** @param now - Milliseconds of any clock that only goes forward. */
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

  /** Per second; nothing until something moved. */
  get perSecond(): number | undefined {
    return this.#perSecond;
  }

  /** Milliseconds until so many more are done, when it goes on like that. */
  estimate(left: number): number | undefined {
    return this.#perSecond === undefined || this.#perSecond <= 0
      ? undefined
      : (left / this.#perSecond) * 1000;
  }
}

/** A speed in words. */
export function perSecond(speed: number, what: string = ''): string {
  const unit = what === '' ? '' : ` ${what}`;
  if (speed >= 0.95) return `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}${unit}/s`;
  return `${(speed * 60).toFixed(1)}${unit}/min`;
}
