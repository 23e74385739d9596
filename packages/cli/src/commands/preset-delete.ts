import type { Context } from '../context.js';
import { count } from '../output/columns.js';
import { presetsOf, requirePreset } from './find-preset.js';
import { printDryRun } from './print-dry-run.js';
import { expandStdin } from './read-input.js';

/** `ips preset delete` */
export async function run(context: Context, _: object, given: readonly string[]): Promise<undefined> {
  const references = await expandStdin(context, given);
  const presets = await presetsOf(context);
  const found = [
    ...new Map(
      references
        .map((reference) => requirePreset(presets, reference))
        .map(({ imageFormatHandle: handle = '', name }) => [handle, { handle, name }]),
    ).values(),
  ];
  if (context.options.dryRun) {
    for (const { handle } of found)
      await printDryRun(context, 'deleteImageFormat', { imageFormatHandle: handle });
    return undefined;
  }
  await context.confirm('delete', count(found.length, 'image preset'), found);
  const client = await context.client();
  for (const { handle, name } of found) {
    await client.deleteImageFormat({ imageFormatHandle: handle }, { signal: context.signal });
    context.done(`deleted ${name ?? handle}`);
  }
  return undefined;
}
