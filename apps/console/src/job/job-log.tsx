import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { apiUrl } from '../api/api-client.ts';
import { useApiClient } from '../api/api-context.tsx';
import type { LogCounts, LogQuery, LogRow } from '../api/contract.ts';
import { usePaged } from '../api/use-paged.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Menu } from '../components/menu.tsx';
import { SearchField } from '../components/search-field.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../components/states.tsx';
import { formatNumber } from '../format/number.ts';
import { useLiveEvent } from '../live/live-context.tsx';
import { useWaiting } from '../live/use-waiting.ts';
import { WaitingButton } from '../live/waiting-button.tsx';
import { LogRows } from './log-rows.tsx';
import { readWholeLog } from './log-text.ts';
import { useLinkedRow } from './use-linked-row.ts';

const PAGE_SIZE = 200;

type Level = NonNullable<LogQuery['level']> | 'all';

/** The log: errors first, or the latest first while it is followed. */
export function JobLog({
  handle,
  counts,
  linked,
}: {
  handle: string;
  counts: LogCounts;
  /** The row that the URL points to. */
  linked: string | undefined;
}): ReactNode {
  const [level, setLevel] = useState<Level>('all');
  const [logType, setLogType] = useState<string>();
  const [text, setText] = useState('');
  const [isFollowed, setIsFollowed] = useState(false);
  const client = useApiClient();
  const navigate = useNavigate();

  const filters = useMemo<LogQuery>(
    () => ({
      handle,
      level: level === 'all' ? undefined : level,
      logType: logType === undefined ? undefined : [logType],
      text: text === '' ? undefined : text,
      order: isFollowed ? 'latest' : 'errorsFirst',
    }),
    [handle, level, logType, text, isFollowed],
  );
  const log = usePaged('job/log', filters, PAGE_SIZE);
  const waiting = useWaiting('job/log', JSON.stringify(filters));
  useLiveEvent('job', (event) => {
    if (event.handle === handle && (event.log.length > 0 || event.isLogPartial)) {
      waiting.note(event.log.map(({ id }) => id));
    }
  });
  const place = useLinkedRow(filters, linked, PAGE_SIZE);
  const { pages, setRange } = log;
  const rowAt = useCallback(
    (index: number): LogRow | undefined =>
      pages.get(Math.floor(index / PAGE_SIZE) + 1)?.rows[index % PAGE_SIZE],
    [pages],
  );

  const now = log.page?.counts ?? counts;
  const types = log.page?.logTypes ?? [];
  return (
    <Card
      title="Log"
      isFlush
      tools={
        <div className="log-tools">
          <LevelChips
            level={level}
            counts={now}
            onChange={(next) => {
              setLevel(next);
              setLogType(undefined);
            }}
          />
          {types.length > 1 && (
            <Menu
              align="start"
              trigger={(props) => <Button {...props}>{logType ?? 'Any type'}</Button>}
              entries={[
                {
                  kind: 'choices',
                  label: 'Type of row',
                  value: logType ?? '',
                  choices: [
                    { value: '', label: 'Any type' },
                    ...types.map((type) => ({
                      value: type.logType,
                      label: `${type.logType} ${formatNumber(type.count)}`,
                    })),
                  ],
                  onChange: (value) => setLogType(value === '' ? undefined : value),
                },
              ]}
            />
          )}
          <SearchField
            label="Search the log"
            placeholder="Search the log"
            value={text}
            onChange={(next) => setText(next ?? '')}
          />
          <div className="page-tools">
            <WaitingButton waiting={waiting} />
            <Button aria-pressed={isFollowed} onClick={() => setIsFollowed((before) => !before)}>
              Follow
            </Button>
            <CopyButton what="the log" text={() => readWholeLog(client, filters)}>
              Copy
            </CopyButton>
            <DownloadMenu filters={filters} />
          </div>
        </div>
      }
    >
      {log.page === undefined && log.failure !== undefined ? (
        <ErrorState
          what="cannot read the log"
          error={log.failure.error}
          since={log.failure.since}
          onRetry={log.retry}
        />
      ) : log.page === undefined ? (
        <LoadingRows />
      ) : log.total === 0 ? (
        <EmptyState title={now.all === 0 ? 'The log has no rows yet' : 'No row matches these filters'} />
      ) : (
        <LogRows
          key={JSON.stringify(filters)}
          total={log.total}
          rowAt={rowAt}
          onRange={setRange}
          linked={linked}
          place={place}
          onHold={waiting.hold}
          isFollowed={isFollowed}
          onLink={(id) => void navigate({ to: '/jobs/job', search: { handle, row: id }, replace: true })}
        />
      )}
      {log.page?.isTruncated === true && (
        <p className="log-foot">
          The log is longer than the console reads. Numbers are those of the first 100,000 rows.
        </p>
      )}
    </Card>
  );
}

function LevelChips({
  level,
  counts,
  onChange,
}: {
  level: Level;
  counts: LogCounts;
  onChange: (level: Level) => void;
}): ReactNode {
  const chips = [
    { value: 'all', label: 'All', count: counts.all },
    { value: 'errors', label: 'Errors', count: counts.errors },
    { value: 'warnings', label: 'Warnings', count: counts.warnings },
  ] as const;
  return chips.map(({ value, label, count }) => (
    <button
      key={value}
      type="button"
      className={level === value ? 'chip-toggle set' : 'chip-toggle'}
      aria-pressed={level === value}
      onClick={() => onChange(value)}
    >
      {label} <b>{formatNumber(count)}</b>
    </button>
  ));
}

function DownloadMenu({ filters }: { filters: LogQuery }): ReactNode {
  const download = (format: 'csv' | 'json'): void => {
    const link = document.createElement('a');
    link.href = apiUrl('job/log/file', { ...filters, format });
    link.download = '';
    link.click();
  };
  return (
    <Menu
      trigger={(props) => <Button {...props}>Download</Button>}
      entries={[
        { kind: 'item', label: 'As CSV', onSelect: () => download('csv') },
        { kind: 'item', label: 'As JSON', onSelect: () => download('json') },
      ]}
    />
  );
}
