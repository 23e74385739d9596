// The contract that handlers work with: the default one, and the smart crops that a later version adds to it.

export type { OperationName, Operations } from '@ips-sdk/types/2019-09-10-beta';
export { contract as handledContract } from '@ips-sdk/types/2019-09-10-beta';
