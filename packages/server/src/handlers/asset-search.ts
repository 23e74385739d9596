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
import { assetHandle } from '../handles.js';
import { fieldIndex } from '../metadata/field-store.js';
import { assetOrder } from '../search/asset-order.js';
import { type AssetSearch, readPage } from '../search/asset-pages.js';
import { scopeConditions } from '../search/asset-scope.js';
import { combined, searchConditions } from '../search/condition-groups.js';
import { countAssets } from '../search/counted-assets.js';
import { keyCondition, valuesOfKeys } from '../search/metadata-keys.js';
import { type Page, pageOf } from '../search/pages.js';
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
    const { conditions, folders } = await scopeConditions(call.db, company, input);
    const where = allOf(
      ...conditions,
      searchConditions(input, fields),
      await assetCondition(call.db, viewer, READ),
    );
    const search = {
      companyId: company.id,
      where,
      order: assetOrder(input.sortBy, input.sortDirection),
      folders,
    };
    const assetArray = brief
      ? await briefAssets(call, search, page)
      : await loadAssets(
          call,
          company,
          await pageOfRows(call, search, page),
          wantedParts(input, 'assetArray'),
        );
    if (!wantsTotal(input)) return { assetArray };
    return { totalRows: await countOf(assetArray.length, search, page, call), assetArray };
  },

  searchAssetsByMetadata: async (input, call) => {
    const company = companyOf(call);
    const page = pageOf(input, MOST);
    const fields = await fieldIndex(call.db, company);
    const ofMetadata = (input.metadataConditionArray ?? []).map((condition, index) =>
      keyCondition(condition, fields, `metadataConditionArray[${index}]`),
    );
    const { conditions, folders } = await scopeConditions(call.db, company, input.filters ?? {}, 'filters/');
    const where = allOf(
      ...conditions,
      combined(input.metadataConditionMatchMode, 'metadataConditionMatchMode', ofMetadata),
      await assetCondition(call.db, await callerOf(call), READ),
    );
    const search = {
      companyId: company.id,
      where,
      order: assetOrder(input.sortBy, input.sortDirection),
      folders,
    };
    const rows = await pageOfRows(call, search, page);
    const assets = await loadAssets(call, company, rows, new Set(['users']));
    const totalRows = await countOf(rows.length, search, page, call);
    return {
      totalRows,
      assetSummaryArray: assets.map((asset, index) =>
        summaryOf(asset, valuesOfKeys(rows[index]?.xmp ?? {}, input.responseMetadataArray ?? [], fields)),
      ),
    };
  },
};

const allOf = (...conditions: (SQL | undefined)[]): SQL => and(...conditions) ?? sql`true`;

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

function pageOfRows({ db }: Call, search: AssetSearch, page: Page): Promise<AssetRow[]> {
  return readPage(db, search, page, (where, order, { limit, offset }) =>
    db
      .select()
      .from(t.assets)
      .where(where)
      .orderBy(...order)
      .limit(limit)
      .offset(offset),
  );
}

async function briefAssets({ db }: Call, search: AssetSearch, page: Page): Promise<Asset[]> {
  const rows = await readPage(db, search, page, (where, order, { limit, offset }) =>
    db
      .select({ id: t.assets.id, name: t.assets.name, type: t.assets.type, subType: t.assets.subType })
      .from(t.assets)
      .where(where)
      .orderBy(...order)
      .limit(limit)
      .offset(offset),
  );
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
  { companyId, where }: AssetSearch,
  { limit, offset }: Page,
  { db }: Call,
): Promise<number> {
  if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
  return countAssets(db, companyId, where);
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
