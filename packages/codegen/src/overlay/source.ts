import type { SourcePosition } from '../diagnostic.js';

/**
 * A source of evidence: a page of the service's documentation, a recorded response, a public program that
 * works with the service, or a contract that the service publishes.
 */
export type SourceKind = 'page' | 'recording' | 'program' | 'contract';

/** A section of sources of one kind. `section/name` cites one of them. */
export interface SourceSection {
  readonly name: string;
  readonly kind: SourceKind;
  readonly description: string;
  /** The address of a source, with `{name}` as the placeholder for its name. */
  readonly url: string | undefined;
  /** The names of the sources, each with a remark. */
  readonly names: ReadonlyMap<string, string | undefined>;
  readonly position: SourcePosition;
}

/**
 * The sources that an entry cites: for the whole entry, or for individual statements. `page` is the page of
 * the definition that contains the entry.
 */
export interface Citations {
  readonly whole: readonly string[];
  /** The sources of statements by key, such as `default`. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  readonly position: SourcePosition;
}

/** A statement of another source that contradicts an entry. */
export interface Contradiction {
  readonly source: string;
  readonly says: string;
  readonly position: SourcePosition;
}

/** The evidence of any entry of an overlay. */
export interface Sourced {
  /** Absent if no source supports the entry, which is then inferred. */
  readonly citations: Citations | undefined;
  readonly contradictions: readonly Contradiction[];
}
