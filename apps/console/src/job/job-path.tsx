import type { ReactNode } from 'react';
import type { JobPage, StageInfo } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { Progress } from '../components/progress.tsx';
import { ExactTime, RelativeTime } from '../components/time.tsx';
import { describeDuration, formatDuration } from '../format/duration.ts';
import { formatNumber, formatRate } from '../format/number.ts';
import { useNow } from '../format/service-clock.tsx';

const NAMES: Readonly<Record<StageInfo['name'], string>> = {
  Submitted: 'Submitted',
  Queued: 'Queued',
  Running: 'Running',
  Completed: 'Completed',
  NextRun: 'Next run',
};

const STATUS: Readonly<Record<StageInfo['status'], string>> = {
  done: 'done',
  current: 'now',
  ahead: 'still ahead',
  failed: 'failed',
  skipped: 'skipped',
};

/** The path of a job as stages, and how far it is. */
export function JobPath({ page }: { page: JobPage }): ReactNode {
  const { row, stages } = page;
  return (
    <Card>
      <ol className="stages">
        {stages.map((stage) => (
          <li key={stage.name} className={stage.status}>
            <b>{NAMES[stage.name]}</b>
            <span className="hidden-text">: {STATUS[stage.status]}</span>
            <span className="stage-detail">
              <StageWords stage={stage} page={page} />
            </span>
          </li>
        ))}
      </ol>
      {row.progress !== undefined && (
        <Progress percent={row.progress} label={`Progress of ${row.originalName}`} size="large" />
      )}
      <div className="path-words">
        <span className="break">{row.detail}</span>
        <span>{describeProgress(page)}</span>
      </div>
    </Card>
  );
}

function StageWords({ stage, page }: { stage: StageInfo; page: JobPage }): ReactNode {
  const { name, status, at, duration, detail } = stage;
  if (name === 'Completed' && status === 'ahead') return <Estimate end={page.estimatedEnd} />;
  if (status === 'current' && at !== undefined) return <Since at={at} detail={detail} />;
  return (
    <>
      {name === 'NextRun' ? <RelativeTime at={at} /> : at !== undefined && <ExactTime at={at} />}
      {duration !== undefined && status !== 'current' && ` ${describeSpan(duration)}`}
      {detail !== undefined && ` ${detail}`}
    </>
  );
}

function Since({ at, detail = '' }: { at: string; detail: string | undefined }): ReactNode {
  return `since ${formatDuration(useNow(1000) - Date.parse(at))} ${detail}`;
}

function Estimate({ end }: { end: string | undefined }): ReactNode {
  const now = useNow(1000);
  if (end === undefined) return null;
  const left = Date.parse(end) - now;
  return left > 0 ? `about ${describeDuration(left)} left` : 'any moment now';
}

/** Short ones with a decimal: `0.4 s`. */
function describeSpan(milliseconds: number): string {
  return milliseconds < 10_000 ? `${formatRate(milliseconds / 1000)} s` : formatDuration(milliseconds);
}

/** `640 of 1,000 files · 5.4 files/s`. */
export function describeProgress({ row, rate }: JobPage): string {
  const { total, done, warnings, errors } = row.counts;
  const parts: string[] = [];
  if (done !== undefined && total !== undefined) {
    parts.push(
      row.stage === 'active' || done !== total
        ? `${formatNumber(done)} of ${formatNumber(total)} files`
        : `${formatNumber(total)} files`,
    );
  } else if (total !== undefined) parts.push(`${formatNumber(total)} files`);
  if (rate !== undefined) parts.push(`${formatRate(rate)} files/s`);
  if (row.stage === 'completed') {
    if (errors > 0) parts.push(`${formatNumber(errors)} failed`);
    if (warnings > 0) parts.push(`${formatNumber(warnings)} with warnings`);
  }
  return parts.join(' · ');
}
