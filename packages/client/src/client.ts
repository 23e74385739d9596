import { contract } from '@ips-sdk/types/contract';
import { IpsClientBase } from './client-base.js';
import type { OperationName } from './exchange.js';
import type { OperationMethods } from './generated/operation-methods.js';
import type { CallOptions, IpsClientOptions } from './options.js';

// One method for each operation of the contract. They stand on the prototype, so that all clients share them.
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

/** A client of the IPS API: a method for each operation, jobs as objects, and helpers for lists and batches. */
export type IpsClient = IpsClientBase & OperationMethods;

/**
 * Makes a client. Nothing is sent until a method is called.
 *
 * @throws TypeError or RangeError when an option is missing or out of range.
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 *
 * const ips = createIpsClient({
 *   region: 'na',
 *   stage: 'staging',
 *   // Replaces region and stage where the variable is set.
 *   endpoint: process.env['IPS_ENDPOINT'],
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 *   app: { name: 'Importer', version: '1.0' },
 *   company: 'MyCompany',
 * });
 * const { jobArray } = await ips.getActiveJobs();
 * for (const job of jobArray) console.log(job.name, job.progress);
 * ```
 */
export function createIpsClient(options: IpsClientOptions): IpsClient {
  return new IpsClientBase(options) as IpsClient;
}
