import type { Db } from '../db/db.js';
import type { LogAuxRow } from '../db/schema.js';

/** A log row, without the fields that the context adds. */
export interface LogRow {
  readonly logType: string;
  readonly message: string;
  readonly assetName?: string | undefined;
  /** One of the Job Log File Types. */
  readonly assetType?: string | undefined;
  readonly assetId?: number | undefined;
  readonly aux?: readonly LogAuxRow[] | undefined;
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
  /** What is done to files once nothing but the end of the transaction can fail. It may be repeated. */
  readonly last?: (() => Promise<void>) | undefined;
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

/** How items of a run share transactions. */
export interface Together<Prepared> {
  /** Items of one transaction. */
  readonly most: number;
  /**
   * The effects of several items with few statements. An item without a result is committed by itself, in the same transaction. If it
   * fails, all items are committed one by one, so that only those at fault fail. Use only `tx`.
   */
  commit(tx: Db, prepared: readonly Prepared[]): Promise<readonly (ItemResult | undefined)[]>;
}

/** How the items of a task are processed. */
export interface ItemsOptions<Prepared> {
  /** Items processed at once. Default: 2. */
  readonly concurrency?: number;
  /** Default: each item has its own transaction. */
  readonly together?: Together<Prepared>;
}
