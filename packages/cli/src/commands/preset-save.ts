import type { Context } from '../context.js';
import { findPreset, presetsOf, requirePreset } from './find-preset.js';
import { printDryRun } from './print-dry-run.js';

/** The fields of the output. */
export const fields = ['imageFormatHandle'];

/** `ips preset save` */
export async function run(
  context: Context,
  { rename }: { readonly rename?: string },
  reference: string,
  urlModifier: string,
): Promise<undefined> {
  const presets = await presetsOf(context);
  const isHandle = reference.includes('|');
  const known =
    rename === undefined && !isHandle ? findPreset(presets, reference) : requirePreset(presets, reference);
  const name = rename ?? (isHandle ? known?.name : undefined) ?? reference;
  const input = {
    ...(known === undefined ? {} : { imageFormatHandle: known.imageFormatHandle }),
    name,
    urlModifier,
  };
  if (await printDryRun(context, 'saveImageFormat', input)) return undefined;
  const client = await context.client();
  const { imageFormatHandle } = await client.saveImageFormat(input, { signal: context.signal });
  context.done(`${known === undefined ? 'created' : 'changed'} ${name}`);
  if (context.print.isShaped) await context.print.object({ imageFormatHandle });
  else await context.print.text(`${imageFormatHandle}\n`);
  return undefined;
}
