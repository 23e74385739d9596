import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { illegalCompany, invalidCompany } from '../faults.js';
import { parseCompanyHandle } from '../handles.js';
import { type Identity, isExpired, mayAct } from './identity.js';

/**
 * Finds the company for a call.
 *
 * @param given.reads - Whether the caller only reads: everyone may read the shared company, only system administrators may change
 *   it.
 * @throws IpsFault 20000 if the company is unknown or has expired, 20006 if the caller is not an active member of it.
 */
export async function findCompany(
  db: Db,
  identity: Identity,
  handle: string,
  { reads, now }: { readonly reads: boolean; readonly now: Date },
): Promise<CompanyRow> {
  const id = parseCompanyHandle(handle);
  // Most callers are members, whose companies are already loaded.
  const own = identity.memberships.find((membership) => membership.company.id === id)?.company;
  const [company] =
    own !== undefined
      ? [own]
      : id === undefined
        ? []
        : await db.select().from(t.companies).where(eq(t.companies.id, id));
  if (company === undefined) throw invalidCompany(handle);
  if (isExpired(company, now) && !identity.user.isIpsAdmin) throw invalidCompany(handle);
  const sharedRead = reads && company.id === SHARED_COMPANY.id;
  if (!sharedRead && !mayAct(identity, company, now)) throw illegalCompany(handle);
  return company;
}
