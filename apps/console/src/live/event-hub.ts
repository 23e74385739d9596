import type { ConsoleEvent } from '../api/contract.ts';

/** Milliseconds in which events are handled together, so that a burst renders once. */
const TOGETHER = 150;
/** So many waiting events are handled at once, whatever the interval. */
const LIMIT = 2000;

/** Hands events on: together after a moment, or all of an interval at once. */
export class EventHub {
  readonly #listeners = new Set<(event: ConsoleEvent) => void>();
  #waiting: ConsoleEvent[] = [];
  #interval = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  subscribe(listener: (event: ConsoleEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Milliseconds; 0 shows events as they happen. */
  setInterval(interval: number): void {
    this.#interval = interval;
    this.flush();
  }

  push(event: ConsoleEvent): void {
    this.#waiting.push(event);
    // What concerns the connection itself is never held back.
    const isUrgent = !['jobs', 'job', 'assets', 'test', 'upload'].includes(event.type);
    if (isUrgent || this.#waiting.length >= LIMIT) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), Math.max(TOGETHER, this.#interval));
  }

  /** Hands on all that waits, in order. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) {
      for (const listener of this.#listeners) listener(event);
    }
  }
}
