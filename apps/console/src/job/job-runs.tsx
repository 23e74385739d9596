import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { JobRow } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { Pill } from '../components/pill.tsx';
import { RelativeTime } from '../components/time.tsx';

/** Other runs of the same name. */
export function JobRuns({ runs }: { runs: readonly JobRow[] }): ReactNode {
  return (
    <Card title="Other runs">
      <ul className="tasks">
        {runs.map((run) => (
          <li key={run.handle} className="task-line">
            <Link to="/jobs/job" search={{ handle: run.handle }} title={run.name}>
              {run.startDate === undefined ? run.name : <RelativeTime at={run.startDate} />}
            </Link>
            <Pill tone={run.tone}>{run.label}</Pill>
          </li>
        ))}
      </ul>
    </Card>
  );
}
