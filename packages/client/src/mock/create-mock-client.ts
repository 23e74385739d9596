import type { Operations } from '@ips-sdk/types';
import type { TypedContract } from '@ips-sdk/types/contract';
import type { OperationTypes } from '@ips-sdk/wire';
import { CLIENT } from '../check-options.js';
import { clientOf, type IpsClient } from '../client.js';
import type { Endpoints } from '../endpoints.js';
import { type Checks, checked, stubs as stubsByName } from '../option-checks.js';
import type { IpsClientOptions } from '../options.js';
import type { VersionedIpsClient } from '../versioned-client.js';
import { MockSender } from './mock-sender.js';
import { codecOf, MockService, operationsOf } from './mock-service.js';
import type { MockCall, MockOperations, MockStub } from './mock-types.js';
import { Stubs } from './stubs.js';

/** Control of a mock client by a test. */
export interface MockControl<Types extends OperationTypes<Types> = Operations> {
  /**
   * Returns the stub of an operation, to set its answers.
   *
   * @throws RangeError when the contract has no such operation.
   * @example
   * ```ts
   * import { createMockClient, fault } from '@ips-sdk/client/mock';
   *
   * const ips = createMockClient();
   * ips.on('stopJob').answers(fault(30000, 'The job cannot be stopped now'), {});
   * await ips.stopJob({ jobHandle: 'j|1|Nightly|' }).catch((error) => console.log(error.reason)); // The job cannot be stopped now
   * console.log(await ips.stopJob({ jobHandle: 'j|1|Nightly|' })); // {}
   * ```
   */
  on<Name extends keyof Types & string>(operation: Name): MockStub<Types, Name>;
  /**
   * Returns the calls of an operation, oldest first, including those that failed.
   *
   * @throws RangeError when the contract has no such operation.
   * @example
   * ```ts
   * import { createMockClient } from '@ips-sdk/client/mock';
   *
   * const ips = createMockClient({ operations: { stopJob: {} } });
   * await ips.stopJob({ jobHandle: 'j|1|Nightly|' });
   * console.log(ips.calls('stopJob').map(({ input }) => input.jobHandle)); // [ 'j|1|Nightly|' ]
   * ```
   */
  calls<Name extends keyof Types & string>(operation: Name): readonly MockCall<Types, Name>[];
  /** Returns the calls of all operations, oldest first, including those that failed. */
  calls(): readonly MockCall<Types>[];
  /** Restores the stubs that the client was created with, and forgets all calls. */
  reset(): void;
}

/** A client whose answers come from stubs. Code that takes an {@link IpsClient} also takes this. */
export type MockClient = IpsClient & MockControl;

/** A mock client for another version of the contract. */
export type VersionedMockClient<Types extends OperationTypes<Types>> = VersionedIpsClient<Types> &
  MockControl<Types>;

/** The mock client for the operations of a contract. */
export type MockClientOf<Types extends OperationTypes<Types>> = [Types, Operations] extends [
  Operations,
  Types,
]
  ? MockClient
  : VersionedMockClient<Types>;

/**
 * Options of {@link createMockClient}: stubs, and any options of a client. By default, the company has the handle `c|1`, and calls are not
 * retried.
 */
export interface MockClientOptions<Types extends OperationTypes<Types> = Operations>
  extends Partial<Omit<IpsClientOptions, 'contract'>> {
  /** Stubs of operations, by name. */
  readonly operations?: MockOperations<NoInfer<Types>> | undefined;
  /** Another version of the contract. Default: 2014-04-03. */
  readonly contract?: TypedContract<Types> | undefined;
}

/** Those of a client are checked here too, so that the names in an error include `operations`. */
const OPTIONS: Checks<MockClientOptions> = { ...CLIENT, operations: stubsByName };

/** The host does not exist, by RFC 2606, and nothing is sent to it. */
const DEFAULTS = {
  endpoint: 'https://ips.invalid/scene7/services/IpsApiService',
  auth: { user: 'mock@example.com', password: 'mock' },
  retry: false,
} as const;

/**
 * Creates a client that sends nothing: stubs get its requests and give the responses, and the code of the real client encodes and decodes
 * both. Inputs and outputs that violate the contract are errors, as are calls of operations without a stub. All methods work as far as the operations that they call have stubs; downloads do not.
 *
 * @throws ConfigError when an option is unknown or invalid.
 * @throws RangeError when a stub's name is not an operation of the contract.
 * @example
 * ```ts
 * import type { IpsClient } from '@ips-sdk/client';
 * import { createMockClient } from '@ips-sdk/client/mock';
 *
 * async function createShoes(ips: IpsClient): Promise<string> {
 *   return (await ips.createFolder({ folderPath: 'MyCompany/Shoes/' })).folderHandle;
 * }
 *
 * const ips = createMockClient({
 *   operations: { createFolder: ({ folderPath }) => ({ folderHandle: `f|${folderPath}` }) },
 * });
 * console.log(await createShoes(ips)); // f|MyCompany/Shoes/
 * await ips.getUsers({}).catch((error) => console.log(error.message)); // getUsers was called, but has no stub; stubbed: createFolder
 * ```
 * @example For another version of the contract
 * ```ts
 * import { createMockClient } from '@ips-sdk/client/mock';
 * import { contract } from '@ips-sdk/types/2019-09-10-beta';
 *
 * const ips = createMockClient({ contract, operations: { getAssociatedAssets: { subAssetArray: [] } } });
 * console.log((await ips.smartCrops.list('a|1')).length); // 0
 * ```
 */
export function createMockClient<Types extends OperationTypes<Types> = Operations>(
  options?: MockClientOptions<Types>,
): MockClientOf<Types>;
// One signature for both: compilers name the wrong property of options only where there are no other overloads to try.
export function createMockClient(options: MockClientOptions = {}): object {
  checked<object>(OPTIONS, options);
  const { operations = {}, ...given } = options;
  const codec = codecOf<Operations>(given.contract);
  const stubs = new Stubs<Operations>(operationsOf(codec), operations);
  const sender = new MockSender(new MockService(codec, stubs), (): Endpoints => client.endpoints);
  const hasCompany = given.company !== undefined || given.companyHandle !== undefined;
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  const client = clientOf(
    { ...DEFAULTS, ...(hasCompany ? {} : { companyHandle: 'c|1' }), ...Object.fromEntries(known) },
    sender,
  );
  const control: MockControl = {
    on: (operation) => stubs.on(operation),
    // The stubs return the calls of the given operation.
    calls: (operation?: string) => stubs.calls(operation) as readonly never[],
    reset: () => stubs.reset(),
  };
  return Object.assign(client, control);
}
