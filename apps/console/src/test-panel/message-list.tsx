import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PageInfo } from '../api/contract.ts';
import { Icon } from '../components/icon.tsx';
import { CodeText, ShellLine } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { Pager } from './pager.tsx';

/** A message in one line, and its text when it is opened. */
export interface ShownMessage {
  readonly id: string;
  readonly title: string;
  /** Where it goes, such as `to ann@example.com`. */
  readonly target: string;
  /** When, and what has been tried. */
  readonly moment: ReactNode;
  readonly pill: ReactNode;
  readonly tools?: ReactNode;
  readonly body: string;
}

/** A page of what the server has sent. */
export function MessageList<Page extends PageInfo>({
  label,
  query,
  what,
  messagesOf,
  empty,
  command,
  onPage,
}: {
  label: string;
  query: UseQueryResult<Page, Error>;
  /** What could not be done: `cannot read the mails`. */
  what: string;
  messagesOf: (page: Page) => readonly ShownMessage[];
  empty: ReactNode;
  /** The same from a shell. */
  command: string;
  onPage: (page: number) => void;
}): ReactNode {
  return (
    <Loaded query={query} what={what}>
      {(page) => {
        const messages = messagesOf(page);
        if (messages.length === 0) return empty;
        return (
          <>
            <ul className="message-list" aria-label={label}>
              {messages.map(({ id, title, target, moment, pill, tools, body }) => (
                <li key={id}>
                  <details>
                    <summary>
                      <Icon name="right" size={12} />
                      <b className="break">{title}</b>
                      <span className="secondary break">{target}</span>
                      <span className="secondary">{moment}</span>
                      {pill}
                    </summary>
                    {tools}
                    <CodeText text={body} />
                  </details>
                </li>
              ))}
            </ul>
            <Pager page={page} onChange={onPage} />
            <ShellLine code={command} />
          </>
        );
      }}
    </Loaded>
  );
}
