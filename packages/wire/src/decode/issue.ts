import type { Limits } from '../limits.js';

/** A deviation from the contract that the decoder tolerated. */
export interface DecodeIssue {
  readonly code: /** A required field was absent; the value is delivered without it. */
    | 'missing-field'
    /** An element that the contract lacks. It is skipped unless `unknownElements` is `keep`. */
    | 'unknown-element'
    /** A value of the wrong type. It is omitted. */
    | 'bad-value'
    /** Elements in a different order than in the contract. */
    | 'wrong-order'
    /** More than one occurrence of an element that may occur once. The last one counts. */
    | 'repeated-element'
    /** Namespace of another version of the service. */
    | 'namespace'
    /** Text between elements or in a nil element. */
    | 'unexpected-text';
  /** The path, such as `getActiveJobsReturn.jobArray[0].triggerTime`. */
  readonly path: string;
  readonly message: string;
  /**
   * The original text that is missing from the value: a value of the wrong type, text between elements, or the content of an unknown
   * element with its children as XML. Never a secret.
   */
  readonly raw?: string | undefined;
  /** The previous value of an element that occurred more than once. Never a secret. */
  readonly replaced?: unknown;
}

/** Options for decoding. */
export interface DecodeOptions {
  /** Throws an error for every deviation that would be reported to {@link DecodeOptions.onIssue}. Default: `false`. */
  readonly strict?: boolean | undefined;
  /** Expected namespace of messages, to read another dated version of the service. Default: that of the contract. */
  readonly namespace?: string | undefined;
  /** `keep` keeps elements that the contract lacks, under the key {@link unknownElements}. By default they are dropped. */
  readonly unknownElements?: 'keep' | 'drop' | undefined;
  /** Receives every tolerated deviation. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** Type of 64-bit integers: `number`, which fails beyond the safe range, or `bigint`. Default: `number`. */
  readonly longs?: 'number' | 'bigint' | undefined;
  readonly limits?: Limits | undefined;
}
