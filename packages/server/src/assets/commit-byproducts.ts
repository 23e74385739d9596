import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import type { CommitOptions } from './byproduct-assets.js';
import type { FileContents } from './file-contents.js';
import type { IngestPlace } from './ingest-place.js';
import { commitLayers } from './layer-assets.js';
import { commitPages } from './page-assets.js';

/** Stores what was made of the parts of a file: pages of a document, layers of an image. */
export async function commitByproducts(
  tx: Db,
  place: IngestPlace,
  asset: Pick<AssetRow, 'id' | 'name' | 'folderId'>,
  contents: FileContents,
  options: CommitOptions,
): Promise<AssetRow[]> {
  const pages = await commitPages(tx, place, asset, contents.pages, options);
  return [...pages, ...(await commitLayers(tx, place, asset, contents, options))];
}
