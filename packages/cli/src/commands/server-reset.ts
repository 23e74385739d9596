import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { dataFolder, logFile, readState } from './server-state.js';
import { stopServer } from './server-stop.js';

/** `ips server reset` */
export async function run(context: Context, options: { readonly data?: string }): Promise<undefined> {
  const folder = dataFolder(context, options.data);
  if (!existsSync(folder)) {
    context.note('nothing to delete');
    return undefined;
  }
  // Never delete a folder that does not belong to a server.
  if (!existsSync(logFile(folder)) && (await readdir(folder)).length > 0) {
    throw new CliError(
      EXIT.usage,
      `${folder} is not the data folder of a local server`,
      'give the --data folder of ips server start',
    );
  }
  const state = await readState(folder);
  await context.confirm('delete', 'all data of a local server', [
    { handle: folder, name: state === undefined ? 'not running' : `running at ${state.endpoint}` },
  ]);
  await stopServer(context, folder);
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  context.done('deleted; ips server start creates a new server');
  return undefined;
}
