// The contract that handlers work with: the default contract plus the smart crops of a later version.

export type { OperationName, Operations } from '@ips-sdk/types/2019-09-10-beta';
export { contract as handledContract } from '@ips-sdk/types/2019-09-10-beta';
