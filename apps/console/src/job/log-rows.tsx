import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { LogRow } from '../api/contract.ts';
import { IconButton } from '../components/button.tsx';
import { Pill } from '../components/pill.tsx';
import { ExactTime } from '../components/time.tsx';

const TONES = { error: 'bad', warning: 'warn', other: 'wait' } as const;
/** Pixels of a row with one line, until it is measured. */
const ESTIMATE = 29;

/** The rows of a log that are in view; each is as high as its message. */
export function LogRows({
  total,
  rowAt,
  onRange,
  linked,
  place,
  onHold,
  isFollowed,
  onLink,
}: {
  total: number;
  rowAt: (index: number) => LogRow | undefined;
  onRange: (first: number, last: number) => void;
  linked: string | undefined;
  /** Where the linked row is. */
  place: number | undefined;
  onHold: (isHeld: boolean) => void;
  isFollowed: boolean;
  onLink: (id: string) => void;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) onRange(first, last);
  }, [onRange, first, last]);
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (place === undefined) return;
    scrollToIndex(place, { align: 'center' });
    scroller.current?.scrollIntoView({ block: 'nearest' });
  }, [place, scrollToIndex]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row is the reason.
  useEffect(() => {
    if (isFollowed && scroller.current !== null) scroller.current.scrollTop = 0;
  }, [isFollowed, total]);

  return (
    <section
      ref={scroller}
      className="log-rows"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label="Rows of the log"
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
    >
      <ol style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const row = rowAt(index);
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={total}
              aria-posinset={index + 1}
              className={row !== undefined && row.id === linked ? 'linked' : undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              {row === undefined ? (
                <span className="bar" aria-hidden="true" />
              ) : (
                <Row row={row} onLink={onLink} />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Row({ row, onLink }: { row: LogRow; onLink: (id: string) => void }): ReactNode {
  const { id, level, logType, logMessage, assetName, dateCreated, auxArray = [] } = row;
  return (
    <>
      <span className="log-time mono">
        <ExactTime at={dateCreated} isPrecise />
      </span>
      <span className="log-type">
        <Pill tone={TONES[level]}>{logType}</Pill>
      </span>
      <span className="log-name break">{assetName}</span>
      <span className="log-message break">
        {logMessage}
        {auxArray.map((aux, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: additional messages have no identity but their place.
          <span key={index} className="log-aux secondary">
            {aux.logType}: {aux.logMessage}
          </span>
        ))}
      </span>
      <IconButton
        look="quiet"
        icon="link"
        className="log-link"
        label="Link to this row"
        onClick={() => {
          onLink(id);
          // The address is in the bar too; without access to the clipboard it is copied from there.
          const url = new URL(location.href);
          url.searchParams.set('row', id);
          void navigator.clipboard?.writeText(url.href).catch(() => undefined);
        }}
      />
    </>
  );
}
