/**
 * The contract of 2014-04-03 and smart crops, under the name of 2019-09-10-beta. Beta and partial: the service has published no WSDL
 * of it, and nothing is known of this version but what programs send and read that work with smart crops, some of it in
 * 2017-10-29-beta. Nothing here was compared with the service.
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
