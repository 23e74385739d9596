import { isDatabaseLoss, isRolledBack } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import { reasonOf } from '../failures.js';
import type { Services } from '../services.js';
import { awayStore } from './away-store.js';
import { CommitQueue } from './commit-queue.js';
import { RunPausedError, RunStoppedError, RunTakenOverError } from './interruptions.js';
import type { Item, ItemResult, ItemsOptions, LogRow, Together } from './item.js';
import { recordItems } from './item-record.js';
import type { ItemSpan, ItemSpans } from './item-spans.js';
import type { KindLogTypes } from './log-types.js';
import type { Task, TrackedItem } from './run-progress.js';

/** The run whose items are processed. */
interface RunOfItems {
  readonly services: Services;
  readonly run: RunRow;
  readonly logTypes: KindLogTypes;
  readonly signal: AbortSignal;
  throwIfStopped(): void;
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  log(...rows: LogRow[]): Promise<void>;
}

/** An item that is ready to be committed: with its effect, or with its failure. */
interface Entry<Prepared> {
  readonly item: Item<Prepared>;
  /** Its place among the items that were begun. */
  readonly at: number;
  readonly tracked: TrackedItem;
  readonly span: ItemSpan;
  readonly prepared: { readonly value: Prepared } | undefined;
  /** In place of an effect. */
  readonly failure: ItemResult | undefined;
}

/** What names an item in the log. */
type ItemNames = Pick<Item<unknown>, 'key' | 'name' | 'assetType' | 'assetId'>;

/**
 * Processes the items of a run: prepares several at once, and commits them with their rows, their counts and the record that
 * they are done.
 */
export class ItemRunner {
  readonly #run: RunOfItems;
  readonly #done: Set<string>;
  /** Aborted if the run has to pause. Items in progress are finished. */
  readonly #pause: AbortSignal;
  readonly #spans: ItemSpans;
  #begun = 0;

  /** @param done - Keys of finished items. */
  constructor(run: RunOfItems, done: Set<string>, pause: AbortSignal, spans: ItemSpans) {
    this.#run = run;
    this.#done = done;
    this.#pause = pause;
    this.#spans = spans;
  }

  /** Processes all items until a stop or pause is requested. Failed items become rows, not errors. */
  async all<Prepared>(
    task: Task,
    items: Iterable<Item<Prepared>> | AsyncIterable<Item<Prepared>>,
    { concurrency = 2, together }: ItemsOptions<Prepared>,
  ): Promise<void> {
    const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    const queue =
      together &&
      new CommitQueue<Entry<Prepared>>(together.most, (entries) =>
        // In the order of the items, whichever was ready first: handles and logs are then the same each time.
        this.#commit(
          entries.toSorted((one, other) => one.at - other.at),
          together,
        ),
      );
    let failed: { readonly error: unknown } | undefined;
    const fail = (error: unknown): void => {
      failed ??= { error };
    };
    const work = async (): Promise<void> => {
      while (failed === undefined) {
        this.#throwIfInterrupted();
        const next = await source.next();
        if (next.done) return;
        const entry = await this.#prepared(task, next.value);
        if (entry === undefined) continue;
        if (queue === undefined) await this.#commit([entry]);
        else await queue.add(entry);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, concurrency) }, () => work().catch(fail)));
    // What is prepared is finished, whatever keeps the others from it.
    await queue?.end().catch(fail);
    if (failed !== undefined) throw failed.error;
  }

  /** Processes one item, unless it is done already. */
  async one<Prepared>(task: Task, item: Item<Prepared>): Promise<void> {
    const entry = await this.#prepared(task, item);
    if (entry !== undefined) await this.#commit([entry]);
  }

  #throwIfInterrupted(): void {
    this.#run.throwIfStopped();
    if (this.#pause.aborted) throw new RunPausedError();
  }

  /** @returns `undefined` for an item that is done already. */
  async #prepared<Prepared>(task: Task, item: Item<Prepared>): Promise<Entry<Prepared> | undefined> {
    if (this.#done.has(item.key)) {
      task.skip();
      return undefined;
    }
    this.#throwIfInterrupted();
    const tracked = task.start(item.name);
    const at = this.#begun;
    this.#begun += 1;
    const span = this.#spans.begin();
    try {
      const value = await span.within(() => item.prepare(this.#run.signal, tracked.update));
      this.#run.throwIfStopped();
      return { item, at, tracked, span, prepared: { value }, failure: undefined };
    } catch (error) {
      try {
        await this.#throwIfNoOutcome(item, tracked, error);
      } catch (interruption) {
        tracked.end();
        span.end(undefined);
        throw interruption;
      }
      return { item, at, tracked, span, prepared: undefined, failure: this.#failureOf(item, error) };
    }
  }

  /** Throws when an error is not the outcome of its item, which another worker or a later one then finishes. */
  async #throwIfNoOutcome(item: ItemNames, tracked: TrackedItem, error: unknown): Promise<void> {
    // Without the database, the item has no outcome; the worker that continues the run finds in the tables whether it is done.
    if (error instanceof RunTakenOverError || isDatabaseLoss(error)) throw error;
    // An archive whose files are separate items: it resumes with the remaining ones.
    if (error instanceof RunPausedError) {
      tracked.drop();
      throw error;
    }
    const away = await awayStore(this.#run.services, error);
    if (away !== undefined) throw away;
    const { signal } = this.#run;
    if (!signal.aborted) return;
    if (signal.reason instanceof RunTakenOverError) throw signal.reason;
    await this.#run.log({ logType: 'FileCancel', message: item.name, assetName: item.name });
    throw new RunStoppedError();
  }

  /** Commits items in one transaction; if that fails, each in its own. */
  async #commit<Prepared>(entries: readonly Entry<Prepared>[], together?: Together<Prepared>): Promise<void> {
    const { run, services } = this.#run;
    try {
      const items = await this.#run.transaction(async (tx) => {
        const results = await this.#settle(tx, entries, together);
        const items = entries.map(({ item }, at) => ({ key: item.key, result: resultAt(results, at) }));
        await recordItems(tx, run.id, items, services.clock.now());
        for (const { result } of items) await result.last?.();
        return items;
      });
      for (const [at, { key, result }] of items.entries()) {
        this.#done.add(key);
        services.metrics.files.inc({ outcome: result.outcome });
        entries[at]?.span.end(result);
      }
    } catch (error) {
      const [entry, ...others] = entries;
      if (entry === undefined) throw error;
      if (others.length > 0) {
        if (error instanceof RunTakenOverError || isDatabaseLoss(error)) throw error;
        for (const each of entries) await this.#commit([each]);
        return;
      }
      await this.#throwIfNoOutcome(entry.item, entry.tracked, error);
      // Not even its failure could be recorded.
      if (entry.failure !== undefined) throw error;
      await this.#commit([{ ...entry, failure: this.#failureOf(entry.item, error) }]);
    } finally {
      for (const { tracked, span } of entries) {
        tracked.end();
        span.end(undefined);
      }
    }
  }

  /** The effects of items: of as many as possible together, of the others one after the other. */
  async #settle<Prepared>(
    tx: Db,
    entries: readonly Entry<Prepared>[],
    together: Together<Prepared> | undefined,
  ): Promise<readonly ItemResult[]> {
    const shared = new Map<Entry<Prepared>, ItemResult | undefined>();
    if (together !== undefined && entries.length > 1) {
      const ready = entries.flatMap((entry) =>
        entry.failure === undefined && entry.prepared !== undefined
          ? [{ entry, value: entry.prepared.value }]
          : [],
      );
      const values = ready.map(({ value }) => value);
      const results = values.length === 0 ? [] : await together.commit(tx, values);
      for (const [at, { entry }] of ready.entries()) shared.set(entry, results[at]);
    }
    const results: ItemResult[] = [];
    for (const entry of entries) {
      const { item, failure, prepared } = entry;
      const known = failure ?? shared.get(entry);
      if (known !== undefined) results.push(known);
      else if (prepared === undefined) throw new Error(`the item ${item.key} has no outcome`);
      // Alone in its transaction, which ends with it.
      else if (entries.length === 1) results.push(await item.commit(tx, prepared.value));
      else results.push(await this.#besideOthers(tx, item, prepared.value));
    }
    return results;
  }

  /** Commits an item of a transaction of several: behind a savepoint, so that its failure leaves the others as they are. */
  async #besideOthers<Prepared>(tx: Db, item: Item<Prepared>, prepared: Prepared): Promise<ItemResult> {
    try {
      return await tx.transaction((inner) => item.commit(inner, prepared));
    } catch (error) {
      // Then the transaction as a whole is at an end, or repeated.
      if (error instanceof RunTakenOverError || isDatabaseLoss(error) || isRolledBack(error)) throw error;
      const away = await awayStore(this.#run.services, error);
      if (away !== undefined) throw away;
      return this.#failureOf(item, error);
    }
  }

  #failureOf(item: ItemNames, error: unknown): ItemResult {
    const { run, services, logTypes } = this.#run;
    const { message, expected } = reasonOf(
      error,
      'an unexpected error occurred; see the server log for details',
    );
    if (!expected)
      services.log.error({ err: error, run: run.name, item: item.name }, 'an item failed unexpectedly');
    return {
      outcome: 'error',
      rows: [
        {
          logType: logTypes.error,
          message: `${item.name}: ${message}`,
          assetName: item.name,
          assetType: item.assetType,
          assetId: item.assetId,
        },
      ],
    };
  }
}

function resultAt(results: readonly ItemResult[], at: number): ItemResult {
  const result = results[at];
  if (result === undefined) throw new Error('an item has no result');
  return result;
}
