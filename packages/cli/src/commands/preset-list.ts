import type { ImageFormat } from '@ips-sdk/types';
import type { Context } from '../context.js';
import type { Column } from '../output/columns.js';
import { fieldNames } from './api-fields.js';

const COLUMNS: readonly Column<ImageFormat>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'COMMANDS', value: ({ urlModifier }) => urlModifier, shrinks: true },
  { title: 'HANDLE', value: ({ imageFormatHandle }) => imageFormatHandle, optional: true },
];

/** The fields of the output. */
export const fields = fieldNames('ImageFormat');

/** `ips preset list` */
export async function run(context: Context): Promise<undefined> {
  const client = await context.client();
  const { imageFormatArray } = await client.getImageFormats({}, { signal: context.signal });
  const printed = await context.print.rows(imageFormatArray, COLUMNS, fields);
  if (printed === 0) context.note('no image presets');
  return undefined;
}
