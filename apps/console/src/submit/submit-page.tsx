import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JobPage } from '../api/contract.ts';
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
  const isReady = kinds.data !== undefined && (basedOn === undefined || job.data !== undefined);
  const form = (page?: JobPage): ReactNode => (
    <Loaded query={kinds} what="cannot read the kinds of jobs">
      {(answer) => {
        const begin = beginDraft(answer, search, page);
        return begin === undefined ? (
          <EmptyState title="There is no kind of job to submit">Your role may not allow any.</EmptyState>
        ) : (
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
  return (
    <>
      {/* The form has a head of its own, with the button that submits it. */}
      {(!isReady || kinds.data?.kinds.length === 0) && <PageHead title="Submit job" />}
      {basedOn === undefined ? (
        form()
      ) : (
        <Loaded query={job} what="cannot read the job that this one is based on">
          {(page) => form(page)}
        </Loaded>
      )}
    </>
  );
}
