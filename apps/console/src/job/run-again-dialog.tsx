import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { JobPage, SubmitCheck, SubmitRequest } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { CodeText } from '../components/shell-block.tsx';
import { useToast } from '../components/toast.tsx';
import { parseDetails } from './parse-details.ts';

/** Submits the job again, with its payload as it was or edited. */
export function RunAgainButton({ page }: { page: JobPage }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  if (page.details === undefined || !page.row.actions.includes('runAgain')) return null;
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Run again…</Button>
      <Dialog
        title={`Run ${page.row.originalName} again`}
        look="wide"
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
      >
        <RunAgainForm page={page} details={page.details} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

function RunAgainForm({
  page,
  details,
  onDone,
}: {
  page: JobPage;
  details: NonNullable<JobPage['details']>;
  onDone: () => void;
}): ReactNode {
  const id = useId();
  const toast = useToast();
  const navigate = useNavigate();
  const [name, setName] = useState(page.row.originalName);
  const [text, setText] = useState(() => JSON.stringify(details.details, undefined, 2));
  const [checked, setChecked] = useState<SubmitCheck>();
  const check = useApiMutation('submit/check');
  const submit = useApiMutation('submit', ['jobs']);
  const parsed = parseDetails(text);
  const isBusy = check.isPending || submit.isPending;
  const problem = parsed.problem ?? submit.error?.message ?? check.error?.message;

  const requestOf = (payload: Readonly<Record<string, unknown>>): SubmitRequest => ({
    kind: details.kind,
    details: payload,
    jobName: name.trim() === '' ? undefined : name.trim(),
    basedOn: page.row.handle,
  });
  const look = async (): Promise<void> => {
    if (parsed.details !== undefined) setChecked(await check.mutateAsync(requestOf(parsed.details)));
  };
  const send = async (): Promise<void> => {
    if (parsed.details === undefined) return;
    const { jobHandle, jobName } = await submit.mutateAsync(requestOf(parsed.details));
    toast.say(`submitted ${jobName}`);
    onDone();
    await navigate({ to: '/jobs/job', search: { handle: jobHandle } });
  };
  // The error is shown from the mutation's state.
  const attempt = (what: Promise<void>): void => void what.catch(() => undefined);

  return (
    <div className="run-again">
      <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} />
      <div className="field">
        <label htmlFor={id}>Payload, {details.kind}</label>
        <textarea
          id={id}
          className="input mono"
          rows={14}
          spellCheck={false}
          value={text}
          aria-invalid={parsed.problem !== undefined}
          onChange={(event) => {
            setText(event.target.value);
            setChecked(undefined);
          }}
        />
        <span className="hint">As JSON. Dots replace secrets, which remain unchanged.</span>
      </div>
      {problem !== undefined && (
        <p className="problem-line" role="alert">
          {problem}
        </p>
      )}
      {checked !== undefined && <Findings check={checked} />}
      <div className="page-tools">
        <Link className="button plain" to="/submit" search={{ basedOn: page.row.handle }}>
          Edit in the form
        </Link>
        <Button disabled={isBusy || parsed.details === undefined} onClick={() => attempt(look())}>
          Check without sending
        </Button>
        <Button
          look="primary"
          disabled={isBusy || parsed.details === undefined}
          onClick={() => attempt(send())}
        >
          {submit.isPending ? 'Submitting…' : 'Submit'}
        </Button>
      </div>
    </div>
  );
}

function Findings({ check: { issues, xml } }: { check: SubmitCheck }): ReactNode {
  return (
    <section className="findings" aria-label="Result of the check">
      {issues.length === 0 ? (
        <p role="status">The payload is valid.</p>
      ) : (
        <div role="status">
          <ul>
            {issues.map(({ path, message, severity }) => (
              <li key={`${path} ${message}`} className={severity === 'error' ? 'bad-text' : 'warn-text'}>
                {severity === 'error' ? 'Error' : 'Warning'}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {xml !== undefined && <CodeText text={xml} label="The request" />}
    </section>
  );
}
