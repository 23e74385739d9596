import { type Contract, contract as defaultContract } from '@ips-sdk/types/contract';
import { type Codec, codec, createCodec } from '@ips-sdk/wire';
import { handledContract, type Operations } from '../../handled-contract.js';
import { projection, sharesMessage } from './projection.js';
import { fieldsMade, inputOfHandled } from './version-differences.js';

/** One contract, and how requests and answers in it become those of the contract that handlers work with. */
export class ServedContract {
  readonly contract: Contract;
  /** Reads requests and writes answers. */
  readonly codec: Codec<Operations>;
  /** The same for the upload servlet, which is in no WSDL before 2014 but whose messages are the same in all versions. */
  readonly servlet: Codec;
  /** Whether an answer has the same fields in both contracts, by the name of its message. */
  readonly #shared = new Map<string, boolean>();

  constructor(contract: Contract) {
    this.contract = contract;
    if (contract === defaultContract) {
      this.codec = codec as Codec as Codec<Operations>;
      this.servlet = codec;
      return;
    }
    // The operations of another contract are known at run time only; `hasHandlerFor` tells which ones handlers know.
    this.codec = createCodec(contract) as Codec<Operations>;
    this.servlet = createCodec({
      ...contract,
      messages: { ...servletMessages(), ...contract.messages },
    }) as Codec;
  }

  /** Whether the operation is one of those that may have a handler. */
  hasHandlerFor(operation: string): boolean {
    return Object.hasOwn(handledContract.operations, operation);
  }

  /** The input of a request as a handler takes it. */
  toHandled(operation: string, input: object): object {
    return this.contract === defaultContract ? input : inputOfHandled(operation, input);
  }

  /** The output of a handler as that of this contract: without the fields that it lacks. */
  fromHandled(operation: string, input: object, output: object): object {
    const { contract } = this.servlet;
    const message =
      contract.operations[operation]?.output ?? handledContract.operations[operation]?.output ?? '';
    let shared = this.#shared.get(message);
    if (shared === undefined) {
      shared = sharesMessage(contract, handledContract, message);
      this.#shared.set(message, shared);
    }
    if (shared) return output;
    return projection(contract, message, output, (owner, value) => fieldsMade(owner, value, input));
  }
}

function servletMessages(): Contract['messages'] {
  const { UploadPostParam, UploadPostReturn } = defaultContract.messages;
  if (UploadPostParam === undefined || UploadPostReturn === undefined)
    throw new Error('the default contract has no messages for the upload servlet');
  return { UploadPostParam, UploadPostReturn };
}
