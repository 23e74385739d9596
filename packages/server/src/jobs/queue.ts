import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Db } from '../db/db.js';
import type { Store } from '../db/store.js';

/** A notification to deliver. */
export interface Delivery {
  readonly kind: 'http' | 'mail';
  readonly runId: number;
  /** URL or e-mail address. */
  readonly target: string;
}

/** What the queue hands out. */
export interface QueueWorkers {
  run(runId: number): Promise<void>;
  fire(triggerId: number, at: Date): Promise<void>;
  deliver(delivery: Delivery): Promise<void>;
  closeIdle(runId: number): Promise<void>;
  cleanUp(): Promise<void>;
}

/** Work that waits for a worker. Entries are enqueued in a transaction, so that they exist exactly if it commits. */
export interface JobQueue {
  enqueueRun(tx: Db, runId: number): Promise<void>;
  enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void>;
  enqueueDelivery(tx: Db, delivery: Delivery): Promise<void>;
  enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void>;
  /** The nightly cleanup: one entry for each time, however many servers enqueue it. */
  enqueueCleanup(tx: Db, at: Date): Promise<void>;
  /** Makes it ready to accept entries. */
  open(): Promise<void>;
  /** Starts handing out work. */
  start(workers: QueueWorkers): Promise<void>;
  /** Numbers of the runs in the queue, waiting or handed out; `undefined` for a queue that cannot lose one. */
  runsHeld(db: Db): Promise<Set<number> | undefined>;
  /** Drops waiting entries: all of them, or those that can be rebuilt from the database, which deliveries cannot. */
  clear(what: 'everything' | 'rebuildable'): Promise<void>;
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

/** A pg-boss queue, in the same database as everything else. */
export class BossQueue implements JobQueue {
  readonly #boss: PgBoss;
  readonly #concurrency: number;

  constructor(store: Store, concurrency: number, serverName: string, log: Logger) {
    this.#concurrency = concurrency;
    this.#boss = new PgBoss({
      ...store.queue,
      instanceName: serverName,
      useListenNotify: true,
      schedule: false,
      // How often to look for lost workers.
      monitorIntervalSeconds: 5,
      superviseIntervalSeconds: 5,
      // How often to prune finished entries.
      maintenanceIntervalSeconds: 600,
      reindex: false,
      monitorVacuum: false,
    });
    this.#boss.on('error', (error) => log.error({ err: error }, 'the job queue reports an error'));
    this.#boss.on('warning', (warning) => log.warn({ warning }, 'the job queue reports a warning'));
  }

  async open(): Promise<void> {
    await this.#boss.start();
    const kept = {
      // Finished entries serve no purpose; entries that have not been handed out may wait for years.
      deleteAfterSeconds: 3600,
      retentionSeconds: 10 * 365 * 86_400,
      heartbeatSeconds: HEARTBEAT,
    };
    const work = {
      ...kept,
      notify: true,
      expireInSeconds: 86_399,
      retryLimit: 10,
    };
    // One worker at a time for a run, however many entries it has.
    await this.#ensure(QUEUES.run, { ...work, policy: 'singleton' });
    await this.#ensure(QUEUES.fire, { ...kept, retryLimit: 10, retryDelay: 1 });
    await this.#ensure(QUEUES.deliver, {
      ...kept,
      notify: true,
      retryLimit: 8,
      retryBackoff: true,
      retryDelay: 1,
      retryDelayMax: 300,
    });
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
            if (job) await workers.run(job.data.runId);
          } finally {
            // Entries that arrived meanwhile were announced while no worker was free.
            boss.notifyWorker(id);
          }
        },
      );
    }
    await boss.work<{ triggerId: number; at: string }>(
      QUEUES.fire,
      { pollingIntervalSeconds: 0.5 },
      async ([job]) => {
        if (job) await workers.fire(job.data.triggerId, new Date(job.data.at));
      },
    );
    await boss.work<Delivery>(QUEUES.deliver, { ...quick, localConcurrency: 2 }, async ([job]) => {
      if (job) await workers.deliver(job.data);
    });
    await boss.work<{ runId: number }>(QUEUES.idle, { pollingIntervalSeconds: 2 }, async ([job]) => {
      if (job) await workers.closeIdle(job.data.runId);
    });
    await boss.work(QUEUES.cleanup, { pollingIntervalSeconds: 60 }, () => workers.cleanUp());
  }

  async enqueueRun(tx: Db, runId: number): Promise<void> {
    await this.#send(tx, QUEUES.run, { runId }, { singletonKey: String(runId) });
  }

  async enqueueFire(tx: Db, triggerId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.fire, { triggerId, at: at.toISOString() }, { startAfter: at });
  }

  async enqueueDelivery(tx: Db, delivery: Delivery): Promise<void> {
    await this.#send(tx, QUEUES.deliver, delivery, {});
  }

  async enqueueCloseIdle(tx: Db, runId: number, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.idle, { runId }, { startAfter: at });
  }

  async enqueueCleanup(tx: Db, at: Date): Promise<void> {
    await this.#send(tx, QUEUES.cleanup, {}, { startAfter: at, singletonKey: at.toISOString() });
  }

  async runsHeld(db: Db): Promise<Set<number>> {
    const { rows } = await db.execute<{ id: number }>(
      sql`select distinct (data->>'runId')::int as id from pgboss.job where name = ${QUEUES.run} and state < 'completed'`,
    );
    return new Set(rows.map(({ id }) => id));
  }

  async clear(what: 'everything' | 'rebuildable'): Promise<void> {
    for (const name of Object.values(QUEUES)) {
      if (what === 'everything' || name !== QUEUES.deliver) await this.#boss.deleteAllJobs(name);
    }
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

  async #ensure(name: string, options: Parameters<PgBoss['createQueue']>[1]): Promise<void> {
    await this.#boss.createQueue(name, options);
  }
}

/** A queue whose entries wait in memory until a test asks for them: that of the manual clock. */
export class ManualQueue implements JobQueue {
  #workers: QueueWorkers | undefined;
  #runs: number[] = [];
  #deliveries: Delivery[] = [];
  #timed: { at: Date; work: (workers: QueueWorkers) => Promise<void> }[] = [];

  async open(): Promise<void> {}

  async start(workers: QueueWorkers): Promise<void> {
    this.#workers = workers;
  }

  async runsHeld(): Promise<undefined> {
    return undefined;
  }

  async enqueueRun(_tx: Db, runId: number): Promise<void> {
    this.#runs.push(runId);
  }

  async enqueueFire(_tx: Db, triggerId: number, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.fire(triggerId, at) });
  }

  async enqueueDelivery(_tx: Db, delivery: Delivery): Promise<void> {
    this.#deliveries.push(delivery);
  }

  async enqueueCloseIdle(_tx: Db, runId: number, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.closeIdle(runId) });
  }

  async enqueueCleanup(_tx: Db, at: Date): Promise<void> {
    this.#timed.push({ at, work: (workers) => workers.cleanUp() });
  }

  /** When the next timed entry is due; `undefined` when none waits. */
  nextTime(): Date | undefined {
    const [first] = this.#timed.map(({ at }) => at.getTime()).sort((a, b) => a - b);
    return first === undefined ? undefined : new Date(first);
  }

  /**
   * Does everything that is due, in order, and everything that follows from it.
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
        const delivery = this.#deliveries.shift();
        // A failed delivery is not retried: with a manual clock, there is no time to wait.
        if (delivery) await workers.deliver(delivery).catch(() => undefined);
      } else return done;
    }
  }

  async clear(what: 'everything' | 'rebuildable'): Promise<void> {
    this.#runs = [];
    this.#timed = [];
    if (what === 'everything') this.#deliveries = [];
  }

  async stop(): Promise<void> {
    await this.clear('everything');
  }
}
