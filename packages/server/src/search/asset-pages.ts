import { and, type SQL } from 'drizzle-orm';
import { conditionKey } from '../db/condition-key.js';
import type { Db } from '../db/db.js';
import { unchangedResult } from '../db/unchanged-results.js';
import { type AssetOrder, isAfter, isOnMergedPage, orderTerms } from './asset-order.js';
import { countAssets } from './counted-assets.js';
import type { Page } from './pages.js';

/** Rows that a search may pass over before it is worth knowing how many there are. */
const FEW = 1000;

/** Most ends of pages to remember for a search. */
const REMEMBERED = 10_000;

/** A search of assets. */
export interface AssetSearch {
  readonly companyId: number;
  readonly where: SQL;
  readonly order: AssetOrder;
  /** The numbers of the folders that the condition names, if they are few. */
  readonly folders?: readonly number[] | undefined;
}

/** Reads rows under a condition in an order. */
type Read<Row> = (
  where: SQL | undefined,
  order: readonly SQL[],
  part: { readonly limit: number; readonly offset: number },
) => Promise<Row[]>;

/** Which rows to read, and how: after an asset, or from the end. */
interface Part {
  readonly after: number | undefined;
  readonly isReversed: boolean;
  readonly limit: number;
  readonly offset: number;
}

/**
 * Reads a page of a search without passing over all rows before it, if possible: the page after one that was read, and those near it, begin
 * at the end of that page; those of the second half are read from the end. Otherwise the time grows with the rows before the page.
 *
 * @param read - Reads rows under a condition in an order. Each row has the number of its asset.
 */
export async function readPage<Row extends { readonly id: number }>(
  db: Db,
  search: AssetSearch,
  page: Page,
  read: Read<Row>,
): Promise<Row[]> {
  const { where, order } = search;
  // There are few rows before such a page, and before the next one.
  if (page.offset + page.limit < FEW) return readPart(search, where, page, read);
  const ends = await endsOf(db, search);
  const { after, isReversed, limit, offset } = await shortest(db, search, page, ends);
  let rows: Row[] = [];
  if (limit > 0) {
    const condition = after === undefined ? where : and(where, isAfter(order, after));
    const direction = isReversed ? { ...order, isDescending: !order.isDescending } : order;
    rows = await readPart({ ...search, order: direction }, condition, { limit, offset }, read);
    if (isReversed) rows.reverse();
  }
  // Whatever was remembered is of no use if rows were deleted since.
  if (rows.length < page.limit && after !== undefined) rows = await readPart(search, where, page, read);
  const last = rows.at(-1);
  if (last !== undefined && ends.size < REMEMBERED) ends.set(page.offset + rows.length, last.id);
  return rows;
}

/**
 * Reads some rows of a search. The database knows the size of folders only on average: of a few folders, which may be the largest, it would
 * read and sort all assets. Their pages are merged instead.
 */
function readPart<Row>(
  { order, folders }: AssetSearch,
  where: SQL | undefined,
  part: Page,
  read: Read<Row>,
): Promise<Row[]> {
  if (folders === undefined || folders.length < 2 || !order.isOfFolders)
    return read(where, orderTerms(order), part);
  const merged = isOnMergedPage(folders, where, order, part);
  return read(merged, orderTerms(order), { limit: part.limit, offset: 0 });
}

/** The assets at the ends of pages that were read, by the number of assets up to there. */
function endsOf(db: Db, { companyId, where, order }: AssetSearch): Promise<Map<number, number>> {
  const key = conditionKey(where, ...orderTerms(order));
  return unchangedResult(db, companyId, key && `ends of pages\n${key}`, () => new Map<number, number>());
}

const fromStart = ({ limit, offset }: Page): Part => ({ after: undefined, isReversed: false, limit, offset });

/** The way to a page that passes over the fewest rows. */
async function shortest(
  db: Db,
  { companyId, where }: AssetSearch,
  page: Page,
  ends: ReadonlyMap<number, number>,
): Promise<Part> {
  let part = fromStart(page);
  for (const [position, assetId] of ends) {
    const offset = page.offset - position;
    if (offset >= 0 && offset < part.offset) part = { ...part, after: assetId, offset };
  }
  if (part.offset < FEW) return part;
  const total = await countAssets(db, companyId, where);
  // The page ends so many rows before the last one; the last page can have fewer rows than others.
  const behind = Math.max(0, total - page.offset - page.limit);
  if (behind >= part.offset) return part;
  const limit = Math.max(0, Math.min(page.limit, total - page.offset));
  return { after: undefined, isReversed: true, limit, offset: behind };
}
