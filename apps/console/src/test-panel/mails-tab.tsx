import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import { Pill } from '../components/pill.tsx';
import { EmptyState } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { MessageList } from './message-list.tsx';
import { useSnapshotCommand } from './snapshot-command.ts';

/** Mails that the server sent or would have sent. */
export function MailsTab(): ReactNode {
  const [page, setPage] = useState(1);
  const command = useSnapshotCommand();
  const query = useApi('test/mails', { page, pageSize: 50 }, { keepPrevious: true });
  return (
    <MessageList
      label="Mails"
      query={query}
      what="cannot read the mails"
      messagesOf={({ mails }) =>
        mails.map(({ id, subject, recipient, createdAt, outcome, body }) => ({
          id,
          title: subject,
          target: `to ${recipient}`,
          moment: <RelativeTime at={createdAt} />,
          pill: <Pill tone={toneOf(outcome)}>{outcome}</Pill>,
          body,
        }))
      }
      empty={
        <EmptyState title="No mail yet" command={command}>
          Jobs send mail when their emailSetting says so.
        </EmptyState>
      }
      command={command}
      onPage={setPage}
    />
  );
}

function toneOf(outcome: string): 'ok' | 'wait' | 'bad' {
  if (outcome === 'sent' || outcome === 'kept') return 'ok';
  return outcome === 'waiting' ? 'wait' : 'bad';
}
