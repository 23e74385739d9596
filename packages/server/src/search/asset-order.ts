import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { sortDirectionOf } from './sort-direction.js';

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
export function assetOrder(sortBy = 'Name', sortDirection?: string): SQL[] {
  const column = Object.hasOwn(ORDERS, sortBy) ? ORDERS[sortBy] : undefined;
  if (column === undefined)
    throw invalidParameter('sortBy', sortBy, `one of ${Object.keys(ORDERS).join(', ')}`);
  const direction = sortDirectionOf(sortDirection);
  return [direction(column), direction(t.assets.id)];
}
