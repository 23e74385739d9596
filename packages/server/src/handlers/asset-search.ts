import type { Asset, AssetSummary, Metadata, SearchAssetsParam } from '@ips-sdk/types';
import { and, type SQL, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { requestedViewer } from '../access/permissions/requested-viewer.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { loadAssets, wantedParts } from '../assets/asset-record.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { keepStatistics } from '../db/statistics.js';
import { assetHandle } from '../handles.js';
import { fieldIndex } from '../metadata/field-store.js';
import { assetOrder } from '../search/asset-order.js';
import { scopeConditions } from '../search/asset-scope.js';
import { combined, searchConditions } from '../search/condition-groups.js';
import { keyCondition, valuesOfKeys } from '../search/metadata-keys.js';
import { pageOf } from '../search/pages.js';
import type { AreaHandlers } from './handler.js';

/** Maximum rows of a page, and of a page with only handles, names and types. */
const MOST = 1000;
const MOST_BRIEF = 10_000;

/** The fields that assets may have in a response with more than {@link MOST} rows. */
const BRIEF_FIELDS: ReadonlySet<string> = new Set([
  'totalRows',
  'assetArray/name',
  'assetArray/assetHandle',
  'assetArray/type',
  'assetArray/subType',
]);

/** Operations that find assets. */
export const assetSearchHandlers: AreaHandlers = {
  searchAssets: async (input, call) => {
    const company = companyOf(call);
    const viewer = await requestedViewer(call, input);
    const brief = isBrief(input);
    const page = pageOf(input, brief ? MOST_BRIEF : MOST);
    const needsFields =
      (input.tagConditionArray ?? []).length > 0 || (input.metadataConditionArray ?? []).length > 0;
    const fields = needsFields ? await fieldIndex(call.db, company) : undefined;
    const where = and(
      ...(await scopeConditions(call.db, company, input)),
      searchConditions(input, fields),
      await assetCondition(call.db, viewer, READ),
    );
    const order = assetOrder(input.sortBy, input.sortDirection);
    const assetArray = brief
      ? await briefAssets(call, where, order, page)
      : await loadAssets(
          call,
          company,
          await pageOfRows(call, where, order, page),
          wantedParts(input, 'assetArray'),
        );
    if (!wantsTotal(input)) return { assetArray };
    return { totalRows: await countOf(assetArray.length, where, page, call), assetArray };
  },

  searchAssetsByMetadata: async (input, call) => {
    const company = companyOf(call);
    const page = pageOf(input, MOST);
    const fields = await fieldIndex(call.db, company);
    const conditions = (input.metadataConditionArray ?? []).map((condition, index) =>
      keyCondition(condition, fields, `metadataConditionArray[${index}]`),
    );
    const where = and(
      ...(await scopeConditions(call.db, company, input.filters ?? {}, 'filters/')),
      combined(input.metadataConditionMatchMode, 'metadataConditionMatchMode', conditions),
      await assetCondition(call.db, await callerOf(call), READ),
    );
    const rows = await pageOfRows(call, where, assetOrder(input.sortBy, input.sortDirection), page);
    const assets = await loadAssets(call, company, rows, new Set(['users']));
    const totalRows = await countOf(rows.length, where, page, call);
    return {
      totalRows,
      assetSummaryArray: assets.map((asset, index) =>
        summaryOf(asset, valuesOfKeys(rows[index]?.xmp ?? {}, input.responseMetadataArray ?? [], fields)),
      ),
    };
  },
};

/** Whether the response filter allows the larger page. */
function isBrief({ responseFieldArray = [] }: SearchAssetsParam): boolean {
  return (
    responseFieldArray.length > 0 &&
    responseFieldArray.every((path) =>
      BRIEF_FIELDS.has(
        path
          .split('/')
          .filter((step) => step !== '' && step !== 'items')
          .join('/'),
      ),
    )
  );
}

type Page = ReturnType<typeof pageOf>;

function pageOfRows(call: Call, where: SQL | undefined, order: SQL[], page: Page): Promise<AssetRow[]> {
  return call.db
    .select()
    .from(t.assets)
    .where(where)
    .orderBy(...order)
    .limit(page.limit)
    .offset(page.offset);
}

async function briefAssets(call: Call, where: SQL | undefined, order: SQL[], page: Page): Promise<Asset[]> {
  const rows = await call.db
    .select({ id: t.assets.id, name: t.assets.name, type: t.assets.type, subType: t.assets.subType })
    .from(t.assets)
    .where(where)
    .orderBy(...order)
    .limit(page.limit)
    .offset(page.offset);
  return rows.map(({ id, name, type, subType }) => ({
    assetHandle: assetHandle(id),
    type,
    ...(subType === null ? {} : { subType }),
    name,
  }));
}

/** Whether the response includes the total. Otherwise, counting is unnecessary. */
function wantsTotal({ responseFieldArray = [], excludeFieldArray = [] }: SearchAssetsParam): boolean {
  return (
    (responseFieldArray.length === 0 || responseFieldArray.includes('totalRows')) &&
    !excludeFieldArray.includes('totalRows')
  );
}

/** The number of rows on all pages. A page that is not full shows it without counting. */
async function countOf(
  rows: number,
  where: SQL | undefined,
  { limit, offset }: Page,
  call: Call,
): Promise<number> {
  if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
  const [counted] = await call.db.select({ count: sql<number>`count(*)::int` }).from(t.assets).where(where);
  const count = counted?.count ?? 0;
  await keepStatistics(call.db, count);
  return count;
}

function summaryOf(asset: Asset, metadataArray: Metadata[]): AssetSummary {
  return {
    assetHandle: asset.assetHandle ?? '',
    type: asset.type,
    name: asset.name,
    folder: asset.folder,
    filename: asset.fileName,
    created: asset.created,
    ...(asset.createUser === undefined ? {} : { createUser: asset.createUser }),
    lastModified: asset.lastModified,
    ...(asset.lastModifyUser === undefined ? {} : { lastModifyUser: asset.lastModifyUser }),
    ...(metadataArray.length === 0 ? {} : { metadataArray }),
  };
}
