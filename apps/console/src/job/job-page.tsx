import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JobPage as JobAnswer } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { Pill } from '../components/pill.tsx';
import { ShellBlock } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { JobActionButtons } from '../jobs/job-action-buttons.tsx';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { useLive } from '../live/live-context.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { useSession } from '../session/session-context.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { JobAssets } from './job-assets.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobLog } from './job-log.tsx';
import { JobPath } from './job-path.tsx';
import { JobRuns } from './job-runs.tsx';
import { JobTasks } from './job-tasks.tsx';
import { JobXmlButton } from './job-xml-dialog.tsx';
import { RunAgainButton } from './run-again-dialog.tsx';
import { Throughput } from './throughput.tsx';
import { useLiveJob } from './use-live-job.ts';
import './job-page.css';

const route = getRouteApi('/jobs/job');

/** Everything about one job: where it is, why, and what it did. */
export function JobPage(): ReactNode {
  const { handle = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { watchJob } = useLive();
  const query = useApi('job', { handle });
  // A submitted job has a handle of its own, and its run another.
  const shown = query.data?.row.handle ?? handle;
  useLiveJob(handle, shown);
  useEffect(() => {
    watchJob(shown);
    return () => watchJob(undefined);
  }, [watchJob, shown]);
  useShortcuts([{ keys: 'Escape', label: 'Back to the jobs', run: () => void navigate({ to: '/jobs' }) }]);
  return (
    <>
      {query.data === undefined && (
        <PageHead title="Job" before={<BackToJobs />} tools={<LiveControl isSmall />} />
      )}
      <Loaded query={query} what="cannot read the job">
        {(page) => <Job key={handle} page={page} />}
      </Loaded>
    </>
  );
}

function BackToJobs(): ReactNode {
  return (
    <span className="crumb">
      <Link to="/jobs">Jobs</Link> /
    </span>
  );
}

function Job({ page }: { page: JobAnswer }): ReactNode {
  const { row, tasks, runs, shell, logCounts } = page;
  const { can } = useSession();
  const { row: logRow } = route.useSearch();
  const hasRun = row.stage !== 'scheduled';
  return (
    <>
      <PageHead
        title={row.originalName}
        before={<BackToJobs />}
        after={<Pill tone={row.tone}>{row.label}</Pill>}
        tools={
          <>
            <LiveControl isSmall />
            {can('submitJobs') && <RunAgainButton page={page} />}
            <JobActionButtons rows={[row]} omitted={['runAgain']} />
          </>
        }
      />
      <div className="job-layout">
        <div className="job-main">
          <JobPath page={page} />
          {hasRun && <Throughput handle={row.handle} />}
          {hasRun && <JobLog handle={row.handle} counts={logCounts} linked={logRow} />}
        </div>
        <aside className="job-side" aria-label="Details">
          <JobFacts page={page} />
          {tasks.length > 0 && <JobTasks tasks={tasks} />}
          {hasRun && <JobAssets handle={row.handle} />}
          {runs.length > 0 && <JobRuns runs={runs} />}
          <ShellBlock code={shell} />
          <Card title="XML">
            <p className="secondary">Requests and responses as the service sees them, without secrets.</p>
            <JobXmlButton handle={row.handle} />
          </Card>
        </aside>
      </div>
    </>
  );
}
