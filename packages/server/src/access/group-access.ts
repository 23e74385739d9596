import { eq, inArray } from 'drizzle-orm';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { illegalCompany, unknownHandle } from '../faults.js';
import { companyHandle, parseGroupHandle } from '../handles.js';
import type { Call } from './call.js';
import { mayCallIn } from './user-access.js';

export type GroupRow = typeof t.groups.$inferSelect;

/**
 * Finds the groups of handles in a request, in the same order.
 *
 * @param path - Place of the handles in the request, or of the handle at an index.
 * @throws IpsFault 30001 for one that does not exist in the company of the request, 20006 for one of a company in which the caller
 * may not call the operation.
 */
export async function requestGroups(
  call: Call,
  handles: readonly string[],
  path: string | ((index: number) => string) = 'groupHandleArray',
): Promise<GroupRow[]> {
  const ids = handles.map(parseGroupHandle);
  const known = ids.filter((id) => id !== undefined);
  const rows =
    known.length === 0
      ? []
      : await call.db
          .select({ group: t.groups, company: t.companies })
          .from(t.groups)
          .innerJoin(t.companies, eq(t.companies.id, t.groups.companyId))
          .where(inArray(t.groups.id, known));
  return handles.map((handle, index) => {
    const row = rows.find(({ group }) => group.id === ids[index]);
    if (row === undefined || (call.company !== undefined && row.company.id !== call.company.id)) {
      const place =
        typeof path === 'function' ? path(index) : handles.length === 1 ? path : `${path}[${index}]`;
      throw unknownHandle(place, handle);
    }
    checkCompany(call, row.company);
    return row.group;
  });
}

/** Finds the group of a handle in a request. */
export async function requestGroup(call: Call, handle: string): Promise<GroupRow> {
  const [group] = await requestGroups(call, [handle], 'groupHandle');
  if (group === undefined) throw unknownHandle('groupHandle', handle);
  return group;
}

function checkCompany(call: Call, company: CompanyRow): void {
  if (call.identity.user.isIpsAdmin || mayCallIn(call, company)) return;
  throw illegalCompany(companyHandle(company.id));
}
