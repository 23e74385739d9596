import type { OperationName, Operations } from '@ips-sdk/types';
import type { Identity } from '../access/identity.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import { missingParameter } from '../faults.js';
import type { Services } from '../services.js';

/** One call of an operation: who calls, for which company, and what to answer with. */
export interface Call {
  readonly operation: OperationName;
  readonly services: Services;
  /** The same as `services.db`. In a transaction use the transaction alone. */
  readonly db: Db;
  readonly identity: Identity;
  /** The company that `companyHandle` names, checked: the caller may act in it. `undefined` when the request names none. */
  readonly company: CompanyRow | undefined;
  /** `ll` or `ll-CC`. */
  readonly locale: string;
  readonly remoteAddress: string;
  readonly now: Date;
}

/** The implementation of one operation. Its input was validated against the contract. Throws IpsFault, see `faults.ts`. */
export type Handler<Name extends OperationName> = (
  input: Operations[Name]['input'],
  call: Call,
) => Promise<Operations[Name]['output']>;

/** The operations of the contract, each with a handler's type. A server implements as many of them as it can. */
export type IpsHandlers = { readonly [Name in OperationName]: Handler<Name> };

/** Some of the operations: the handlers of one area. */
export type AreaHandlers = Partial<IpsHandlers>;

/** The company of a call that needs one. */
export function companyOf(call: Call): CompanyRow {
  if (call.company === undefined) throw missingParameter('companyHandle');
  return call.company;
}
