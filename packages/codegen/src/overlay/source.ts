import type { SourcePosition } from '../diagnostic.js';

/**
 * Where knowledge comes from: a page of the service's documentation, an answer that somebody recorded, a public
 * program that works with the service, or a contract that the service publishes.
 */
export type SourceKind = 'page' | 'recording' | 'program' | 'contract';

/** Sources of one kind under one name. `section/name` cites one of them. */
export interface SourceSection {
  readonly name: string;
  readonly kind: SourceKind;
  readonly description: string;
  /** The address of a source; `{name}` stands for its name. */
  readonly url: string | undefined;
  /** Names to what there is to say of each. */
  readonly names: ReadonlyMap<string, string | undefined>;
  readonly position: SourcePosition;
}

/**
 * The sources that an entry cites: for all that it states, or statement by statement. `page` is the page of the
 * definition in which the entry stands.
 */
export interface Citations {
  readonly whole: readonly string[];
  /** The key of a statement, such as `default`, to its sources. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  readonly position: SourcePosition;
}

/** What another source says against an entry. */
export interface Contradiction {
  readonly source: string;
  readonly says: string;
  readonly position: SourcePosition;
}

/** What every entry of an overlay can say about its evidence. */
export interface Sourced {
  /** Absent where nothing backs the entry: it is inferred then. */
  readonly citations: Citations | undefined;
  readonly contradictions: readonly Contradiction[];
}
