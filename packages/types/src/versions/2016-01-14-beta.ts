/**
 * The contract of 2016-01-14-beta: 2014-04-03 with ten additional metadata operations. Beta: the service has not published a WSDL for
 * this version. This project's WSDL is written from the classes of published client programs, and has not been compared with the
 * service.
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
