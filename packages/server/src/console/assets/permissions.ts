import { type GroupPermissions, type GroupRight, IpsFault } from '@ips-sdk/client';
import type { PermissionsAnswer, PermissionsQuery, PermittedGroup, PermittedRight } from '../api.js';
import { mayCall } from '../capabilities.js';
import type { ConsoleOptions } from '../console-options.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';
import { permissionCommands } from './permission-commands.js';
import { unlessRefused } from './unless-refused.js';

const REFUSED: PermissionsAnswer = {
  isRefused: true,
  source: 'none',
  groups: [],
  hasGroups: false,
  shell: [],
};

/** What each group may do with a folder or an asset. */
export async function permissionsOf(
  options: ConsoleOptions,
  session: Session,
  { folder, asset }: PermissionsQuery,
): Promise<PermissionsAnswer> {
  if (folder !== undefined && asset !== undefined)
    throw new ConsoleError('input', 'asset: cannot be combined with folder; give one of them');
  // A role that may not read groups may be one that permissions restrict: it would see part of the sets.
  if (!mayCall(session, 'getGroups', options.own !== undefined)) return REFUSED;
  const { client } = session;
  try {
    const found = await client.permissions.groups({ folder, asset });
    const { target, from } = found;
    const source = from === undefined ? 'none' : from === target ? 'own' : 'folder';
    // Only a company without permissions needs the name of a group to begin with.
    const known =
      source === 'none'
        ? await unlessRefused(undefined, async () => (await client.getGroups({})).groupArray)
        : undefined;
    return {
      isRefused: false,
      source,
      ...(source === 'folder' ? { from } : {}),
      groups: found.groups.map((group) => groupOf(group, from)),
      hasGroups: known?.length !== 0,
      shell: permissionCommands(asset === undefined ? { folder: target } : { asset }, found, known ?? []),
    };
  } catch (error) {
    if (error instanceof IpsFault && error.kind === 'authorization') return REFUSED;
    if (error instanceof RangeError) throw new ConsoleError('notFound', error.message, { cause: error });
    throw error;
  }
}

/** @param from - Where the nearest set is. */
function groupOf(
  { groupHandle, groupName, rights }: GroupPermissions,
  from: string | undefined,
): PermittedGroup {
  return { groupHandle, name: groupName ?? groupHandle, rights: rights.map((right) => rightOf(right, from)) };
}

function rightOf({ right, result, place, entry }: GroupRight, from: string | undefined): PermittedRight {
  const isAllowed = result === 'allowed';
  if (entry === undefined) return { right, isAllowed, reason: 'missing' };
  if (place !== from) return { right, isAllowed, reason: 'above', from: place };
  return { right, isAllowed, reason: entry.isOverride === true ? 'override' : 'default' };
}
