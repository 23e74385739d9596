import type { Limits } from '../limits.js';

/** A deviation from the contract in an answer that the decoder tolerated. */
export interface DecodeIssue {
  readonly code: /** A required field was absent; the value is delivered without it. */
    | 'missing-field'
    /** An element that the contract lacks; it was skipped, or kept if that was requested. */
    | 'unknown-element'
    /** A value of the wrong type; it was left out. */
    | 'bad-value'
    /** Elements in another order than the contract's. */
    | 'wrong-order'
    /** An element that may occur once occurred more often; the last one counts. */
    | 'repeated-element'
    /** The namespace of another version. */
    | 'namespace'
    /** Text where only elements may stand, or in an element that says it is nil. */
    | 'unexpected-text';
  /** The path: `getActiveJobsReturn.jobArray[0].triggerTime`. */
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
  /** Whether to fail on everything that {@link DecodeOptions.onIssue} would report; `false` by default. */
  readonly strict?: boolean | undefined;
  /** The namespace that messages are expected in, to read another dated version of the service; that of the contract by default. */
  readonly namespace?: string | undefined;
  /** `keep` keeps elements that the contract lacks, under the key {@link unknownElements}; they are dropped by default. */
  readonly unknownElements?: 'keep' | 'drop' | undefined;
  /** Receives everything that was tolerated. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** How to return 64-bit integers: as a `number`, which fails beyond the safe range, or as a `bigint`. `number` by default. */
  readonly longs?: 'number' | 'bigint' | undefined;
  readonly limits?: Limits | undefined;
}
