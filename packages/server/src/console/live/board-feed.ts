import type { Logger } from 'pino';
import type { PollIntervals } from '../console-options.js';
import type { OwnServer, Topic } from '../own/own-server.js';
import { isOutage } from '../problem.js';
import type { BoardChange, JobBoard } from './job-board.js';

/** Milliseconds between two refreshes because of changes in the own database, and the age at which its data is read again unwatched. */
const PACE = 300;

/** Milliseconds between two events about anything but jobs. */
const TOPIC_PACE = 500;

/** Milliseconds for which the feed stays live after the last viewer has left, who may be reloading the page. */
const LINGER = 10_000;

/** What a feed reports. */
export type FeedEvent =
  | { readonly type: 'change'; readonly change: BoardChange }
  | { readonly type: 'assets' }
  | { readonly type: 'test' }
  | {
      readonly type: 'outage';
      readonly since: number;
      readonly message: string;
      readonly nextAttempt: number;
    }
  | { readonly type: 'recovered' };

/** An outage of the service. */
export interface Outage {
  readonly since: number;
  readonly message: string;
  readonly nextAttempt: number;
}

/**
 * Keeps a board up to date while somebody looks: with the notifications of the own database, or with one poller for all viewers whose
 * delay grows while nothing happens and during an outage.
 */
export class BoardFeed {
  readonly board: JobBoard;
  readonly #own: OwnServer | undefined;
  readonly #intervals: PollIntervals;
  readonly #log: Logger;
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  readonly #announced = new Map<Topic, NodeJS.Timeout>();
  #viewers = 0;
  #delay: number;
  #timer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStale = true;
  #readAt = 0;
  #outage: Outage | undefined;
  #watch: Promise<() => Promise<void>> | undefined;
  #isClosed = false;

  constructor(board: JobBoard, own: OwnServer | undefined, intervals: PollIntervals, log: Logger) {
    this.board = board;
    this.#own = own;
    this.#intervals = intervals;
    this.#log = log;
    this.#delay = intervals.busy;
  }

  get outage(): Outage | undefined {
    return this.#outage;
  }

  /** Milliseconds until the next poll; `undefined` with notifications. */
  get interval(): number | undefined {
    return this.#own === undefined ? this.#delay : undefined;
  }

  /** Whether a poller or a watch is at work. */
  get isLive(): boolean {
    return this.#timer !== undefined || this.#watch !== undefined;
  }

  listen(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to look; the feed is at work until every viewer has left. */
  addViewer(): () => void {
    this.#viewers += 1;
    clearTimeout(this.#linger);
    if (this.#viewers === 1) this.#start();
    let isGone = false;
    return () => {
      if (isGone) return;
      isGone = true;
      this.#viewers -= 1;
      if (this.#viewers === 0) this.#linger = setTimeout(() => this.#stop(), LINGER).unref();
    };
  }

  /**
   * Resolves when the board is as fresh as a viewer may expect.
   *
   * @throws the error of the service if nothing has been read so far.
   */
  async current(): Promise<void> {
    const age = Date.now() - this.#readAt;
    const isFresh =
      this.#own === undefined
        ? age < (this.isLive ? this.#intervals.outage : this.#intervals.busy)
        : this.#watch !== undefined
          ? !this.#isStale
          : age < PACE;
    if (isFresh && this.#readAt > 0) return;
    try {
      await this.refresh();
    } catch (error) {
      if (this.#readAt === 0 || !isOutage(error)) throw error;
    }
  }

  /** Reads the board if it may lack what has just happened: the news of a job can be slower than a link to it. */
  async catchUp(): Promise<void> {
    if (Date.now() - this.#readAt >= PACE) await this.refresh();
  }

  /** Reads the board now, and once more if something may have changed in the meantime. */
  async refresh(): Promise<void> {
    // A refresh that runs may have read before the change.
    if (this.#running !== undefined) await this.#running.catch(() => undefined);
    this.#running ??= this.#refresh().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** After an action of a viewer: what it changed shows at once. */
  async poke(): Promise<void> {
    this.#delay = this.#intervals.busy;
    await this.refresh().catch((error: unknown) => this.#failed(error));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#linger);
    for (const timer of this.#announced.values()) clearTimeout(timer);
    this.#stop();
    this.#listeners.clear();
  }

  #start(): void {
    if (this.#isClosed || this.isLive) return;
    if (this.#own === undefined) {
      this.#delay = this.#intervals.busy;
      this.#schedule(0);
      return;
    }
    this.#watch = this.#own.watch(
      (topic) => this.#changed(topic),
      () => this.#changed('jobs'),
    );
    this.#watch.catch((error: unknown) => {
      this.#log.warn({ err: error }, 'the console cannot watch the database');
      this.#watch = undefined;
      this.#schedule(this.#intervals.calm);
    });
    this.#changed('jobs');
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const watch = this.#watch;
    this.#watch = undefined;
    void watch?.then((end) => end()).catch(() => undefined);
  }

  #changed(topic: Topic): void {
    if (topic !== 'jobs') {
      // An upload changes assets with each of its files.
      const timer = setTimeout(() => {
        this.#announced.delete(topic);
        this.#emit({ type: topic });
      }, TOPIC_PACE).unref();
      if (this.#announced.has(topic)) clearTimeout(timer);
      else this.#announced.set(topic, timer);
      return;
    }
    this.#isStale = true;
    if (this.#timer === undefined) this.#schedule(Math.max(0, this.#readAt + PACE - Date.now()));
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tick(), delay).unref();
  }

  async #tick(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.#failed(error);
    }
    this.#timer = undefined;
    if (this.#isClosed || this.#viewers === 0) return;
    if (this.#outage !== undefined) this.#schedule(this.#delay);
    else if (this.#watch === undefined) this.#schedule(this.#delay);
    else if (this.#isStale) this.#schedule(PACE);
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    try {
      const change = await this.board.refresh();
      this.#readAt = Date.now();
      if (this.#outage !== undefined) {
        this.#outage = undefined;
        this.#delay = this.#intervals.busy;
        this.#emit({ type: 'recovered' });
      }
      const isBusy = change.changed.length > 0 || change.removed.length > 0 || this.board.active.length > 0;
      const { busy, calm } = this.#intervals;
      this.#delay = isBusy ? busy : Math.min(calm, this.#delay * 1.5);
      if (change.changed.length > 0 || change.removed.length > 0) this.#emit({ type: 'change', change });
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  #failed(error: unknown): void {
    const { busy, outage } = this.#intervals;
    this.#delay = this.#outage === undefined ? busy : Math.min(outage, this.#delay * 2);
    const message = error instanceof Error ? error.message : String(error);
    if (this.#outage === undefined) this.#log.warn({ reason: message }, 'the console cannot read the jobs');
    this.#outage = {
      since: this.#outage?.since ?? Date.now(),
      message,
      nextAttempt: Date.now() + this.#delay,
    };
    this.#emit({ type: 'outage', ...this.#outage });
  }

  #emit(event: FeedEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
