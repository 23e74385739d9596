import { eq } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { illegalAccessGroup, noImpersonationPermission } from '../faults.js';
import { parseGroupHandle } from '../handles.js';
import { type Call, companyOf } from './call.js';
import { administers, requestUser } from './user-access.js';

/**
 * Checks `accessUserHandle` and `accessGroupHandle`, which administrators use to see what others may see. This server has no group
 * permissions: everyone in a company sees the same, so the response does not depend on them.
 *
 * @throws IpsFault 20004 for a caller who is not an administrator, 20002 or 20007 for an unknown or foreign user, 20008 for a group
 * of another company.
 */
export async function checkAccessOverride(
  call: Call,
  input: { readonly accessUserHandle?: string | undefined; readonly accessGroupHandle?: string | undefined },
): Promise<void> {
  const company = companyOf(call);
  if (input.accessUserHandle !== undefined) {
    if (!administers(call, company)) throw noImpersonationPermission();
    await requestUser(call, input.accessUserHandle);
  }
  if (input.accessGroupHandle !== undefined) {
    const id = parseGroupHandle(input.accessGroupHandle);
    const [group] =
      id === undefined
        ? []
        : await call.db.select({ companyId: t.groups.companyId }).from(t.groups).where(eq(t.groups.id, id));
    if (group?.companyId !== company.id || !administers(call, company)) {
      throw illegalAccessGroup(input.accessGroupHandle);
    }
  }
}
