import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JobRow, OverviewPage as Page } from '../api/contract.ts';
import { typeLabel } from '../assets/describe-asset.ts';
import { Card } from '../components/card.tsx';
import { Pill } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import { ShellLine } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { formatCount, formatNumber } from '../format/number.ts';
import { JobDuration } from '../jobs/jobs-columns.tsx';
import { useLive } from '../live/live-context.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { DiskCard, WorkersCard } from './machine-cards.tsx';
import { PlotCard } from './plot-card.tsx';
import './overview.css';

/** Milliseconds: figures that change all the time, and mean nothing by the second. */
const REFRESH = 30_000;

/** The state of the whole: what is at work, what failed, how fast, with how much room. */
export function OverviewPage(): ReactNode {
  const { isPaused } = useLive();
  const query = useApi('overview', {}, isPaused ? {} : { refresh: REFRESH });
  return (
    <>
      <PageHead
        title="Overview"
        after={
          query.data !== undefined && (
            <span className="secondary">
              <RelativeTime at={query.data.at} />
            </span>
          )
        }
        tools={<LiveControl />}
      />
      <Loaded query={query} what="cannot read the overview">
        {(page) => <Overview page={page} />}
      </Loaded>
    </>
  );
}

function Overview({ page }: { page: Page }): ReactNode {
  const { active, failures, failures24h, completed24h, schedulesDue, missing } = page;
  const files = page.throughput.reduce((sum, sample) => sum + sample.files, 0);
  return (
    <>
      <ul className="figures" aria-label="Figures">
        <Figure value={active.length} label="at work now" />
        <Figure value={completed24h} label="jobs completed in 24 h" />
        <Figure
          value={failures24h.jobs}
          label={`jobs with failures in 24 h, ${formatCount(failures24h.files, 'file')}`}
          isBad={failures24h.jobs > 0}
        />
        <Figure value={schedulesDue.length} label="schedules due" />
      </ul>
      <div className="overview-grid">
        <div>
          <Card title="At work now">
            <JobRows
              rows={active}
              empty="Nothing is at work."
              detail={(row) => row.detail}
              end={(row) => <JobDuration row={row} />}
              showsProgress
            />
          </Card>
          <PlotCard
            title="Throughput"
            summary={`${formatCount(files, 'file')} in ${formatCount(page.throughput.length, 'sample')}`}
            times={page.throughput.map(({ at }) => at)}
            series={[
              { label: 'Files', tone: 'accent', values: page.throughput.map((sample) => sample.files) },
              { label: 'Jobs', tone: 'ok', values: page.throughput.map((sample) => sample.jobs) },
            ]}
          />
          <Card title="Schedules due">
            <JobRows
              rows={schedulesDue}
              empty="Nothing is scheduled."
              detail={(row) => row.detail}
              end={(row) => <RelativeTime at={row.nextFireTime} />}
            />
          </Card>
          <DiskCard disk={page.disk} />
        </div>
        <div>
          <Card title="Failures in 24 hours">
            <JobRows
              rows={failures}
              empty="Nothing failed in 24 hours."
              detail={(row) => row.detail}
              end={(row) => <RelativeTime at={row.endDate ?? row.startDate} />}
            />
          </Card>
          <PlotCard
            title="Queue"
            summary={describeQueue(page)}
            times={page.queueDepth.map(({ at }) => at)}
            series={[
              { label: 'Waiting', tone: 'warn', values: page.queueDepth.map(({ waiting }) => waiting) },
              { label: 'Running', tone: 'accent', values: page.queueDepth.map(({ running }) => running) },
            ]}
          />
          {page.workers !== undefined && <WorkersCard workers={page.workers} />}
          <Card title="Assets">
            <AssetCounts page={page} />
          </Card>
          {page.metrics !== undefined && page.metrics.length > 0 && (
            <Card title="Metrics">
              <details>
                <summary>{formatCount(page.metrics.length, 'metric')}</summary>
                <dl className="metrics">
                  {page.metrics.map(({ name, value }) => (
                    <div key={name}>
                      <dt className="break">{name}</dt>
                      <dd>{formatNumber(value)}</dd>
                    </div>
                  ))}
                </dl>
              </details>
            </Card>
          )}
        </div>
      </div>
      {missing.length > 0 && <p className="secondary">Not shown: {missing.join('; ')}.</p>}
      <ShellLine code="ips job list --only active" />
    </>
  );
}

function Figure({
  value,
  label,
  isBad = false,
}: {
  value: number;
  label: string;
  isBad?: boolean;
}): ReactNode {
  return (
    <li className={isBad ? 'figure bad' : 'figure'}>
      <b>{formatNumber(value)}</b>
      <span>{label}</span>
    </li>
  );
}

function JobRows({
  rows,
  empty,
  detail,
  end,
  showsProgress = false,
}: {
  rows: readonly JobRow[];
  empty: string;
  detail: (row: JobRow) => ReactNode;
  end: (row: JobRow) => ReactNode;
  showsProgress?: boolean;
}): ReactNode {
  if (rows.length === 0) return <p className="secondary">{empty}</p>;
  return (
    <ul className="job-rows">
      {rows.slice(0, 8).map((row) => (
        <li key={row.handle}>
          <span className="two-lines">
            <Link
              className="row-link"
              to="/jobs/job"
              search={{ handle: row.handle }}
              title={row.originalName}
            >
              {row.originalName}
            </Link>
            <span>{detail(row)}</span>
            {showsProgress && row.progress !== undefined && (
              <Progress percent={row.progress} label={`Progress of ${row.originalName}`} />
            )}
          </span>
          <Pill tone={row.tone}>{row.label}</Pill>
          <span className="secondary">{end(row)}</span>
        </li>
      ))}
      {rows.length > 8 && (
        <li>
          <Link to="/jobs">and {formatNumber(rows.length - 8)} more</Link>
        </li>
      )}
    </ul>
  );
}

function AssetCounts({ page: { assetCounts } }: { page: Page }): ReactNode {
  const counts = assetCounts
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
  if (counts.length === 0) return <p className="secondary">The company has no assets.</p>;
  return (
    <dl className="metrics">
      {counts.slice(0, 10).map(({ assetType, count }) => (
        <div key={assetType}>
          <dt>
            <Link to="/assets" search={{ type: [assetType], below: 'yes' }}>
              {typeLabel(assetType)}
            </Link>
          </dt>
          <dd>{formatNumber(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function describeQueue({ queueDepth }: Page): string {
  const latest = queueDepth.at(-1);
  if (latest === undefined) return 'no samples yet';
  return `now ${formatNumber(latest.waiting)} waiting, ${formatNumber(latest.running)} running`;
}
