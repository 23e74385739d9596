import type { ReactNode } from 'react';
import type { FireTime, SchedulePreview } from '../api/contract.ts';
import { useComputed } from '../api/use-computed.ts';
import { Pill } from '../components/pill.tsx';
import { Loaded } from '../components/states.tsx';
import { formatRelative, viewerZone } from '../format/moment.ts';
import { useNow } from '../format/service-clock.tsx';
import { zoneTimeOf } from './zone-time.ts';
import './schedules.css';

/** What an expression means: in words, and as the next times in the zones of service and viewer. */
export function useSchedulePreview(execSchedule: string | undefined, count = 8) {
  return useComputed(
    'schedules/preview',
    execSchedule === undefined || execSchedule.trim() === ''
      ? undefined
      : { execSchedule, timeZone: viewerZone(), count },
  );
}

export function PreviewTimes({ query }: { query: ReturnType<typeof useSchedulePreview> }): ReactNode {
  return (
    <Loaded
      query={query}
      what="cannot compute the next times"
      loading={<p className="secondary">computing…</p>}
    >
      {(preview) =>
        preview.error === undefined ? (
          <PreviewTable preview={preview} />
        ) : (
          <p className="problem" role="status">
            {preview.error}
          </p>
        )
      }
    </Loaded>
  );
}

function PreviewTable({ preview }: { preview: SchedulePreview }): ReactNode {
  return (
    <>
      {preview.description !== undefined && <p className="schedule-words">{preview.description}</p>}
      <FireTimes times={preview.times} serviceZone={preview.serviceZone} viewerZone={preview.viewerZone} />
    </>
  );
}

/** Times in both zones. Changes of clocks are marked. */
export function FireTimes({
  times,
  serviceZone,
  viewerZone: viewer,
}: {
  times: readonly FireTime[];
  serviceZone: string | undefined;
  viewerZone: string;
}): ReactNode {
  const now = useNow();
  if (times.length === 0) return <p className="secondary">It never fires again.</p>;
  const isSame = times.every(({ inServiceZone, inViewerZone }) => inServiceZone === inViewerZone);
  return (
    <div className="fire-times">
      <table>
        <caption className="hidden-text">Next times</caption>
        <thead>
          <tr>
            <th scope="col">{serviceZone ?? 'Service'}</th>
            {!isSame && <th scope="col">{viewer}, yours</th>}
            <th scope="col">In</th>
          </tr>
        </thead>
        <tbody>
          {times.map((time) => (
            <tr key={time.at}>
              <td>
                <ZoneClock moment={time.inServiceZone} />
                {time.dst !== undefined && (
                  <Pill tone="warn">
                    {time.dstNote ?? (time.dst === 'fallBack' ? 'clocks went back' : 'clocks went forward')}
                  </Pill>
                )}
              </td>
              {!isSame && (
                <td>
                  <ZoneClock moment={time.inViewerZone} />
                </td>
              )}
              <td className="secondary">
                <time dateTime={time.at} title={time.at}>
                  {formatRelative(time.at, now)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ZoneClock({ moment }: { moment: string }): ReactNode {
  const time = zoneTimeOf(moment);
  if (time === undefined) return moment;
  return (
    <span className="zone-clock">
      {time.day} <b>{time.clock}</b> <span className="secondary">{time.offset}</span>
    </span>
  );
}
