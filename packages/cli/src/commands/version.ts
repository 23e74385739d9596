import type { Context } from '../context.js';
import { version } from '../version.js';

/** The fields of the output. */
export const fields = ['version', 'node', 'platform'];

/** `ips version` */
export async function run(context: Context): Promise<undefined> {
  if (context.print.isShaped) {
    const { node } = process.versions;
    await context.print.object({ version: version(), node, platform: process.platform }, fields);
  } else await context.print.text(`${version()}\n`);
  return undefined;
}
