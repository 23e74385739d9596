import type { ReactNode } from 'react';
import type { DiskInfo, WorkerInfo } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { Pill } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import { RelativeTime } from '../components/time.tsx';
import { formatBytes, formatCount } from '../format/number.ts';

/** The workers, and when each last reported. */
export function WorkersCard({ workers }: { workers: readonly WorkerInfo[] }): ReactNode {
  return (
    <Card title="Workers">
      {workers.length === 0 ? (
        <p className="secondary">No worker has reported yet.</p>
      ) : (
        <ul className="job-rows">
          {workers.map(({ serverName, running, seenAt, isAlive }) => (
            <li key={serverName}>
              <span className="two-lines">
                <b className="break">{serverName}</b>
                <span>
                  {formatCount(running, 'run')} · heartbeat <RelativeTime at={seenAt} />
                </span>
              </span>
              {isAlive ? <Pill tone="ok">Alive</Pill> : <Pill tone="bad">Silent</Pill>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** How much room is taken, and how much is left. */
export function DiskCard({ disk }: { disk: readonly DiskInfo[] }): ReactNode {
  return (
    <Card title="Disk">
      {disk.length === 0 ? (
        <p className="secondary">The service does not show it.</p>
      ) : (
        <ul className="job-rows">
          {disk.map(({ label, used, free, total, imageCount }) => {
            // What is reserved for the system is neither used nor free for others.
            const all = free === undefined ? total : Number(used) + Number(free);
            return (
              <li key={label}>
                <span className="two-lines">
                  <b className="break">{label}</b>
                  <span>
                    {formatBytes(used)} used
                    {free !== undefined && `, ${formatBytes(free)} free`}
                    {imageCount !== undefined && `, ${formatCount(imageCount, 'image')}`}
                  </span>
                  {all !== undefined && Number(all) > 0 && (
                    <Progress
                      percent={(Number(used) / Number(all)) * 100}
                      label={`Used of ${label}`}
                      showsNumber
                    />
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
