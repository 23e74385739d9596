import type { Context } from '../context.js';
import { localTime } from '../output/columns.js';
import { folderPath } from './references.js';

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
    ['folderHandle', 'path', 'lastModified', 'childLastModified', 'permissionSetHandle', 'hasSubfolders'],
  );
  if (printed === 0) context.note('no folders');
  return undefined;
}
