/** What decides which columns a table has room for. */
export interface ColumnSize {
  readonly id: string;
  /** Pixels. The column that grows takes what is left, and at least this much. */
  readonly width: number;
  /** Higher ones stay longer when the room shrinks. */
  readonly priority: number;
}

/** The ids of the columns that fit into a width, in the order given. The one of the highest priority is always among them. */
export function fitColumns(columns: readonly ColumnSize[], room: number): readonly string[] {
  const kept = new Set<string>();
  let used = 0;
  for (const column of columns.toSorted((one, other) => other.priority - one.priority)) {
    if (kept.size > 0 && used + column.width > room) break;
    kept.add(column.id);
    used += column.width;
  }
  return columns.map(({ id }) => id).filter((id) => kept.has(id));
}
