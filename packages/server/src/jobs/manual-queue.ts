import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { JobQueue, QueuedRun, QueueWorkers } from './queue.js';

/** The queue for the manual clock. Its entries wait in memory until a test runs them. */
export class ManualQueue implements JobQueue {
  #workers: QueueWorkers | undefined;
  #runs: number[] = [];
  #deliveries: number[] = [];
  #timed: { at: Date; work: (workers: QueueWorkers) => Promise<void> }[] = [];

  async open(): Promise<void> {}

  async start(workers: QueueWorkers): Promise<void> {
    this.#workers = workers;
  }

  lacksRun(runId: SQLWrapper): SQL {
    return sql`not ${anyOf(runId, this.#runs)}`;
  }

  lacksDelivery(outboxId: SQLWrapper): SQL {
    return sql`not ${anyOf(outboxId, this.#deliveries)}`;
  }

  /** A test expects runs in the order in which it submits them. */
  turnOf(): SQL<number> {
    return sql<number>`0`;
  }

  async renewRun(tx: Db, run: QueuedRun): Promise<void> {
    if (!this.#runs.includes(run.id)) await this.enqueueRun(tx, run);
  }

  async enqueueRun(_tx: Db, { id }: QueuedRun): Promise<void> {
    this.#runs.push(id);
  }

  async enqueueRuns(tx: Db, runs: readonly QueuedRun[]): Promise<void> {
    for (const run of runs) await this.enqueueRun(tx, run);
  }

  async enqueueFire(_tx: Db, triggerId: number, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.fire(triggerId, at) });
  }

  async enqueueDelivery(_tx: Db, outboxId: number, at?: Date): Promise<void> {
    if (at === undefined) this.#deliveries.push(outboxId);
    else this.#timed.push({ at, work: (workers) => workers.deliver(outboxId) });
  }

  async enqueueCloseIdle(_tx: Db, runId: number, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.closeIdle(runId) });
  }

  async enqueueCleanup(_tx: Db, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.cleanUp() });
  }

  /** When the next timed entry is due; `undefined` if none is waiting. */
  nextTime(): Date | undefined {
    const [first] = this.#timed.map(({ at }) => at.getTime()).sort((a, b) => a - b);
    return first === undefined ? undefined : new Date(first);
  }

  /**
   * Runs all due entries in order, and those that they enqueue.
   *
   * @returns The number of entries done.
   */
  async runPending(now: Date): Promise<number> {
    const workers = this.#workers;
    if (workers === undefined) return 0;
    for (let done = 0; ; done += 1) {
      const timed = this.#timed
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at.getTime() - b.at.getTime())[0];
      if (this.#runs.length > 0) await workers.run(this.#runs.shift() ?? 0);
      else if (timed !== undefined) {
        this.#timed = this.#timed.filter((entry) => entry !== timed);
        await timed.work(workers);
      } else if (this.#deliveries.length > 0) {
        const next = this.#deliveries.shift();
        if (next !== undefined) await workers.deliver(next);
      } else return done;
    }
  }

  async clear(): Promise<void> {
    this.#runs = [];
    this.#timed = [];
    this.#deliveries = [];
  }

  async stop(): Promise<void> {
    await this.clear();
  }
}
