import { and, asc, eq, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import { markedIn } from '../assets/publish-marks.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import type { Item, ItemResult, RunContext } from '../jobs/run-context.js';
import { carriedBy, FILELESS_TYPES, logFileType } from './context-types.js';
import type { ContextRow, ContextType } from './publish-contexts.js';

type PublicationRow = typeof t.publications.$inferSelect;

/** Log types of what is taken back. */
export interface CleanupLogTypes {
  readonly begin: string;
  /** Some kinds have no constant for it, and no row then. */
  readonly end: string | undefined;
  readonly success: string;
}

/** Files that a context has somewhere else than in the file store. */
export interface PublishPlace {
  /** The name under which an asset is published there. */
  nameOf(asset: AssetRow, folder: string): string;
  /** The slow part: writes a content beside its place. */
  stage(asset: AssetRow, file: string): Promise<void>;
  /** The quick part: moves it into its place, and removes what was at an old name. */
  promote(asset: AssetRow, name: string, oldName: string | undefined): Promise<void>;
  remove(name: string): Promise<void>;
}

/** What a run publishes. */
export interface PublishPlan {
  readonly context: ContextRow;
  /** Everything again, or only what changed since. */
  readonly full: boolean;
  readonly cleanup: CleanupLogTypes;
  readonly place?: PublishPlace | undefined;
}

/** Files at once. */
const CONCURRENCY = 4;

/**
 * Publishes what is marked in a context, and takes back what no longer is. What a run did before it was lost stays done, and
 * is not done again.
 */
export async function publishRun(context: RunContext, plan: PublishPlan): Promise<void> {
  const { db } = context.services;
  const assets = await marked(db, context.company.id, plan);
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

/** The assets that a context is to have. */
function carried({ id, type }: ContextRow): SQL {
  return (
    and(eq(t.assets.trashState, 'NotInTrash'), carriedBy(type as ContextType), markedIn(id)) ?? sql`false`
  );
}

function marked(db: Db, companyId: number, { context, full }: PublishPlan) {
  const { version } = t.publications;
  return db
    .select({ id: t.assets.id, name: t.assets.name, type: t.assets.type, fileSize: t.assets.fileSize })
    .from(t.assets)
    .leftJoin(
      t.publications,
      and(eq(t.publications.assetId, t.assets.id), eq(t.publications.contextId, context.id)),
    )
    .where(
      and(
        eq(t.assets.companyId, companyId),
        carried(context),
        full ? undefined : or(isNull(version), lt(version, t.assets.version)),
      ),
    )
    .orderBy(asc(t.assets.id));
}

function noLongerMarked(db: Db, context: ContextRow) {
  return db
    .select({ assetId: t.publications.assetId, catalogId: t.publications.catalogId, name: t.assets.name })
    .from(t.publications)
    .innerJoin(t.assets, eq(t.assets.id, t.publications.assetId))
    .where(and(eq(t.publications.contextId, context.id), not(carried(context))))
    .orderBy(asc(t.publications.assetId));
}

interface PreparedPublish {
  /** The content to publish. `undefined` when the asset is gone. */
  readonly file: string | undefined;
  readonly mediaType: string;
  /** What is doubtful about it. */
  readonly warning?: string | undefined;
}

function publishItem(
  context: RunContext,
  plan: PublishPlan,
  candidate: { readonly id: number; readonly name: string },
): Item<PreparedPublish> {
  const { services, company, logTypes } = context;
  return {
    key: `publish/${candidate.id}`,
    name: candidate.name,
    assetId: candidate.id,
    prepare: async () => {
      const [asset] = await services.db.select().from(t.assets).where(eq(t.assets.id, candidate.id));
      if (asset === undefined) return { file: undefined, mediaType: '' };
      if (asset.originalFile === null && FILELESS_TYPES.has(asset.type)) {
        const members = await membersOf(services.db, asset.id);
        const text = members.map(({ name }) => `${company.rootPath}${name}`).join(',');
        const { hash } = await services.files.put(Buffer.from(text));
        return {
          file: hash,
          mediaType: 'text/plain',
          warning: members.length === 0 ? 'the set has no members' : undefined,
        };
      }
      const content = contentOf(asset, plan);
      if (content === undefined || (await services.files.size(content.file)) === undefined) {
        throw new ItemFailure('the file store does not have its file');
      }
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
      if (found === undefined || prepared.file === undefined) {
        return {
          outcome: 'warning',
          rows: [
            {
              logType: logTypes.warning,
              message: `${candidate.name}: it was unmarked or deleted before its turn came`,
              assetName: candidate.name,
            },
          ],
        };
      }
      return record(context, plan, tx, found.asset, found.folder, { ...prepared, file: prepared.file });
    },
  };
}

/** What is published of an asset: in the directory of a server the file itself, else the form that delivery is quick with. */
function contentOf(asset: AssetRow, plan: PublishPlan): { file: string; mediaType: string } | undefined {
  if (plan.place === undefined && asset.optimizedFile !== null)
    return { file: asset.optimizedFile, mediaType: 'image/tiff' };
  if (asset.originalFile === null) return undefined;
  return { file: asset.originalFile, mediaType: asset.mediaType ?? 'application/octet-stream' };
}

async function record(
  context: RunContext,
  plan: PublishPlan,
  tx: Db,
  asset: AssetRow,
  folder: string,
  prepared: PreparedPublish & { readonly file: string },
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
    urlModifier: asset.urlModifier,
    urlPostApplyModifier: asset.urlPostApplyModifier,
    // A change that came after the content was looked at is left to the next publish.
    version: contentIsCurrent(asset, plan, prepared) ? asset.version : 0,
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
    rows: [{ ...about, logType: logTypes.success, message: `${catalogId} was published.` }],
    transfers: { success: transferred },
  };
}

function contentIsCurrent(asset: AssetRow, plan: PublishPlan, prepared: PreparedPublish): boolean {
  return FILELESS_TYPES.has(asset.type) || contentOf(asset, plan)?.file === prepared.file;
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

function membersOf(db: Db, setId: number): Promise<{ name: string }[]> {
  return db
    .select({ name: t.assets.name })
    .from(t.setMembers)
    .innerJoin(t.assets, eq(t.assets.id, t.setMembers.memberId))
    .where(eq(t.setMembers.setId, setId))
    .orderBy(asc(t.setMembers.position));
}
