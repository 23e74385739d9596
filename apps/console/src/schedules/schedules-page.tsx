import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { ScheduleRow, SchedulesPage as Schedules } from '../api/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useIsPhone } from '../components/media.ts';
import { Pill } from '../components/pill.tsx';
import { ShellLine } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { viewerZone } from '../format/moment.ts';
import { formatCount } from '../format/number.ts';
import { JobActionButtons } from '../jobs/job-action-buttons.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { useRefreshOn } from '../live/refresh-on.ts';
import { GuardedButton } from '../session/guarded-button.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { SubmitLink } from '../submit/submit-link.tsx';
import { FireTimes } from './fire-times.tsx';
import { ScheduleDialog } from './schedule-editor.tsx';
import './schedules.css';

/** Jobs that run on a schedule or at a time: when they fire, and what came of the last time. */
export function SchedulesPage(): ReactNode {
  const query = useApi('schedules');
  const [edited, setEdited] = useState<ScheduleRow>();
  const isPhone = useIsPhone();
  useRefreshOn('jobs', 'schedules');
  return (
    <>
      <PageHead
        title="Schedules"
        tools={
          <>
            <LiveControl />
            <SubmitLink search={{ when: 'schedule' }}>{isPhone ? 'New' : 'New schedule'}</SubmitLink>
          </>
        }
      />
      <Loaded query={query} what="cannot read the schedules">
        {(page) => <ScheduleList page={page} onEdit={setEdited} />}
      </Loaded>
      <ScheduleDialog schedule={edited} zone={query.data?.serviceZone} onClose={() => setEdited(undefined)} />
    </>
  );
}

function ScheduleList({
  page: { schedules, serviceZone, shell },
  onEdit,
}: {
  page: Schedules;
  onEdit: (schedule: ScheduleRow) => void;
}): ReactNode {
  if (schedules.length === 0) {
    return (
      <EmptyState
        title="Nothing is scheduled"
        command={'ips job schedule "0 0 2 * * ?" imageServingPublishJob'}
        action={<SubmitLink search={{ when: 'schedule' }}>New schedule</SubmitLink>}
      >
        A scheduled job runs by itself, at a time or again and again.
      </EmptyState>
    );
  }
  return (
    <>
      <p className="secondary">
        {formatCount(schedules.length, 'schedule')}
        {serviceZone !== undefined && `, evaluated in ${serviceZone}`}
      </p>
      <ul className="schedule-list" aria-label="Schedules">
        {schedules.map((schedule) => (
          <ScheduleItem
            key={schedule.job.handle}
            schedule={schedule}
            serviceZone={schedule.timeZone ?? serviceZone}
            onEdit={() => onEdit(schedule)}
          />
        ))}
      </ul>
      <ShellLine code={shell} />
    </>
  );
}

function ScheduleItem({
  schedule: { job, execSchedule, description, next, lastRun },
  serviceZone,
  onEdit,
}: {
  schedule: ScheduleRow;
  serviceZone: string | undefined;
  onEdit: () => void;
}): ReactNode {
  return (
    <li className="schedule-item">
      <div className="schedule-head">
        <Link className="row-link break" to="/jobs/job" search={{ handle: job.handle }}>
          {job.originalName}
        </Link>
        <Pill tone={job.tone}>{job.label}</Pill>
        <CopyButton text={job.handle} what={`the handle of ${job.originalName}`} />
      </div>
      <div className="schedule-tools">
        {execSchedule !== undefined && (
          <GuardedButton needs="submitJobs" onClick={onEdit}>
            Edit…
          </GuardedButton>
        )}
        <JobActionButtons rows={[job]} omitted={['runAgain']} />
      </div>
      <p className="schedule-facts">
        <span>{job.typeLabel}</span>
        <span className="break">{description ?? (execSchedule === undefined ? 'once' : execSchedule)}</span>
        <span className="break">by {job.submitUserEmail}</span>
      </p>
      <p className="schedule-facts">
        {job.nextFireTime !== undefined && (
          <span>
            Next: <RelativeTime at={job.nextFireTime} />
          </span>
        )}
        {lastRun !== undefined && (
          <span>
            Last:{' '}
            <Link to="/jobs/job" search={{ handle: lastRun.handle }}>
              {lastRun.label}
            </Link>{' '}
            <RelativeTime at={lastRun.startDate} />
          </span>
        )}
      </p>
      {next.length > 0 && (
        <details>
          <summary>Next {formatCount(next.length, 'time')}</summary>
          {execSchedule !== undefined && <code className="break">{execSchedule}</code>}
          <FireTimes times={next} serviceZone={serviceZone} viewerZone={viewerZone()} />
        </details>
      )}
    </li>
  );
}
