import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { type CommitOptions, folderOf, storeByproduct } from './byproduct-assets.js';
import { documentPages } from './document-pages.js';
import type { PreparedPage } from './file-contents.js';
import { freeName } from './free-name.js';
import type { IngestPlace } from './ingest-place.js';

/** A document whose pages become assets. */
type PageDocument = Pick<AssetRow, 'id' | 'name' | 'folderId'>;

/**
 * Creates image assets from the pages of a document, and an eCatalog of them if requested. Pages of an earlier version are updated
 * in place.
 */
export async function commitPages(
  tx: Db,
  place: IngestPlace,
  document: PageDocument,
  pages: readonly PreparedPage[],
  options: CommitOptions,
): Promise<AssetRow[]> {
  if (pages.length === 0) return [];
  const before = await documentPages(tx, document.id);
  const folder = await folderOf(tx, document.folderId);
  const made: AssetRow[] = [];
  for (const { number, stored, contents } of pages) {
    const row = await storeByproduct(tx, place, document.id, {
      engine: 'PostScriptRip',
      folder,
      wanted: `${document.name}-${number}`,
      stored,
      mediaType: 'image/png',
      contents,
      info: { page: number },
      earlier: before.find((each) => each.info['page'] === number && each.trashState === 'NotInTrash'),
      processing: options.processing,
      readyForPublish: options.readyForPublish,
    });
    if (row !== undefined) made.push(row);
  }
  if (options.processing.pages?.catalog === true)
    made.push(...(await commitCatalog(tx, place, document, made, options)));
  return made;
}

/** The eCatalog of a document: a set of its pages. */
async function commitCatalog(
  tx: Db,
  { services, company, userId }: IngestPlace,
  document: PageDocument,
  pages: readonly AssetRow[],
  options: CommitOptions,
): Promise<AssetRow[]> {
  const now = services.clock.now();
  const [earlier] = await tx
    .select()
    .from(t.assets)
    .where(
      and(
        eq(t.assets.ownerId, document.id),
        eq(t.assets.type, 'Catalog'),
        eq(t.assets.trashState, 'NotInTrash'),
      ),
    );
  let catalog = earlier;
  if (catalog === undefined) {
    const name = await freeName(tx, `${document.name}_eCatalog`, {
      companyId: company.id,
      folderId: document.folderId,
      type: 'Catalog',
    });
    [catalog] = await tx
      .insert(t.assets)
      .values({
        companyId: company.id,
        folderId: document.folderId,
        name,
        type: 'Catalog',
        fileName: name,
        readyForPublish: options.readyForPublish,
        created: now,
        createUserId: userId,
        lastModified: now,
        lastModifyUserId: userId,
        ownerId: document.id,
        engine: 'PostScriptRip',
        thumbAssetId: pages[0]?.id ?? null,
      })
      .returning();
  } else {
    await tx
      .update(t.assets)
      .set({ lastModified: now, lastModifyUserId: userId, version: sql`${t.assets.version} + 1` })
      .where(eq(t.assets.id, catalog.id));
    await tx.delete(t.setMembers).where(eq(t.setMembers.setId, catalog.id));
  }
  if (catalog === undefined) return [];
  const setId = catalog.id;
  await tx
    .insert(t.setMembers)
    .values(pages.map((page, position) => ({ setId, position, memberId: page.id })));
  return [catalog];
}
