import { and, asc, desc, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { sortDirectionOf } from './sort-direction.js';

const COLUMNS: Readonly<Record<string, SQL>> = {
  Created: sql`${t.assets.created}`,
  Modified: sql`${t.assets.lastModified}`,
  Name: sql`lower(${t.assets.name})`,
  AssetType: sql`${t.assets.type}`,
  FileSize: sql`coalesce(${t.assets.fileSize}, 0)`,
};

/** The orders that an index has for each folder. */
const ORDERS_OF_FOLDERS: ReadonlySet<string> = new Set(['Name', 'Modified']);

/** The order of found assets. */
export interface AssetOrder {
  readonly column: SQL;
  /** Whether an index has the order for each folder. */
  readonly isOfFolders: boolean;
  readonly isDescending: boolean;
}

/**
 * The order of found assets. Default: by name.
 *
 * @throws IpsFault 30001 for an unknown field or direction.
 */
export function assetOrder(sortBy = 'Name', sortDirection?: string): AssetOrder {
  const column = Object.hasOwn(COLUMNS, sortBy) ? COLUMNS[sortBy] : undefined;
  if (column === undefined)
    throw invalidParameter('sortBy', sortBy, `one of ${Object.keys(COLUMNS).join(', ')}`);
  return {
    column,
    isOfFolders: ORDERS_OF_FOLDERS.has(sortBy),
    isDescending: sortDirectionOf(sortDirection) === desc,
  };
}

/** The terms of an order. Ties are broken by creation order, so that pages never overlap. */
export function orderTerms({ column, isDescending }: AssetOrder, id: SQLWrapper = t.assets.id): SQL[] {
  const direction = isDescending ? desc : asc;
  return [direction(column), direction(id)];
}

/** The condition for the assets on a page of a few folders, merged from the pages of each, which an index has in order. */
export function isOnMergedPage(
  folders: readonly number[],
  where: SQL | undefined,
  order: AssetOrder,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): SQL {
  const assets = sql`select ${t.assets.id} as id, ${order.column} as place from ${t.assets} where ${and(sql`${t.assets.folderId} = f.id`, where)} order by ${sql.join(orderTerms(order), sql`, `)} limit ${limit + offset}::int`;
  const merged = sql.join(orderTerms({ ...order, column: sql`a.place` }, sql`a.id`), sql`, `);
  return sql`${t.assets.id} in (select m.id from (select a.id from unnest(${sql.param([...folders])}::int[]) f(id) cross join lateral (${assets}) a order by ${merged} limit ${limit}::int offset ${offset}::int) m)`;
}

/** The condition for assets that come after one in an order. The asset must exist. */
export function isAfter({ column, isDescending }: AssetOrder, assetId: number): SQL {
  const key = sql`(select ${column} from ${t.assets} where ${t.assets.id} = ${assetId})`;
  return sql`(${column}, ${t.assets.id}) ${isDescending ? sql`<` : sql`>`} (${key}, ${assetId}::int)`;
}
