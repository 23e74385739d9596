import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { AssetRow } from '../api/contract.ts';
import { useElementWidth } from '../components/element-width.ts';
import { Checkbox } from '../components/fields.tsx';
import type { RowSelection } from '../components/use-row-selection.ts';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { AssetPicture } from './asset-picture.tsx';
import { describeAsset } from './describe-asset.ts';

const LEAST_WIDTH = 148;
const GAP = 10;
/** Of the style sheet: room for the ring of the focus. */
const PADDING = 3;
/** Below the picture: name, facts and padding. */
const TEXT_HEIGHT = 56;

/** Assets as pictures, of which only those in view exist. `j` and `k` or the arrows move, `x` ticks. */
export function AssetGrid({
  total,
  rowAt,
  selection,
  onRange,
  empty,
}: {
  total: number;
  rowAt: (index: number) => AssetRow | undefined;
  selection: RowSelection<AssetRow> | undefined;
  onRange: (first: number, last: number) => void;
  empty: ReactNode;
}): ReactNode {
  const [scroller, outer] = useElementWidth<HTMLDivElement>();
  const width = Math.max(0, outer - 2 * PADDING);
  const columns = Math.max(2, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
  const side = Math.max(80, Math.floor((width - GAP * (columns - 1)) / columns));
  const virtual = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => side + TEXT_HEIGHT,
    gap: GAP,
    overscan: 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from the width.
  useEffect(() => virtual.measure(), [side, columns]);
  const lines = virtual.getVirtualItems();
  const first = (lines[0]?.index ?? 0) * columns;
  const last = Math.min(total, ((lines.at(-1)?.index ?? -1) + 1) * columns) - 1;
  useEffect(() => {
    if (last >= first) onRange(first, last);
  }, [onRange, first, last]);

  const wanted = useRef<number>(undefined);
  const current = (): number => {
    const tile = document.activeElement?.closest('[data-tile]');
    return tile instanceof HTMLElement ? Number(tile.dataset['tile']) : (wanted.current ?? -1);
  };
  const focusWanted = (): void => {
    const link = scroller.current?.querySelector(`[data-tile="${wanted.current}"] a`);
    if (!(link instanceof HTMLElement)) return;
    link.focus({ preventScroll: true });
    wanted.current = undefined;
  };
  const move = (by: number): void => {
    if (total === 0) return;
    wanted.current = Math.min(total - 1, Math.max(0, current() + by));
    virtual.scrollToIndex(Math.floor(wanted.current / columns));
    focusWanted();
  };
  useEffect(() => {
    if (wanted.current !== undefined) focusWanted();
  });
  useShortcuts([
    { keys: 'j', label: 'Next asset', run: () => move(1) },
    { keys: 'k', label: 'Previous asset', run: () => move(-1) },
    {
      keys: 'x',
      label: 'Select the asset',
      run: () => {
        const row = rowAt(current());
        if (row !== undefined) selection?.toggle(row.assetHandle);
      },
    },
  ]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move the focus between the links inside.
    <div
      ref={scroller}
      className="asset-grid"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
        if (by === undefined || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        move(by);
      }}
    >
      {total === 0 ? (
        empty
      ) : (
        <ul aria-label="Assets" style={{ height: virtual.getTotalSize() }}>
          {lines.flatMap(({ index: line, start }) =>
            Array.from({ length: Math.min(columns, total - line * columns) }, (_, column) => {
              const index = line * columns + column;
              const row = rowAt(index);
              return (
                <li
                  key={row?.assetHandle ?? `#${index}`}
                  data-tile={index}
                  aria-posinset={index + 1}
                  aria-setsize={total}
                  style={{
                    width: side,
                    height: side + TEXT_HEIGHT,
                    transform: `translate(${column * (side + GAP)}px, ${start}px)`,
                  }}
                >
                  {row === undefined ? (
                    <span className="bar" aria-hidden="true" />
                  ) : (
                    <Tile row={row} side={side} selection={selection} />
                  )}
                </li>
              );
            }),
          )}
        </ul>
      )}
    </div>
  );
}

function Tile({
  row,
  side,
  selection,
}: {
  row: AssetRow;
  side: number;
  selection: RowSelection<AssetRow> | undefined;
}): ReactNode {
  const isSelected = selection?.has(row.assetHandle) === true;
  const words = describeAsset(row);
  return (
    <article className="asset-tile" data-selected={isSelected || undefined}>
      {selection !== undefined && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the box is in it; its own label is the better name.
        <label className="tile-box">
          <Checkbox
            aria-label={`Select ${row.name}`}
            checked={isSelected}
            onChange={() => selection.toggle(row.assetHandle)}
          />
        </label>
      )}
      <Link to="/assets/asset" search={{ handle: row.assetHandle }} title={`${row.name}\n${words}`}>
        <AssetPicture row={row} size={side - 2} />
        <span className="two-lines">
          <b>{row.name}</b>
          <span>{words}</span>
        </span>
      </Link>
    </article>
  );
}
