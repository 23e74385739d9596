import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
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
  // A preset that has such a name already can be changed, and renamed.
  if (name.toLowerCase() !== known?.name?.toLowerCase()) checkName(name);
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

/** @throws CliError for a name that the service stores, but image URLs cannot call: `?$name$` allows no other characters. */
function checkName(name: string): void {
  if (/^[\w.-]+$/.test(name)) return;
  throw new CliError(
    EXIT.usage,
    `image URLs cannot call a preset named ${JSON.stringify(name)}: a name has letters, digits, "-", "_" and "."`,
    'use a name such as Large-2',
  );
}
