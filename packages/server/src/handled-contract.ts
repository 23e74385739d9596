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

/** The operations of 2016-01-14-beta that only read. Its contract does not say which do. */
const SAFE_OF_2016: ReadonlySet<string> = new Set([
  'getCompanyMetadata',
  'listCompanyMetadata',
  'getMetadataSchema',
  'getMetadataSchemaNamespaces',
] satisfies NameOf2016[]);

const operationsOf2016 = Object.fromEntries(
  Object.entries(of2016.operations).map(([name, operation]) => [
    name,
    SAFE_OF_2016.has(name) ? { ...operation, idempotency: 'safe' } : operation,
  ]),
);

// The spread loses which operation has which messages.
export const handledContract = {
  ...of2019,
  operations: { ...operationsOf2016, ...of2019.operations },
  messages: { ...of2016.messages, ...of2019.messages },
  types: { ...of2016.types, ...of2019.types },
} as unknown as TypedContract<Operations>;
