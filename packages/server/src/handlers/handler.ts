import type { OperationName, Operations } from '@ips-sdk/types';
import type { Call } from '../access/call.js';

/** The implementation of one operation. Its input was validated against the contract. Throws IpsFault, see `faults.ts`. */
export type Handler<Name extends OperationName> = (
  input: Operations[Name]['input'],
  call: Call,
) => Promise<Operations[Name]['output']>;

/** The operations of the contract, each with a handler's type. A server implements as many of them as it can. */
export type IpsHandlers = { readonly [Name in OperationName]: Handler<Name> };

/** Some of the operations: the handlers of one area. */
export type AreaHandlers = Partial<IpsHandlers>;
