import type { Right } from '@ips-sdk/client';
import type { Group, PermissionUpdate } from '@ips-sdk/types';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { GroupRights } from '../group-rights.js';
import { findAssets, findFolder, folderPath } from './references.js';

/** A folder or an asset from the command line. */
export type Target =
  | { readonly kind: 'folder'; readonly handle: string; readonly path: string }
  | { readonly kind: 'asset'; readonly handle: string };

/**
 * Finds a folder by path or handle, or an asset by name or handle. Only paths of folders contain slashes.
 *
 * @throws CliError if it does not exist.
 */
export async function findTarget(context: Context, reference: string): Promise<Target> {
  if (/^f\|/.test(reference))
    return { kind: 'folder', handle: reference, path: folderPath(reference.slice(2)) };
  if (!reference.includes('|') && reference.includes('/'))
    return { kind: 'folder', handle: await findFolder(context, reference), path: folderPath(reference) };
  try {
    const [asset] = await findAssets(context, [reference]);
    return { kind: 'asset', handle: asset?.handle ?? reference };
  } catch (error) {
    if (!(error instanceof CliError) || reference.includes('|') || error.exitCode !== EXIT.service)
      throw error;
    throw new CliError(
      error.exitCode,
      error.message,
      `for a folder, end the path with a slash: ${reference}/`,
    );
  }
}

/**
 * The entries for groups given by name or handle.
 *
 * @throws CliError if a group does not exist, or if a right is both allowed and denied.
 */
export async function permissionUpdates(
  context: Context,
  given: {
    readonly allow: readonly GroupRights[];
    readonly deny: readonly GroupRights[];
    isOverride: boolean;
  },
): Promise<PermissionUpdate[]> {
  const { allow, deny, isOverride } = given;
  const named = [...allow, ...deny].map(({ group }) => group);
  const groups = named.every(isHandle) ? [] : await groupsOf(context);
  const entries = new Map<string, PermissionUpdate>();
  const add = ({ group, rights }: GroupRights, isAllowed: boolean): void => {
    const groupHandle = isHandle(group) ? group : groupNamed(group, groups);
    for (const permissionType of rights) {
      const key = `${groupHandle} ${permissionType}`;
      if (entries.get(key)?.isAllowed === !isAllowed) throw contradiction(group, permissionType);
      entries.set(key, { groupHandle, permissionType, isAllowed, isOverride });
    }
  };
  for (const one of allow) add(one, true);
  for (const one of deny) add(one, false);
  return [...entries.values()];
}

const isHandle = (text: string): boolean => /^g\|\d+$/.test(text);

async function groupsOf(context: Context): Promise<readonly Group[]> {
  const client = await context.client();
  return (await client.getGroups({}, { signal: context.signal })).groupArray;
}

function groupNamed(name: string, groups: readonly Group[]): string {
  const found =
    groups.find((group) => group.name === name) ??
    groups.find((group) => sameLook(group.name) === sameLook(name));
  if (found !== undefined) return found.groupHandle;
  const names = groups.map((group) => group.name);
  const meant = nearest(name, names);
  throw new CliError(
    EXIT.service,
    `the company has no group ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    names.length === 0
      ? 'the company has no groups; ips call saveGroup --help describes how to create one'
      : `the groups are ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''}`,
  );
}

/** Groups that a message lists. */
const MOST_NAMES = 20;

/** Terminals and files write accents as one character or as two, which look alike. */
const sameLook = (name: string): string => name.normalize('NFC').toLowerCase();

function contradiction(group: string, right: Right): CliError {
  return new CliError(
    EXIT.usage,
    `--allow and --deny both name ${right} of ${JSON.stringify(group)}`,
    'give one of them',
  );
}
