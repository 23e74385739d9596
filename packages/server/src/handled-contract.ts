// The contract that handlers work with: that of 2019-09-10-beta, which is the default contract plus smart crops, and the operations that
// only 2016-01-14-beta has.
import {
  type OperationName as NameOf2016,
  type Operations as OperationsOf2016,
  contract as of2016,
} from '@ips-sdk/types/2016-01-14-beta';
import {
  type OperationName as NameOf2019,
  type Operations as OperationsOf2019,
  contract as of2019,
} from '@ips-sdk/types/2019-09-10-beta';
import type { TypedContract } from '@ips-sdk/types/contract';

/** The operations of all versions, each with its input and output. */
export type Operations = OperationsOf2019 & Pick<OperationsOf2016, Exclude<NameOf2016, NameOf2019>>;

/** The name of an operation of any version. */
export type OperationName = keyof Operations & string;

// The spread loses which operation has which messages.
export const handledContract = {
  ...of2019,
  operations: { ...of2016.operations, ...of2019.operations },
  messages: { ...of2016.messages, ...of2019.messages },
  types: { ...of2016.types, ...of2019.types },
} as unknown as TypedContract<Operations>;
