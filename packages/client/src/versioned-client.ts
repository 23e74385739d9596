import type { TypedContract } from '@ips-sdk/types/contract';
import type { OperationTypes } from '@ips-sdk/wire';
import type { IpsClientBase } from './client-base.js';
import type { InputWithoutCompany } from './client-input.js';
import type { CallOptions, IpsClientOptions } from './options.js';
import type { SoapClient } from './soap-client.js';

/** Options of a client for another version of the contract. */
export interface VersionedClientOptions<Types> extends Omit<IpsClientOptions, 'contract'> {
  readonly contract: TypedContract<Types>;
}

/** The operations of a contract as methods. */
export type ContractMethods<Types extends OperationTypes<Types>> = {
  readonly [Name in keyof Types]: object extends InputWithoutCompany<Types[Name]['input']>
    ? (
        input?: InputWithoutCompany<Types[Name]['input']>,
        options?: CallOptions,
      ) => Promise<Types[Name]['output']>
    : (
        input: InputWithoutCompany<Types[Name]['input']>,
        options?: CallOptions,
      ) => Promise<Types[Name]['output']>;
};

/**
 * A client for another version of the contract: a method for each of its operations, and the same helpers. A helper needs the
 * operations that it is made of, and fails with their names where the contract lacks one.
 */
export type VersionedIpsClient<Types extends OperationTypes<Types>> = Omit<
  IpsClientBase,
  'call' | 'preview' | 'soap' | 'stream'
> &
  ContractMethods<Types> & {
    /** The client of the `soap` package, with the operations of the contract. */
    readonly soap: Promise<SoapClient<Types>>;
    /** Calls an operation by its name. */
    call<Name extends keyof Types & string>(
      operation: Name,
      input: InputWithoutCompany<Types[Name]['input']>,
      options?: CallOptions,
    ): Promise<Types[Name]['output']>;
    /** The XML that a call would send. */
    preview<Name extends keyof Types & string>(
      operation: Name,
      input: InputWithoutCompany<Types[Name]['input']>,
      options?: CallOptions,
    ): Promise<string>;
    /** Calls an operation and reads its answer item by item. */
    stream<Item = unknown>(
      operation: keyof Types & string,
      input: object,
      options?: Parameters<IpsClientBase['stream']>[2],
    ): AsyncGenerator<Item, void, undefined>;
  };
