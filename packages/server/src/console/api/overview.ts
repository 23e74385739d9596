import type { AssetCount, PublishContext } from '@ips-sdk/types';
import type { AssetRow } from './assets.js';
import type { Long, Moment } from './common.js';
import type { JobRow } from './jobs.js';

/** The answer to `GET overview`. Refresh it slowly; `GET jobs` and the events are the live part. */
export interface OverviewPage {
  readonly at: Moment;
  /** At work now, longest first. */
  readonly active: readonly JobRow[];
  /** Runs that failed, or whose files did, within 24 hours, latest first; 20 at most. */
  readonly failures: readonly JobRow[];
  readonly failures24h: { readonly jobs: number; readonly files: number };
  readonly completed24h: number;
  /** Per 5 minutes or finer, oldest first. */
  readonly throughput: readonly { readonly at: Moment; readonly jobs: number; readonly files: number }[];
  /** Samples since the host started, or from the first viewer on. */
  readonly queueDepth: readonly { readonly at: Moment; readonly waiting: number; readonly running: number }[];
  /** Next first; 20 at most. */
  readonly schedulesDue: readonly JobRow[];
  readonly disk: readonly DiskInfo[];
  readonly assetCounts: readonly AssetCount[];
  /** Only for the own server. */
  readonly workers?: readonly WorkerInfo[] | undefined;
  /** Only for the own server: metrics by name. */
  readonly metrics?: readonly { readonly name: string; readonly value: number }[] | undefined;
  /** Parts that the service refused or does not have, in words. */
  readonly missing: readonly string[];
}

export interface DiskInfo {
  readonly label: string;
  /** Bytes. */
  readonly used: Long;
  readonly free?: Long | undefined;
  readonly total?: Long | undefined;
  readonly imageCount?: number | undefined;
}

export interface WorkerInfo {
  readonly serverName: string;
  /** Runs it has. */
  readonly running: number;
  /** When it last reported. */
  readonly seenAt: Moment | undefined;
  readonly isAlive: boolean;
}

/** The answer to `GET publish`. */
export interface PublishPage {
  readonly contexts: readonly (PublishContext & { readonly isActive: boolean })[];
  /** Publish jobs, latest first; 50 at most. */
  readonly history: readonly PublishRun[];
  /** What an incremental publish would take, as far as the service shows it: assets marked and changed since. */
  readonly pending: PendingPublish;
  readonly shell: string;
  readonly typescript: string;
}

export interface PublishRun {
  readonly job: JobRow;
  readonly publishType?: string | undefined;
}

export interface PendingPublish {
  /** Assets marked for publish. */
  readonly marked: number;
  /** Those that are marked and changed since the last publish; `undefined` if that cannot be determined. */
  readonly changed: number | undefined;
  /** When the last publish of this company succeeded. */
  readonly since: Moment | undefined;
  /** 50 at most. */
  readonly assets: readonly AssetRow[];
}
