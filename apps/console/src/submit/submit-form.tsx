import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import { ApiError } from '../api/api-error.ts';
import type { InputIssue, JobKindsAnswer } from '../api/contract.ts';
import { useComputed } from '../api/use-computed.ts';
import { Card } from '../components/card.tsx';
import { TextField } from '../components/fields.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useToast } from '../components/toast.tsx';
import { GuardedButton } from '../session/guarded-button.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { DryRun } from './dry-run.tsx';
import { type PayloadForm, PayloadFormContext } from './form-context.tsx';
import { issuesByPath, messageOf, valueAt, withValueAt } from './form-values.ts';
import { GroupFields } from './payload-fields.tsx';
import { PayloadJson } from './payload-json.tsx';
import { type Draft, obstacleOf, requestOf } from './submit-draft.ts';
import { WhenFields } from './when-fields.tsx';
import './submit.css';

/** The form of a job, with what would be sent beside it. */
export function SubmitForm({
  begin,
  answer: { kinds, $defs },
  isPayloadHidden,
}: {
  begin: Draft;
  answer: JobKindsAnswer;
  /** The job it is based on is there, but its payload is not shown by the service. */
  isPayloadHidden: boolean;
}): ReactNode {
  const [draft, setDraft] = useState(begin);
  // Payloads of kinds that were left come back with them.
  const [payloads, setPayloads] = useState(new Map([[begin.kind.kind, begin.details]]));
  const [view, setView] = useState<'form' | 'json'>('form');
  const [jsonProblem, setJsonProblem] = useState<string>();
  const request = useMemo(() => requestOf(draft), [draft]);
  const check = useComputed('submit/check', request);
  const submit = useApiMutation('submit', ['jobs', 'schedules', 'overview', 'publish']);
  const toast = useToast();
  const navigate = useNavigate();
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));

  const refused = submit.error instanceof ApiError ? submit.error.issues : [];
  const issues = [...(check.data?.issues ?? []), ...refused];
  const form = usePayloadFormOf(draft, payloads, $defs, issues, change);
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const obstacle =
    jsonProblem ??
    obstacleOf(draft) ??
    (errors > 0
      ? `mend ${errors === 1 ? 'the value that is' : `the ${errors} values that are`} marked`
      : undefined);

  const chooseKind = (name: string): void => {
    const kind = kinds.find((one) => one.kind === name);
    if (kind === undefined) return;
    const next = new Map(payloads).set(draft.kind.kind, draft.details);
    setPayloads(next);
    const details = next.get(kind.kind) ?? kind.example;
    if (!next.has(kind.kind)) setPayloads(next.set(kind.kind, details));
    setJsonProblem(undefined);
    change({ kind, details, basedOn: kind.kind === begin.kind.kind ? begin.basedOn : undefined });
  };
  const send = async (): Promise<void> => {
    const { jobHandle, jobName } = await submit.mutateAsync(request);
    toast.say(`submitted ${jobName}`);
    await navigate({ to: '/jobs/job', search: { handle: jobHandle } });
  };

  return (
    <form className="submit-page" noValidate onSubmit={(event) => event.preventDefault()}>
      <PageHead
        title={draft.basedOn === undefined ? 'Submit job' : `Run ${begin.jobName} again`}
        tools={
          <GuardedButton
            needs="submitJobs"
            look="primary"
            type="submit"
            obstacle={submit.isPending ? 'it is being submitted' : obstacle}
            onClick={() => void send().catch(() => undefined)}
          >
            {submit.isPending ? 'Submitting…' : 'Submit'}
          </GuardedButton>
        }
      />
      {submit.error !== null && (
        <p className="problem-line" role="alert">
          {submit.error.message}
        </p>
      )}
      {isPayloadHidden && (
        <p className="stale-line">
          The service does not show the payload of that job. The form begins with an example.
        </p>
      )}
      <div className="submit-columns">
        <div className="submit-main">
          <Card title="Job">
            <div className="payload-fields">
              <label className="field">
                <span className="label">Kind</span>
                <select
                  className="select"
                  value={draft.kind.kind}
                  onChange={(event) => chooseKind(event.target.value)}
                >
                  {kinds.map(({ kind, label, isAllowed }) => (
                    <option key={kind} value={kind} disabled={!isAllowed}>
                      {isAllowed ? label : `${label} (your role does not allow it)`}
                    </option>
                  ))}
                </select>
                <span className="hint">{draft.kind.description}</span>
              </label>
              <TextField
                label="Name"
                placeholder="made from kind and time"
                value={draft.jobName}
                problem={messageAt(issues, 'jobName')}
                autoComplete="off"
                onChange={(event) => change({ jobName: event.target.value })}
              />
              <TextField
                label="Description"
                value={draft.description}
                problem={messageAt(issues, 'description')}
                autoComplete="off"
                onChange={(event) => change({ description: event.target.value })}
              />
              <TextField
                label="Locale"
                placeholder="en-US"
                hint="Language and country of the job's messages, such as de-DE."
                value={draft.locale}
                problem={messageAt(issues, 'locale')}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => change({ locale: event.target.value })}
              />
            </div>
          </Card>
          <Card title="When">
            <WhenFields
              draft={draft}
              preview={check.data?.schedule}
              problem={messageAt(issues, 'execSchedule') ?? messageAt(issues, 'execTime')}
              onChange={change}
            />
          </Card>
          <Card
            title={draft.kind.label}
            tools={
              <Tabs
                label="How to edit the payload"
                value={view}
                tabs={[
                  { value: 'form', label: 'Form' },
                  { value: 'json', label: 'JSON' },
                ]}
                onChange={(next) => {
                  setView(next);
                  setJsonProblem(undefined);
                }}
              />
            }
          >
            {view === 'form' ? (
              <PayloadFormContext value={form}>
                <GroupFields
                  key={draft.kind.kind}
                  schema={{ $ref: `#/$defs/${draft.kind.schema}` }}
                  path={[draft.kind.kind]}
                  value={draft.details}
                />
              </PayloadFormContext>
            ) : (
              <PayloadJson
                key={draft.kind.kind}
                details={draft.details}
                problem={jsonProblem}
                onChange={(details) => change({ details })}
                onProblem={setJsonProblem}
              />
            )}
          </Card>
        </div>
        <DryRun check={check} issues={issues} onFocus={() => setView('form')} />
      </div>
    </form>
  );
}

function usePayloadFormOf(
  draft: Draft,
  payloads: ReadonlyMap<string, unknown>,
  definitions: JobKindsAnswer['$defs'],
  issues: readonly InputIssue[],
  change: (part: Partial<Draft>) => void,
): PayloadForm {
  const { kind } = draft.kind;
  return {
    definitions,
    issues: issuesByPath(issues),
    set: ([, ...path], value) => {
      const details = withValueAt(draft.details, path, value);
      // The path has a step, so the result is an object as before.
      change({ details: details as Draft['details'] });
    },
    wasThere: ([, ...path]) => valueAt(payloads.get(kind), path) !== undefined,
  };
}

function messageAt(issues: readonly InputIssue[], path: string): string | undefined {
  const issue = issues.find((one) => one.path === path);
  return issue === undefined ? undefined : messageOf(issue);
}
