/**
 * The contract of 2014-04-03, which is the default: the same as `@ips-sdk/types` and its `contract`, by the name of its version.
 *
 * @packageDocumentation
 */
export { contract } from '../generated/contract.js';
export type * from '../generated/index.js';
