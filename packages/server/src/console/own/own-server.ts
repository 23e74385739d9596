import type { JobDetails, JobKind } from '@ips-sdk/types/jobs';
import type { DiskInfo, WorkerInfo } from '../api.js';
import type { OwnAdmin } from './own-admin.js';

/** What changed in the database. */
export type Topic = 'jobs' | 'assets' | 'test';

/** What the tables know of a run beyond what the API shows. */
export interface RunFacts {
  readonly kind: JobKind;
  readonly details: unknown;
  readonly serverName: string;
  readonly triggerTime: Date;
  readonly wasStopped: boolean;
  readonly isPaused: boolean;
  /** The message of the first row about an error or, without errors, a warning. */
  readonly reason: string | undefined;
}

/** The own server behind the console: what it offers beyond the API. */
export interface OwnServer {
  readonly timeZone: string;
  readonly workers: number;
  readonly now: () => Date;
  /**
   * Calls whenever something changed, in any process that shares the database.
   *
   * @param onGap - Called when changes may have been missed, such as after the loss of the database.
   * @returns Ends the watch.
   */
  watch(onChange: (topic: Topic) => void, onGap: () => void): Promise<() => Promise<void>>;
  /** Facts about runs of a company, by handle. */
  runFacts(companyHandle: string, handles: readonly string[]): Promise<ReadonlyMap<string, RunFacts>>;
  /** The payload of a submitted job by its name: lists leave parts of it out, such as the URLs of an upload. */
  triggerPayload(companyHandle: string, name: string): Promise<JobDetails | undefined>;
  workersAlive(): Promise<readonly WorkerInfo[]>;
  disk(): Promise<readonly DiskInfo[]>;
  metrics(): Promise<readonly { readonly name: string; readonly value: number }[]>;
  /** The original of an image of a company, for thumbnails of what is not published. */
  render(
    companyHandle: string,
    assetHandle: string,
    commands: string,
  ): Promise<{ readonly mediaType: string; readonly data: Uint8Array } | undefined>;
  /** Only with the admin API. */
  readonly admin: OwnAdmin | undefined;
}
