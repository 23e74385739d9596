import { type Contract, contract as defaultContract } from '@ips-sdk/types/contract';
import { type Codec, codec, createCodec } from '@ips-sdk/wire';
import { handledContract, type Operations } from '../../handled-contract.js';
import { type MadeFields, projection, sharesMessage } from './projection.js';
import { fieldsMade, inputOfHandled } from './version-differences.js';

/** A contract, with conversions between its messages and those of the contract that handlers work with. */
export class ServedContract {
  readonly contract: Contract;
  /** Decodes requests and encodes responses. */
  readonly codec: Codec<Operations>;
  /** The codec of the upload servlet, which no WSDL before 2014 has, but whose messages are the same in all versions. */
  readonly servlet: Codec;
  /** Whether messages and types have the same fields in both contracts. */
  readonly #shared = new Map<string, boolean>();

  constructor(contract: Contract) {
    this.contract = contract;
    if (contract === defaultContract) {
      this.codec = codec as Codec as Codec<Operations>;
      this.servlet = codec;
      return;
    }
    // The operations of another contract are known only at run time; `hasHandlerFor` checks for a handler.
    this.codec = createCodec(contract) as Codec<Operations>;
    this.servlet = createCodec({
      ...contract,
      messages: { ...servletMessages(), ...contract.messages },
    }) as Codec;
  }

  /** Whether the operation may have a handler. */
  hasHandlerFor(operation: string): boolean {
    return Object.hasOwn(handledContract.operations, operation);
  }

  /** Converts the input of a request for a handler. */
  toHandled(operation: string, input: object): object {
    return this.contract === defaultContract ? input : inputOfHandled(operation, input);
  }

  /** Converts the output of a handler to this contract, which omits the fields that it lacks. */
  fromHandled(operation: string, input: object, output: object): object {
    const { contract } = this.servlet;
    const message =
      contract.operations[operation]?.output ?? handledContract.operations[operation]?.output ?? '';
    const made: MadeFields = (owner, value) => fieldsMade(owner, value, input);
    return projection(contract, message, output, made, (owner) => this.#isShared(owner));
  }

  #isShared(owner: string): boolean {
    let shared = this.#shared.get(owner);
    if (shared === undefined) {
      shared = sharesMessage(this.servlet.contract, handledContract, owner);
      this.#shared.set(owner, shared);
    }
    return shared;
  }
}

function servletMessages(): Contract['messages'] {
  const { UploadPostParam, UploadPostReturn } = defaultContract.messages;
  if (UploadPostParam === undefined || UploadPostReturn === undefined)
    throw new Error('the default contract has no messages for the upload servlet');
  return { UploadPostParam, UploadPostReturn };
}
