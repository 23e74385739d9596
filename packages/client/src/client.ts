import { contract } from '@ips-sdk/types/contract';
import type { OperationTypes } from '@ips-sdk/wire';
import { IpsClientBase } from './client-base.js';
import type { OperationName } from './exchange.js';
import type { OperationMethods } from './generated/operation-methods.js';
import type { HttpSender } from './http/transport.js';
import type { CallOptions, IpsClientOptions } from './options.js';
import type { VersionedClientOptions, VersionedIpsClient } from './versioned-client.js';

// One method for each operation of the contract, on the prototype that all clients share.
for (const name of Object.keys(contract.operations) as OperationName[]) {
  Object.defineProperty(IpsClientBase.prototype, name, {
    value(this: IpsClientBase, input: object = {}, options?: CallOptions) {
      // Typed by the method's declaration in OperationMethods.
      return this.call(name, input as never, options);
    },
    writable: true,
    configurable: true,
  });
}

/** A client of the IPS API, with a method for each operation and helpers for jobs, uploads, lists and batches. */
export type IpsClient = IpsClientBase & OperationMethods;

/**
 * Creates a client. Nothing is sent until you call a method.
 *
 * @throws ConfigError when an option is missing, unknown or invalid.
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 *
 * const ips = createIpsClient({
 *   region: 'na',
 *   stage: 'staging',
 *   // Overrides region and stage if the variable is set.
 *   endpoint: process.env['IPS_ENDPOINT'],
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 *   app: { name: 'Importer', version: '1.0' },
 *   company: 'MyCompany',
 * });
 * const { jobArray } = await ips.getActiveJobs();
 * for (const job of jobArray) console.log(job.name, job.progress);
 * ```
 */
export function createIpsClient(options: IpsClientOptions & { readonly contract?: undefined }): IpsClient;
/**
 * Creates a client for another version of the contract.
 *
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 * import { contract } from '@ips-sdk/types/2019-09-10-beta';
 *
 * const ips = createIpsClient({
 *   contract,
 *   region: 'na',
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 *   companyHandle: 'c|6',
 * });
 * const cropRect = { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 };
 * const xml = await ips.preview('updateSmartCrops', {
 *   updateArray: [{ ownerHandle: 'a|123', subAssetHandle: 'a|124', cropRect }],
 * });
 * console.log(xml.includes('http://www.scene7.com/IpsApi/xsd/2019-09-10-beta')); // true
 * ```
 */
export function createIpsClient<Types extends OperationTypes<Types>>(
  options: VersionedClientOptions<Types>,
): VersionedIpsClient<Types>;
/** Creates a client for a contract that is known only at run time. */
export function createIpsClient(options: IpsClientOptions): IpsClient;
export function createIpsClient(options: IpsClientOptions): object {
  return clientOf(options);
}

/**
 * Creates a client that sends its requests in another way.
 *
 * @internal
 */
export function clientOf(options: IpsClientOptions, transport?: HttpSender): IpsClient {
  const client = new IpsClientBase(options, transport) as IpsClient;
  for (const name of Object.keys(options.contract?.operations ?? {}) as OperationName[]) {
    if (name in client) continue;
    // An operation that is not in the default contract becomes a method of this client only.
    Object.defineProperty(client, name, {
      value: (input: object = {}, call?: CallOptions) => client.call(name, input as never, call),
    });
  }
  return client;
}
