import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { anyOf } from '../db/any-of.js';
import { isDatabaseLoss, isLostConnection, lossReason } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { Store } from '../db/store.js';

/** A notification in a queue entry of an earlier version. Entries now contain the number of a row in the outbox. */
export interface Delivery {
  readonly kind: 'http' | 'mail';
  readonly runId: number;
  /** URL or e-mail address. */
  readonly target: string;
}

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
 * and exist only if it commits.
 */
export interface JobQueue {
  enqueueRun(tx: Db, runId: number): Promise<void>;
  /** Enqueues a run that was lost with its worker, regardless of the entry that the worker held. */
  renewRun(tx: Db, runId: number): Promise<void>;
  enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void>;
  /** Enqueues a row of the outbox for delivery, at a time or immediately. */
  enqueueDelivery(tx: Db, outboxId: number, at?: Date): Promise<void>;
  enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void>;
  /** Enqueues the nightly cleanup: one entry for each time, even if several servers enqueue it. */
  enqueueCleanup(tx: Db, at: Date): Promise<void>;
  /** Prepares the queue to accept entries. */
  open(): Promise<void>;
  /** Starts handing out work. */
  start(workers: QueueWorkers): Promise<void>;
  /** The condition that no entry leads to a run: none is handed out or waiting to be. */
  lacksRun(runId: SQLWrapper): SQL;
  /** Drops all entries. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const QUEUES = {
  run: 'ips-run',
  fire: 'ips-fire',
  deliver: 'ips-deliver',
  idle: 'ips-close-idle',
  cleanup: 'ips-cleanup',
} as const;

/** Seconds without a heartbeat after which a worker counts as dead; the minimum that pg-boss allows. */
const HEARTBEAT = 10;

/** Milliseconds between reports that the database does not respond. */
const REPORT_INTERVAL = 10_000;

/** A pg-boss queue, in the same database as everything else. */
export class BossQueue implements JobQueue {
  readonly #boss: PgBoss;
  readonly #concurrency: number;
  readonly #log: Logger;
  #reported = 0;

  constructor(store: Store, concurrency: number, serverName: string, log: Logger) {
    this.#concurrency = concurrency;
    this.#log = log;
    this.#boss = new PgBoss({
      ...store.queue,
      instanceName: serverName,
      useListenNotify: true,
      schedule: false,
      // How often to check for lost workers.
      monitorIntervalSeconds: 5,
      superviseIntervalSeconds: 5,
      // How often to prune finished entries.
      maintenanceIntervalSeconds: 600,
      reindex: false,
      monitorVacuum: false,
    });
    this.#boss.on('error', (error) => this.#report(error, 'job queue error'));
    // The warning's data can contain values of entries.
    this.#boss.on('warning', ({ message }) => log.warn({ reason: message }, 'job queue warning'));
  }

  async open(): Promise<void> {
    await this.#boss.start();
    const kept = {
      // Finished entries are not needed; entries that have not been handed out may wait for years.
      deleteAfterSeconds: 3600,
      retentionSeconds: 10 * 365 * 86_400,
      heartbeatSeconds: HEARTBEAT,
    };
    const work = {
      ...kept,
      notify: true,
      // The maximum. A run that takes longer stays with its worker, which holds it in the table.
      expireInSeconds: 86_399,
      retryLimit: 10,
    };
    // One worker at a time for each run, even if it has several entries.
    await this.#ensure(QUEUES.run, { ...work, policy: 'singleton' });
    await this.#ensure(QUEUES.fire, { ...kept, retryLimit: 10, retryDelay: 1 });
    // The outbox counts attempts and determines when the next one is due.
    await this.#ensure(QUEUES.deliver, { ...kept, notify: true, retryLimit: 3, retryDelay: 1 });
    await this.#ensure(QUEUES.idle, { ...kept, retryLimit: 10, retryDelay: 1 });
    await this.#ensure(QUEUES.cleanup, { ...kept, policy: 'short', retryLimit: 3, retryDelay: 60 });
  }

  async start(workers: QueueWorkers): Promise<void> {
    const boss = this.#boss;
    const quick = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 2 };
    for (let each = 0; each < this.#concurrency; each += 1) {
      const id: string = await boss.work<{ runId: number }>(
        QUEUES.run,
        { ...quick, heartbeatRefreshSeconds: 3 },
        async ([job]) => {
          try {
            if (job) await this.#handled(QUEUES.run, workers.run(job.data.runId));
          } finally {
            // Entries that arrived in the meantime were announced while no worker was free.
            boss.notifyWorker(id);
          }
        },
      );
    }
    await boss.work<{ triggerId: number; at: string }>(
      QUEUES.fire,
      { pollingIntervalSeconds: 0.5 },
      async ([job]) => {
        if (job) await this.#handled(QUEUES.fire, workers.fire(job.data.triggerId, new Date(job.data.at)));
      },
    );
    await boss.work<{ outboxId: number } | Delivery>(
      QUEUES.deliver,
      { ...quick, localConcurrency: 2 },
      async ([job]) => {
        if (job === undefined) return;
        const { data } = job;
        await this.#handled(QUEUES.deliver, workers.deliver('outboxId' in data ? data.outboxId : data));
      },
    );
    await boss.work<{ runId: number }>(QUEUES.idle, { pollingIntervalSeconds: 2 }, async ([job]) => {
      if (job) await this.#handled(QUEUES.idle, workers.closeIdle(job.data.runId));
    });
    await boss.work(QUEUES.cleanup, { pollingIntervalSeconds: 10 }, () =>
      this.#handled(QUEUES.cleanup, workers.cleanUp()),
    );
  }

  async enqueueRun(tx: Db, runId: number): Promise<void> {
    await this.#send(tx, QUEUES.run, { runId }, { singletonKey: String(runId) });
  }

  async renewRun(tx: Db, runId: number): Promise<void> {
    await tx.execute(
      sql`delete from pgboss.job where name = ${QUEUES.run} and singleton_key = ${String(runId)} and state = 'active'`,
    );
    await this.enqueueRun(tx, runId);
  }

  async enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.fire, { triggerId, at: at.toISOString() }, { startAfter: at });
  }

  async enqueueDelivery(tx: Db, outboxId: number, at?: Date): Promise<void> {
    await this.#send(tx, QUEUES.deliver, { outboxId }, at === undefined ? {} : { startAfter: at });
  }

  async enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.idle, { runId }, { startAfter: at });
  }

  async enqueueCleanup(tx: Db, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.cleanup, {}, { startAfter: at, singletonKey: at.toISOString() });
  }

  lacksRun(runId: SQLWrapper): SQL {
    // An entry for a time far ahead was enqueued before the clock was set back.
    return sql`not exists (select 1 from pgboss.job where name = ${QUEUES.run} and singleton_key = ${runId}::text
      and (state = 'active' or (state < 'active' and start_after < now() + interval '1 minute')))`;
  }

  async clear(): Promise<void> {
    for (const name of Object.values(QUEUES)) await this.#boss.deleteAllJobs(name);
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }

  async #send(
    tx: Db,
    queue: string,
    data: object,
    options: { singletonKey?: string; startAfter?: Date },
  ): Promise<void> {
    const db = fromDrizzle(tx, sql);
    await this.#boss.send(queue, data, { ...options, db });
  }

  /** Keeps the values of failed queries out of the queue's tables, in which it stores the errors of its workers. */
  async #handled(queue: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#report(error, `an entry of the queue ${queue} failed`);
      throw new Error(`see the server log: ${lossReason(error)}`);
    }
  }

  /** Logs an error. A loss of the database is logged at intervals, not for each poll. */
  #report(error: unknown, message: string): void {
    if (!isDatabaseLoss(error) && !isLostConnection(error)) {
      this.#log.error({ err: error }, message);
      return;
    }
    if (Date.now() - this.#reported < REPORT_INTERVAL) return;
    this.#reported = Date.now();
    this.#log.warn({ reason: lossReason(error) }, 'the job queue is waiting for the database');
  }

  async #ensure(name: string, options: Parameters<PgBoss['createQueue']>[1]): Promise<void> {
    await this.#boss.createQueue(name, options);
  }
}

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

  async renewRun(tx: Db, runId: number): Promise<void> {
    if (!this.#runs.includes(runId)) await this.enqueueRun(tx, runId);
  }

  async enqueueRun(_tx: Db, runId: number): Promise<void> {
    this.#runs.push(runId);
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
