import { and, asc, eq, sql } from 'drizzle-orm';
import { publishedCrop, smartCropsOfAll } from '../assets/smart-crops.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { PublicationRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Item, ItemResult, Together } from '../jobs/item.js';
import type { RunContext } from '../jobs/run-context.js';
import { logFileType } from './context-types.js';
import { carried, type PublishCandidate } from './publish-candidates.js';
import type { ContextType } from './publish-contexts.js';
import type { PublishPlan, StagedContent } from './publish-plan.js';
import {
  contentSource,
  contentToPublish,
  isCurrent,
  PUBLISHED_COLUMNS,
  type PublishedAsset,
  type PublishedContent,
} from './published-content.js';

/** Assets that are read together, and published in one transaction at most. */
const PAGE = 100;

/** Looked up for each asset: to join a page of assets, the database would read all folders. */
const folderPath = sql<string>`(select f.path from ${t.folders} f where f.id = folder_id)`;

/** An asset that is ready to be published. */
interface Ready {
  readonly candidate: PublishCandidate;
  /** `undefined` if it was deleted before its page was read. */
  readonly found:
    | {
        readonly seen: PublishedAsset;
        readonly content: PublishedContent;
        readonly staged: StagedContent | undefined;
      }
    | undefined;
}

/** Items that publish assets. A page of assets is read with its first item. */
export async function* publishItems(
  context: RunContext,
  plan: PublishPlan,
  candidates: readonly PublishCandidate[],
): AsyncGenerator<Item<Ready>> {
  const { db, files } = context.services;
  for (let start = 0; start < candidates.length; start += PAGE) {
    const page = candidates.slice(start, start + PAGE);
    const rows = await db
      .select({ asset: PUBLISHED_COLUMNS, folder: folderPath })
      .from(t.assets)
      .where(
        anyOf(
          t.assets.id,
          page.map(({ id }) => id),
        ),
      );
    const byId = new Map(rows.map((row) => [row.asset.id, row]));
    const assets = rows.map(({ asset }) => asset);
    const originals = plan.place !== undefined;
    const source = await contentSource(db, context.company, assets, { files, originals });
    for (const candidate of page) {
      yield {
        key: `publish/${candidate.id}`,
        name: candidate.name,
        assetId: candidate.id,
        prepare: async () => {
          const row = byId.get(candidate.id);
          if (row === undefined) return { candidate, found: undefined };
          const { asset: seen, folder } = row;
          const content = await contentToPublish(source, seen);
          // A name that it cannot have is its own fault, not that of the assets it is committed with.
          plan.place?.nameOf(seen, folder);
          const staged = await plan.place?.stage(seen, content.file);
          return { candidate, found: { seen, content, staged } };
        },
        commit: async (tx, ready) => {
          const [result] = await publish(context, plan, tx, [ready]);
          if (result === undefined) throw new Error('an asset has no result');
          return result;
        },
      };
    }
  }
}

/** Publishes several assets with a few statements. */
export function publishedTogether(context: RunContext, plan: PublishPlan): Together<Ready> {
  return { most: PAGE, commit: (tx, ready) => publish(context, plan, tx, ready) };
}

/** Publishes assets in a transaction, with the same few statements however many they are. */
async function publish(
  context: RunContext,
  plan: PublishPlan,
  tx: Db,
  all: readonly Ready[],
): Promise<readonly ItemResult[]> {
  const ids = all.map(({ candidate }) => candidate.id);
  // Locked in one order, so that two runs do not wait for each other.
  const rows = await tx
    .select({ asset: PUBLISHED_COLUMNS, folder: folderPath })
    .from(t.assets)
    .where(and(anyOf(t.assets.id, ids), carried(plan.context)))
    .orderBy(asc(t.assets.id))
    .for('update');
  const found = new Map(rows.map((row) => [row.asset.id, row]));
  const before = await tx
    .select({
      assetId: t.publications.assetId,
      catalogId: t.publications.catalogId,
      file: t.publications.file,
      version: t.publications.version,
    })
    .from(t.publications)
    .where(and(eq(t.publications.contextId, plan.context.id), anyOf(t.publications.assetId, ids)));
  const publications = new Map(before.map((row) => [row.assetId, row]));
  const crops = await smartCropsOfAll(tx, ids);
  const publishedAt = context.services.clock.now();
  const published: PublicationRow[] = [];
  const results = all.map((ready): ItemResult => {
    const row = found.get(ready.candidate.id);
    if (row === undefined || ready.found === undefined) return gone(context, ready.candidate.name);
    const { asset, folder } = row;
    const { seen, content, staged } = ready.found;
    const catalogId = plan.place?.nameOf(asset, folder) ?? asset.name;
    published.push({
      companyId: context.company.id,
      contextId: plan.context.id,
      assetId: asset.id,
      catalogId,
      file: content.file,
      mediaType: content.mediaType,
      ...modifiersOf(asset, plan.context.type as ContextType),
      smartCrops: (crops.get(asset.id) ?? []).map(publishedCrop),
      // A change after the content was read is left to the next publish.
      version: isCurrent(asset, seen, content, plan.place !== undefined) ? asset.version : 0,
      publishedAt,
    });
    const earlier = publications.get(asset.id);
    // A change of only settings moves no file.
    const sent =
      plan.full || earlier?.file !== content.file || earlier.catalogId !== catalogId || earlier.version === 0;
    return {
      ...resultOf(context, asset, content, catalogId, sent ? 1 : 0),
      last: async () => staged?.promote(catalogId, earlier?.catalogId),
    };
  });
  await record(context, plan, tx, published);
  return results;
}

async function record(
  { services, run, submitter }: RunContext,
  plan: PublishPlan,
  tx: Db,
  published: readonly PublicationRow[],
): Promise<void> {
  if (published.length === 0) return;
  await tx.execute(
    sql`${insertOf(t.publications, published)} on conflict (context_id, asset_id) do update set (${PUBLICATION_VALUES}) = (${EXCLUDED_VALUES})`,
  );
  const history = published.map(({ assetId, publishedAt }) => ({
    assetId,
    contextName: plan.context.name,
    serverName: services.config.serverName,
    runId: run.id,
    publishedAt,
    userEmail: submitter.email,
  }));
  await tx.execute(insertOf(t.publishHistory, history));
}

/** What a publication is updated with when its asset is published again. */
const UPDATED = [
  'company_id',
  'catalog_id',
  'file',
  'media_type',
  'url_modifier',
  'url_post_apply_modifier',
  'smart_crops',
  'version',
  'published_at',
];
const PUBLICATION_VALUES = sql.raw(UPDATED.join(', '));
const EXCLUDED_VALUES = sql.raw(UPDATED.map((column) => `excluded.${column}`).join(', '));

const gone = ({ logTypes }: RunContext, assetName: string): ItemResult => ({
  outcome: 'warning',
  rows: [
    {
      logType: logTypes.warning,
      message: `${assetName}: it was unmarked or deleted before it could be published`,
      assetName,
    },
  ],
});

function resultOf(
  { logTypes }: RunContext,
  asset: PublishedAsset,
  { warning, note }: PublishedContent,
  catalogId: string,
  transferred: number,
): ItemResult {
  const about = { assetName: asset.name, assetType: logFileType(asset), assetId: asset.id };
  if (warning !== undefined) {
    return {
      outcome: 'warning',
      rows: [{ ...about, logType: logTypes.warning, message: `${asset.name}: ${warning}` }],
      transfers: { warning: transferred },
    };
  }
  return {
    outcome: 'success',
    rows: [
      {
        ...about,
        logType: logTypes.success,
        message: `${catalogId} was published${note === undefined ? '' : `: ${note}`}.`,
      },
    ],
    transfers: { success: transferred },
  };
}

/** Image serving has commands before and after those of a request, image rendering one list of them. */
function modifiersOf(
  { urlModifier, urlPostApplyModifier }: PublishedAsset,
  type: ContextType,
): Pick<PublicationRow, 'urlModifier' | 'urlPostApplyModifier'> {
  if (type !== 'ImageRendering') return { urlModifier, urlPostApplyModifier };
  const all = [urlModifier, urlPostApplyModifier].filter((each) => each !== null);
  return { urlModifier: all.length === 0 ? null : all.join('&'), urlPostApplyModifier: null };
}
