import { and, eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/**
 * The images created from the pages of a document, including those in the trash. `info.page` is the page
 * number.
 */
export function documentPages(db: Db, documentId: number): Promise<AssetRow[]> {
  return db
    .select()
    .from(t.assets)
    .where(
      and(eq(t.assets.ownerId, documentId), eq(t.assets.engine, 'PostScriptRip'), eq(t.assets.type, 'Image')),
    );
}
