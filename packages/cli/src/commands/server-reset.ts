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
    context.note('there is nothing to delete');
    return undefined;
  }
  // A folder that no server ever worked in is somebody's, and is left alone.
  if (!existsSync(logFile(folder)) && (await readdir(folder)).length > 0) {
    throw new CliError(
      EXIT.usage,
      `${folder} is no folder of a local server`,
      'give the --data folder that ips server start was given',
    );
  }
  const state = await readState(folder);
  await context.confirm('delete', 'all that a local server keeps', [
    { handle: folder, name: state === undefined ? 'not running' : `running at ${state.endpoint}` },
  ]);
  await stopServer(context, folder);
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  context.done('deleted; ips server start begins from nothing');
  return undefined;
}
