import type { DecodeIssue } from './issue.js';

export const MISSING_FIELD = 'the contract requires the field';

/** Where a reader is: an element in another, or an item by its index. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** Its path, once it has been needed. */
  path?: string;
}

/** More of them are left to the parser, which reports each when it comes upon it and keeps none. */
const MAX_KEPT = 100_000;

/** The required fields that a document lacks, kept until it is certain that the rest of it can be read as well. */
export class MissingFields {
  readonly #onIssue: ((issue: DecodeIssue) => void) | undefined;
  readonly #issues: DecodeIssue[] = [];

  constructor(onIssue: ((issue: DecodeIssue) => void) | undefined) {
    this.#onIssue = onIssue;
  }

  /** A place in another, if a report could need it. */
  place(parent: Place | undefined, key: string | number): Place | undefined {
    return this.#onIssue === undefined ? undefined : { parent, key };
  }

  /** Notes that the value at a place lacks a field; `false` when they are too many to keep. */
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

/** Places remember their paths, as a document can lack millions of fields, each of them deep down. */
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
