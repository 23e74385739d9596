import type { ImageFormat } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** The image presets of the company. */
export async function presetsOf(context: Context): Promise<readonly ImageFormat[]> {
  const client = await context.client();
  return (await client.getImageFormats({}, { signal: context.signal })).imageFormatArray;
}

/** The preset with a name, in any case, or with a handle. */
export function findPreset(presets: readonly ImageFormat[], reference: string): ImageFormat | undefined {
  const named = presets.find(({ name }) => name?.toLowerCase() === reference.toLowerCase());
  return named ?? presets.find(({ imageFormatHandle }) => imageFormatHandle === reference);
}

/** @throws CliError if no preset has the name or handle. */
export function requirePreset(presets: readonly ImageFormat[], reference: string): ImageFormat {
  const found = findPreset(presets, reference);
  if (found === undefined)
    throw new CliError(
      EXIT.service,
      `no image preset is named ${JSON.stringify(reference)}`,
      'ips preset list lists the presets',
    );
  return found;
}
