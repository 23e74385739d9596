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
 * A client for another version of the contract, with a method for each of its operations and the same helpers. A helper fails, naming the
 * operation, when the contract lacks one that it uses.
 */
export type VersionedIpsClient<Types extends OperationTypes<Types>> = Omit<
  IpsClientBase,
  'call' | 'preview' | 'soap' | 'stream'
> &
  ContractMethods<Types> & {
    /** A client of the `soap` package, with the operations of the contract. */
    readonly soap: Promise<SoapClient<Types>>;
    /** Calls an operation by name. */
    call<Name extends keyof Types & string>(
      operation: Name,
      input: InputWithoutCompany<Types[Name]['input']>,
      options?: CallOptions,
    ): Promise<Types[Name]['output']>;
    /** Returns the XML that a call would send, including secrets. */
    preview<Name extends keyof Types & string>(
      operation: Name,
      input: InputWithoutCompany<Types[Name]['input']>,
      options?: CallOptions,
    ): Promise<string>;
    /** Calls an operation and streams the items of its response. */
    stream<Item = unknown>(
      operation: keyof Types & string,
      input: object,
      options?: Parameters<IpsClientBase['stream']>[2],
    ): AsyncGenerator<Item, void, undefined>;
  };
