import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config.js';
import { isDatabaseLoss, isLostConnection, lossReason } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { Store } from '../db/store.js';
import type { Delivery, JobQueue, QueueWorkers } from './queue.js';

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

  constructor(store: Store, { workers, role, serverName }: ServerConfig, log: Logger) {
    this.#concurrency = workers;
    this.#log = log;
    // A process that runs no jobs only adds entries. Workers maintain the queue.
    const works = role !== 'api';
    this.#boss = new PgBoss({
      ...store.queue,
      instanceName: serverName,
      useListenNotify: works,
      supervise: works,
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
