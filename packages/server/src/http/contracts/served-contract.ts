import { type Contract, contract as defaultContract } from '@ips-sdk/types/contract';
import { type Codec, codec, createCodec } from '@ips-sdk/wire';
import { projection } from './projection.js';
import { fieldsMade, inputOfDefault } from './version-differences.js';

/** One contract, and how requests and answers in it become those of the default contract, which handlers work with. */
export class ServedContract {
  readonly contract: Contract;
  /** Reads requests and writes answers. */
  readonly codec: Codec;
  /** The same for the upload servlet, which is in no WSDL before 2014 but whose messages are the same in all versions. */
  readonly servlet: Codec;

  constructor(contract: Contract) {
    this.contract = contract;
    if (contract === defaultContract) {
      this.codec = codec;
      this.servlet = codec;
      return;
    }
    // The operations of another contract are known at run time only; `hasHandlerFor` tells which are those of the default one.
    this.codec = createCodec(contract) as Codec;
    this.servlet = createCodec({
      ...contract,
      messages: { ...servletMessages(), ...contract.messages },
    }) as Codec;
  }

  /** Whether the operation is one of the default contract, and so may have a handler. */
  hasHandlerFor(operation: string): boolean {
    return Object.hasOwn(defaultContract.operations, operation);
  }

  /** The input of a request as that of the default contract. */
  toDefault(operation: string, input: object): object {
    return this.contract === defaultContract ? input : inputOfDefault(operation, input);
  }

  /** The output of a handler as that of this contract: without the fields that it lacks. */
  fromDefault(operation: string, input: object, output: object): object {
    if (this.contract === defaultContract) return output;
    const { contract } = this.servlet;
    const message = contract.operations[operation]?.output ?? defaultContract.operations[operation]?.output;
    return projection(contract, message ?? '', output, (owner, value) => fieldsMade(owner, value, input));
  }
}

function servletMessages(): Contract['messages'] {
  const { UploadPostParam, UploadPostReturn } = defaultContract.messages;
  if (UploadPostParam === undefined || UploadPostReturn === undefined)
    throw new Error('the default contract has no messages for the upload servlet');
  return { UploadPostParam, UploadPostReturn };
}
