/**
 * The contract of 2019-09-10-beta: 2014-04-03 with smart crops. Beta and partial: the service has not published a WSDL for this
 * version, and it is known only from the messages of programs that use smart crops, some of them in 2017-10-29-beta. It has not been
 * compared with the service.
 *
 * @example
 * ```ts
 * import type { Operations } from '@ips-sdk/types/2019-09-10-beta';
 *
 * const updates: Operations['updateSmartCrops']['input']['updateArray'] = [
 *   { ownerHandle: 'a|123', subAssetHandle: 'a|124', cropRect: { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 } },
 * ];
 * console.log(updates.length); // 1
 * ```
 *
 * @packageDocumentation
 */
export { contract } from './generated/2019-09-10-beta/contract.js';
export type * from './generated/2019-09-10-beta/types.js';
