import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/states.tsx';
import { useSession } from '../session/session-context.tsx';
import { SubmitLink } from '../submit/submit-link.tsx';
import { hasFilters, type JobsSearch } from './jobs-search.ts';

/** A list without rows: because of its filters, or because nothing has happened yet. */
export function JobsEmpty({ search, onClear }: { search: JobsSearch; onClear: () => void }): ReactNode {
  const { info } = useSession();
  if (hasFilters(search)) {
    return (
      <EmptyState
        title="No job matches these filters"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      />
    );
  }
  const company = info.company?.name ?? 'MyCompany';
  return (
    <EmptyState
      title={EMPTY_TITLES[search.stage ?? 'all']}
      command={`ips upload photos --to ${shellWord(`${company}/`)}`}
      action={<SubmitLink>Submit job</SubmitLink>}
    >
      Jobs of the last 7 days appear here as soon as they are submitted: in the console, from a shell, or by
      any client of the API.
    </EmptyState>
  );
}

const EMPTY_TITLES = {
  all: 'No jobs in the last 7 days',
  active: 'Nothing is running',
  scheduled: 'Nothing is scheduled',
  completed: 'Nothing has completed in the last 7 days',
} as const;

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
