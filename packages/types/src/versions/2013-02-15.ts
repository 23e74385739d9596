/**
 * The contract of 2013-02-15, the version before the default. Unchanged types are those of `@ips-sdk/types`. The documentation of
 * 2014-04-03 applies to everything that both versions have.
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
