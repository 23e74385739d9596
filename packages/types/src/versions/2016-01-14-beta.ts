/**
 * The contract of 2016-01-14-beta: that of 2014-04-03 and ten more operations, for metadata. Beta: the service has published no WSDL
 * of it. Ours is written from the classes of published client programs, and was not compared with the service.
 *
 * @example
 * ```ts
 * import { contract } from '@ips-sdk/types/2016-01-14-beta';
 *
 * console.log(Object.keys(contract.operations).length); // 174
 * ```
 *
 * @packageDocumentation
 */
export { contract } from './generated/2016-01-14-beta/contract.js';
export type * from './generated/2016-01-14-beta/types.js';
