import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { JobRow } from '../api/contract.ts';
import { Checkbox } from '../components/fields.tsx';
import { Pill } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import type { RowSelection } from '../components/use-row-selection.ts';
import { formatRelative } from '../format/moment.ts';
import { formatCount, formatNumber } from '../format/number.ts';
import { useNow } from '../format/service-clock.tsx';

const HEIGHT = 78;

/** The list on a phone. */
export function JobsCards({
  total,
  rowAt,
  selection,
  onRange,
  onScroll,
  empty,
}: {
  total: number;
  rowAt: (index: number) => JobRow | undefined;
  selection: RowSelection<JobRow> | undefined;
  onRange: (first: number, last: number) => void;
  onScroll: (top: number) => void;
  empty: ReactNode;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 6,
    gap: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) onRange(first, last);
  }, [onRange, first, last]);

  return (
    <div ref={scroller} className="job-cards" onScroll={(event) => onScroll(event.currentTarget.scrollTop)}>
      {total === 0 ? (
        empty
      ) : (
        <ul aria-label="Jobs" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            return (
              <li
                key={row?.handle ?? `#${index}`}
                aria-setsize={total}
                aria-posinset={index + 1}
                style={{ height: HEIGHT, transform: `translateY(${start}px)` }}
              >
                {row !== undefined && <JobCard row={row} selection={selection} />}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function JobCard({
  row,
  selection,
}: {
  row: JobRow;
  selection: RowSelection<JobRow> | undefined;
}): ReactNode {
  const now = useNow();
  return (
    <article className="job-card">
      {selection !== undefined && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the box is in it; its own label is the better name.
        <label className="touch-box">
          <Checkbox
            aria-label={`Select ${row.originalName}`}
            checked={selection.has(row.handle)}
            onChange={() => selection.toggle(row.handle)}
          />
        </label>
      )}
      <div className="job-card-text">
        <div className="job-card-head">
          <Link className="row-link ellipsis" to="/jobs/job" search={{ handle: row.handle }}>
            {row.originalName}
          </Link>
          <Pill tone={row.tone}>{row.label}</Pill>
        </div>
        <p className="ellipsis secondary">{describeJob(row, now)}</p>
        {row.progress !== undefined && (
          <Progress percent={row.progress} label={`Progress of ${row.originalName}`} />
        )}
      </div>
    </article>
  );
}

/** `URL upload · 640 of 1,000 · 2 min ago`. */
export function describeJob(row: JobRow, now: number): string {
  const { total, done } = row.counts;
  const { stage, startDate, nextFireTime } = row;
  if (stage === 'scheduled') {
    return nextFireTime === undefined ? row.detail : `${row.detail} · ${formatRelative(nextFireTime, now)}`;
  }
  const parts = [row.typeLabel];
  if (stage === 'active' && done !== undefined && total !== undefined) {
    parts.push(`${formatNumber(done)} of ${formatNumber(total)}`);
  } else if (total !== undefined) parts.push(formatCount(total, 'file'));
  if (startDate !== undefined) parts.push(formatRelative(startDate, now));
  return parts.join(' · ');
}
