import type { Context } from '../context.js';
import { localTime } from '../output/columns.js';
import { fieldNames } from './api-fields.js';
import { folderPath } from './references.js';

/** The fields of the output. */
export const fields = fieldNames('Folder');

/** `ips folder list` */
export async function run(context: Context, _: object, path?: string): Promise<undefined> {
  const client = await context.client();
  const { folders } = await client.getFolderTree(
    { depth: 1, ...(path === undefined ? {} : { folderPath: folderPath(path) }) },
    { signal: context.signal },
  );
  const rows = folders?.subfolderArray ?? [];
  const printed = await context.print.rows(
    rows,
    [
      { title: 'PATH', value: (row) => row.path, shrinks: true },
      { title: 'HANDLE', value: (row) => row.folderHandle },
      {
        title: 'MODIFIED',
        value: (row) => row.lastModified,
        human: (row) => localTime(row.lastModified),
        optional: true,
      },
    ],
    fields,
  );
  if (printed === 0) context.note('no folders');
  return undefined;
}
