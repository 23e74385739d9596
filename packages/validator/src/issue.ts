/** The kind of rule that a value breaks. */
export type IssueCode =
  /** The value does not have the type of the contract. */
  | 'type'
  /** A required field is absent. */
  | 'required'
  /** The contract has no such field. */
  | 'unknown-field'
  /** The value is not in the list of known constants. */
  | 'unknown-constant'
  /** A number is out of range. */
  | 'range'
  /** A text is too short or too long. */
  | 'length'
  /** An array has too few or too many entries. */
  | 'count'
  /** A text is not a valid date and time, or not valid base64 data. */
  | 'format'
  /** A text does not have the usual form of its field, such as a handle, locale, address or schedule. */
  | 'unusual-form'
  /** A value exceeds a limit, or fields break a rule, that is inferred and not documented. */
  | 'undocumented-limit'
  /** A text has a character that XML does not allow: a control character, an unpaired surrogate, U+FFFE or U+FFFF. */
  | 'character'
  /** A field is inherited, so it would not be sent. */
  | 'inherited'
  /** A date and time has no UTC offset. */
  | 'no-offset'
  /** Mutually exclusive fields are present together, or none of several fields is present although one is required. */
  | 'exclusive'
  /** A key could change an object's prototype. */
  | 'forbidden-key'
  /** The value is nested too deeply. */
  | 'too-deep';

/** A finding about a value. */
export interface Issue {
  readonly code: IssueCode;
  /** The path, such as `uploadUrlsJob.urlArray[3].sourceUrl`. Empty for the value itself. */
  readonly path: string;
  /** The value at the path. `[secret]` replaces a password or token. */
  readonly value: unknown;
  /** The expected form, in words. */
  readonly expected: string;
  /** The field or constant probably intended. */
  readonly suggestion: string | undefined;
  /** The complete finding in one sentence. */
  readonly message: string;
}

/** How strictly to validate. */
export type Mode = 'strict' | 'lenient';

/** The result of {@link validate}. */
export interface ValidationResult {
  /** Whether there are no errors. Warnings are ignored. */
  readonly valid: boolean;
  readonly errors: readonly Issue[];
  /**
   * In lenient mode: unknown fields and constants, texts of an unusual form, exceeded undocumented limits, dates without an offset, and
   * required fields missing from a response. Empty in strict mode.
   */
  readonly warnings: readonly Issue[];
  /** Whether there are more findings than `maxIssues`. */
  readonly truncated: boolean;
}

/** Options of {@link validate}. */
export interface ValidateOptions {
  /**
   * `lenient`, the default, reports values that may be newer than this package, or that the service may accept, as warnings: unknown
   * fields and constants, handles of an unusual form, exceeded undocumented limits. `strict` reports them as errors.
   */
  readonly mode?: Mode;
  /** Maximum number of findings to report. Default: 100. */
  readonly maxIssues?: number;
}
