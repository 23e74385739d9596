// Permissions of a folder or an asset as commands, to be copied and changed.
import type { GroupPermissions, TargetPermissions } from '@ips-sdk/client';
import type { Group } from '@ips-sdk/types';
import { shellLine } from '../shell-text.js';

/** Groups that a command names; with more of them, it changes one only. */
const MOST_GROUPS = 12;

/**
 * The command that shows the permissions, and those that set them as they are. Without any, the command that gives a group of the company
 * Read.
 */
export function permissionCommands(
  target: { readonly folder: string } | { readonly asset: string },
  { from, groups }: TargetPermissions,
  known: readonly Group[],
): string[] {
  const at = 'asset' in target ? target.asset : folderReference(target.folder);
  const set = (...rest: string[]): string => shellLine('ips', 'permission', 'set', at, ...rest);
  return [shellLine('ips', 'permission', 'show', at), ...changes()];

  function changes(): string[] {
    if (from === undefined) {
      const [first] = known;
      return first === undefined ? [] : [set('--allow', `${groupReference(first, known)}=Read`)];
    }
    if (groups.length === 0) return [set('--none')];
    const isMerge = groups.length > MOST_GROUPS;
    const shown = isMerge ? groups.slice(0, 1) : groups;
    const overriding = entriesOf(shown, groups, true);
    const giving = entriesOf(shown, groups, false);
    // The entries of one command all override, or none does.
    return [
      ...(overriding.length > 0 ? [set(...(isMerge ? ['--merge'] : []), ...overriding)] : []),
      ...(giving.length > 0
        ? [set(...(isMerge || overriding.length > 0 ? ['--merge'] : []), '--no-override', ...giving)]
        : []),
    ];
  }
}

function entriesOf(
  shown: readonly GroupPermissions[],
  groups: readonly GroupPermissions[],
  isOverride: boolean,
): string[] {
  const others = groups.map(({ groupHandle, groupName = groupHandle }) => ({ groupHandle, name: groupName }));
  return shown.flatMap(({ groupHandle, groupName = groupHandle, rights }) =>
    [true, false].flatMap((isAllowed) => {
      const named = rights
        .filter(({ entry }) => entry !== undefined && (entry.isOverride === true) === isOverride)
        .filter(({ entry }) => (entry?.isAllowed === true) === isAllowed)
        .map(({ right }) => right);
      const group = groupReference({ groupHandle, name: groupName }, others);
      return named.length === 0 ? [] : [isAllowed ? '--allow' : '--deny', `${group}=${named.join(',')}`];
    }),
  );
}

/** A path with another meaning for the command line is given as a handle. */
function folderReference(path: string): string {
  return path.includes('|') ? `f|${path}` : path;
}

type Named = Pick<Group, 'groupHandle' | 'name'>;

/** The name of a group where it is plain and the only one, else its handle. */
function groupReference({ groupHandle, name }: Named, others: readonly Named[]): string {
  const isOnly = others.every(
    (other) => other.groupHandle === groupHandle || other.name.toLowerCase() !== name.toLowerCase(),
  );
  return isOnly && /^[\p{L}\p{N}](?:[\p{L}\p{N} _.&()+-]*[\p{L}\p{N}_.)+-])?$/u.test(name)
    ? name
    : groupHandle;
}
