import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import { Card, FactList } from '../components/card.tsx';
import { Pill } from '../components/pill.tsx';
import { ShellBlock } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { PageHead } from '../shell/page-head.tsx';

const route = getRouteApi('/jobs/job');

export function JobPage(): ReactNode {
  const { handle = '' } = route.useSearch();
  const query = useApi('job', { handle });
  return (
    <Loaded query={query} what="cannot read the job">
      {(page) => (
        <>
          <PageHead
            title={page.row.originalName}
            after={<Pill tone={page.row.tone}>{page.row.label}</Pill>}
          />
          <Card title="Job">
            <FactList facts={page.facts.map(({ label, value, path }) => ({ label, value, key: path }))} />
          </Card>
          <ShellBlock code={page.shell} />
        </>
      )}
    </Loaded>
  );
}
