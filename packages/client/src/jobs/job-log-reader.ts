import type { JobLog, JobLogDetail } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import type { JobEvent } from './job-event.js';
import { unlessUnknown } from './unknown-job.js';
import { CLOCK_SLACK, isOf, isWanted, oneLook, time, type WatchTarget } from './watch-target.js';

/** The number of looks at an unchanged log after which a run that has left the active jobs counts as ended. */
const SILENT = 6;
const PAGE = 1000;

/** Reads the log of the watched run: its head, its rows as they are written, and finally the rows of errors. */
export class JobLogReader {
  readonly #caller: Caller;
  readonly #target: WatchTarget;
  readonly #maxFailures: number;
  #rows = 0;
  #lastLook: string | undefined;
  #silence = 0;

  constructor(caller: Caller, target: WatchTarget, options: { readonly maxFailures?: number | undefined }) {
    this.#caller = caller;
    this.#target = target;
    this.#maxFailures = options.maxFailures ?? 1000;
  }

  /** The log of the run, without its rows. */
  async find(signal: AbortSignal): Promise<JobLog | undefined> {
    const { name, runHandle, handle } = this.#target;
    const filter =
      runHandle === undefined && name !== undefined
        ? { originalName: name }
        : { jobHandle: runHandle ?? handle };
    // A request must ask for at least one row. It asks for the newest, since the newest of several runs counts.
    const newest = { recordsPerPage: 1, sortBy: 'Date', sortDirection: 'Descending' };
    const logs = await this.#logs({ ...filter, ...newest }, signal);
    const wanted = logs.filter((log) => this.#isWanted(log));
    wanted.sort((a, b) => time(a.startDate) - time(b.startDate));
    const last = wanted.at(-1);
    const first =
      last !== undefined && runHandle === undefined ? await this.#firstSinceSubmission(signal) : undefined;
    const log = first ?? last;
    if (log !== undefined) {
      this.#target.runHandle = log.jobHandle;
      this.#target.name ??= log.originalJobName;
    }
    return log;
  }

  /** A recurring job may have run more than once since its submission; the first run is the one to watch. */
  async #firstSinceSubmission(signal: AbortSignal): Promise<JobLog | undefined> {
    const { name, submittedAt } = this.#target;
    if (name === undefined || submittedAt === undefined) return undefined;
    const input = {
      startDate: new Date(submittedAt - CLOCK_SLACK),
      numRows: PAGE,
      sortBy: 'StartDate',
      sortDirection: 'Ascending',
    };
    const { jobLogArray } = await this.#caller.call('getJobLogs', input, oneLook(signal));
    return jobLogArray.find((log) => this.#isWanted(log));
  }

  #isWanted({ jobHandle, originalJobName: name, startDate: startedAt }: JobLog): boolean {
    return isWanted(this.#caller, this.#target, { jobHandle, name, startedAt });
  }

  /** Whether a log has not changed for several looks. Not every log states its end. */
  isSilent(log: JobLog): boolean {
    const look = JSON.stringify({ ...log, detailArray: log.detailArray?.at(-1) });
    this.#silence = look === this.#lastLook ? this.#silence + 1 : 0;
    this.#lastLook = look;
    return this.#silence >= SILENT;
  }

  /** Rows that were written since the last call. */
  async newRows(signal: AbortSignal): Promise<JobEvent[]> {
    if (this.#target.runHandle === undefined) return [];
    const events: JobEvent[] = [];
    for (;;) {
      const known = this.#rows + events.length;
      const rows = await this.#page(Math.floor(known / PAGE) + 1, signal);
      events.push(...rows.slice(known % PAGE).map((row) => ({ type: 'log', row }) as const));
      if (rows.length < PAGE) break;
    }
    // Counted last: when a page cannot be read, the rows before it are read again.
    this.#rows += events.length;
    return events;
  }

  /** The rows of errors and warnings. */
  async failures(signal: AbortSignal): Promise<JobLogDetail[]> {
    const found: JobLogDetail[] = [];
    for (let page = 1; ; page += 1) {
      const rows = await this.#page(page, signal);
      for (const row of rows) {
        if (/(?:Error|Failure|Warning|FileCancel)$/.test(row.logType)) found.push(row);
        if (found.length >= this.#maxFailures) return found;
      }
      if (rows.length < PAGE) return found;
    }
  }

  async #page(page: number, signal: AbortSignal): Promise<readonly JobLogDetail[]> {
    const paging = { recordsPerPage: PAGE, resultsPage: page, sortBy: 'Date', sortDirection: 'Ascending' };
    const logs = await this.#logs({ jobHandle: this.#target.runHandle, ...paging }, signal);
    const log = logs.find(({ jobHandle, originalJobName: name }) => isOf(this.#target, { jobHandle, name }));
    return log?.detailArray ?? [];
  }

  #logs(filter: object, signal: AbortSignal): Promise<readonly JobLog[]> {
    const look = this.#caller.call('getJobLogDetails', filter, oneLook(signal));
    return unlessUnknown(look.then((answer) => answer.jobLogArray));
  }
}
