import type { PermissionUpdate } from '@ips-sdk/types';
import { permissionTypes } from '@ips-sdk/types/constants';
import type { CompanyRow } from '../../db/rows.js';
import { invalidParameter } from '../../faults.js';
import type { Call } from '../call.js';
import { requestGroups } from '../group-access.js';
import type { Entry } from './folder-rules.js';
import { isRight } from './rights.js';

/**
 * The entries in a request.
 *
 * @param company - The company of the object; `undefined` if it belongs to a user in no company, for which groups of all companies count.
 * @param path - Of the array in the request.
 * @throws IpsFault 30001 for a group that is not in the company and for a type that does not exist.
 */
export async function entriesOf(
  call: Call,
  company: CompanyRow | undefined,
  updates: readonly PermissionUpdate[],
  path: string,
): Promise<Entry[]> {
  const groups = await requestGroups(
    { ...call, company },
    updates.map(({ groupHandle }) => groupHandle),
    (index) => `${path}[${index}]/groupHandle`,
  );
  return updates.map(({ permissionType, isAllowed, isOverride }, index) => {
    if (!isRight(permissionType)) {
      throw invalidParameter(`${path}[${index}]/permissionType`, permissionType, permissionTypes.join(', '));
    }
    const group = groups[index];
    if (group === undefined) throw new Error('a group is missing');
    return { groupId: group.id, right: permissionType, isAllowed, isOverride };
  });
}
