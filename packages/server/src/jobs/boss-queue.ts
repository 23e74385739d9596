import { eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { fromDrizzle, type JobInsert, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config.js';
import { isDatabaseLoss, isLostConnection, lossReason } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { Store } from '../db/store.js';
import type { Delivery, JobQueue, QueuedRun, QueueWorkers } from './queue.js';
import { newTurn, priorityOf, type RunPlace, turnOfPriority } from './run-order.js';

const QUEUES = {
  run: 'ips-runs',
  fire: 'ips-fire',
  deliver: 'ips-deliver',
  idle: 'ips-close-idle',
  cleanup: 'ips-cleanup',
} as const;

/** The queue of runs of earlier versions. Their processes may still add entries, and their last entries wait in it. */
const EARLIER_RUNS = 'ips-run';

/** Entries that one statement adds. */
const TOGETHER = 1000;

/** When PostgreSQL cleans up the table of runs, whose rows change often and are deleted soon. */
const VACUUM = 'autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000';

/** Seconds without a heartbeat after which a worker counts as dead; the minimum that pg-boss allows. */
const HEARTBEAT = 10;

/** Milliseconds between reports that the database does not respond. */
const REPORT_INTERVAL = 10_000;

/** Entries of the queue of runs. Literal, as in the conditions of the indexes. */
const IN_RUNS = sql.raw(`name = '${QUEUES.run}'`);

/** The condition that an entry with a key is handed out, as the index of active keys has it. */
const isActive = (key: SQLWrapper): SQL =>
  sql`state = 'active' and policy = 'singleton' and coalesce(singleton_key, '') = ${key}::text`;

/** The condition that an entry with a key waits. One for a time far ahead was added before the clock was set back. */
const waits = (key: SQLWrapper): SQL =>
  sql`state < 'active' and singleton_key = ${key}::text and start_after < now() + interval '1 minute'`;

/** A pg-boss queue, in the same database as everything else. */
export class BossQueue implements JobQueue {
  readonly #boss: PgBoss;
  readonly #store: Pick<Store, 'db' | 'exclusive'>;
  readonly #concurrency: number;
  readonly #log: Logger;
  #isOpen = false;
  #reported = 0;

  constructor(
    store: Pick<Store, 'db' | 'exclusive' | 'queue'>,
    { workers, role, serverName }: Pick<ServerConfig, 'workers' | 'role' | 'serverName'>,
    log: Logger,
  ) {
    this.#store = store;
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
    this.#boss.on('error', (event) => this.#report(errorOf(event), 'job queue error'));
    // The warning's data can contain values of entries.
    this.#boss.on('warning', ({ message }) => log.warn({ reason: message }, 'job queue warning'));
  }

  async open(): Promise<void> {
    await this.#boss.start();
    const there = new Set((await this.#boss.getQueues(Object.values(QUEUES))).map(({ name }) => name));
    // Creating one that is there changes nothing, but takes long.
    const ensure = async (name: string, options: Parameters<PgBoss['createQueue']>[1]): Promise<void> => {
      if (!there.has(name)) await this.#boss.createQueue(name, options);
    };
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
    const runs = { ...work, policy: 'singleton' } as const;
    // Where many processes share the queue, its entries have a table of their own.
    await ensure(QUEUES.run, { ...runs, partition: !this.#store.exclusive });
    if (!this.#store.exclusive) await this.#tune(QUEUES.run);
    await ensure(QUEUES.fire, { ...kept, retryLimit: 10, retryDelay: 1 });
    // The outbox counts attempts and determines when the next one is due.
    await ensure(QUEUES.deliver, { ...kept, notify: true, retryLimit: 3, retryDelay: 1 });
    await ensure(QUEUES.idle, { ...kept, retryLimit: 10, retryDelay: 1 });
    await ensure(QUEUES.cleanup, { ...kept, policy: 'short', retryLimit: 3, retryDelay: 60 });
    this.#isOpen = true;
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
    if ((await boss.getQueue(EARLIER_RUNS)) !== null) {
      await boss.work<{ runId: number }>(EARLIER_RUNS, { pollingIntervalSeconds: 5 }, async ([job]) => {
        if (job) await this.#handled(EARLIER_RUNS, workers.run(job.data.runId));
      });
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

  turnOf(run: Pick<QueuedRun, 'companyId' | 'urgent'>): SQL<number> {
    // It gets its turn when it is enqueued.
    if (!this.#isOpen) return sql<number>`0`;
    const priority = sql`(select priority from pgboss.job where ${IN_RUNS} and state < 'active' and not blocked
      order by priority desc, created_on limit 1)`;
    return newTurn(run, turnOfPriority(priority));
  }

  async enqueueRun(tx: Db, run: QueuedRun): Promise<void> {
    if (!this.#isOpen) return;
    const priority = priorityOf(await this.#inTurn(tx, run));
    await this.#send(tx, QUEUES.run, { runId: run.id }, { singletonKey: String(run.id), priority });
  }

  async enqueueRuns(tx: Db, runs: readonly QueuedRun[]): Promise<void> {
    const db = fromDrizzle(tx, sql);
    for (let first = 0; first < runs.length; first += TOGETHER) {
      const entries: JobInsert[] = [];
      for (const run of runs.slice(first, first + TOGETHER)) {
        const priority = priorityOf(await this.#inTurn(tx, run));
        entries.push({ data: { runId: run.id }, singletonKey: String(run.id), priority });
      }
      await this.#boss.insert(QUEUES.run, entries, { db });
    }
  }

  async renewRun(tx: Db, run: QueuedRun): Promise<void> {
    await tx.execute(sql`delete from pgboss.job where ${IN_RUNS} and ${isActive(sql`${run.id}::int`)}`);
    await this.enqueueRun(tx, run);
  }

  /** A run with a turn: its own, or else a new one. */
  async #inTurn(tx: Db, run: QueuedRun): Promise<RunPlace> {
    if (run.turn > 0) return run;
    const [given] = await tx
      .update(t.runs)
      .set({ turn: this.turnOf(run) })
      .where(eq(t.runs.id, run.id))
      .returning({ turn: t.runs.turn, urgent: t.runs.urgent });
    return given ?? run;
  }

  async enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.fire, { triggerId, at: at.toISOString() }, { startAfter: at });
  }

  async enqueueDelivery(tx: Db, outboxId: number, at?: Date): Promise<void> {
    const key = { singletonKey: String(outboxId) };
    await this.#send(tx, QUEUES.deliver, { outboxId }, at === undefined ? key : { ...key, startAfter: at });
  }

  async enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.idle, { runId }, { startAfter: at });
  }

  async enqueueCleanup(tx: Db, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.cleanup, {}, { startAfter: at, singletonKey: at.toISOString() });
  }

  lacksRun(runId: SQLWrapper): SQL {
    // Two conditions, because each has an index.
    return sql`not exists (select 1 from pgboss.job where ${IN_RUNS} and ${isActive(runId)})
      and not exists (select 1 from pgboss.job where ${IN_RUNS} and ${waits(runId)})`;
  }

  lacksDelivery(outboxId: SQLWrapper): SQL {
    return sql`not exists (select 1 from pgboss.job where name = ${sql.raw(`'${QUEUES.deliver}'`)} and ${waits(outboxId)})`;
  }

  async clear(): Promise<void> {
    for (const name of Object.values(QUEUES)) await this.#boss.deleteAllJobs(name);
    if ((await this.#boss.getQueue(EARLIER_RUNS)) !== null) await this.#boss.deleteAllJobs(EARLIER_RUNS);
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }

  async #send(
    tx: Db,
    queue: string,
    data: object,
    options: { singletonKey?: string; startAfter?: Date; priority?: number },
  ): Promise<void> {
    if (!this.#isOpen) return;
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

  /** Lets PostgreSQL clean up the table of a queue in time. */
  async #tune(name: string): Promise<void> {
    const { db } = this.#store;
    const { rows } = await db.execute<{ table: string; options: string[] | null }>(
      sql`select relname as table, reloptions as options from pgboss.queue join pg_class on relname = table_name
        where name = ${name} and relnamespace = 'pgboss'::regnamespace and partition`,
    );
    for (const { table, options } of rows)
      if (options === null) await db.execute(sql.raw(`alter table pgboss."${table}" set (${VACUUM})`));
  }
}

/** The error of an event. The queue copies errors of the database to plain objects, which would be logged without a reason. */
function errorOf(event: unknown): unknown {
  if (event instanceof Error || typeof event !== 'object' || event === null) return event;
  const { message, code } = event as { readonly message?: unknown; readonly code?: unknown };
  return Object.assign(new Error(String(message)), code === undefined ? {} : { code });
}
