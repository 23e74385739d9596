/**
 * What libraries need to know of a validator to use it without knowing this package: version 1 of
 * {@link https://standardschema.dev | Standard Schema}.
 */
export interface StandardSchema<T> {
  /** What a library calls. Its `vendor` is `ips-sdk`. */
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<T>;
    /** The type of what is validated and of the result. It is for the compiler; there is no value. */
    readonly types?: { readonly input: T; readonly output: T } | undefined;
  };
}

/** The value that was valid, or what is wrong with it. */
export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One finding, with the names and indexes that lead to it. */
export interface StandardIssue {
  /** The whole finding in one sentence. */
  readonly message: string;
  /** Names of fields, and indexes of entries as numbers; empty for the value itself. */
  readonly path: readonly (string | number)[];
}
