import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Pill } from '../components/pill.tsx';
import { EmptyState } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { formatCount } from '../format/number.ts';
import { MessageList } from './message-list.tsx';
import { useSnapshotCommand } from './snapshot-command.ts';

const TONES = { waiting: 'wait', delivered: 'ok', failed: 'bad' } as const;

/** Calls of URLs and mails, those that wait first of all. */
export function NotificationsTab(): ReactNode {
  const [page, setPage] = useState(1);
  const command = useSnapshotCommand();
  const query = useApi('test/notifications', { page, pageSize: 50 }, { keepPrevious: true });
  return (
    <MessageList
      label="Notifications"
      query={query}
      what="cannot read the notifications"
      messagesOf={({ notifications }) =>
        notifications.map(({ id, about, kind, target, createdAt, attempts, status, dueAt, error, body }) => ({
          id,
          title: about,
          target: `${kind === 'http' ? 'to' : 'mail to'} ${target}`,
          moment: (
            <>
              <RelativeTime at={createdAt} /> · {formatCount(attempts, 'attempt')}
              {status === 'waiting' && dueAt !== undefined && (
                <>
                  , next <RelativeTime at={dueAt} />
                </>
              )}
              {error !== undefined && <> · {error}</>}
            </>
          ),
          pill: <Pill tone={TONES[status]}>{status}</Pill>,
          tools: <CopyButton text={target} what="the target" />,
          body,
        }))
      }
      empty={
        <EmptyState title="No notification yet" command={command}>
          Jobs call their postHttpUrl or httpCompletionUrl when they end.
        </EmptyState>
      }
      command={command}
      onPage={setPage}
    />
  );
}
