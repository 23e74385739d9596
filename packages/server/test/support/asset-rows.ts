// Inserts assets with any column into a server: for tests of searches, which need assets that no upload creates.
import type { IpsServer } from '../../src/create-server.js';
import { assetHandle } from '../../src/handles.js';

/** Columns of an asset by their names in the database; all but the name may be left out. */
export interface AssetColumns {
  readonly name: string;
  readonly type?: string;
  /** Path of an existing folder. Default: the company's root. */
  readonly folder?: string;
  readonly created?: string;
  readonly last_modified?: string;
  readonly [column: string]: unknown;
}

/** Adds assets to the first company. Returns their handles, in the same order. */
export async function insertAssets(server: IpsServer, assets: readonly AssetColumns[]): Promise<string[]> {
  const { version, tables } = await server.snapshot();
  const present = tables['assets'] ?? [];
  const first = Math.max(1000, ...present.map(({ id }) => Number(id))) + 1;
  const folders = new Map(
    (tables['folders'] ?? []).flatMap(({ id, path, company_id }) =>
      company_id === 6 ? [[String(path), id] as const] : [],
    ),
  );
  const root = [...folders.keys()].find((path) => path.indexOf('/') === path.length - 1) ?? '';
  const now = server.clock.now().toISOString();
  const rows = assets.map(({ folder, ...columns }, index) => {
    const folderId = folders.get(folder ?? root);
    if (folderId === undefined) throw new Error(`there is no folder ${folder}`);
    return {
      id: first + index,
      company_id: 6,
      folder_id: folderId,
      type: 'Image',
      file_name: `${columns.name}.tif`,
      ready_for_publish: false,
      trash_state: 'NotInTrash',
      created: now,
      last_modified: now,
      info: {},
      xmp: {},
      processing: {},
      version: 1,
      ...columns,
    };
  });
  await server.restore({ version, tables: { ...tables, assets: [...present, ...rows] } });
  return rows.map(({ id }) => assetHandle(id));
}
