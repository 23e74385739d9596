/**
 * The contract of 2013-02-15: the version before the default one. Types that did not change are those of `@ips-sdk/types`; what
 * the documentation of 2014-04-03 says of them applies where both versions have them.
 *
 * @example
 * ```ts
 * import { contract, type Operations } from '@ips-sdk/types/2013-02-15';
 *
 * const user: Pick<Operations['addUser']['input'], 'defaultRole'> = { defaultRole: 'IpsUser' };
 * console.log(contract.version, user.defaultRole); // 2013-02-15 IpsUser
 * ```
 *
 * @packageDocumentation
 */
export { contract } from './generated/2013-02-15/contract.js';
export type * from './generated/2013-02-15/types.js';
