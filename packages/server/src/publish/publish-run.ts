import { and, eq } from 'drizzle-orm';
import { smartCropsOf } from '../assets/smart-crops.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Item, ItemResult, RunContext } from '../jobs/run-context.js';
import { logFileType } from './context-types.js';
import { carried, noLongerMarked, publishCandidates } from './publish-candidates.js';
import type { ContextRow, ContextType } from './publish-contexts.js';
import { contentToPublish, isCurrent, type PublishedContent } from './published-content.js';

type PublicationRow = typeof t.publications.$inferSelect;

/** Log types for what a publish removes. */
export interface CleanupLogTypes {
  readonly begin: string;
  /** Some kinds have no constant for success, and then log no row. */
  readonly end: string | undefined;
  readonly success: string;
}

/** Where a context keeps its files, if not in the file store. */
export interface PublishPlace {
  /** The name under which an asset is published there. */
  nameOf(asset: AssetRow, folder: string): string;
  /** The slow part: writes a file next to its place. */
  stage(asset: AssetRow, file: string): Promise<void>;
  /** The quick part: moves it into place, and removes the file under an old name. */
  promote(asset: AssetRow, name: string, oldName: string | undefined): Promise<void>;
  remove(name: string): Promise<void>;
}

/** What a run publishes. */
export interface PublishPlan {
  readonly context: ContextRow;
  /** Whether to publish everything again, or only what has changed. */
  readonly full: boolean;
  readonly cleanup: CleanupLogTypes;
  readonly place?: PublishPlace | undefined;
}

/** Files published at once. */
const CONCURRENCY = 4;

/**
 * Publishes what is marked in a context, and removes what no longer is. Work done before a run was lost is not done again.
 */
export async function publishRun(context: RunContext, plan: PublishPlan): Promise<void> {
  const { db } = context.services;
  const assets = await publishCandidates(db, context.company, plan);
  const obsolete = await noLongerMarked(db, plan.context);
  const keys = new Set([
    ...context.doneKeys('publish/'),
    ...context.doneKeys('unpublish/'),
    ...assets.map(({ id }) => `publish/${id}`),
    ...obsolete.map(({ assetId }) => `unpublish/${assetId}`),
  ]);
  await context.setTotal(
    keys.size,
    assets.reduce((sum, { fileSize }) => sum + (fileSize ?? 0), 0),
  );
  const task = context.task('Publish', assets.length);
  context.progress.phase = 'Publishing files';
  await context.items(
    task,
    assets.map((asset) => publishItem(context, plan, asset)),
    CONCURRENCY,
  );
  task.end();
  if (obsolete.length === 0 && context.doneKeys('unpublish/').length === 0) return;
  await context.once('cleanup/begin', (tx) =>
    context.addRows(tx, [{ logType: plan.cleanup.begin, message: plan.context.name }]),
  );
  const cleanup = context.task('Cleanup', obsolete.length);
  await context.items(
    cleanup,
    obsolete.map((publication) => unpublishItem(plan, publication)),
    CONCURRENCY,
  );
  cleanup.end();
  const { end } = plan.cleanup;
  if (end === undefined) return;
  await context.once('cleanup/end', (tx) =>
    context.addRows(tx, [{ logType: end, message: plan.context.name }]),
  );
}

function publishItem(
  context: RunContext,
  plan: PublishPlan,
  candidate: { readonly id: number; readonly name: string },
): Item<PublishedContent | undefined> {
  const { services, company, logTypes } = context;
  return {
    key: `publish/${candidate.id}`,
    name: candidate.name,
    assetId: candidate.id,
    prepare: async () => {
      const [asset] = await services.db.select().from(t.assets).where(eq(t.assets.id, candidate.id));
      if (asset === undefined) return undefined;
      const { db, files } = services;
      const content = await contentToPublish(
        { db, files, company, originals: plan.place !== undefined },
        asset,
      );
      await plan.place?.stage(asset, content.file);
      return content;
    },
    commit: async (tx, prepared) => {
      const [found] = await tx
        .select({ asset: t.assets, folder: t.folders.path })
        .from(t.assets)
        .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
        .where(and(eq(t.assets.id, candidate.id), carried(plan.context)))
        .for('update', { of: t.assets });
      if (found === undefined || prepared === undefined) {
        return {
          outcome: 'warning',
          rows: [
            {
              logType: logTypes.warning,
              message: `${candidate.name}: it was unmarked or deleted before it could be published`,
              assetName: candidate.name,
            },
          ],
        };
      }
      return record(context, plan, tx, found.asset, found.folder, prepared);
    },
  };
}

async function record(
  context: RunContext,
  plan: PublishPlan,
  tx: Db,
  asset: AssetRow,
  folder: string,
  prepared: PublishedContent,
): Promise<ItemResult> {
  const { services, company, run, submitter, logTypes } = context;
  const publishedAt = services.clock.now();
  const [before] = await tx
    .select()
    .from(t.publications)
    .where(and(eq(t.publications.contextId, plan.context.id), eq(t.publications.assetId, asset.id)));
  const catalogId = plan.place?.nameOf(asset, folder) ?? asset.name;
  await plan.place?.promote(asset, catalogId, before?.catalogId);
  const row = {
    companyId: company.id,
    contextId: plan.context.id,
    assetId: asset.id,
    catalogId,
    file: prepared.file,
    mediaType: prepared.mediaType,
    ...modifiersOf(asset, plan.context.type as ContextType),
    smartCrops: await publishedCrops(tx, asset),
    // A change that came after the content was looked at is left to the next publish.
    version: isCurrent(asset, prepared, plan.place !== undefined) ? asset.version : 0,
    publishedAt,
  } satisfies PublicationRow;
  await tx
    .insert(t.publications)
    .values(row)
    .onConflictDoUpdate({ target: [t.publications.contextId, t.publications.assetId], set: row });
  await tx.insert(t.publishHistory).values({
    assetId: asset.id,
    contextName: plan.context.name,
    serverName: services.config.serverName,
    runId: run.id,
    publishedAt,
    userEmail: submitter.email,
  });
  // A change of settings alone moves no file.
  const sent =
    plan.full || before?.file !== prepared.file || before.catalogId !== catalogId || before.version === 0;
  const transferred = sent ? 1 : 0;
  const about = { assetName: asset.name, assetType: logFileType(asset), assetId: asset.id };
  if (prepared.warning !== undefined) {
    return {
      outcome: 'warning',
      rows: [{ ...about, logType: logTypes.warning, message: `${asset.name}: ${prepared.warning}` }],
      transfers: { warning: transferred },
    };
  }
  return {
    outcome: 'success',
    rows: [
      {
        ...about,
        logType: logTypes.success,
        message: `${catalogId} was published${prepared.note === undefined ? '' : `: ${prepared.note}`}.`,
      },
    ],
    transfers: { success: transferred },
  };
}

async function publishedCrops(tx: Db, asset: AssetRow): Promise<PublicationRow['smartCrops']> {
  const crops = await smartCropsOf(tx, asset.id);
  return crops.map(({ id: _id, assetId: _assetId, type: _type, ...crop }) => crop);
}

/** Image serving has commands before and after those of a request, image rendering one list of them. */
function modifiersOf(
  { urlModifier, urlPostApplyModifier }: AssetRow,
  type: ContextType,
): Pick<PublicationRow, 'urlModifier' | 'urlPostApplyModifier'> {
  if (type !== 'ImageRendering') return { urlModifier, urlPostApplyModifier };
  const all = [urlModifier, urlPostApplyModifier].filter((each) => each !== null);
  return { urlModifier: all.length === 0 ? null : all.join('&'), urlPostApplyModifier: null };
}

function unpublishItem(
  plan: PublishPlan,
  publication: { readonly assetId: number; readonly catalogId: string; readonly name: string },
): Item<void> {
  return {
    key: `unpublish/${publication.assetId}`,
    name: publication.name,
    assetId: publication.assetId,
    prepare: async () => undefined,
    commit: async (tx) => {
      const [removed] = await tx
        .delete(t.publications)
        .where(
          and(eq(t.publications.contextId, plan.context.id), eq(t.publications.assetId, publication.assetId)),
        )
        .returning();
      if (removed !== undefined) await plan.place?.remove(removed.catalogId);
      return {
        outcome: 'success',
        rows: [
          {
            logType: plan.cleanup.success,
            message: `${publication.catalogId} was removed.`,
            assetName: publication.name,
            assetId: publication.assetId,
          },
        ],
      };
    },
  };
}
