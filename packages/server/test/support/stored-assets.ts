// Inserts assets into a server without uploading them: for tests with types that no upload here creates.
import { join } from 'node:path';
import type { IpsServer } from '../../src/create-server.js';
import { DirectoryFileStore, type StoredFile } from '../../src/files/file-store.js';

/** An asset to put into a server. */
export interface StoredAsset {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly content?: string | Uint8Array;
  readonly fileName?: string;
  readonly marked?: boolean;
  readonly [column: string]: unknown;
}

type Row = Record<string, unknown>;

/** Changes rows of a table as a whole. */
export async function changeTables(
  server: IpsServer,
  change: (tables: Record<string, readonly Row[]>) => Record<string, readonly Row[]>,
): Promise<void> {
  const snapshot = await server.snapshot();
  await server.restore({ ...snapshot, tables: { ...snapshot.tables, ...change({ ...snapshot.tables }) } });
}

/** Adds assets to the company's root folder, or replaces those of the same number. */
export async function storeAssets(
  server: IpsServer,
  dataDir: string,
  assets: readonly StoredAsset[],
): Promise<void> {
  const files = new DirectoryFileStore(join(dataDir, 'files'));
  const rows: Row[] = [];
  const known = new Map<string | Uint8Array, StoredFile>();
  for (const { content, marked, fileName, ...asset } of assets) {
    let stored = content === undefined ? undefined : known.get(content);
    if (content !== undefined && stored === undefined) {
      stored = await files.put(typeof content === 'string' ? Buffer.from(content) : content);
      known.set(content, stored);
    }
    rows.push({
      companyId: 6,
      file_name: fileName ?? `${asset.name}.bin`,
      ready_for_publish: marked ?? true,
      original_file: stored?.hash ?? null,
      file_size: stored?.size ?? null,
      media_type: asset.type === 'Image' ? 'image/tiff' : null,
      ...asset,
    });
  }
  await changeTables(server, (tables) => {
    const folder = tables['folders']?.find(({ company_id }) => company_id === 6);
    const now = new Date().toISOString();
    const ids = new Set(rows.map(({ id }) => id));
    return {
      assets: [
        ...(tables['assets'] ?? []).filter(({ id }) => !ids.has(id)),
        ...rows.map(({ companyId, ...row }) => ({
          company_id: companyId,
          folder_id: folder?.['id'],
          trash_state: 'NotInTrash',
          created: now,
          last_modified: now,
          info: {},
          xmp: {},
          processing: {},
          version: 1,
          ...row,
        })),
      ],
    };
  });
}
