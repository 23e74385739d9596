import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { anyOf, anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { assetNameTaken } from '../faults.js';
import { type FolderRow, touchFolder } from '../folders/folder-store.js';
import { changedBy, checkAssetName } from './asset-store.js';
import { CATALOG_TYPES } from './asset-types.js';

/** Changes several rows in one transaction. Inside, use only the transaction. */
export function inTransaction<Result>(call: Call, work: (tx: Db) => Promise<Result>): Promise<Result> {
  return call.db.transaction((tx) => work(tx));
}

/**
 * `info` with the original path added, for an asset that is moved or renamed: the uploaded file keeps its path.
 */
const infoWithOriginalPath: SQL = sql`case when ${t.assets.originalFile} is null or jsonb_exists(${t.assets.info}, 'originalPath') then ${t.assets.info} else ${t.assets.info} || jsonb_build_object('originalPath', (select f.path from ${t.folders} f where f.id = ${t.assets.folderId}) || ${t.assets.fileName}) end`;

/** Moves assets to a folder. */
export async function moveTo(tx: Db, call: Call, ids: readonly number[], folder: FolderRow): Promise<void> {
  const left = await tx
    .selectDistinct({ path: t.folders.path })
    .from(t.assets)
    .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
    .where(anyOf(t.assets.id, ids));
  await tx
    .update(t.assets)
    .set({ folderId: folder.id, info: infoWithOriginalPath, ...changedBy(call) })
    .where(anyOf(t.assets.id, ids));
  for (const { path } of [...left, folder]) await touchFolder(tx, folder.companyId, path, call.now);
}

/** Renames an asset, and its file with it. */
export async function renameTo(
  tx: Db,
  call: Call,
  asset: { readonly id: number; readonly fileName: string },
  name: string,
): Promise<void> {
  const extension = /\.[^./]+$/.exec(asset.fileName)?.[0] ?? '';
  await tx
    .update(t.assets)
    .set({ name, fileName: `${name}${extension}`, info: infoWithOriginalPath, ...changedBy(call) })
    .where(eq(t.assets.id, asset.id));
}

/**
 * Reserves a name until the transaction ends.
 *
 * @throws IpsFault 30000 when it is the catalog id of another asset.
 */
export async function claimCatalogName(
  tx: Db,
  company: CompanyRow,
  name: string,
  exceptId = 0,
): Promise<void> {
  // One at a time for each company, so that two calls cannot both take the name.
  await tx.execute(sql`select pg_advisory_xact_lock(7302, ${company.id}::int)`);
  const taken = await tx.$count(
    t.assets,
    and(
      eq(t.assets.companyId, company.id),
      sql`lower(${t.assets.name}) = lower(${name}::text)`,
      sql`${t.assets.trashState} <> 'InEmptiedTrash'`,
      sql`${t.assets.id} <> ${exceptId}`,
      anyTextOf(t.assets.type, [...CATALOG_TYPES]),
    ),
  );
  if (taken > 0) throw assetNameTaken(name);
}

/** The fields of an asset that a call creates. */
export interface NewAsset {
  readonly name: string;
  readonly type: string;
  readonly folder: FolderRow;
  readonly subType?: string | undefined;
  readonly ownerId?: number | undefined;
  readonly thumbAssetId?: number | undefined;
  readonly urlModifier?: string | undefined;
  readonly urlPostApplyModifier?: string | undefined;
  readonly setDefinition?: string | undefined;
}

/**
 * Creates an asset without a file: a view, a template, a set or a viewer preset.
 *
 * @param alongWith - Stores more about it in the same transaction.
 * @returns Its number.
 * @throws IpsFault 30001 if the name is invalid, 30000 if it is taken.
 */
export function createAsset(
  call: Call,
  asset: NewAsset,
  alongWith?: (tx: Db, id: number) => PromiseLike<unknown>,
): Promise<number> {
  checkAssetName(asset.name);
  const company = companyOf(call);
  return inTransaction(call, async (tx) => {
    await claimCatalogName(tx, company, asset.name);
    const { folder, ...values } = asset;
    const [row] = await tx
      .insert(t.assets)
      .values({
        ...values,
        companyId: company.id,
        folderId: folder.id,
        fileName: asset.name,
        created: call.now,
        createUserId: call.identity.user.id,
        lastModified: call.now,
        lastModifyUserId: call.identity.user.id,
      })
      .returning({ id: t.assets.id });
    if (row === undefined) throw new Error('the asset was not stored');
    await alongWith?.(tx, row.id);
    await touchFolder(tx, company.id, folder.path, call.now);
    return row.id;
  });
}

/** Moves assets to the trash, along with the views and masks that they own. */
export async function moveToTrash(tx: Db, call: Call, ids: readonly number[]): Promise<void> {
  const state = { trashState: 'InTrash', trashedAt: call.now, ...changedBy(call) };
  const live = eq(t.assets.trashState, 'NotInTrash');
  for (let next = ids; next.length > 0; ) {
    const owned = await tx
      .select({ id: t.assets.id })
      .from(t.assets)
      .where(and(anyOf(t.assets.ownerId, next), isNull(t.assets.engine), live));
    await tx
      .update(t.assets)
      .set(state)
      .where(and(anyOf(t.assets.id, next), live));
    next = owned.map(({ id }) => id).filter((id) => !next.includes(id));
  }
}
