import type { PermissionUpdate } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { GroupRights } from '../group-rights.js';
import { count } from '../output/columns.js';
import { findTarget, permissionUpdates, type Target } from './permission-target.js';
import { printDryRun } from './print-dry-run.js';
import { needed } from './references.js';

interface Options {
  readonly allow?: readonly GroupRights[];
  readonly deny?: readonly GroupRights[];
  readonly none?: boolean;
  readonly merge?: boolean;
  readonly override?: boolean;
  readonly cascade?: boolean;
}

/** `ips permission set` */
export async function run(context: Context, options: Options, reference: string): Promise<undefined> {
  const { allow = [], deny = [], none = false, merge = false, override = true, cascade = false } = options;
  const isEmpty = allow.length === 0 && deny.length === 0;
  if (isEmpty && !none) throw needed('--allow or --deny', 'give --allow Download=Read, or --none');
  if (none && !isEmpty) throw new CliError(EXIT.usage, '--none cannot be combined with --allow or --deny');
  if (none && merge) throw new CliError(EXIT.usage, '--none cannot be combined with --merge');
  const target = await findTarget(context, reference);
  checkCascade(target, cascade, reference);
  const updates = await permissionUpdates(context, { allow, deny, isOverride: override });
  const [operation, input] = callOf(target, updates, { merge, cascade });
  if (await printDryRun(context, operation, input)) return undefined;
  if (cascade)
    await context.confirm(
      merge ? 'change' : 'replace',
      `the permissions of ${reference} and everything below it`,
      [{ handle: target.handle }],
    );
  const client = await context.client();
  // The operation and its input belong together, which the type of a pair does not show; the client validates them.
  await client.call(operation, input as never, { signal: context.signal });
  const what = none ? 'closed' : `${merge ? 'changed' : 'set'} ${count(updates.length, 'permission')} of`;
  context.done(`${what} ${reference}`);
  return undefined;
}

/** @throws CliError for an asset, which has nothing below it. */
export function checkCascade(target: Target, cascade: boolean, reference: string): void {
  if (!cascade || target.kind === 'folder') return;
  throw new CliError(
    EXIT.usage,
    `--cascade is for folders, and ${JSON.stringify(reference)} is an asset`,
    'for a folder, end the path with a slash',
  );
}

type SetCall = readonly [
  'setFolderPermissions' | 'updateFolderPermissions' | 'setAssetPermissions' | 'updateAssetPermissions',
  object,
];

function callOf(
  { kind, handle }: Target,
  updates: readonly PermissionUpdate[],
  { merge, cascade }: { readonly merge: boolean; readonly cascade: boolean },
): SetCall {
  if (kind === 'folder') {
    const folder = { folderHandle: handle };
    return merge
      ? ['updateFolderPermissions', { ...folder, updateChildren: cascade, updateArray: updates }]
      : ['setFolderPermissions', { ...folder, setChildren: cascade, permissionArray: updates }];
  }
  const asset = { assetHandle: handle };
  return merge
    ? ['updateAssetPermissions', { ...asset, updateArray: updates }]
    : ['setAssetPermissions', { ...asset, permissionArray: updates }];
}
