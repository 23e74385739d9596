import type { DecodeIssue } from './issue.js';

export const MISSING_FIELD = 'the contract requires the field';

/** The position of a reader: an element in its parent, or an item by index. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** The path, computed on first use. */
  path?: string;
}

/** The maximum number to keep. Beyond it the parser reads the document, which reports each at once and keeps none. */
const MAX_KEPT = 100_000;

/** The missing required fields of a document, kept until the rest of it has been read. */
export class MissingFields {
  readonly #onIssue: ((issue: DecodeIssue) => void) | undefined;
  readonly #issues: DecodeIssue[] = [];

  constructor(onIssue: ((issue: DecodeIssue) => void) | undefined) {
    this.#onIssue = onIssue;
  }

  /** A position inside another, if a report may need it. */
  place(parent: Place | undefined, key: string | number): Place | undefined {
    return this.#onIssue === undefined ? undefined : { parent, key };
  }

  /** Records that the value at a position lacks a field; `false` if there are too many to keep. */
  add(place: Place | undefined, name: string): boolean {
    if (place === undefined) return true;
    if (this.#issues.length >= MAX_KEPT) return false;
    this.#issues.push({ code: 'missing-field', path: `${pathOf(place)}.${name}`, message: MISSING_FIELD });
    return true;
  }

  report(): void {
    for (const issue of this.#issues) this.#onIssue?.(issue);
  }
}

/** Positions cache their paths, because a document can lack millions of deeply nested fields. */
function pathOf(place: Place): string {
  if (place.path === undefined) {
    const above = place.parent === undefined ? '' : pathOf(place.parent);
    place.path =
      typeof place.key === 'number'
        ? `${above}[${place.key}]`
        : above === ''
          ? place.key
          : `${above}.${place.key}`;
  }
  return place.path;
}
