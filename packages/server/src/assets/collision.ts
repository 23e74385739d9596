import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { baseNameOf } from '../images/file-type.js';
import { CATALOG_TYPES } from './asset-types.js';

/** The default for companies without a setting. */
export const DEFAULT_OVERWRITE_MODE = 'OverwriteFullName';

/** A file to add to the catalog. */
export interface Incoming {
  readonly companyId: number;
  /** Path of the folder, with a trailing slash. */
  readonly folder: string;
  /** File name, with extension. */
  readonly fileName: string;
  /** Type of the resulting asset. */
  readonly type: string;
}

/** Types that can replace each other. */
const IMAGE_TYPES = ['Image', 'AnimatedGif'];

/**
 * The asset that a file collides with. The company's overwrite mode determines whether other folders are
 * searched and whether the extension matters; if not, the type must match. Assets in the trash and assets
 * generated from others never collide.
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
  // Prefer one in the same folder, then one with the same extension.
  const rank = (candidate: (typeof candidates)[number]): number =>
    (candidate.folder.toLowerCase() === folder.toLowerCase() ? 0 : 2) +
    (candidate.asset.fileName.toLowerCase() === fileName.toLowerCase() ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0]?.asset;
}

/** Locks naming in the company until the transaction ends, so that no name is assigned twice. */
export async function lockNames(tx: Db, companyId: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7302, ${companyId})`);
}

/**
 * A free name for an asset: the requested name, or the name with `-1`, `-2` … appended. Catalog IDs are
 * unique in the company, other names in their folder. Call {@link lockNames} first.
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
  // In byte order, all names that continue with a hyphen are one range, which ends at the period.
  const name = sql`lower(${t.assets.name}) collate "C"`;
  const base = sql`lower(${wanted}::text)`;
  const taken = await tx
    .select({ name: t.assets.name })
    .from(t.assets)
    .where(
      and(
        eq(t.assets.companyId, place.companyId),
        ne(t.assets.trashState, 'InEmptiedTrash'),
        sql`(${name} = ${base} or (${name} >= ${base} || '-' and ${name} < ${base} || '.'))`,
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
