import type { SmartCropCopy } from '@ips-sdk/client';
import { contract } from '@ips-sdk/types/2019-09-10-beta';
import type { Settings } from '../config/settings.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { otherCompany } from './other-company.js';
import { findAssets, needed } from './references.js';

interface Options {
  readonly toProfile?: string;
  readonly toCompany?: string;
}

const COLUMNS: readonly Column<SmartCropCopy>[] = [
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'COPIED', value: ({ copied }) => copied.join(', '), shrinks: true },
  { title: 'MISSING', value: ({ missing }) => missing.join(', '), shrinks: true },
  { title: 'FROM', value: ({ asset }) => asset, optional: true },
  { title: 'TO', value: ({ target }) => target, optional: true },
];

/** The fields of the output. */
export const fields = ['asset', 'name', 'target', 'status', 'copied', 'missing', 'errors'];

/** `ips smartcrop copy` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<number> {
  context.speak(contract);
  const settings = await targetOf(context, options);
  const images = await findAssets(context, given);
  const from = await context.client();
  const to = await context.connect(settings);
  const copies = await from.smartCrops.copy(
    images.map(({ handle }) => handle),
    to,
    { signal: context.signal },
  );
  await context.print.rows(copies, COLUMNS, fields);
  for (const { name, asset, errors } of copies) {
    for (const { reason, code } of errors) context.failed(`${name ?? asset}: ${reason} (${code})`);
  }
  return copies.every(({ status }) => status === 'copied') ? EXIT.ok : EXIT.failed;
}

async function targetOf(context: Context, { toProfile, toCompany }: Options): Promise<Settings> {
  const settings = await otherCompany(context, toProfile, toCompany);
  if (settings !== undefined) return settings;
  throw needed(
    '--to-profile or --to-company',
    'give --to-profile production; ips profile list shows the profiles',
  );
}
