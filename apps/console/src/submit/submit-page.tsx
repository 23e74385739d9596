import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { beginDraft } from './submit-draft.ts';
import { SubmitForm } from './submit-form.tsx';

const route = getRouteApi('/submit');

/** Submits a job of any kind. */
export function SubmitPage(): ReactNode {
  const search = route.useSearch();
  const kinds = useApi('kinds');
  const { basedOn } = search;
  const job = useApi('job', { handle: basedOn ?? '' }, { enabled: basedOn !== undefined });
  const show = (page?: NonNullable<typeof job.data>): ReactNode => (
    <Loaded query={kinds} what="cannot read the kinds of jobs">
      {(answer) => {
        const begin = beginDraft(answer, search, page);
        if (begin === undefined) {
          return (
            <>
              <PageHead title="Submit job" />
              <EmptyState title="There is no kind of job to submit">Your role may not allow any.</EmptyState>
            </>
          );
        }
        return (
          <SubmitForm
            key={`${basedOn ?? ''} ${search.kind ?? ''} ${search.when ?? ''}`}
            begin={begin}
            answer={answer}
            isPayloadHidden={basedOn !== undefined && page?.details === undefined}
          />
        );
      }}
    </Loaded>
  );
  if (basedOn === undefined) return show();
  return (
    <Loaded query={job} what="cannot read the job that this one is based on">
      {(page) => show(page)}
    </Loaded>
  );
}
