import type { Context } from '../context.js';
import { printDryRun } from './print-dry-run.js';
import { findFolder, folderPath } from './references.js';

/** The fields of the output. */
export const fields = ['folderHandle'];

/** `ips folder create` */
export async function run(
  context: Context,
  options: { readonly parents?: boolean },
  given: string,
): Promise<undefined> {
  const path = folderPath(given);
  const client = await context.client();
  const call = { signal: context.signal };
  let handle: string | undefined;
  const steps = path.split('/').filter((step) => step !== '');
  // The root of the company always exists.
  const paths = options.parents
    ? steps.slice(1).map((_, i) => `${steps.slice(0, i + 2).join('/')}/`)
    : [path];
  for (const folder of paths) {
    const known = options.parents ? await existing(context, folder) : undefined;
    if (known !== undefined) {
      handle = known;
      context.detail(`${folder} already exists`);
      continue;
    }
    if (await printDryRun(context, 'createFolder', { folderPath: folder })) continue;
    handle = (await client.createFolder({ folderPath: folder }, call)).folderHandle;
    context.done(`created ${folder}`);
  }
  if (handle !== undefined) await printHandle(context, handle);
  return undefined;
}

async function existing(context: Context, path: string): Promise<string | undefined> {
  try {
    return await findFolder(context, path);
  } catch (error) {
    // The service returns a fault for an unknown folder. Creating the folder reports other faults.
    if ((error as Error).name === 'IpsFault' || (error as Error).name === 'CliError') return undefined;
    throw error;
  }
}

/** Prints the handle of a folder, as text or in the requested format. */
export async function printHandle(context: Context, folderHandle: string): Promise<void> {
  if (context.print.isShaped) await context.print.object({ folderHandle });
  else await context.print.text(`${folderHandle}\n`);
}
