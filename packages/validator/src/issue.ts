/** What kind of rule a value breaks. */
export type IssueCode =
  /** The value does not have the type of the contract. */
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
  /** A text does not have the usual form of its field: a handle, a locale, an address, a schedule. */
  | 'unusual-form'
  /** A number, text or array is beyond a limit, or fields break a rule, that no source states but that seems to hold. */
  | 'undocumented-limit'
  /** A text has a character that XML cannot carry: a control character, an unpaired surrogate, U+FFFE or U+FFFF. */
  | 'character'
  /** A field that an object inherits, which is not sent. */
  | 'inherited'
  /** A date and time lacks its offset from UTC. */
  | 'no-offset'
  /** Fields that exclude each other are present together, or one that must be chosen is absent. */
  | 'exclusive'
  /** A key that could change an object's prototype. */
  | 'forbidden-key'
  /** Values are nested too deeply for the validator. */
  | 'too-deep';

/** One finding about a value. */
export interface Issue {
  readonly code: IssueCode;
  /** The path: `uploadUrlsJob.urlArray[3].sourceUrl`; empty for the value itself. */
  readonly path: string;
  /** The value at the path; `[secret]` in place of a password or token. */
  readonly value: unknown;
  /** What was expected, in words. */
  readonly expected: string;
  /** The field or constant that was probably meant. */
  readonly suggestion: string | undefined;
  /** The whole finding in one sentence. */
  readonly message: string;
}

/** How strictly to validate. */
export type Mode = 'strict' | 'lenient';

/** What {@link validate} found. */
export interface ValidationResult {
  /** Whether there are no errors. Warnings do not count. */
  readonly valid: boolean;
  readonly errors: readonly Issue[];
  /**
   * In lenient mode: unknown fields and constants, texts in an unusual form, limits that are not documented, dates without
   * offset, and required fields that an answer lacks. Empty in strict mode.
   */
  readonly warnings: readonly Issue[];
  /** Whether there were more findings than requested. */
  readonly truncated: boolean;
}

/** Options of {@link validate}. */
export interface ValidateOptions {
  /**
   * `lenient`, the default, reports as warnings what may be newer than this package or what the service may know better:
   * unknown fields, unknown constants, handles in an unknown shape, limits that are not documented. `strict` reports all
   * of it as errors.
   */
  readonly mode?: Mode;
  /** How many findings to report at most; 100 by default. */
  readonly maxIssues?: number;
}
