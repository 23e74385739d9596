import type { Context } from '../context.js';
import { printHandle } from './folder-create.js';
import { findFolder, needed } from './references.js';
import { rehearse } from './rehearse.js';

/** `ips folder move` */
export async function run(
  context: Context,
  options: { readonly to?: string },
  reference: string,
): Promise<undefined> {
  if (options.to === undefined)
    throw needed('ips folder move', '--to', 'for example --to MyCompany/Archive/');
  const folderHandle = await findFolder(context, reference);
  const input = { folderHandle, destFolderHandle: await findFolder(context, options.to) };
  if (await rehearse(context, 'moveFolder', input)) return undefined;
  const answer = await (await context.client()).moveFolder(input, { signal: context.signal });
  context.done(`${reference} is now in ${options.to}`);
  await printHandle(context, answer.folderHandle);
  return undefined;
}
