import type { Context } from '../context.js';
import { count } from '../output/columns.js';
import { printDryRun } from './print-dry-run.js';
import { expandStdin } from './read-input.js';
import { findFolder } from './references.js';

/** `ips folder delete` */
export async function run(context: Context, _: object, given: readonly string[]): Promise<undefined> {
  const found: { handle: string; name: string }[] = [];
  for (const reference of await expandStdin(context, given))
    found.push({ handle: await findFolder(context, reference), name: reference });
  if (context.options.dryRun) {
    for (const { handle } of found) await printDryRun(context, 'deleteFolder', { folderHandle: handle });
    return undefined;
  }
  await context.confirm(
    'delete',
    `${count(found.length, 'folder')} and everything in ${found.length === 1 ? 'it' : 'them'}`,
    found,
  );
  const client = await context.client();
  for (const { handle, name } of found) {
    await client.deleteFolder({ folderHandle: handle }, { signal: context.signal });
    context.done(`deleted ${name}`);
  }
  return undefined;
}
