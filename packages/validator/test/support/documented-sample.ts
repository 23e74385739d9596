import type { SchemaName } from '@ips-sdk/validator';

/**
 * A sample of the service's documentation in values of our own: the page that prints it, the type or message, a value
 * in the same form, and what lenient validation reports where the sample is older than the contract or misprinted, as
 * `code path`.
 */
export type DocumentedSample = readonly [
  page: string,
  name: SchemaName,
  value: unknown,
  issues?: readonly string[],
];
