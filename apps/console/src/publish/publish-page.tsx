import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useApi, useApiMutation } from '../api/api-context.tsx';
import type { PublishPage as Page, PublishRun } from '../api/contract.ts';
import { AssetPicture } from '../assets/asset-picture.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { RadioChoices } from '../components/filter-chip.tsx';
import { Pill } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import { ShellBlock } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { useToast } from '../components/toast.tsx';
import { formatCount, formatNumber } from '../format/number.ts';
import { JobDuration } from '../jobs/jobs-columns.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { useRefreshOn } from '../live/refresh-on.ts';
import { GuardedButton } from '../session/guarded-button.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { SubmitLink } from '../submit/submit-link.tsx';
import './publish.css';

const SCOPES = [
  { value: 'Incremental', label: 'Incremental: what was marked or changed since the last publish' },
  { value: 'Full', label: 'Full: everything that is marked' },
  { value: 'FullWithSearch', label: 'Full, with the data for searches' },
] as const;
type Scope = (typeof SCOPES)[number]['value'];

/** What is published where, what would go next, and what went before. */
export function PublishPage(): ReactNode {
  const query = useApi('publish');
  const [isOpen, setIsOpen] = useState(false);
  useRefreshOn('jobs', 'publish');
  return (
    <>
      <PageHead
        title="Publish"
        tools={
          <>
            <LiveControl />
            <GuardedButton needs="publish" look="primary" onClick={() => setIsOpen(true)}>
              Start a publish…
            </GuardedButton>
          </>
        }
      />
      <Loaded query={query} what="cannot read what is published">
        {(page) => (
          <>
            <PublishColumns page={page} />
            <StartDialog page={page} isOpen={isOpen} onClose={() => setIsOpen(false)} />
          </>
        )}
      </Loaded>
    </>
  );
}

function PublishColumns({ page }: { page: Page }): ReactNode {
  return (
    <div className="publish-columns">
      <div>
        <Card title="What would go">
          <Pending page={page} />
        </Card>
        <Card
          title="History"
          tools={
            <SubmitLink look="plain" search={{ kind: 'imageServingPublishJob' }}>
              With options…
            </SubmitLink>
          }
        >
          <History runs={page.history} />
        </Card>
      </div>
      <div>
        <Card title="Contexts">
          <Contexts page={page} />
        </Card>
        <ShellBlock code={page.shell} />
        <ShellBlock title="The same in TypeScript" code={page.typescript} />
      </div>
    </div>
  );
}

function Pending({ page: { pending } }: { page: Page }): ReactNode {
  const { marked, changed, since, assets } = pending;
  return (
    <>
      <p>
        <b className="big-number">{changed === undefined ? '—' : formatNumber(changed)}</b>{' '}
        {changed === undefined
          ? 'The service does not show what has changed.'
          : `of ${formatCount(marked, 'marked asset')} changed`}
        {changed === undefined && ` ${formatCount(marked, 'asset')} are marked.`}
        {since !== undefined && (
          <>
            {' '}
            since the last publish, <RelativeTime at={since} />
          </>
        )}
      </p>
      {assets.length > 0 ? (
        <ul className="pending-assets">
          {assets.map((row) => (
            <li key={row.assetHandle}>
              <Link to="/assets/asset" search={{ handle: row.assetHandle }}>
                <AssetPicture row={row} size={40} />
                <span className="two-lines">
                  <span title={row.name}>{row.name}</span>
                  <span>{row.folder}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        changed === 0 && <p className="secondary">An incremental publish would find nothing to do.</p>
      )}
      {changed !== undefined && changed > assets.length && (
        <p className="secondary">
          The first {assets.length}.{' '}
          <Link to="/assets" search={{ marked: 'yes', below: 'yes' }}>
            Show all that are marked
          </Link>
        </p>
      )}
    </>
  );
}

function Contexts({ page: { contexts } }: { page: Page }): ReactNode {
  if (contexts.length === 0) return <p className="secondary">The service shows no contexts.</p>;
  return (
    <ul className="small-rows">
      {contexts.map(({ contextHandle, contextName, contextType, isActive }) => (
        <li key={contextHandle}>
          <span className="two-lines">
            <b className="break">{contextName ?? contextHandle}</b>
            <span>{contextType ?? ''}</span>
          </span>
          {isActive && <Pill tone="ok">Active</Pill>}
          <CopyButton text={contextHandle} what={`the handle of ${contextName ?? 'the context'}`} />
        </li>
      ))}
    </ul>
  );
}

function History({ runs }: { runs: readonly PublishRun[] }): ReactNode {
  if (runs.length === 0) {
    return <EmptyState title="Nothing has been published yet" command="ips publish" />;
  }
  return (
    <ul className="small-rows" aria-label="Publish jobs">
      {runs.map(({ job, publishType }) => (
        <li key={job.handle}>
          <span className="two-lines">
            <Link
              className="row-link"
              to="/jobs/job"
              search={{ handle: job.handle }}
              title={job.originalName}
            >
              {job.originalName}
            </Link>
            <span>
              {job.typeLabel}
              {publishType !== undefined && ` · ${publishType}`} ·{' '}
              <RelativeTime at={job.startDate ?? job.nextFireTime} /> · {job.submitUserEmail}
            </span>
            {job.progress !== undefined && (
              <Progress percent={job.progress} label={`Progress of ${job.originalName}`} showsNumber />
            )}
          </span>
          <Pill tone={job.tone}>{job.label}</Pill>
          <span className="secondary run-time">
            <JobDuration row={job} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function StartDialog({
  page,
  isOpen,
  onClose,
}: {
  page: Page;
  isOpen: boolean;
  onClose: () => void;
}): ReactNode {
  const [scope, setScope] = useState<Scope>('Incremental');
  const active = page.contexts.find(({ isActive }) => isActive);
  const [context, setContext] = useState('');
  const submit = useApiMutation('submit', ['jobs', 'publish', 'overview']);
  const toast = useToast();
  const navigate = useNavigate();
  const chosen = page.contexts.find(({ contextHandle }) => contextHandle === context) ?? active;
  const start = async (): Promise<void> => {
    const { jobHandle, jobName } = await submit.mutateAsync({
      kind: 'imageServingPublishJob',
      details: {
        publishType: scope,
        emailSetting: 'None',
        ...(context === '' ? {} : { contextHandle: context }),
      },
    });
    toast.say(`submitted ${jobName}`);
    await navigate({ to: '/jobs/job', search: { handle: jobHandle } });
  };
  return (
    <ConfirmDialog
      title="Start a publish"
      items={
        chosen === undefined
          ? []
          : [{ handle: chosen.contextHandle, name: chosen.contextName ?? 'The default context' }]
      }
      action="Publish"
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={start}
    >
      <RadioChoices label="What to publish" choices={SCOPES} chosen={scope} onChange={setScope} />
      {page.contexts.length > 1 && (
        <label className="field">
          <span className="label">Context</span>
          <select className="select" value={context} onChange={(event) => setContext(event.target.value)}>
            <option value="">the company's default</option>
            {page.contexts.map(({ contextHandle, contextName }) => (
              <option key={contextHandle} value={contextHandle}>
                {contextName ?? contextHandle}
              </option>
            ))}
          </select>
        </label>
      )}
      {scope === 'Incremental' && page.pending.changed !== undefined && (
        <p className="secondary">
          {formatCount(page.pending.changed, 'asset')} would go, as far as the service shows.
        </p>
      )}
    </ConfirmDialog>
  );
}
