import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Pill } from '../components/pill.tsx';
import { CodeText, ShellLine } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { formatCount } from '../format/number.ts';
import { Pager } from './pager.tsx';
import { useSnapshotCommand } from './snapshot-command.ts';

/** Calls of URLs and mails, those that wait first of all. */
export function NotificationsTab(): ReactNode {
  const [page, setPage] = useState(1);
  const command = useSnapshotCommand();
  const query = useApi('test/notifications', { page, pageSize: 50 }, { keepPrevious: true });
  return (
    <Loaded query={query} what="cannot read the notifications">
      {(answer) =>
        answer.notifications.length === 0 ? (
          <EmptyState title="No notification yet" command={command}>
            Jobs call their postHttpUrl or httpCompletionUrl when they end.
          </EmptyState>
        ) : (
          <>
            <ul className="message-list" aria-label="Notifications">
              {answer.notifications.map((one) => (
                <li key={one.id}>
                  <details>
                    <summary>
                      <Icon name="right" size={12} />
                      <b className="break">{one.about}</b>
                      <span className="secondary break">
                        {one.kind === 'http' ? 'to' : 'mail to'} {one.target}
                      </span>
                      <span className="secondary">
                        <RelativeTime at={one.createdAt} /> · {formatCount(one.attempts, 'attempt')}
                        {one.status === 'waiting' && one.dueAt !== undefined && (
                          <>
                            , next <RelativeTime at={one.dueAt} />
                          </>
                        )}
                      </span>
                      <Pill tone={one.status === 'delivered' ? 'ok' : 'wait'}>{one.status}</Pill>
                    </summary>
                    <CopyButton text={one.target} what="the target" />
                    <CodeText text={one.body} />
                  </details>
                </li>
              ))}
            </ul>
            <Pager page={answer} onChange={setPage} />
            <ShellLine code={command} />
          </>
        )
      }
    </Loaded>
  );
}
