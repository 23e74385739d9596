import { asc, desc, type SQL, sql } from 'drizzle-orm';
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

/** The order of found assets. */
export interface AssetOrder {
  readonly column: SQL;
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
  return { column, isDescending: sortDirectionOf(sortDirection) === desc };
}

/** The terms of an order. Ties are broken by creation order, so that pages never overlap. */
export function orderTerms({ column, isDescending }: AssetOrder): SQL[] {
  const direction = isDescending ? desc : asc;
  return [direction(column), direction(t.assets.id)];
}

/** The condition for assets that come after one in an order. The asset must exist. */
export function isAfter({ column, isDescending }: AssetOrder, assetId: number): SQL {
  const key = sql`(select ${column} from ${t.assets} where ${t.assets.id} = ${assetId})`;
  return sql`(${column}, ${t.assets.id}) ${isDescending ? sql`<` : sql`>`} (${key}, ${assetId}::int)`;
}
