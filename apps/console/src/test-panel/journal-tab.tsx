import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JournalEntry } from '../api/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Pill } from '../components/pill.tsx';
import { SearchField } from '../components/search-field.tsx';
import { CodeText, ShellLine } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { ExactTime } from '../components/time.tsx';
import { formatNumber } from '../format/number.ts';
import { Pager } from './pager.tsx';
import type { TestSearch } from './test-search.ts';

/** Calls that the server received, with their XML. */
export function JournalTab({
  operation,
  entry,
  onChange,
}: {
  operation: string | undefined;
  entry: string | undefined;
  onChange: (part: Partial<Record<keyof TestSearch, unknown>>) => void;
}): ReactNode {
  const [page, setPage] = useState(1);
  const query = useApi(
    'test/journal',
    { page, pageSize: 100, ...(operation === undefined ? {} : { operation }) },
    { keepPrevious: true },
  );
  return (
    <>
      <div className="test-tools">
        <SearchField
          label="Search operations"
          placeholder="Operation, such as submitJob"
          value={operation ?? ''}
          onChange={(text) => {
            setPage(1);
            onChange({ operation: text });
          }}
        />
        {query.data !== undefined && (
          <span className="secondary">
            {formatNumber(query.data.total)} calls; the server keeps {formatNumber(query.data.capacity)},
            without those of the console
          </span>
        )}
      </div>
      <Loaded query={query} what="cannot read the journal">
        {(answer) =>
          answer.entries.length === 0 ? (
            <EmptyState
              title={operation === undefined ? 'No call yet' : 'No call of that operation'}
              command="ips whoami"
            />
          ) : (
            <>
              <ul className="journal" aria-label="Calls">
                {answer.entries.map((one) => (
                  <li key={one.id}>
                    <JournalLine entry={one} onOpen={() => onChange({ entry: one.id })} />
                  </li>
                ))}
              </ul>
              <Pager page={answer} onChange={setPage} />
              <ShellLine code="ips call getActiveJobs --debug-http" />
            </>
          )
        }
      </Loaded>
      <Dialog
        title="Request and response"
        look="wide"
        isOpen={entry !== undefined}
        onClose={() => onChange({ entry: undefined })}
      >
        {entry !== undefined && <Exchange id={entry} />}
      </Dialog>
    </>
  );
}

/** The operation of a call; one that the server could not read has none. */
const nameOf = (operation: string): string => operation || 'unreadable request';

function JournalLine({ entry, onOpen }: { entry: JournalEntry; onOpen: () => void }): ReactNode {
  const { operation, at, transport, status, fault, duration, user } = entry;
  return (
    <button type="button" className="journal-line" onClick={onOpen}>
      <span className="mono secondary">
        <ExactTime at={at} />
      </span>
      <b className="break">{nameOf(operation)}</b>
      <Pill tone={fault === undefined && status === 200 ? 'ok' : 'bad'}>
        {fault !== undefined ? `fault ${fault.code}` : status === 0 ? 'dropped' : String(status)}
      </Pill>
      <span className="secondary">
        {transport} · {formatNumber(Math.round(duration))} ms
      </span>
      <span className="secondary break">{fault?.reason ?? user ?? ''}</span>
    </button>
  );
}

function Exchange({ id }: { id: string }): ReactNode {
  const query = useApi('test/journal/entry', { id });
  return (
    <Loaded query={query} what="cannot read the call">
      {(entry) => (
        <>
          <p>
            <b>{nameOf(entry.operation)}</b> <ExactTime at={entry.at} />{' '}
            <span className="secondary">
              {entry.transport} · status {entry.status} · {formatNumber(Math.round(entry.duration))} ms
              {entry.user !== undefined && ` · ${entry.user}`}
            </span>
          </p>
          {entry.fault !== undefined && (
            <p className="problem-line">
              {entry.fault.code}: {entry.fault.reason}
            </p>
          )}
          {entry.isTruncated && <p className="caution">Only the beginning is kept, because it is long.</p>}
          <Xml title="Request" text={entry.request} />
          <Xml title="Response" text={entry.response} />
        </>
      )}
    </Loaded>
  );
}

function Xml({ title, text }: { title: string; text: string }): ReactNode {
  return (
    <section aria-label={title}>
      <h3 className="xml-head">
        {title}
        <CopyButton text={text} what={`the ${title.toLowerCase()}`} />
      </h3>
      {text === '' ? <p className="secondary">empty</p> : <CodeText text={text} />}
    </section>
  );
}
