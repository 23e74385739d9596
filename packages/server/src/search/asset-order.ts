import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';

const ORDERS: Readonly<Record<string, SQL>> = {
  Created: sql`${t.assets.created}`,
  Modified: sql`${t.assets.lastModified}`,
  Name: sql`lower(${t.assets.name})`,
  AssetType: sql`${t.assets.type}`,
  FileSize: sql`coalesce(${t.assets.fileSize}, 0)`,
};

/**
 * The order of found assets. Default: by name. Ties are broken by creation order, so that pages never overlap.
 *
 * @throws IpsFault 30001 for an unknown field or direction.
 */
export function assetOrder(sortBy = 'Name', sortDirection = 'Ascending'): SQL[] {
  const column = Object.hasOwn(ORDERS, sortBy) ? ORDERS[sortBy] : undefined;
  if (column === undefined)
    throw invalidParameter('sortBy', sortBy, `one of ${Object.keys(ORDERS).join(', ')}`);
  switch (sortDirection) {
    case 'Ascending':
      return [sql`${column} asc`, sql`${t.assets.id} asc`];
    case 'Descending':
      return [sql`${column} desc`, sql`${t.assets.id} desc`];
    default:
      throw invalidParameter('sortDirection', sortDirection, 'Ascending or Descending');
  }
}
