import type { JobRow, JobSort, JobsEvent, JobsPage, JobsQuery } from '../api/contract.ts';

/** What an event means for a list that is shown. */
export interface RowChanges {
  /** Rows that are shown, as they are now. */
  readonly patches: ReadonlyMap<string, JobRow>;
  /** Handles of new rows that the list would show. */
  readonly added: readonly string[];
  /** Whether the order of the rows, or which there are, is no longer true. */
  readonly isStale: boolean;
}

/** Sorts an event out. `shown` are the rows that are loaded. */
export function changesOf(
  event: JobsEvent,
  shown: ReadonlyMap<string, JobRow>,
  query: JobsQuery,
  me: string,
): RowChanges {
  const patches = new Map<string, JobRow>();
  const added: string[] = [];
  let isStale = event.isPartial || event.removed.some((handle) => shown.has(handle));
  const isNew = new Set(event.added);
  for (const row of event.changed) {
    const before = shown.get(row.handle);
    if (before === undefined) {
      if (!matches(row, query, me)) continue;
      // A row of a page that is not loaded may have moved.
      isStale = true;
      if (isNew.has(row.handle)) added.push(row.handle);
      continue;
    }
    if (before.revision === row.revision) continue;
    patches.set(row.handle, row);
    if (movesRow(before, row, query.sort) || !matches(row, query, me)) isStale = true;
  }
  return { patches, added, isStale };
}

/** The page with newer rows in their places. The same object if none changes. */
export function patchPage(page: JobsPage, patches: ReadonlyMap<string, JobRow>): JobsPage {
  if (!page.rows.some(({ handle }) => patches.has(handle))) return page;
  return { ...page, rows: page.rows.map((row) => patches.get(row.handle) ?? row) };
}

/** Whether a list with these filters shows a row. The host has the last word when the list is read again. */
export function matches(row: JobRow, query: JobsQuery, me: string): boolean {
  const { stage, state, type, user, server, text } = query;
  if (stage !== undefined && row.stage !== stage) return false;
  if (state !== undefined && !state.includes(row.state)) return false;
  if (type !== undefined && !type.includes(row.type)) return false;
  const users = user?.map((email) => (email === 'me' ? me : email).toLowerCase());
  if (users !== undefined && !users.includes(row.submitUserEmail.toLowerCase())) return false;
  if (server !== undefined && (row.serverName === undefined || !server.includes(row.serverName)))
    return false;
  return text === undefined || matchesText(row, text);
}

function matchesText(row: JobRow, text: string): boolean {
  const { originalName, name, handle, detail, destination = '', submitUserEmail, typeLabel } = row;
  const words = [originalName, name, handle, detail, destination, submitUserEmail, typeLabel]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** Whether a change may move the row. Progress alone does not. */
function movesRow(before: JobRow, row: JobRow, sort: JobSort | undefined): boolean {
  if (before.stage !== row.stage) return true;
  if (sort === undefined || sort === 'state') return before.state !== row.state;
  return sortValue(before, sort) !== sortValue(row, sort);
}

function sortValue(row: JobRow, sort: Exclude<JobSort, 'state'>): unknown {
  switch (sort) {
    case 'name':
      return row.originalName;
    case 'type':
      return row.typeLabel;
    case 'destination':
      return row.destination;
    case 'started':
      return row.startDate;
    // Every active row grows alike, so that only the end of one moves it.
    case 'duration':
      return row.stage;
    case 'total':
      return row.counts.total;
    case 'warnings':
      return row.counts.warnings;
    case 'errors':
      return row.counts.errors;
    case 'server':
      return row.serverName;
    case 'user':
      return row.submitUserEmail;
  }
}
