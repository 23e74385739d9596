import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../components/states.tsx';
import { PageHead } from '../shell/page-head.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <>
      <PageHead title="Not found" />
      <EmptyState
        title="This address has no page"
        action={
          <Link className="button plain" to="/jobs">
            Show the jobs
          </Link>
        }
      />
    </>
  );
}
