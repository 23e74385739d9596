import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';

/** A notification in a queue entry of an earlier version. Entries now contain the number of a row in the outbox. */
export interface Delivery {
  readonly kind: 'http' | 'mail';
  readonly runId: number;
  /** URL or e-mail address. */
  readonly target: string;
}

/** What the queue needs of a run. */
export type QueuedRun = Pick<RunRow, 'id' | 'companyId' | 'urgent' | 'turn'>;

/** Handlers for the entries of the queue. */
export interface QueueWorkers {
  run(runId: number): Promise<void>;
  fire(triggerId: number, at: Date): Promise<void>;
  deliver(notification: number | Delivery): Promise<void>;
  closeIdle(runId: number): Promise<void>;
  cleanUp(): Promise<void>;
}

/**
 * Hints at due work. All work is recorded in the tables as well, so a lost entry costs only time. Entries are enqueued in a transaction
 * and exist only if it commits. Until the queue is open, nothing is enqueued: `rebuildQueue` finds it in the tables.
 */
export interface JobQueue {
  /** The turn of a new run, as an expression for its row. */
  turnOf(run: Pick<RunRow, 'companyId' | 'urgent'>): SQL<number>;
  /** Enqueues a run in its turn. One that has no turn gets it now. */
  enqueueRun(tx: Db, run: QueuedRun): Promise<void>;
  /** Enqueues many runs at once. */
  enqueueRuns(tx: Db, runs: readonly QueuedRun[]): Promise<void>;
  /** Enqueues a run that was lost with its worker, regardless of the entry that the worker held. */
  renewRun(tx: Db, run: QueuedRun): Promise<void>;
  enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void>;
  /** Enqueues a row of the outbox for delivery, at a time or immediately. */
  enqueueDelivery(tx: Db, outboxId: number, at?: Date): Promise<void>;
  enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void>;
  /** Enqueues the nightly cleanup: one entry for each time, even if several servers enqueue it. */
  enqueueCleanup(tx: Db, at: Date): Promise<void>;
  /** Prepares the queue to accept entries. From then on, they are enqueued. */
  open(): Promise<void>;
  /** Starts handing out work. */
  start(workers: QueueWorkers): Promise<void>;
  /** The condition that no entry leads to a run: none is handed out or waiting to be. */
  lacksRun(runId: SQLWrapper): SQL;
  /** The condition that no entry for a row of the outbox waits. */
  lacksDelivery(outboxId: SQLWrapper): SQL;
  /** Drops all entries. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}
