import type { OperationName } from '@ips-sdk/types';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import { missingParameter } from '../faults.js';
import type { Services } from '../services.js';
import type { Identity } from './identity.js';

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

/** The company of a call that needs one. */
export function companyOf(call: Call): CompanyRow {
  if (call.company === undefined) throw missingParameter('companyHandle');
  return call.company;
}
