import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { and, eq, sql } from 'drizzle-orm';
import { type Viewer, viewerOfUser } from '../access/permissions/viewer.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import type { TraceSpan } from '../traces/traces.js';
import { RunTakenOverError } from './interruptions.js';
import type { Item, ItemsOptions, LogRow } from './item.js';
import { addLogRows } from './item-record.js';
import { ItemRunner } from './item-runner.js';
import { ItemSpans } from './item-spans.js';
import type { KindLogTypes } from './log-types.js';
import { countersPlus } from './run-counters.js';
import { RunProgress, type Task } from './run-progress.js';

/** How long the role and the groups of a submitter are remembered, in milliseconds: many items share them. */
const VIEWER_AGE = 1000;

/** The context of a run, for the implementation of its kind. */
export class RunContext<Kind extends KindName = KindName> {
  readonly services: Services;
  readonly run: RunRow;
  /** The run as a part of a trace. */
  readonly span: TraceSpan;
  readonly company: CompanyRow;
  /** The user who submitted the job, recorded as the creator and editor of assets. */
  readonly submitter: UserRow;
  readonly details: JobPayloads[Kind];
  readonly logTypes: KindLogTypes;
  /** Aborted if the run has to stop. */
  readonly signal: AbortSignal;
  /** Language of log messages. */
  readonly locale: string;
  readonly progress: RunProgress;
  readonly #done: Set<string>;
  readonly #items: ItemRunner;
  readonly #spans: ItemSpans;
  #viewer: { readonly at: number; readonly viewer: Viewer } | undefined;

  constructor(given: {
    services: Services;
    run: RunRow;
    span: TraceSpan;
    company: CompanyRow;
    submitter: UserRow;
    logTypes: KindLogTypes;
    signal: AbortSignal;
    pause: AbortSignal;
    doneItems: Iterable<string>;
  }) {
    this.services = given.services;
    this.run = given.run;
    this.span = given.span;
    this.company = given.company;
    this.submitter = given.submitter;
    this.details = given.run.details as JobPayloads[Kind];
    this.logTypes = given.logTypes;
    this.signal = given.signal;
    this.locale = given.run.locale ?? 'en-US';
    this.#done = new Set(given.doneItems);
    this.#spans = new ItemSpans(given.services.traces, given.span);
    this.#items = new ItemRunner(this, this.#done, given.pause, this.#spans);
    this.progress = new RunProgress((changes) => this.#write(changes), given.run, given.services.clock);
  }

  /** Records the number of files in the log and the counters. Calling it again after a crash changes nothing. */
  async setTotal(files: number, bytes = 0): Promise<void> {
    await this.transaction(async (tx) => {
      const [row] = await tx
        .select({ counters: t.runs.counters })
        .from(t.runs)
        .where(eq(t.runs.id, this.run.id));
      const total = row?.counters.total ?? 0;
      if (total !== files) await this.count(tx, { total: files - total });
      await tx.update(t.runs).set({ totalSize: bytes }).where(eq(t.runs.id, this.run.id));
      if (total === 0) await this.addRows(tx, [{ logType: 'TotalFileCount', message: String(files) }]);
    });
  }

  /** Keys, with this prefix, of the items that are already done. */
  doneKeys(prefix: string): string[] {
    return [...this.#done].filter((key) => key.startsWith(prefix));
  }

  /** Does something in a transaction, once in the life of the run, regardless of the worker. Does not affect counters. */
  async once(key: string, work: (tx: Db) => Promise<unknown>): Promise<void> {
    if (this.#done.has(key)) return;
    await this.transaction(async (tx) => {
      await tx.insert(t.runItems).values({ runId: this.run.id, key });
      await work(tx);
      await tx.update(t.runs).set({ losses: 0 }).where(eq(t.runs.id, this.run.id));
    });
    this.#done.add(key);
  }

  /** Begins a task with `total` items, which `getActiveJobs` returns under the name `taskType`. */
  task(taskType: string, total: number): Task {
    return this.progress.task(taskType, total);
  }

  /** Adds log rows outside any item. */
  async log(...rows: LogRow[]): Promise<void> {
    await this.transaction((tx) => this.addRows(tx, rows));
  }

  /** Processes all items, several at once, until a stop or pause is requested. Failed items become rows, not errors. */
  items<Prepared>(
    task: Task,
    items: Iterable<Item<Prepared>> | AsyncIterable<Item<Prepared>>,
    options: ItemsOptions<Prepared> = {},
  ): Promise<void> {
    return this.#items.all(task, items, options);
  }

  /** Processes one item, unless it is done already. */
  item<Prepared>(task: Task, item: Item<Prepared>): Promise<void> {
    return this.#items.one(task, item);
  }

  /** Adds to the span of the run what its items were. */
  endSpans(): void {
    this.#spans.end();
  }

  /** @throws RunStoppedError if a stop was requested, RunTakenOverError if this worker has to release the run. */
  throwIfStopped(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** A transaction that fails unless this worker still holds the run. */
  async transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    try {
      return await this.services.db.transaction(async (tx) => {
        const [held] = await tx
          .select({ id: t.runs.id })
          .from(t.runs)
          .where(and(eq(t.runs.id, this.run.id), eq(t.runs.attempt, this.run.attempt)))
          .for('update');
        if (held === undefined) throw new RunTakenOverError(`run ${this.run.id} was taken over`);
        return work(tx);
      });
    } finally {
      // The run may have published something, also where its commit was not answered.
      this.services.lookups.forget();
    }
  }

  /**
   * The submitter, for checks of permissions: with the role and the groups of this moment, or of a second ago.
   *
   * @param db - The transaction, inside one.
   */
  async viewer(db: Db = this.services.db): Promise<Viewer> {
    const now = performance.now();
    const known = this.#viewer;
    if (known !== undefined && now - known.at < VIEWER_AGE) return known.viewer;
    // Others who ask meanwhile ask the database as well: one in a transaction must not wait for one outside.
    const viewer = await viewerOfUser(db, this.submitter.id, this.company, this.services.clock.now());
    this.#viewer = { at: now, viewer };
    return viewer;
  }

  /** Adds rows to the log in a transaction. */
  addRows(tx: Db, rows: readonly LogRow[]): Promise<void> {
    return addLogRows(tx, this.run.id, rows, this.services.clock.now());
  }

  /** Adds to the counters in a transaction. */
  async count(tx: Db, changes: Partial<t.RunCounters>): Promise<void> {
    await tx
      .update(t.runs)
      .set({ counters: countersPlus(changes) })
      .where(eq(t.runs.id, this.run.id));
  }

  async #write(changes: Partial<RunRow>): Promise<void> {
    await this.services.db
      .update(t.runs)
      .set(changes)
      .where(
        and(eq(t.runs.id, this.run.id), eq(t.runs.attempt, this.run.attempt), sql`${t.runs.state} <> 'Done'`),
      );
  }
}
