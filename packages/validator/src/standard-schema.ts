/**
 * Version 1 of {@link https://standardschema.dev | Standard Schema}, the common interface of validation libraries.
 */
export interface StandardSchema<T> {
  /** The properties of Standard Schema. The `vendor` is `ips-sdk`. */
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<T>;
    /** The types of input and output. They exist only for the compiler. */
    readonly types?: { readonly input: T; readonly output: T } | undefined;
  };
}

/** The valid value, or the issues. */
export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** A finding with its path. */
export interface StandardIssue {
  /** The complete finding in one sentence. */
  readonly message: string;
  /** Field names, and array indexes as numbers. Empty for the value itself. */
  readonly path: readonly (string | number)[];
}
