import type { IpsClient } from '@ips-sdk/client';
import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import { jobDetails } from '@ips-sdk/types/jobs';
import type { JobStage } from '../api.js';
import { destinationOf } from '../jobs/destination.js';
import { activeRow, completedRow, type KnownRun, type StoredRow, scheduledRow } from '../jobs/job-row.js';
import type { OwnServer } from '../own/own-server.js';
import { readLogs } from './read-logs.js';

/** How far back the board looks at first, in milliseconds. */
export const FIRST_PERIOD = 7 * 86_400_000;

/** Milliseconds by which the clocks of two machines may differ. */
const SKEW = 5 * 60_000;

/** Runs that were seen active and whose facts are kept for the time when only their log remains. */
const MOST_KNOWN = 20_000;

/** What a refresh changed. */
export interface BoardChange {
  readonly changed: readonly StoredRow[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Milliseconds of the service's clock. */
  readonly at: number;
}

/** What the board needs. */
export interface BoardParts {
  /** A client in the company, with the credentials of a viewer. */
  readonly client: () => IpsClient;
  readonly companyHandle: string;
  readonly own: OwnServer | undefined;
  /** Completed jobs to keep. */
  readonly mostLogs: number;
}

/** The jobs of a company in memory: scheduled, active and completed since a time, each row with its revision. */
export class JobBoard {
  readonly #parts: BoardParts;
  readonly #known = new Map<string, KnownRun>();
  readonly #logs = new Map<string, JobLog>();
  readonly #logRows = new Map<string, StoredRow>();
  #scheduled: readonly ScheduledJob[] = [];
  #active: readonly ActiveJob[] = [];
  #rows: ReadonlyMap<string, StoredRow> = new Map();
  #from = Number.POSITIVE_INFINITY;
  #isFull = false;
  #at = Number.NEGATIVE_INFINITY;

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  /** All rows by handle. */
  get rows(): ReadonlyMap<string, StoredRow> {
    return this.#rows;
  }

  get active(): readonly ActiveJob[] {
    return this.#active;
  }

  get scheduled(): readonly ScheduledJob[] {
    return this.#scheduled;
  }

  /** The log of a run that has ended. */
  log(handle: string): JobLog | undefined {
    return this.#logs.get(handle);
  }

  /** The first moment that the rows cover. */
  get from(): number {
    return this.#from;
  }

  /** The time of the service when the rows were read. */
  get at(): number {
    return this.#at;
  }

  /** The time of the service, as well as it is known. */
  get now(): number {
    return this.#parts.own?.now().getTime() ?? Date.now();
  }

  get stages(): Record<JobStage, number> {
    const stages = { scheduled: 0, active: 0, completed: 0 };
    for (const { stage } of this.#rows.values()) stages[stage] += 1;
    return stages;
  }

  /** Reads what may have changed. */
  async refresh(): Promise<BoardChange> {
    const { client } = this.#parts;
    const now = this.now;
    const { jobs } = client();
    const [scheduled, active] = await Promise.all([jobs.scheduled(), jobs.active()]);
    const running = new Set(active.map(({ jobHandle }) => jobHandle));
    const vanished = this.#active.filter(({ jobHandle }) => !running.has(jobHandle));
    if (this.#from === Number.POSITIVE_INFINITY) {
      this.#from = now - FIRST_PERIOD;
      await this.#read(this.#from);
    } else {
      // What has vanished has a log from its start on; what came and went since the last time started after it.
      const starts = vanished.map(({ startDate }) => Date.parse(startDate)).filter(Number.isFinite);
      const since = Math.min(this.#at, now, ...starts) - (this.#parts.own === undefined ? SKEW : 2000);
      await this.#read(since);
    }
    this.#at = now;
    this.#scheduled = scheduled;
    this.#active = active;
    for (const job of active) this.#remember(job);
    await this.#readFacts([...running]);
    return this.#rebuild();
  }

  /** Reads completed jobs back to a time, or as many as fit into memory. */
  async reach(from: number): Promise<BoardChange | undefined> {
    // With the memory full, earlier logs would only push out others.
    if (from >= this.#from || this.#isFull) return undefined;
    const to = this.#from;
    this.#from = from;
    await this.#read(from, to);
    return this.#rebuild();
  }

  /** Forgets what it has read, such as after a reset of the server. */
  forget(): void {
    this.#logs.clear();
    this.#logRows.clear();
    this.#known.clear();
    this.#active = [];
    this.#from = Number.POSITIVE_INFINITY;
    this.#isFull = false;
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /** Reads the logs of runs that started in a period. */
  async #read(from: number, to = Number.POSITIVE_INFINITY): Promise<void> {
    const { client, mostLogs } = this.#parts;
    const fresh: string[] = [];
    for await (const log of readLogs(client(), from, mostLogs)) {
      if (startOf(log) > to) break;
      if (log.endDate === undefined && !log.fatalError) continue;
      const { jobHandle } = log;
      if (isSame(this.#logs.get(jobHandle), log)) continue;
      this.#logs.set(jobHandle, log);
      this.#logRows.delete(jobHandle);
      fresh.push(jobHandle);
    }
    await this.#readFacts(fresh);
    if (this.#logs.size > mostLogs) this.#trim(mostLogs);
  }

  /** Keeps the latest logs. */
  #trim(most: number): void {
    const byStart = [...this.#logs.values()].sort((one, other) => startOf(other) - startOf(one));
    for (const { jobHandle } of byStart.splice(most)) {
      this.#logs.delete(jobHandle);
      this.#logRows.delete(jobHandle);
    }
    const oldest = byStart.at(-1);
    if (oldest !== undefined) this.#from = startOf(oldest);
    this.#isFull = true;
  }

  async #readFacts(handles: readonly string[]): Promise<void> {
    const { own, companyHandle } = this.#parts;
    if (own === undefined || handles.length === 0) return;
    const facts = await own.runFacts(companyHandle, handles);
    for (const [handle, { kind, details, serverName, wasStopped, isPaused, reason }] of facts) {
      const destination = destinationOf(kind, details);
      this.#known.set(handle, {
        kind,
        destination,
        serverName: serverName || undefined,
        wasStopped,
        isPaused,
        reason,
      });
      this.#logRows.delete(handle);
    }
  }

  /** Keeps what only an active run shows. */
  #remember(job: ActiveJob): void {
    const found = jobDetails(job);
    const { jobHandle, serverName } = job;
    const before = this.#known.get(jobHandle);
    const destination = found && destinationOf(found.kind, found.details);
    const wasStopped = before?.wasStopped || job.state === 'Stopping';
    this.#known.delete(jobHandle);
    this.#known.set(jobHandle, {
      ...before,
      kind: found?.kind,
      destination,
      serverName: serverName || before?.serverName,
      wasStopped,
    });
    if (this.#known.size > Math.max(MOST_KNOWN, this.#parts.mostLogs)) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
  }

  #rebuild(): BoardChange {
    const rows = new Map<string, StoredRow>();
    for (const job of this.#scheduled) {
      const row = scheduledRow(job);
      rows.set(row.handle, row);
    }
    const publish = this.#active.find(
      ({ state, imageServingPublishJob }) => state === 'Running' && imageServingPublishJob,
    );
    for (const job of this.#active) {
      const waitsFor = job.imageServingPublishJob && publish !== job ? publish?.originalName : undefined;
      rows.set(job.jobHandle, activeRow(job, this.#known.get(job.jobHandle) ?? {}, waitsFor));
    }
    for (const [handle, log] of this.#logs) {
      if (rows.has(handle)) continue;
      let row = this.#logRows.get(handle);
      if (row === undefined) {
        row = completedRow(log, this.#known.get(handle) ?? {});
        this.#logRows.set(handle, row);
      }
      rows.set(handle, row);
    }
    const before = this.#rows;
    this.#rows = rows;
    const changed = [...rows.values()].filter(
      ({ handle, revision }) => before.get(handle)?.revision !== revision,
    );
    return {
      changed,
      added: changed.filter(({ handle }) => !before.has(handle)).map(({ handle }) => handle),
      removed: [...before.keys()].filter((handle) => !rows.has(handle)),
      at: this.#at,
    };
  }
}

function startOf({ startDate }: JobLog): number {
  return startDate === undefined ? 0 : Date.parse(startDate);
}

function isSame(one: JobLog | undefined, other: JobLog): boolean {
  return (
    one !== undefined &&
    one.endDate === other.endDate &&
    one.fatalError === other.fatalError &&
    one.fileSuccessCount === other.fileSuccessCount &&
    one.fileErrorCount === other.fileErrorCount &&
    one.fileWarningCount === other.fileWarningCount &&
    one.totalFileCount === other.totalFileCount
  );
}
