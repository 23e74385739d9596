import type { Context } from '../context.js';
import { printHandle } from './folder-create.js';
import { printDryRun } from './print-dry-run.js';
import { findFolder } from './references.js';

/** The fields of the output. */
export const fields = ['folderHandle'];

/** `ips folder rename` */
export async function run(
  context: Context,
  _: object,
  reference: string,
  folderName: string,
): Promise<undefined> {
  const folderHandle = await findFolder(context, reference);
  const input = { folderHandle, folderName };
  if (await printDryRun(context, 'renameFolder', input)) return undefined;
  const answer = await (await context.client()).renameFolder(input, { signal: context.signal });
  context.done(`renamed ${reference} to ${folderName}`);
  await printHandle(context, answer.folderHandle);
  return undefined;
}
