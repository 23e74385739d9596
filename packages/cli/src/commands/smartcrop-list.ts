import { contract } from '@ips-sdk/types/2019-09-10-beta';
import type { Context } from '../context.js';
import type { Column } from '../output/columns.js';
import { rectText } from '../rect.js';
import { findAssets } from './references.js';

interface Row {
  readonly assetHandle: string;
  readonly name: string;
  readonly handle: string;
  readonly rect: {
    readonly leftN: number;
    readonly topN: number;
    readonly widthN: number;
    readonly heightN: number;
  };
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'IMAGE', value: ({ assetHandle }) => assetHandle },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'LEFT,TOP,WIDTH,HEIGHT', value: ({ rect }) => rectText(rect) },
  { title: 'HANDLE', value: ({ handle }) => handle, optional: true },
];

/** The fields of the output. */
export const fields = ['assetHandle', 'name', 'handle', 'rect'];

/** `ips smartcrop list` */
export async function run(context: Context, _: object, given: readonly string[]): Promise<undefined> {
  context.speak(contract);
  const images = await findAssets(context, given);
  const { smartCrops } = await context.client();
  const rows: Row[] = [];
  for (const { handle: assetHandle } of images) {
    for (const crop of await smartCrops.list(assetHandle, { signal: context.signal }))
      rows.push({ assetHandle, ...crop });
  }
  const printed = await context.print.rows(rows, COLUMNS, fields);
  if (printed === 0) context.note('no smart crops');
  return undefined;
}
