import type { ReactNode } from 'react';
import type { SchedulePreview } from '../api/contract.ts';
import { TextField } from '../components/fields.tsx';
import { RadioChoices } from '../components/filter-chip.tsx';
import { viewerZone } from '../format/moment.ts';
import { PreviewTimes, useSchedulePreview } from '../schedules/fire-times.tsx';
import { QuartzBuilder } from '../schedules/quartz-builder.tsx';
import { useSession } from '../session/session-context.tsx';
import type { Draft } from './submit-draft.ts';

/** Now, once, or again and again. */
export function WhenFields({
  draft: { when, execTime, execSchedule, isCustom },
  preview: checked,
  problem,
  onChange,
}: {
  draft: Draft;
  /** Of the dry run. */
  preview: SchedulePreview | undefined;
  problem: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}): ReactNode {
  const { info } = useSession();
  const preview = useSchedulePreview(when === 'schedule' ? execSchedule : undefined);
  return (
    <div className="payload-fields">
      <div className="when-choices">
        <RadioChoices
          label="When the job runs"
          chosen={when}
          choices={[
            { value: 'now', label: 'As soon as a worker is free' },
            { value: 'once', label: 'Once, at a time' },
            { value: 'schedule', label: 'On a schedule' },
          ]}
          onChange={(next) => onChange({ when: next })}
        />
      </div>
      {when === 'once' && (
        <TextField
          label="Time"
          type="datetime-local"
          value={execTime}
          problem={problem}
          hint={`In your time zone, ${viewerZone()}`}
          onChange={(event) => onChange({ execTime: event.target.value })}
        />
      )}
      {when === 'schedule' && (
        <>
          <QuartzBuilder
            expression={execSchedule}
            isCustom={isCustom}
            zone={info.service.timeZone ?? checked?.serviceZone}
            problem={preview.data?.error ?? problem}
            onChange={(expression, custom) => onChange({ execSchedule: expression, isCustom: custom })}
          />
          {preview.data?.error === undefined && <PreviewTimes query={preview} />}
        </>
      )}
    </div>
  );
}
