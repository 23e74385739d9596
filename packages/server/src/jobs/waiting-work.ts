// Metrics of work that waits in the database. They are read when metrics are requested, at intervals that grow with the time this takes.
import { and, count, eq, inArray, min, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import { ACTIVE_STATES } from './run-states.js';

/** Minimum milliseconds between two reads. */
const INTERVAL = 5000;

/** The share of time that reads may take: one of 100 ms is repeated after 10 seconds. */
const SHARE = 0.01;

/** Maximum milliseconds of a statement, and for which a request of the metrics waits for a read. */
const PATIENCE = { statement: 5000, request: 1000 } as const;

/** Reads the metrics of waiting work from the database. */
export class WaitingWork {
  readonly #services: Services;
  #next = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Updates the metrics, unless it is too soon. Does not wait for a database that does not respond: its metrics are then missing. */
  async update(): Promise<void> {
    if (this.#reading === undefined && performance.now() >= this.#next)
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE.request);
    });
    await Promise.race([this.#reading, late]);
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    const { db, clock, metrics } = this.#services;
    const begun = performance.now();
    const secondsSince = (time: Date | null | undefined): number =>
      time ? Math.max(0, clock.now().getTime() - time.getTime()) / 1000 : 0;
    const { runsActive, oldestRun, notificationsWaiting, oldestNotification } = metrics;
    try {
      const { runs, oldest, outbox } = await db.transaction(async (tx) => {
        await tx.execute(sql.raw(`set local statement_timeout = ${PATIENCE.statement}`));
        const { kind, state } = t.runs;
        return {
          runs: await tx
            .select({ kind, state, count: count() })
            .from(t.runs)
            .where(inArray(state, [...ACTIVE_STATES]))
            .groupBy(kind, state),
          oldest: await tx
            .select({ since: min(t.runs.startDate) })
            .from(t.runs)
            .where(and(eq(state, 'New'), eq(t.runs.paused, false))),
          outbox: await tx
            .select({ kind: t.outbox.kind, count: count(), since: min(t.outbox.createdAt) })
            .from(t.outbox)
            .groupBy(t.outbox.kind),
        };
      });
      runsActive.reset();
      for (const { kind, state, count } of runs) runsActive.set({ kind, state }, count);
      oldestRun.set(secondsSince(oldest[0]?.since));
      for (const kind of ['http', 'mail'] as const)
        notificationsWaiting.set({ kind }, outbox.find((row) => row.kind === kind)?.count ?? 0);
      oldestNotification.set(Math.max(0, ...outbox.map(({ since }) => secondsSince(since))));
    } catch {
      // The log shows why the database does not respond. Old numbers would look like new ones.
      for (const gauge of [runsActive, notificationsWaiting]) gauge.reset();
      for (const gauge of [oldestRun, oldestNotification]) gauge.set(Number.NaN);
    }
    const took = performance.now() - begun;
    this.#next = performance.now() + Math.max(INTERVAL, took / SHARE);
  }
}
