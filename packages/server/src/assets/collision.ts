import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { baseNameOf } from '../images/file-type.js';
import { assetsById } from './asset-store.js';
import { namesLike } from './free-name.js';

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
  incoming: Incoming,
  overwriteMode: string,
): Promise<AssetRow | undefined> {
  const { companyId } = incoming;
  const { rows } = await db.execute<{ readonly id: number | null }>(
    sql`select ${collidingWith(companyId, overwriteMode)} as id from ${tableOf([incoming])}`,
  );
  return collisionOf(db, companyId, rows[0]?.id ?? undefined);
}

/** The asset with the number of a collision. */
export async function collisionOf(
  db: Db,
  companyId: number,
  id: number | undefined,
): Promise<AssetRow | undefined> {
  return id === undefined ? undefined : (await assetsById(db, companyId, [id])).get(id);
}

/** What a file that is about to enter the catalog finds there. */
export interface Occupied {
  /** Its folder, if that exists. */
  readonly folder: { readonly id: number; readonly path: string } | undefined;
  /** Number of the asset that it collides with. */
  readonly collision: number | undefined;
  /** `undefined` if the name that it would get is free, otherwise the names that continue it with a hyphen. */
  readonly names: readonly string[] | undefined;
  /** Whether another asset in the folder has its file name. */
  readonly fileNameTaken: boolean;
}

/** A file about to enter the catalog, which has been examined. */
export interface Examined extends Incoming {
  /** Type of the asset that it becomes. Usually `type`. */
  readonly madeType: string;
}

/** What files find in the catalog of their company, in one statement. Call {@link lockNames} first. */
export async function occupiedBy(
  tx: Db,
  companyId: number,
  files: readonly Examined[],
  overwriteMode: string,
): Promise<readonly Occupied[]> {
  const names = namesLike(sql`i.base`, { companyId, folderId: sql`f.id`, type: sql`i.made_type` });
  const { rows } = await tx.execute<{
    readonly at: number;
    readonly folderId: number | null;
    readonly path: string | null;
    readonly collision: number | null;
    readonly names: readonly string[] | null;
    readonly fileNameTaken: boolean;
  }>(
    sql`select i.at::int as at, f.id as "folderId", f.path as path,
      ${collidingWith(companyId, overwriteMode)} as collision, ${names} as names,
      exists (select 1 from ${t.assets} a where a.company_id = ${companyId} and ${hasFileName} and a.folder_id + 0 = f.id and a.trash_state = 'NotInTrash') as "fileNameTaken"
      from ${tableOf(files)} left join lateral (select f.id, f.path from ${t.folders} f where f.company_id = ${companyId} and ${isFolder} limit 1) f on true`,
  );
  const byPosition = new Map(rows.map((row) => [row.at, row]));
  return files.map((_, at) => {
    const row = byPosition.get(at + 1);
    if (row === undefined) throw new Error('a file was not looked for');
    const { folderId, path, collision, names, fileNameTaken } = row;
    return {
      folder: folderId === null || path === null ? undefined : { id: folderId, path },
      collision: collision ?? undefined,
      names: names ?? undefined,
      fileNameTaken,
    };
  });
}

/** Files as the table `i`, in which each name is there as NFC and as NFD. Its text does not depend on their number. */
function tableOf(files: readonly (Incoming & { readonly madeType?: string })[]): SQL {
  const column = (of: (file: (typeof files)[number]) => string): SQL =>
    sql`${sql.param(files.map(of))}::text[]`;
  const columns = [
    column(({ folder }) => folder.normalize('NFC')),
    column(({ folder }) => folder.normalize('NFD')),
    column(({ fileName }) => fileName.normalize('NFC')),
    column(({ fileName }) => fileName.normalize('NFD')),
    column(({ fileName }) => baseNameOf(fileName)),
    column(({ type }) => type),
    column(({ type, madeType }) => madeType ?? type),
  ];
  return sql`unnest(${sql.join(columns, sql`, `)}) with ordinality as i(folder, folder_nfd, file, file_nfd, base, type, made_type, at)`;
}

/** Whether the folder `f` is that of the file `i`. */
const isFolder = sql`lower(f.path) = any(array[lower(i.folder), lower(i.folder_nfd)])`;

/** Whether the asset `a` has the name of the file `i`. */
const hasFileName = sql`lower(a.file_name) = any(array[lower(i.file), lower(i.file_nfd)])`;

/** The number of the asset that the file `i` collides with: in the same folder rather than elsewhere, then with the same extension. */
function collidingWith(companyId: number, overwriteMode: string): SQL {
  const anyFolder = overwriteMode.endsWith('AnyFolder');
  const anyExtension = overwriteMode.startsWith('OverwriteAnyExt');
  const images = sql.param(IMAGE_TYPES);
  const sameName = anyExtension
    ? sql`lower(regexp_replace(a.file_name, '(.)\\.[^.]*$', '\\1')) = lower(i.base) and (a.type = i.type or (i.type = any(${images}::text[]) and a.type = any(${images}::text[])))`
    : hasFileName;
  return sql`(select a.id from ${t.assets} a inner join ${t.folders} f on f.id = a.folder_id
    where a.company_id = ${companyId} and a.trash_state = 'NotInTrash' and a.original_file is not null and a.owner_id is null
      and ${sameName}${anyFolder ? sql`` : sql` and ${isFolder}`}
    order by ${isFolder} desc, ${hasFileName} desc, a.id limit 1)`;
}

/** Locks naming in the company until the transaction ends, so that no name is assigned twice. */
export async function lockNames(tx: Db, companyId: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7302, ${companyId})`);
}
