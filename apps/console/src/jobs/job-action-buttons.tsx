import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { JobAction, JobRow } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { useToast } from '../components/toast.tsx';
import { formatCount } from '../format/number.ts';
import { useSession } from '../session/session-context.tsx';
import { ACTION_WORDS, ACTIONS, describeAction, rowsAllowing } from './job-actions.ts';

/** The service takes so many at once. */
const LIMIT = 500;

interface Asked {
  readonly action: JobAction;
  /** Bound when the dialog opens: later changes of the list do not reach it. */
  readonly rows: readonly JobRow[];
}

/** Buttons of the actions that state and role allow for at least one of the rows. Each asks first, and lists exactly what it acts on. */
export function JobActionButtons({
  rows,
  omitted = [],
  onDone,
}: {
  rows: readonly JobRow[];
  omitted?: readonly JobAction[];
  /** Called with the handles that failed. */
  onDone?: (failed: readonly string[]) => void;
}): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  const [isOpen, setIsOpen] = useState(false);
  const mutation = useApiMutation('job/actions', ['jobs', 'job', 'schedules', 'overview']);
  const toast = useToast();
  const { can } = useSession();

  const run = async ({ action, rows: bound }: Asked): Promise<void> => {
    const { summary, outcomes } = await mutation.mutateAsync({
      action,
      handles: bound.map(({ handle }) => handle),
    });
    const names = new Map(bound.map(({ handle, originalName }) => [handle, originalName]));
    toast.report(
      summary,
      outcomes.map((outcome) => ({ ...outcome, name: outcome.name ?? names.get(outcome.handle) })),
    );
    onDone?.(outcomes.filter(({ ok }) => !ok).map(({ handle }) => handle));
  };

  const skipped = asked === undefined ? 0 : rows.length - asked.rows.length;
  return (
    <>
      {ACTIONS.filter((action) => !omitted.includes(action)).map((action) => {
        if (!can(action === 'runAgain' ? 'submitJobs' : 'controlJobs')) return null;
        const allowed = rowsAllowing(rows, action).slice(0, LIMIT);
        if (allowed.length === 0) return null;
        const { label, isDangerous } = ACTION_WORDS[action];
        return (
          <Button
            key={action}
            look={isDangerous ? 'danger' : 'plain'}
            onClick={() => {
              setAsked({ action, rows: allowed });
              setIsOpen(true);
            }}
          >
            {label}…
          </Button>
        );
      })}
      {asked !== undefined && (
        <ConfirmDialog
          title={`${describeAction(asked.action, asked.rows.length)}?`}
          items={asked.rows.map(({ handle, originalName }) => ({ handle, name: originalName }))}
          action={describeAction(asked.action, asked.rows.length)}
          isDangerous={ACTION_WORDS[asked.action].isDangerous}
          isOpen={isOpen}
          onClose={() => setIsOpen(false)}
          onConfirm={() => run(asked)}
        >
          <p>{ACTION_WORDS[asked.action].effect}</p>
          {isOpen && skipped > 0 && (
            <p className="secondary">
              {formatCount(skipped, 'selected job')} cannot be changed this way, and{' '}
              {skipped === 1 ? 'stays' : 'stay'} as {skipped === 1 ? 'it is' : 'they are'}.
            </p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
