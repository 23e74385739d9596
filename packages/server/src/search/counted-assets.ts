import { type SQL, sql } from 'drizzle-orm';
import { conditionKey } from '../db/condition-key.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { SharedWork } from '../db/shared-work.js';
import { keepStatistics } from '../db/statistics.js';
import { OTHERS, PART_BITS, partsOf, partVersions, type Version, versionOf } from '../db/versions.js';

/** Milliseconds after which everything is counted again, even if nothing changed. */
const AGE = 3_600_000;

/** Most counts to remember. */
const REMEMBERED = 500;

/** Milliseconds that counting a part of the assets takes. */
const PART_TIME = 4;

/** The numbers of assets that a search finds, in one state of the database. */
interface Counted {
  readonly others: string;
  readonly total: number;
  readonly parts: ReadonlyMap<number, { readonly version: string; readonly count: number }>;
  /** Milliseconds that it took to count all parts. */
  readonly milliseconds: number;
  readonly until: number;
}

/** The count of a part; without one, only what goes with it. */
interface PartRow extends Record<string, unknown> {
  readonly part: number | null;
  readonly version: string;
  readonly count: number;
  readonly others: string;
}

interface Memory {
  readonly counts: Map<string, Counted>;
  readonly work: SharedWork;
}

const memories = new WeakMap<Db, Memory>();

/** Decides whether only parts that have changed are counted, from their number and the milliseconds that it took to count all. */
export type CountsParts = (changed: number, milliseconds: number) => boolean;

const whereFaster: CountsParts = (changed, milliseconds) => changed * PART_TIME < milliseconds;

/**
 * The number of assets of a company that a search finds. It is counted once; after a change, only the assets with numbers near those that
 * have changed are counted again, if that is faster.
 *
 * @param countsParts - For tests.
 */
export async function countAssets(
  db: Db,
  companyId: number,
  where: SQL,
  countsParts: CountsParts = whereFaster,
): Promise<number> {
  const condition = conditionKey(where);
  const version = condition === undefined ? undefined : await versionOf(db, companyId);
  if (version === undefined) return (await countAll(db, companyId, where)).total;
  const memory = memories.get(db) ?? { counts: new Map(), work: new SharedWork() };
  memories.set(db, memory);
  const key = `${companyId}\n${condition}`;
  const known = memory.counts.get(key);
  const isUsable = known?.others === version.others && known.until > performance.now();
  const changed = isUsable ? changedParts(known, version) : Number.POSITIVE_INFINITY;
  if (known !== undefined && changed === 0) return known.total;
  // Work that began in the same version shows at least what is there now.
  return memory.work.share(`${key}\n${version.assets}/${version.others}`, async () => {
    const isPartial = known !== undefined && isUsable && countsParts(changed, known.milliseconds);
    const counted =
      (isPartial ? await countChanged(db, companyId, where, known) : undefined) ??
      (await countAll(db, companyId, where));
    remember(memory.counts, key, counted);
    await keepStatistics(db, counted.total);
    return counted.total;
  });
}

/** Counts all parts. One statement reads both the versions and the assets, so that they fit together. */
async function countAll(db: Db, companyId: number, where: SQL): Promise<Counted> {
  const begun = performance.now();
  const { rows } = await db.execute<PartRow>(
    sql`select part, coalesce(version, 0)::text as version, coalesce(count, 0) as count, others from (select ${OTHERS} as others) o left join (${partsOf(companyId)} v full join (select ${t.assets.id} >> ${PART_BITS}::int as part, count(*)::int as count from ${t.assets} where ${where} group by 1) c using (part)) on true`,
  );
  const now = performance.now();
  return countedOf(rows, { milliseconds: now - begun, until: now + AGE });
}

/** Counts the parts that have changed; `undefined` if something else has changed, too. */
async function countChanged(
  db: Db,
  companyId: number,
  where: SQL,
  known: Counted,
): Promise<Counted | undefined> {
  const [numbers, versions] = [
    [...known.parts.keys()],
    [...known.parts.values()].map(({ version }) => version),
  ];
  const first = sql`(c.part::bigint << ${PART_BITS}::int)`;
  const behind = sql`((c.part + 1)::bigint << ${PART_BITS}::int)`;
  // With the offset, the assets of a part are found by their numbers, whatever other indexes the condition has.
  const inPart = sql`(select count(*)::int from (select * from ${t.assets} where ${t.assets.id} >= ${first} and ${t.assets.id} < ${behind} offset 0) as ${t.assets} where ${where})`;
  const changed = sql`(select v.part, v.version from ${partsOf(companyId)} v left join unnest(${sql.param(numbers)}::int[], ${sql.param(versions)}::bigint[]) k(part, version) using (part) where k.version is distinct from v.version)`;
  const { rows } = await db.execute<PartRow>(
    sql`select c.part, c.version::text as version, case when c.part is not null then ${inPart} end as count, o.others from (select ${OTHERS} as others) o left join ${changed} c on true`,
  );
  if (rows[0]?.others !== known.others) return undefined;
  return countedOf(rows, known);
}

/** What rows with the counts of parts say, together with what was known of other parts. */
function countedOf(
  rows: readonly PartRow[],
  { milliseconds, until, parts: before }: Pick<Counted, 'milliseconds' | 'until'> & Partial<Counted>,
): Counted {
  const parts = new Map(before);
  for (const { part, version, count } of rows) if (part !== null) parts.set(part, { version, count });
  let total = 0;
  for (const { count } of parts.values()) total += count;
  return { others: rows[0]?.others ?? '', total, parts, milliseconds, until };
}

function changedParts(known: Counted, version: Version): number {
  let changed = 0;
  for (const [part, current] of partVersions(version))
    if (known.parts.get(part)?.version !== current) changed += 1;
  return changed;
}

function remember(counts: Map<string, Counted>, key: string, counted: Counted): void {
  // The last ones are the latest.
  counts.delete(key);
  counts.set(key, counted);
  const [oldest] = counts.keys();
  if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest);
}
