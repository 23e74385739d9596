import { IpsFault } from '@ips-sdk/client';
import type { AssetCount } from '@ips-sdk/types';
import type { DiskInfo, OverviewPage } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import type { StoredRow } from '../jobs/job-row.js';
import { rowShower } from '../jobs/shown-row.js';
import type { Feed } from '../live/feeds.js';
import { isRefusedLogin } from '../problem.js';
import type { Session } from '../session.js';

const DAY = 86_400_000;
/** Milliseconds of a bar of the throughput. */
const BUCKET = 5 * 60_000;
const MOST_ROWS = 20;

/** What happens in a company, in figures. */
export async function overviewPage(
  options: ConsoleOptions,
  session: Session,
  feed: Feed,
): Promise<OverviewPage> {
  const { board, samples } = feed;
  const { own } = options;
  const now = board.now;
  const show = rowShower(options, session, now);
  const rows = [...board.rows.values()];
  const ended = rows.filter(
    ({ stage, endDate }) => stage === 'completed' && Date.parse(endDate ?? '') > now - DAY,
  );
  const failures = ended.filter(({ state }) => state === 'fatal' || state === 'failed').sort(byEnd);
  const missing: string[] = [];
  const part = async <T>(name: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof IpsFault) || isRefusedLogin(error)) throw error;
      missing.push(`${name}: ${error.reason}`);
      return otherwise;
    }
  };
  const [usage, assetCounts, disk] = await Promise.all([
    part('disk usage', [], () => usageOf(session)),
    part(
      'asset counts',
      [] as readonly AssetCount[],
      async () => (await session.client.getAssetCounts({})).countArray ?? [],
    ),
    own === undefined ? [] : own.disk(),
  ]);
  return {
    at: new Date(now).toISOString(),
    active: rows
      .filter(({ stage }) => stage === 'active')
      .sort((one, other) => Date.parse(one.startDate ?? '') - Date.parse(other.startDate ?? ''))
      .map(show),
    failures: failures.slice(0, MOST_ROWS).map(show),
    failures24h: {
      jobs: failures.length,
      files: failures.reduce((sum, { counts }) => sum + counts.errors, 0),
    },
    completed24h: ended.length,
    throughput: throughputOf(ended, now),
    queueDepth: samples.depths.map(({ at, waiting, running }) => ({
      at: new Date(at).toISOString(),
      waiting,
      running,
    })),
    schedulesDue: rows
      .filter(({ stage, nextFireTime }) => stage === 'scheduled' && nextFireTime !== undefined)
      .sort((one, other) => Date.parse(one.nextFireTime ?? '') - Date.parse(other.nextFireTime ?? ''))
      .slice(0, MOST_ROWS)
      .map(show),
    disk: [...usage, ...disk],
    assetCounts,
    ...(own === undefined ? {} : { workers: await own.workersAlive() }),
    // Figures of the whole server, for those who administer it.
    ...(own === undefined || !session.identity.isIpsAdmin ? {} : { metrics: await own.metrics() }),
    missing,
  };
}

async function usageOf({ client, company }: Session): Promise<DiskInfo[]> {
  const { diskUsageArray } = await client.getDiskUsage({ companyHandle: company.companyHandle });
  return diskUsageArray.map(({ companyName, diskSpaceUsage, imageCount }) => ({
    label: companyName,
    // The service counts kilobytes.
    used: Number(diskSpaceUsage) * 1024,
    imageCount,
  }));
}

const byEnd = (one: StoredRow, other: StoredRow): number =>
  Date.parse(other.endDate ?? '') - Date.parse(one.endDate ?? '');

/** Jobs and files that ended in each interval of the last day. */
function throughputOf(ended: readonly StoredRow[], now: number): OverviewPage['throughput'] {
  const buckets = new Map<number, { jobs: number; files: number }>();
  const of = (time: number): number => Math.floor(time / BUCKET) * BUCKET;
  for (let at = of(now - DAY); at <= now; at += BUCKET) buckets.set(at, { jobs: 0, files: 0 });
  for (const { endDate, counts } of ended) {
    const bucket = buckets.get(of(Date.parse(endDate ?? '')));
    if (bucket === undefined) continue;
    bucket.jobs += 1;
    bucket.files += counts.done ?? 0;
  }
  return [...buckets].map(([at, counts]) => ({ at: new Date(at).toISOString(), ...counts }));
}
