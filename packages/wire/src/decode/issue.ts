import type { Limits } from '../limits.js';

/** Something about an answer that the contract does not say, and that was overcome. */
export interface DecodeIssue {
  readonly code: /** A required field was absent; the value is delivered without it. */
    | 'missing-field'
    /** An element that the contract lacks; it was passed over, or kept where that was asked for. */
    | 'unknown-element'
    /** A value that is not of its type; it was left out. */
    | 'bad-value'
    /** Elements in another order than the contract's. */
    | 'wrong-order'
    /** An element that may occur once occurred again; the last one counts. */
    | 'repeated-element'
    /** Another version's namespace. */
    | 'namespace'
    /** Text where only elements may stand, or in an element that says it is nil. */
    | 'unexpected-text';
  /** Where: `getActiveJobsReturn.jobArray[0].triggerTime`. */
  readonly path: string;
  readonly message: string;
  /**
   * The text of the document that is not in the value, as it stood there: a value that is not of its type, text between
   * elements, the content of an element that the contract lacks, elements in it as XML. Never a secret.
   */
  readonly raw?: string | undefined;
  /** The value that an element gave way to which occurred again. Never a secret. */
  readonly replaced?: unknown;
}

/** How to read a document. */
export interface DecodeOptions {
  /** Fail on everything that {@link DecodeOptions.onIssue} would report. Off unless given. */
  readonly strict?: boolean | undefined;
  /** The namespace that messages are expected in: another dated version of the service. That of the contract unless given. */
  readonly namespace?: string | undefined;
  /** `keep` keeps elements that the contract lacks, under the key {@link unknownElements}; they are dropped unless given. */
  readonly unknownElements?: 'keep' | 'drop' | undefined;
  /** Told of everything that was overcome. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** What to do with a 64-bit integer beyond the safe range: fail, unless `bigint` is given. */
  readonly longs?: 'number' | 'bigint' | undefined;
  readonly limits?: Limits | undefined;
}
