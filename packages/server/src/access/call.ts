import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import { missingParameter } from '../faults.js';
import type { OperationName } from '../handled-contract.js';
import type { Services } from '../services.js';
import type { Identity } from './identity.js';

/** One call of an operation: the caller, the company and the services. */
export interface Call {
  readonly operation: OperationName;
  readonly services: Services;
  /** The same as `services.db`. Inside a transaction, use only the transaction. */
  readonly db: Db;
  readonly identity: Identity;
  /** The company of `companyHandle`, in which the caller may act. `undefined` if the request names none. */
  readonly company: CompanyRow | undefined;
  /** `ll` or `ll-CC`. */
  readonly locale: string;
  readonly remoteAddress: string;
  readonly now: Date;
}

/** The company of a call that requires one. */
export function companyOf(call: Call): CompanyRow {
  if (call.company === undefined) throw missingParameter('companyHandle');
  return call.company;
}
