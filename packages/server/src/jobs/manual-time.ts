import type { Clock } from '../clock.js';
import type { JobEngine } from './job-engine.js';
import type { ManualQueue } from './manual-queue.js';

/** Advances a manual clock and does the work that becomes due. */
export class ManualTime {
  readonly #clock: Clock;
  readonly #queue: ManualQueue | undefined;
  readonly #jobs: JobEngine;

  /** `queue` is `undefined` with another clock, which cannot be set. */
  constructor(clock: Clock, queue: ManualQueue | undefined, jobs: JobEngine) {
    this.#clock = clock;
    this.#queue = queue;
    this.#jobs = jobs;
  }

  /**
   * Advances the clock from one due entry to the next, so each happens at its own time.
   *
   * @throws Error with another clock.
   */
  async advance(until: Date): Promise<void> {
    const queue = this.#needQueue();
    await this.runPending();
    for (let next = queue.nextTime(); next !== undefined && next <= until; next = queue.nextTime()) {
      this.#clock.set(next > this.#clock.now() ? next : this.#clock.now());
      await this.runPending();
    }
    this.#clock.set(until);
    await this.runPending();
  }

  /**
   * Does the work that is due now in the queue and the tables.
   *
   * @returns The number of entries done.
   * @throws Error with another clock.
   */
  async runPending(): Promise<number> {
    const queue = this.#needQueue();
    await this.#jobs.started();
    const done = await queue.runPending(this.#clock.now());
    await this.#jobs.reconcile();
    return done + (await queue.runPending(this.#clock.now()));
  }

  #needQueue(): ManualQueue {
    if (this.#queue === undefined) throw new Error('only a manual job clock can be set');
    return this.#queue;
  }
}
