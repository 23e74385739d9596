import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { baseNameOf } from '../images/file-type.js';
import { CATALOG_TYPES } from './asset-types.js';

/** When the company's settings do not say. */
export const DEFAULT_OVERWRITE_MODE = 'OverwriteFullName';

/** A file on its way into the catalog. */
export interface Incoming {
  readonly companyId: number;
  /** Path of the folder, with a slash at its end. */
  readonly folder: string;
  /** Name of the file, with its extension. */
  readonly fileName: string;
  /** Type of the asset that it would be. */
  readonly type: string;
}

/** Types that can replace each other. */
const IMAGE_TYPES = ['Image', 'AnimatedGif'];

/**
 * The asset that a file collides with, by the overwrite mode of the company: in the same folder or in any, by the whole
 * name of the file or whatever its extension, which must then be of the same type. Assets in the trash collide with nothing,
 * and neither does what was made of another asset.
 */
export async function findCollision(
  db: Db,
  { companyId, folder, fileName, type }: Incoming,
  overwriteMode: string,
): Promise<AssetRow | undefined> {
  const anyFolder = overwriteMode.endsWith('AnyFolder');
  const anyExtension = overwriteMode.startsWith('OverwriteAnyExt');
  const base = baseNameOf(fileName);
  const candidates = await db
    .select({ asset: t.assets, folder: t.folders.path })
    .from(t.assets)
    .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
    .where(
      and(
        eq(t.assets.companyId, companyId),
        eq(t.assets.trashState, 'NotInTrash'),
        sql`${t.assets.originalFile} is not null`,
        sql`${t.assets.ownerId} is null`,
        anyExtension
          ? sql`lower(regexp_replace(${t.assets.fileName}, '(.)\\.[^.]*$', '\\1')) = lower(${base}::text)`
          : equalsIgnoreCase(t.assets.fileName, fileName),
        anyExtension ? inArray(t.assets.type, IMAGE_TYPES.includes(type) ? IMAGE_TYPES : [type]) : undefined,
        anyFolder ? undefined : equalsIgnoreCase(t.folders.path, folder),
      ),
    )
    .orderBy(asc(t.assets.id));
  // The one in the folder itself is meant first, and the one with the same extension.
  const rank = (candidate: (typeof candidates)[number]): number =>
    (candidate.folder.toLowerCase() === folder.toLowerCase() ? 0 : 2) +
    (candidate.asset.fileName.toLowerCase() === fileName.toLowerCase() ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0]?.asset;
}

/** Lets nobody else give names in the company until the transaction ends, so that none is given twice. */
export async function lockNames(tx: Db, companyId: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7302, ${companyId})`);
}

/**
 * A name for an asset that no other one has: the wanted one, or the wanted one with `-1`, `-2` … at its end. Names of
 * catalogs are unique in the company, others in their folder. Call {@link lockNames} before.
 */
export async function freeName(
  tx: Db,
  wanted: string,
  place: {
    readonly companyId: number;
    readonly folderId: number;
    readonly type: string;
    readonly besides?: number;
  },
): Promise<string> {
  const unique = CATALOG_TYPES.has(place.type);
  const pattern = `${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const taken = await tx
    .select({ name: t.assets.name })
    .from(t.assets)
    .where(
      and(
        eq(t.assets.companyId, place.companyId),
        ne(t.assets.trashState, 'InEmptiedTrash'),
        sql`lower(${t.assets.name}) like lower(${pattern}::text)`,
        unique ? inArray(t.assets.type, [...CATALOG_TYPES]) : eq(t.assets.folderId, place.folderId),
        unique ? undefined : eq(t.assets.type, place.type),
        place.besides === undefined ? undefined : ne(t.assets.id, place.besides),
      ),
    );
  const names = new Set(taken.map(({ name }) => name.toLowerCase()));
  if (!names.has(wanted.toLowerCase())) return wanted;
  for (let number = 1; ; number += 1) {
    const name = `${wanted}-${number}`;
    if (!names.has(name.toLowerCase())) return name;
  }
}
