/** What kind of rule a value breaks. */
export type IssueCode =
  /** The value has another type than the contract says. */
  | 'type'
  /** A required field is absent. */
  | 'required'
  /** The contract has no such field. */
  | 'unknown-field'
  /** The value is not in the list of known constants. */
  | 'unknown-constant'
  /** A number is out of its range. */
  | 'range'
  /** A text is too short or too long. */
  | 'length'
  /** An array has too few or too many entries. */
  | 'count'
  /** A text is not the date and time, or the base64 data, that it must be. */
  | 'format'
  /** A text does not have the form that is usual for its field: a handle, a locale, an address, a schedule. */
  | 'unusual-form'
  /** A date and time lacks its offset from UTC. */
  | 'no-offset'
  /** Fields that exclude each other are present together, or one that must be chosen is absent. */
  | 'exclusive'
  /** A key that could change an object's prototype. */
  | 'forbidden-key'
  /** Values are nested deeper than the validator follows. */
  | 'too-deep';

/** One finding about a value. */
export interface Issue {
  readonly code: IssueCode;
  /** Where: `uploadUrlsJob.urlArray[3].sourceUrl`; empty for the value itself. */
  readonly path: string;
  /** What stands there; `[secret]` in place of a password or token. */
  readonly value: unknown;
  /** What was expected, in words. */
  readonly expected: string;
  /** A field or constant that may have been meant. */
  readonly suggestion: string | undefined;
  /** All of it in one sentence. */
  readonly message: string;
}

/** How strictly to judge. */
export type Mode = 'strict' | 'lenient';

/** What {@link validate} found. */
export interface ValidationResult {
  /** Whether there are no errors. Warnings do not count. */
  readonly valid: boolean;
  readonly errors: readonly Issue[];
  /**
   * In lenient mode: unknown fields and constants, texts in an unusual form, dates without offset, and what an answer lacks. Empty in
   * strict mode.
   */
  readonly warnings: readonly Issue[];
  /** Whether there were more findings than were asked for. */
  readonly truncated: boolean;
}

/** Options of {@link validate}. */
export interface ValidateOptions {
  /**
   * `lenient`, the default, reports as warnings what may be newer than this package: unknown fields, unknown
   * constants, handles in an unknown shape. `strict` reports all of it as errors.
   */
  readonly mode?: Mode;
  /**
   * What the value is part of. In an answer a required field that is absent is a warning in lenient mode, since answers of the service
   * were seen to lack such fields; in a request it is always an error. By default a message named `…Return` is an answer, and any other
   * name a request.
   */
  readonly side?: 'request' | 'answer';
  /** How many findings to report at most; 100 by default. */
  readonly maxIssues?: number;
}
