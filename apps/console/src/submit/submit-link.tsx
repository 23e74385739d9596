import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { GuardedButton, whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';
import type { SubmitSearch } from './submit-search.ts';

/** The way to the page that submits jobs, or why there is none. */
export function SubmitLink({
  search = {},
  look = 'primary',
  children,
}: {
  search?: SubmitSearch;
  look?: 'primary' | 'plain';
  children: ReactNode;
}): ReactNode {
  if (whyNot(useSession(), 'submitJobs') !== undefined) {
    return (
      <GuardedButton needs="submitJobs" look={look}>
        {children}
      </GuardedButton>
    );
  }
  return (
    <Link className={`button ${look}`} to="/submit" search={search}>
      {children}
    </Link>
  );
}
