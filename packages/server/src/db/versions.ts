import { sql } from 'drizzle-orm';
import type { Db } from './db.js';

/** Numbers of assets in a part of a company's assets: a part has those with the same number without its last 12 bits. */
export const PART_BITS = 12;

/**
 * What searches and trees of a company read, in one state of the database. Triggers record every change in `live.changes` in the same
 * transaction; two equal versions show the same rows, whichever process changed something between. What the queue, jobs and logs write is
 * not recorded.
 */
export interface Version {
  /** The assets with their details, by part. */
  readonly assets: string;
  /** The folders with their times, and what was emptied as a whole. */
  readonly folders: string;
  /** The other tables that conditions of searches read: permissions, paths of folders, users. */
  readonly others: string;
}

/** The sum of recorded changes of the tables that all companies share, as a subquery. */
export const OTHERS = sql`(select coalesce(sum(amount), 0)::text from live.changes where company_id = 0 and part = -1)`;

/** The sums of recorded changes of a company's assets by part, as a subquery. */
export const partsOf = (companyId: number) =>
  sql`(select part, sum(amount)::bigint as version from live.changes where company_id = ${companyId}::int and part >= 0 group by part)`;

/** The current version; `undefined` in a transaction that has changed something, which shows what others do not see. */
export async function versionOf(db: Db, companyId: number): Promise<Version | undefined> {
  const { rows } = await db.execute<{ [Field in keyof Version]: string } & { isChanging: boolean }>(
    sql`select (select coalesce(string_agg(part || ':' || version, ',' order by part), '') from ${partsOf(companyId)} parts) as assets, (select coalesce(sum(amount), 0)::text from live.changes where company_id = ${companyId}::int and part = -2) as folders, ${OTHERS} as others, pg_current_xact_id_if_assigned() is not null as "isChanging"`,
  );
  const [row] = rows;
  return row === undefined || row.isChanging ? undefined : row;
}

/** The versions of parts, by number. */
export function partVersions({ assets }: Version): ReadonlyMap<number, string> {
  if (assets === '') return new Map();
  return new Map(
    assets.split(',').map((part) => {
      const [number = '', version = ''] = part.split(':');
      return [Number(number), version];
    }),
  );
}
