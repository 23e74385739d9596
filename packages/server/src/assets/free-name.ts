import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { CATALOG_TYPES } from './asset-types.js';

/** Where a name has to be free. Catalog IDs are unique in the company, other names in their folder. */
interface NamePlace<Value> {
  readonly companyId: number;
  readonly folderId: Value;
  /** Type of the asset that is to have it. */
  readonly type: Value;
}

/**
 * A free name for an asset: the wanted one, or that with `-1`, `-2` … appended. Lock the names of the company first.
 */
export async function freeName(
  tx: Db,
  wanted: string,
  { companyId, folderId, type }: NamePlace<number | string> & { readonly folderId: number },
): Promise<string> {
  const { rows } = await tx.execute<{ readonly names: readonly string[] | null }>(
    sql`select ${namesLike(sql`${wanted}::text`, { companyId, folderId: sql`${folderId}::int`, type: sql`${type}::text` })} as names`,
  );
  return freeNameBeside(wanted, rows[0]?.names ?? undefined);
}

/** A free name, given what {@link namesLike} found. */
export function freeNameBeside(wanted: string, names: readonly string[] | undefined): string {
  if (names === undefined) return wanted;
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = `${wanted}-${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** An expression for the names in the way of a wanted one: null if it is free, otherwise those that continue it with a hyphen. */
export function namesLike(wanted: SQL, { companyId, folderId, type }: NamePlace<SQL>): SQL {
  const catalog = sql.param([...CATALOG_TYPES]);
  const inPlace = sql`a.company_id = ${companyId} and a.trash_state <> 'InEmptiedTrash' and case when ${type} = any(${catalog}::text[]) then a.type = any(${catalog}::text[]) else a.folder_id = ${folderId} and a.type = ${type} end`;
  // By bytes, all names that continue with a hyphen are one range, which a full stop ends.
  const name = sql`lower(a.name) collate "C"`;
  const base = sql`lower(${wanted})`;
  return sql`case when exists (select 1 from ${t.assets} a where ${name} = ${base} and ${inPlace}) then array(select a.name from ${t.assets} a where ${name} >= ${base} || '-' and ${name} < ${base} || '.' and ${inPlace}) end`;
}
