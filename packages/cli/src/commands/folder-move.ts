import type { Context } from '../context.js';
import { printHandle } from './folder-create.js';
import { printDryRun } from './print-dry-run.js';
import { findFolder, needed } from './references.js';

/** The fields of the output. */
export const fields = ['folderHandle'];

/** `ips folder move` */
export async function run(
  context: Context,
  options: { readonly to?: string },
  reference: string,
): Promise<undefined> {
  if (options.to === undefined) throw needed('--to', 'give --to MyCompany/Archive/');
  const folderHandle = await findFolder(context, reference);
  const input = { folderHandle, destFolderHandle: await findFolder(context, options.to) };
  if (await printDryRun(context, 'moveFolder', input)) return undefined;
  const answer = await (await context.client()).moveFolder(input, { signal: context.signal });
  context.done(`moved ${reference} to ${options.to}`);
  await printHandle(context, answer.folderHandle);
  return undefined;
}
