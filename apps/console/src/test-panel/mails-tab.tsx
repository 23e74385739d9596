import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import { Icon } from '../components/icon.tsx';
import { Pill } from '../components/pill.tsx';
import { CodeText, ShellLine } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { RelativeTime } from '../components/time.tsx';
import { Pager } from './pager.tsx';
import { useSnapshotCommand } from './snapshot-command.ts';

/** Mails that the server sent or would have sent. */
export function MailsTab(): ReactNode {
  const [page, setPage] = useState(1);
  const command = useSnapshotCommand();
  const query = useApi('test/mails', { page, pageSize: 50 }, { keepPrevious: true });
  return (
    <Loaded query={query} what="cannot read the mails">
      {(answer) =>
        answer.mails.length === 0 ? (
          <EmptyState title="No mail yet" command={command}>
            Jobs send mail when their emailSetting says so.
          </EmptyState>
        ) : (
          <>
            <ul className="message-list" aria-label="Mails">
              {answer.mails.map((mail) => (
                <li key={mail.id}>
                  <details>
                    <summary>
                      <Icon name="right" size={12} />
                      <b className="break">{mail.subject}</b>
                      <span className="secondary break">to {mail.recipient}</span>
                      <span className="secondary">
                        <RelativeTime at={mail.createdAt} />
                      </span>
                      <Pill tone={toneOf(mail.outcome)}>{mail.outcome}</Pill>
                    </summary>
                    <CodeText text={mail.body} />
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

function toneOf(outcome: string): 'ok' | 'wait' | 'bad' {
  if (outcome === 'sent' || outcome === 'kept') return 'ok';
  return outcome === 'waiting' ? 'wait' : 'bad';
}
