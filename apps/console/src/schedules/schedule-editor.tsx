import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { ScheduleRow } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useToast } from '../components/toast.tsx';
import { PreviewTimes, useSchedulePreview } from './fire-times.tsx';
import { QuartzBuilder } from './quartz-builder.tsx';

/** Changes when a scheduled job runs. */
export function ScheduleDialog({
  schedule,
  zone,
  onClose,
}: {
  /** `undefined` while it is closed. */
  schedule: ScheduleRow | undefined;
  zone: string | undefined;
  onClose: () => void;
}): ReactNode {
  return (
    <Dialog
      title={`Schedule of ${schedule?.job.originalName ?? ''}`}
      look="wide"
      isOpen={schedule !== undefined}
      onClose={onClose}
    >
      {schedule !== undefined && (
        <Editor schedule={schedule} zone={schedule.timeZone ?? zone} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Editor({
  schedule: { job, execSchedule = '', details },
  zone,
  onClose,
}: {
  schedule: ScheduleRow;
  zone: string | undefined;
  onClose: () => void;
}): ReactNode {
  const [{ expression, isCustom }, setDraft] = useState({ expression: execSchedule, isCustom: false });
  const preview = useSchedulePreview(expression);
  const edit = useApiMutation('schedules/edit', ['schedules', 'jobs', 'job', 'overview']);
  const toast = useToast();
  const navigate = useNavigate();
  const error = preview.data?.error;

  const save = async (): Promise<void> => {
    const { deletion } = await edit.mutateAsync({ handle: job.handle, execSchedule: expression });
    if (deletion.ok) toast.say(`changed the schedule of ${job.originalName}`);
    else {
      const summary = `${job.originalName} has its new schedule, but the old one is still there`;
      toast.report(summary, [{ ...deletion, name: deletion.name ?? job.originalName }]);
    }
    onClose();
  };
  return (
    <>
      <QuartzBuilder
        expression={expression}
        isCustom={isCustom}
        zone={zone}
        problem={error}
        onChange={(next, custom) => setDraft({ expression: next, isCustom: custom })}
      />
      {error === undefined && <PreviewTimes query={preview} />}
      <p className="secondary">
        The service cannot change a schedule: the job is deleted, and submitted again under its name with the
        new one.
      </p>
      {edit.error !== null && (
        <p className="problem-line" role="alert">
          {edit.error.message}
        </p>
      )}
      <div className="dialog-buttons">
        {details !== undefined && (
          <Button
            look="quiet"
            onClick={() => void navigate({ to: '/submit', search: { basedOn: job.handle } })}
          >
            Edit the payload, too
          </Button>
        )}
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={
            edit.isPending || error !== undefined || expression.trim() === '' || expression === execSchedule
          }
          onClick={() => void save().catch(() => undefined)}
        >
          {edit.isPending ? 'Working…' : 'Save the schedule'}
        </Button>
      </div>
    </>
  );
}
