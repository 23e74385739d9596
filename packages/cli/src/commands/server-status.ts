import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { span } from '../output/columns.js';
import { dataFolder, readState } from './server-state.js';

/** The fields of the output. */
export const fields = [
  'running',
  'endpoint',
  'images',
  'console',
  'pid',
  'port',
  'company',
  'admin',
  'profile',
  'startedAt',
  'data',
];

/** `ips server status` */
export async function run(context: Context, options: { readonly data?: string }): Promise<number> {
  const data = dataFolder(context, options.data);
  const state = await readState(data);
  await context.print.object({ running: state !== undefined, ...state, data }, fields);
  if (state === undefined) {
    context.note('no server is running; ips server start starts one');
    return EXIT.failed;
  }
  context.detail(`running for ${span(Date.now() - Date.parse(state.startedAt))}`);
  return EXIT.ok;
}
