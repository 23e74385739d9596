import { stringifySearch } from '../routing/search.ts';
import type { JobsSearch } from './jobs-search.ts';

/** Filters under a name. The browser keeps them. */
export interface SavedView {
  readonly name: string;
  /** As in the URL. */
  readonly search: string;
}

const LIMIT = 50;

/** Reads what was stored, which may be anything. */
export function readViews(stored: string | undefined): readonly SavedView[] {
  if (stored === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isView).slice(0, LIMIT) : [];
}

/** With a view more; one of the same name is replaced. */
export function withView(
  views: readonly SavedView[],
  name: string,
  search: JobsSearch,
): readonly SavedView[] {
  const others = views.filter((view) => view.name !== name);
  return [...others, { name, search: stringifySearch(search) }].slice(-LIMIT);
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => view.name !== name);
}

/** The view that is shown. */
export function viewOf(views: readonly SavedView[], search: JobsSearch): SavedView | undefined {
  const text = stringifySearch(search);
  return views.find((view) => view.search === text);
}

function isView(value: unknown): value is SavedView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'search' in value &&
    typeof value.search === 'string'
  );
}
