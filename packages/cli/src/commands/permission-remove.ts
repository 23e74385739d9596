import type { Context } from '../context.js';
import { checkCascade } from './permission-set.js';
import { findTarget } from './permission-target.js';
import { printDryRun } from './print-dry-run.js';

/** `ips permission remove` */
export async function run(
  context: Context,
  { cascade = false }: { readonly cascade?: boolean },
  reference: string,
): Promise<undefined> {
  const target = await findTarget(context, reference);
  checkCascade(target, cascade, reference);
  const [operation, input] =
    target.kind === 'folder'
      ? (['removeFolderPermissions', { folderHandle: target.handle, updateChildren: cascade }] as const)
      : (['removeAssetPermissions', { assetHandle: target.handle }] as const);
  if (await printDryRun(context, operation, input)) return undefined;
  if (cascade)
    await context.confirm('remove', `the permissions of ${reference} and all folders below it`, [
      { handle: target.handle },
    ]);
  const client = await context.client();
  // The operation and its input belong together, which the type of a pair does not show; the client validates them.
  await client.call(operation, input as never, { signal: context.signal });
  context.done(`removed the permissions of ${reference}`);
  return undefined;
}
