/**
 * The contract of 2014-04-03, the default: same as `@ips-sdk/types` and its `contract`, under the name of the version.
 *
 * @packageDocumentation
 */
export { contract } from '../generated/contract.js';
export type * from '../generated/index.js';
