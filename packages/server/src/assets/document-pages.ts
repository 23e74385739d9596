import { and, eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/** Processes that make images of the parts of a file. */
export type ByproductEngine = 'PostScriptRip' | 'PhotoshopLayers';

/**
 * The images created from the pages of a document, including those in the trash. `info.page` is the page
 * number.
 */
export function documentPages(db: Db, documentId: number): Promise<AssetRow[]> {
  return byproductsOf(db, documentId, 'PostScriptRip');
}

/** The images that a process created from an asset, including those in the trash. */
export function byproductsOf(db: Db, ownerId: number, engine: ByproductEngine): Promise<AssetRow[]> {
  return db
    .select()
    .from(t.assets)
    .where(and(eq(t.assets.ownerId, ownerId), eq(t.assets.engine, engine), eq(t.assets.type, 'Image')));
}
