import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../components/states.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <EmptyState
      title="This address has no page"
      action={
        <Link className="button plain" to="/jobs">
          Show the jobs
        </Link>
      }
    />
  );
}
