/** A JSON Schema. */
export type Schema = { readonly [key: string]: unknown };
