// Inserts assets into a server without a job, for tests of what is done with assets rather than how they arrive.
import type { IpsServer } from '../../src/create-server.js';
import { assetHandle } from '../../src/handles.js';

/** An asset to plant; everything else is as after an upload. */
export interface PlantedAsset {
  readonly name: string;
  /** Default: `Image`. */
  readonly type?: string;
  /** Path of an existing folder. Default: the company's root. */
  readonly folder?: string;
  readonly readyForPublish?: boolean;
  readonly fileSize?: number;
  readonly trashState?: string;
}

/** Plants assets in a company, by restoring a snapshot that contains them. Returns their handles. */
export async function plantAssets(
  server: IpsServer,
  assets: readonly PlantedAsset[],
  companyId = 6,
): Promise<string[]> {
  const { version, tables } = await server.snapshot();
  const now = server.clock.now().toISOString();
  const taken = (tables['assets'] ?? []).map(({ id }) => Number(id));
  const first = Math.max(1000, ...taken) + 1;
  const rows = assets.map((asset, index) => {
    const folder = (tables['folders'] ?? []).find(({ company_id, path }) =>
      asset.folder === undefined
        ? company_id === companyId && String(path).indexOf('/') === String(path).length - 1
        : company_id === companyId && path === asset.folder,
    );
    if (folder === undefined) throw new Error(`there is no folder ${asset.folder}`);
    return {
      id: first + index,
      company_id: companyId,
      folder_id: folder['id'],
      name: asset.name,
      type: asset.type ?? 'Image',
      file_name: `${asset.name}.tif`,
      ready_for_publish: asset.readyForPublish ?? false,
      trash_state: asset.trashState ?? 'NotInTrash',
      created: now,
      last_modified: now,
      file_size: asset.fileSize ?? 1,
      info: {},
      xmp: {},
      processing: {},
      version: 1,
    };
  });
  await server.restore({ version, tables: { ...tables, assets: [...(tables['assets'] ?? []), ...rows] } });
  return rows.map(({ id }) => assetHandle(id));
}
