import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** By which column a list is sorted. */
export interface TableSort {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/** The head of a column. A click sorts by it, a second one reverses, a third one returns to the order of the host. */
export function ColumnHeader({
  column,
  sort,
  onSort,
}: {
  column: { readonly header: string; readonly align?: 'start' | 'end'; readonly sort?: string };
  sort: TableSort | undefined;
  onSort: ((sort: TableSort | undefined) => void) | undefined;
}): ReactNode {
  const className = column.align === 'end' ? 'number' : undefined;
  const name = column.sort;
  if (name === undefined || onSort === undefined) {
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    );
  }
  const direction = sort?.by === name ? sort.direction : undefined;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
    >
      <button type="button" className="sort" onClick={() => onSort(nextSort(name, direction))}>
        {column.header}
        {direction !== undefined && <Icon name={direction === 'asc' ? 'up' : 'down'} size={12} />}
      </button>
    </th>
  );
}

function nextSort(by: string, direction: TableSort['direction'] | undefined): TableSort | undefined {
  if (direction === undefined) return { by, direction: 'asc' };
  return direction === 'asc' ? { by, direction: 'desc' } : undefined;
}
