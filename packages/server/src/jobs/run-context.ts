import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { and, eq, sql } from 'drizzle-orm';
import { isDatabaseLoss } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { reasonOf } from '../failures.js';
import type { Services } from '../services.js';
import { RunPausedError, RunStoppedError, RunTakenOverError } from './interruptions.js';
import type { KindLogTypes } from './log-types.js';
import { addCounts } from './run-counters.js';
import { RunProgress, type Task } from './run-progress.js';

/** A log row, without the fields that the context adds. */
export interface LogRow {
  readonly logType: string;
  readonly message: string;
  readonly assetName?: string | undefined;
  /** One of the Job Log File Types. */
  readonly assetType?: string | undefined;
  readonly assetId?: number | undefined;
  readonly aux?: readonly t.LogAuxRow[] | undefined;
}

/** The outcome of an item, for the counters of the log. */
export type ItemOutcome = 'success' | 'error' | 'warning' | 'duplicate' | 'update';

/** The result of an item: its outcome, its log rows, and transfer counts. */
export interface ItemResult {
  readonly outcome: ItemOutcome;
  /** Whether the result differs from the request in part, which also counts as a warning. */
  readonly warned?: boolean | undefined;
  readonly rows: readonly LogRow[];
  readonly transfers?:
    | { readonly success?: number; readonly error?: number; readonly warning?: number }
    | undefined;
}

/** One unit of work of a run. */
export interface Item<Prepared> {
  /** Identifies it within the run. After a crash, an item whose key is recorded is not repeated. */
  readonly key: string;
  /** The file's or asset's name, for progress and for rows about errors. */
  readonly name: string;
  /** The slow part, outside the database: fetch, decode, convert. An `ItemFailure` becomes a row and is not retried. */
  prepare(signal: AbortSignal, progress: (fraction: number, message?: string) => void): Promise<Prepared>;
  /** The effect, in the same transaction as the item's rows and the record that it is done. Use only `tx`. */
  commit(tx: Db, prepared: Prepared): Promise<ItemResult>;
  /** Fields of the row if it fails. */
  readonly assetType?: string | undefined;
  readonly assetId?: number | undefined;
}

/** The context of a run, for the implementation of its kind. */
export class RunContext<Kind extends KindName = KindName> {
  readonly services: Services;
  readonly run: RunRow;
  readonly company: CompanyRow;
  /** The user who submitted the job, recorded as the creator and editor of assets. */
  readonly submitter: UserRow;
  readonly details: JobPayloads[Kind];
  readonly logTypes: KindLogTypes;
  /** Aborted if the run has to stop. */
  readonly signal: AbortSignal;
  /** Aborted if the run has to pause. Items in progress are finished. */
  readonly #pause: AbortSignal;
  /** Language of log messages. */
  readonly locale: string;
  readonly progress: RunProgress;
  readonly #done: Set<string>;

  constructor(given: {
    services: Services;
    run: RunRow;
    company: CompanyRow;
    submitter: UserRow;
    logTypes: KindLogTypes;
    signal: AbortSignal;
    pause: AbortSignal;
    doneItems: Iterable<string>;
  }) {
    this.services = given.services;
    this.run = given.run;
    this.company = given.company;
    this.submitter = given.submitter;
    this.details = given.run.details as JobPayloads[Kind];
    this.logTypes = given.logTypes;
    this.signal = given.signal;
    this.#pause = given.pause;
    this.locale = given.run.locale ?? 'en-US';
    this.#done = new Set(given.doneItems);
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
  async items<Prepared>(
    task: Task,
    items: Iterable<Item<Prepared>> | AsyncIterable<Item<Prepared>>,
    concurrency = 2,
  ): Promise<void> {
    const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    let failed: unknown;
    const work = async (): Promise<void> => {
      while (failed === undefined) {
        this.#throwIfInterrupted();
        const next = await source.next();
        if (next.done) return;
        await this.item(task, next.value);
      }
    };
    const workers = Array.from({ length: Math.max(1, concurrency) }, () =>
      work().catch((error: unknown) => {
        failed ??= error;
      }),
    );
    await Promise.all(workers);
    if (failed !== undefined) throw failed;
  }

  /** Processes one item, unless it is done already. */
  async item<Prepared>(task: Task, item: Item<Prepared>): Promise<void> {
    if (this.#done.has(item.key)) {
      task.skip();
      return;
    }
    this.#throwIfInterrupted();
    const tracked = task.start(item.name);
    let result: ItemResult | undefined;
    try {
      const prepared = await item.prepare(this.signal, tracked.update);
      this.throwIfStopped();
      await this.#commit(item.key, async (tx) => {
        result = await item.commit(tx, prepared);
        return result;
      });
    } catch (error) {
      // Without the database, the item has no outcome; the worker that continues the run finds in the tables whether it is done.
      if (error instanceof RunTakenOverError || isDatabaseLoss(error)) throw error;
      // An archive whose files are separate items: it resumes with the remaining ones.
      if (error instanceof RunPausedError) {
        tracked.drop();
        throw error;
      }
      if (this.signal.aborted) {
        if (this.signal.reason instanceof RunTakenOverError) throw this.signal.reason;
        await this.log({ logType: 'FileCancel', message: item.name, assetName: item.name });
        throw new RunStoppedError();
      }
      result = await this.#failed(item, error);
    } finally {
      tracked.end();
    }
    this.services.metrics.files.inc({ outcome: result?.outcome ?? 'error' });
  }

  /** @throws RunStoppedError if a stop was requested, RunTakenOverError if this worker has to release the run. */
  throwIfStopped(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  #throwIfInterrupted(): void {
    this.throwIfStopped();
    if (this.#pause.aborted) throw new RunPausedError();
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

  /** Adds rows to the log in a transaction. */
  async addRows(tx: Db, rows: readonly LogRow[]): Promise<void> {
    const dateCreated = this.services.clock.now();
    // A statement has at most 65,535 parameters.
    for (let start = 0; start < rows.length; start += 1000) {
      await tx.insert(t.logRows).values(
        rows.slice(start, start + 1000).map((row) => ({
          runId: this.run.id,
          logType: row.logType,
          message: row.message,
          dateCreated,
          assetName: row.assetName ?? null,
          assetType: row.assetType ?? null,
          assetId: row.assetId ?? null,
          aux: row.aux ?? [],
        })),
      );
    }
  }

  /** Adds to the counters in a transaction. `progress` resets the number of lost workers. */
  async count(tx: Db, changes: Partial<t.RunCounters>, progress = false): Promise<void> {
    const [row] = await tx
      .select({ counters: t.runs.counters })
      .from(t.runs)
      .where(eq(t.runs.id, this.run.id));
    if (row === undefined) return;
    await tx
      .update(t.runs)
      .set({ counters: addCounts(row.counters, changes), ...(progress ? { losses: 0 } : {}) })
      .where(eq(t.runs.id, this.run.id));
  }

  async #commit(key: string, work: (tx: Db) => Promise<ItemResult>): Promise<void> {
    await this.transaction(async (tx) => {
      const result = await work(tx);
      const { success = 0, error = 0, warning = 0 } = result.transfers ?? {};
      await tx.insert(t.runItems).values({ runId: this.run.id, key });
      await this.addRows(tx, result.rows);
      const counts = {
        ...(result.warned ? { warning: 1 } : {}),
        [result.outcome]: 1,
        transferSuccess: success,
        transferError: error,
        transferWarning: warning,
      };
      await this.count(tx, counts, true);
    });
    this.#done.add(key);
  }

  async #failed(
    item: Pick<Item<unknown>, 'key' | 'name' | 'assetType' | 'assetId'>,
    error: unknown,
  ): Promise<ItemResult> {
    const { message, expected } = reasonOf(
      error,
      'an unexpected error occurred; see the server log for details',
    );
    if (!expected)
      this.services.log.error(
        { err: error, run: this.run.name, item: item.name },
        'an item failed unexpectedly',
      );
    const result: ItemResult = {
      outcome: 'error',
      rows: [
        {
          logType: this.logTypes.error,
          message: `${item.name}: ${message}`,
          assetName: item.name,
          assetType: item.assetType,
          assetId: item.assetId,
        },
      ],
    };
    await this.#commit(item.key, async () => result);
    return result;
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
