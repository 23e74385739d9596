import type { IpsClient } from '@ips-sdk/client';
import type { JobLog, JobLogDetail } from '@ips-sdk/types';
import type { LogRow } from '../api.js';

/** Rows in a request. */
const ROWS = 1000;
/** Rows of a log in memory; more are not read. */
export const MOST_ROWS = 100_000;
/** Rows of all logs in memory. */
const MOST_KEPT = 400_000;

/** A log as far as it was read. */
export interface ReadLog {
  readonly head: JobLog | undefined;
  readonly rows: readonly LogRow[];
  readonly isTruncated: boolean;
}

interface Entry {
  head: JobLog | undefined;
  rows: LogRow[];
  isTruncated: boolean;
  reading: Promise<void> | undefined;
}

/** The logs of runs, read once and continued while a run lasts, for all viewers. */
export class LogBook {
  readonly #client: () => IpsClient;
  readonly #entries = new Map<string, Entry>();

  constructor(client: () => IpsClient) {
    this.#client = client;
  }

  /** Reads what is new in a log. */
  async read(jobHandle: string): Promise<ReadLog> {
    const entry = this.#entries.get(jobHandle) ?? {
      head: undefined,
      rows: [],
      isTruncated: false,
      reading: undefined,
    };
    // The latest used is the last to be dropped.
    this.#entries.delete(jobHandle);
    this.#entries.set(jobHandle, entry);
    entry.reading ??= this.#continue(jobHandle, entry).finally(() => {
      entry.reading = undefined;
    });
    await entry.reading;
    this.#trim();
    return { head: entry.head, rows: entry.rows, isTruncated: entry.isTruncated };
  }

  forget(): void {
    this.#entries.clear();
  }

  async #continue(jobHandle: string, entry: Entry): Promise<void> {
    // An ended log does not grow; a wait for the end would be one for rows that were read already.
    if (entry.head?.endDate !== undefined && entry.rows.length > 0) return;
    for (;;) {
      const resultsPage = Math.floor(entry.rows.length / ROWS) + 1;
      const { jobLogArray } = await this.#client().getJobLogDetails({
        jobHandle,
        recordsPerPage: ROWS,
        resultsPage,
        sortBy: 'Date',
        sortDirection: 'Ascending',
      });
      const log = jobLogArray.find((one) => one.jobHandle === jobHandle) ?? jobLogArray.at(-1);
      if (log === undefined) return;
      const { detailArray = [], ...head } = log;
      const known = entry.rows.length - (resultsPage - 1) * ROWS;
      const fresh = detailArray.slice(Math.max(0, known));
      entry.rows = [...entry.rows, ...fresh.map((row, index) => logRow(row, entry.rows.length + index))];
      entry.head = head;
      if (detailArray.length < ROWS) return;
      if (entry.rows.length >= MOST_ROWS) {
        entry.isTruncated = true;
        return;
      }
    }
  }

  #trim(): void {
    let kept = 0;
    for (const [handle, { rows, reading }] of [...this.#entries].reverse()) {
      kept += rows.length;
      if (kept > MOST_KEPT && reading === undefined) this.#entries.delete(handle);
    }
  }
}

/** Whether a row reports an error, a warning or neither. */
export function levelOf({ logType }: Pick<JobLogDetail, 'logType'>): LogRow['level'] {
  if (/(?:Error|Failure)$/.test(logType)) return 'error';
  return /Warning$/.test(logType) ? 'warning' : 'other';
}

function logRow(row: JobLogDetail, index: number): LogRow {
  return { ...row, id: String(index), level: levelOf(row) };
}
