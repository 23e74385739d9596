import type { Throughput, ThroughputSample } from '../api.js';
import type { Feed } from '../live/feeds.js';
import { rowOf } from './job-page.js';

/** Samples of a run that has ended. */
const POINTS = 120;

/** How fast a run went: from the samples of the console, or else from the times in its log. */
export async function throughputOf(feed: Feed, handle: string): Promise<Throughput> {
  const { samples, logs } = feed;
  const row = rowOf(feed, handle);
  const seen = samples.of(row.handle);
  if (row.stage === 'active' && seen.length > 1) return { samples: seen, unit: 'items' };
  if (row.stage === 'scheduled') return { samples: [], unit: 'files' };
  const { rows } = await logs.read(row.handle);
  const times = rows
    .filter(
      ({ logType, assetName }) =>
        assetName !== undefined && /(?:Success|Error|Failure|Updated|Duplicate)$/.test(logType),
    )
    .map(({ dateCreated }) => Date.parse(dateCreated))
    .filter(Number.isFinite)
    .sort((one, other) => one - other);
  return { samples: spread(times, Date.parse(row.startDate ?? '')), unit: 'files' };
}

/** The number of events by time, in intervals of equal length. */
function spread(times: readonly number[], start: number): ThroughputSample[] {
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return [];
  const from = Number.isFinite(start) ? Math.min(start, first) : first;
  const step = Math.max(1000, Math.ceil((last - from) / POINTS / 1000) * 1000);
  const found: ThroughputSample[] = [{ at: new Date(from).toISOString(), done: 0, rate: 0 }];
  let done = 0;
  for (let end = from + step; ; end += step) {
    const before = done;
    while (done < times.length && (times[done] ?? 0) <= end) done += 1;
    const rate = Math.round(((done - before) / step) * 100_000) / 100;
    found.push({ at: new Date(end).toISOString(), done, rate });
    if (end >= last) return found;
  }
}
