import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { dataFolder, forgetState, isAlive, readState } from './server-state.js';

/** How long a server may take to stop, in milliseconds. */
const PATIENCE = 30_000;

/** `ips server stop` */
export async function run(context: Context, options: { readonly data?: string }): Promise<undefined> {
  const folder = dataFolder(context, options.data);
  if (await stopServer(context, folder)) context.done('server stopped; its data is kept');
  else context.note('no server is running');
  return undefined;
}

/** Stops the server running in a folder and waits until it ends. */
export async function stopServer(context: Context, folder: string): Promise<boolean> {
  const state = await readState(folder);
  if (state === undefined) {
    await forgetState(folder);
    return false;
  }
  process.kill(state.pid, 'SIGTERM');
  const until = Date.now() + PATIENCE;
  while (isAlive(state.pid)) {
    if (Date.now() > until) {
      throw new CliError(
        EXIT.timeout,
        `the server (process ${state.pid}) did not stop in ${PATIENCE / 1000} s`,
        `kill -9 ${state.pid} ends it; the server repeats unfinished work after the next start`,
      );
    }
    await sleep(50, undefined, { signal: context.signal });
  }
  await forgetState(folder);
  return true;
}
