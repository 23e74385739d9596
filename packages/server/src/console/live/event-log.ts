import { randomBytes } from 'node:crypto';
import type { BoardFeed, FeedEvent } from './board-feed.js';

/** Events that are kept for viewers whose connection breaks. */
const KEPT = 300;

/** An event with its number. */
export interface NumberedEvent {
  readonly id: string;
  readonly event: FeedEvent;
}

/** The latest events of a feed, so that a viewer who was away for a moment misses none. */
export class EventLog {
  /** Numbers of another process, or of another feed, mean nothing here. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #events: NumberedEvent[] = [];
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  #next = 1;

  constructor(feed: BoardFeed) {
    feed.listen((event) => {
      const numbered = { id: `${this.#epoch}-${this.#next}`, event };
      this.#next += 1;
      this.#events.push(numbered);
      if (this.#events.length > KEPT) this.#events.shift();
      for (const listener of [...this.#listeners]) listener(numbered);
    });
  }

  /** The number of the latest event. */
  get last(): string {
    return `${this.#epoch}-${this.#next - 1}`;
  }

  /** The events after one; `undefined` if some of them are lost. */
  since(id: string): readonly NumberedEvent[] | undefined {
    const [epoch, digits] = id.split('-');
    const number = Number(digits);
    const first = this.#next - this.#events.length;
    if (epoch !== this.#epoch || !Number.isInteger(number) || number < first - 1 || number >= this.#next)
      return undefined;
    return this.#events.slice(number - first + 1);
  }

  listen(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
