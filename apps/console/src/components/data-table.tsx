import { type ColumnDef, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { ColumnHeader, type TableSort } from './column-header.tsx';
import { useElementWidth } from './element-width.ts';
import { Checkbox } from './fields.tsx';
import { type ColumnSize, fitColumns } from './fit-columns.ts';
import './data-table.css';

/** A column of a {@link DataTable}. */
export interface DataColumn<T> extends ColumnSize {
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** Takes the room that is left. One column of a table does. */
  readonly grows?: boolean;
  readonly align?: 'start' | 'end';
  /** The name under which the host sorts by it. */
  readonly sort?: string;
}

/** Which rows are ticked. */
export interface TableSelection {
  has(key: string): boolean;
  readonly size: number;
  toggle(key: string): void;
  /** Ticks all rows that are there, or none. */
  toggleAll(): void;
  readonly isAll: boolean;
}

export interface DataTableProps<T> {
  /** Names the table for screen readers. */
  readonly label: string;
  /** Rows of the whole list, of which only some are here. */
  readonly total: number;
  /** The row at a place from 0; `undefined` while it is on its way. */
  readonly rowAt: (index: number) => T | undefined;
  readonly keyOf: (row: T) => string;
  /** What a row is called, for the label of its box. */
  readonly nameOf: (row: T) => string;
  readonly columns: readonly DataColumn<T>[];
  readonly sort?: TableSort | undefined;
  readonly onSort?: (sort: TableSort | undefined) => void;
  readonly selection?: TableSelection | undefined;
  /** Called with the first and the last place in view. */
  readonly onRange?: (first: number, last: number) => void;
  readonly onScroll?: (top: number) => void;
  readonly onHold?: (isHeld: boolean) => void;
  /** Pixels. */
  readonly rowHeight?: number;
  /** Shown in the place of rows if there are none. */
  readonly empty?: ReactNode;
  readonly isBusy?: boolean;
}

/** A place in the list: its row may be on its way. */
interface Line<T> {
  readonly index: number;
  readonly row: T | undefined;
}

const features = tableFeatures({});
const BOX_WIDTH = 40;

/**
 * A table of which only the rows in view exist. `j` and `k` move, `x` ticks, and the first link of a row is what `Enter` opens. Columns
 * without room are omitted, by their priority.
 */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { total, rowAt, keyOf, selection, rowHeight = 52, onRange } = props;
  const [scroller, width] = useElementWidth<HTMLDivElement>();
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The head stays at the top, and covers what is below it.
    scrollPaddingStart: 34,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) onRange?.(first, last);
  }, [onRange, first, last]);

  const boxWidth = selection === undefined ? 0 : BOX_WIDTH;
  const fitting = useMemo(
    () => new Set(fitColumns(props.columns, width - boxWidth)),
    [props.columns, width, boxWidth],
  );
  const shown = useMemo(() => props.columns.filter(({ id }) => fitting.has(id)), [props.columns, fitting]);
  const definitions = useMemo(
    () =>
      shown.map(
        ({ id, header, cell }): ColumnDef<typeof features, Line<T>> => ({
          id,
          header,
          cell: ({ row: { original } }) => (original.row === undefined ? <Waiting /> : cell(original.row)),
        }),
      ),
    [shown],
  );
  const lines = items.map(({ index }): Line<T> => ({ index, row: rowAt(index) }));
  const table = useTable({
    features,
    columns: definitions,
    data: lines,
    getRowId: ({ index, row }) => (row === undefined ? `#${index}` : keyOf(row)),
  });
  const focusRow = useRowKeys(props, virtual.scrollToIndex, scroller);

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const columnCount = shown.length + (selection === undefined ? 0 : 1);
  return (
    <div
      ref={scroller}
      className="data-table"
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
      onPointerEnter={() => props.onHold?.(true)}
      onPointerLeave={() => props.onHold?.(false)}
    >
      <table aria-label={props.label} aria-rowcount={total + 1} aria-busy={props.isBusy ?? false}>
        <colgroup>
          {selection !== undefined && <col style={{ width: BOX_WIDTH }} />}
          {shown.map(({ id, width: columnWidth, grows }) => (
            <col key={id} style={grows === true ? {} : { width: columnWidth }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selection !== undefined && (
              <th scope="col" className="box">
                <Checkbox
                  aria-label="Select the rows that are loaded"
                  checked={selection.isAll}
                  isMixed={selection.size > 0 && !selection.isAll}
                  onChange={selection.toggleAll}
                />
              </th>
            )}
            {shown.map((column) => (
              <ColumnHeader key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={focusRow}>
          {before > 0 && <Spacer height={before} columns={columnCount} />}
          {table.getRowModel().rows.map((line) => {
            const { index, row } = line.original;
            const key = row === undefined ? undefined : keyOf(row);
            const isSelected = key !== undefined && selection?.has(key) === true;
            return (
              <tr
                key={line.id}
                data-index={index}
                aria-rowindex={index + 2}
                data-selected={isSelected || undefined}
                style={{ height: rowHeight }}
              >
                {selection !== undefined && (
                  <td className="box">
                    {row !== undefined && key !== undefined && (
                      <Checkbox
                        aria-label={`Select ${props.nameOf(row)}`}
                        checked={isSelected}
                        onChange={() => selection.toggle(key)}
                      />
                    )}
                  </td>
                )}
                {line.getAllCells().map((cell, place) => (
                  <td key={cell.id} className={shown[place]?.align === 'end' ? 'number' : undefined}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Spacer height={after} columns={columnCount} />}
        </tbody>
      </table>
      {total === 0 && props.empty}
    </div>
  );
}

/** Moves the focus from row to row, whether they exist yet or not. */
function useRowKeys<T>(
  { total, rowAt, keyOf, selection }: DataTableProps<T>,
  scrollTo: (index: number) => void,
  scroller: React.RefObject<HTMLDivElement | null>,
): React.RefObject<HTMLTableSectionElement | null> {
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = useRef<number>(undefined);
  const current = (): number => {
    const row = document.activeElement?.closest('tr[data-index]');
    if (row instanceof HTMLElement && body.current?.contains(row) === true)
      return Number(row.dataset['index']);
    return wanted.current ?? -1;
  };
  const focusWanted = (): void => {
    const row = body.current?.querySelector(`tr[data-index="${wanted.current}"]`);
    const target = row?.querySelector('a') ?? row?.querySelector('button, input');
    if (target instanceof HTMLElement) {
      target.focus({ preventScroll: true });
      wanted.current = undefined;
    }
  };
  const move = (by: number): void => {
    if (total === 0) return;
    wanted.current = Math.min(total - 1, Math.max(0, current() + by));
    scrollTo(wanted.current);
    focusWanted();
  };
  // A row that was not there is focused as soon as it is.
  useEffect(() => {
    if (wanted.current !== undefined && scroller.current !== null) focusWanted();
  });
  useShortcuts([
    { keys: 'j', label: 'Next row', run: () => move(1) },
    { keys: 'k', label: 'Previous row', run: () => move(-1) },
    {
      keys: 'x',
      label: 'Select the row',
      run: () => {
        const row = rowAt(current());
        if (row !== undefined) selection?.toggle(keyOf(row));
      },
    },
    // The focus is on the link of a row, which the browser opens; after a click beside it, it is not.
    {
      keys: 'Enter',
      label: 'Open the row',
      run: () => body.current?.querySelector<HTMLElement>(`tr[data-index="${current()}"] a`)?.click(),
    },
  ]);
  return body;
}

function Spacer({ height, columns }: { height: number; columns: number }): ReactNode {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus.
    <tr aria-hidden="true" className="spacer">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function Waiting(): ReactNode {
  return <span className="bar" aria-hidden="true" />;
}
