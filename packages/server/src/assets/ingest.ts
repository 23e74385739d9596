import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { ensureFolder, touchFolder } from '../folders/folder-store.js';
import { baseNameOf, type FileType, unknownTypeMessage } from '../images/file-type.js';
import { ImageError } from '../images/image-library.js';
import { typeOfStored } from '../images/stored-file-type.js';
import { findCollision, freeName, type Incoming, lockNames } from './collision.js';
import { columnsOf } from './content-columns.js';
import { examineFile } from './examine-file.js';
import type { FileContents } from './file-contents.js';
import type { FileProcessing, IngestOptions } from './ingest-options.js';
import type { IngestFile, IngestPlace } from './ingest-place.js';
import { commitPages } from './page-assets.js';
import { markEverywhere } from './publish-marks.js';
import { isSame } from './same-content.js';
import { lacksSmartCrops, type MadeSmartCrop, makeSmartCrops, storeSmartCrops } from './smart-crops.js';

/** A file that is ready to become an asset: everything slow has been done. */
export interface PreparedIngest {
  readonly file: IngestFile;
  readonly incoming: Incoming;
  readonly type: FileType;
  readonly options: IngestOptions;
  readonly processing: FileProcessing;
  /** `undefined` when the catalog already has the same. */
  readonly contents: FileContents | undefined;
  readonly smartCrops: readonly MadeSmartCrop[];
}

/** The result of an ingest. */
export interface Ingested {
  readonly effect: 'created' | 'updated' | 'duplicate';
  readonly asset: AssetRow;
  /** Messages about what could not be done as requested. */
  readonly warnings: readonly string[];
  /** Assets made from it, such as the pages of a document. */
  readonly generated: readonly AssetRow[];
}

/**
 * The slow part of turning a stored file into an asset, or into a new version of the one that it collides with: finds out its
 * type, decodes it, creates derivatives.
 *
 * @throws ItemFailure for a file that cannot become an asset.
 */
export async function prepareIngest(
  place: IngestPlace,
  file: IngestFile,
  options: IngestOptions,
  signal?: AbortSignal,
  progress: (fraction: number, message?: string) => void = () => undefined,
): Promise<PreparedIngest> {
  const { services, company } = place;
  const slash = file.path.lastIndexOf('/') + 1;
  const fileName = file.path.slice(slash);
  const type = await typeOfStored(services.files, file.stored.hash, fileName);
  if (type === undefined) throw new ItemFailure(unknownTypeMessage(fileName));
  const incoming: Incoming = {
    companyId: company.id,
    folder: file.path.slice(0, slash),
    fileName,
    type: type.type,
  };
  const existing = await findCollision(services.db, incoming, options.overwriteMode);
  const processing = effectiveProcessing(options, type, existing);
  const base = { file, incoming, type, options, processing, smartCrops: [] };
  if (existing !== undefined && (await isDuplicate(services.db, existing, base)))
    return { ...base, contents: undefined };
  const { files, config } = services;
  const { maxPixels } = config.limits;
  try {
    const contents = await examineFile({
      files,
      stored: file.stored,
      type,
      processing,
      requested: options.requested,
      maxPixels,
      signal,
      progress,
    });
    const made = await makeSmartCrops({ files, maxPixels, signal }, contents, options.smartCrops);
    const warnings = [...contents.warnings, ...made.warnings];
    return { ...base, contents: { ...contents, warnings }, smartCrops: made.crops };
  } catch (error) {
    if (error instanceof ImageError) throw new ItemFailure(error.message, { cause: error });
    throw error;
  }
}

/** Stores what {@link prepareIngest} prepared, in a transaction. */
export async function commitIngest(tx: Db, place: IngestPlace, prepared: PreparedIngest): Promise<Ingested> {
  const { company } = place;
  const { incoming, options, processing, contents } = prepared;
  await lockNames(tx, company.id);
  const existing = await findCollision(tx, incoming, options.overwriteMode);
  if (existing !== undefined && (await isDuplicate(tx, existing, prepared)))
    return { effect: 'duplicate', asset: existing, warnings: [], generated: [] };
  if (contents === undefined)
    throw new ItemFailure(
      'the asset it duplicates was changed or deleted during the upload; upload it again',
    );
  const replace = existing !== undefined && options.overwrite;
  const asset = replace
    ? await update(tx, place, prepared, contents, existing)
    : await create(tx, place, prepared, contents);
  if (contents.packet !== undefined) {
    await tx
      .insert(t.xmpPackets)
      .values({ assetId: asset.id, packet: contents.packet })
      .onConflictDoUpdate({ target: t.xmpPackets.assetId, set: { packet: contents.packet } });
  } else if (replace) await tx.delete(t.xmpPackets).where(eq(t.xmpPackets.assetId, asset.id));
  await addToProjects(tx, asset.id, options.projectIds);
  await storeSmartCrops(tx, asset.id, prepared.smartCrops);
  const generated = await commitPages(tx, place, asset, contents.pages, {
    processing,
    readyForPublish: options.readyForPublish,
  });
  const warnings =
    existing !== undefined && !replace
      ? [
          ...contents.warnings,
          `the name ${existing.name} is taken and overwriting was not requested: the asset is named ${asset.name}`,
        ]
      : contents.warnings;
  return { effect: replace ? 'updated' : 'created', asset, warnings, generated };
}

/** Whether an upload would change nothing. */
async function isDuplicate(
  db: Db,
  existing: AssetRow,
  { file, processing, options }: Pick<PreparedIngest, 'file' | 'processing' | 'options'>,
): Promise<boolean> {
  if (!isSame(existing, file, processing)) return false;
  return !options.overwrite || !(await lacksSmartCrops(db, existing, options.smartCrops));
}

/** Adds an asset to projects. It stays in those that it is already in. */
export async function addToProjects(tx: Db, assetId: number, projectIds: readonly number[]): Promise<void> {
  if (projectIds.length === 0) return;
  await tx
    .insert(t.projectAssets)
    .values(projectIds.map((projectId) => ({ projectId, assetId })))
    .onConflictDoNothing();
}

async function create(
  tx: Db,
  place: IngestPlace,
  prepared: PreparedIngest,
  contents: FileContents,
): Promise<AssetRow> {
  const { services, company, userId } = place;
  const { incoming, file, options } = prepared;
  const now = services.clock.now();
  const folder = await ensureFolder(tx, company.id, incoming.folder, now);
  const wanted = baseNameOf(incoming.fileName);
  const name = await freeName(tx, wanted, {
    companyId: company.id,
    folderId: folder.id,
    type: contents.type,
  });
  // A file that may not replace the one with its name is renamed, too.
  const fileName = await freeFileName(tx, folder.id, incoming.fileName, name);
  const [asset] = await tx
    .insert(t.assets)
    .values({
      companyId: company.id,
      folderId: folder.id,
      name,
      fileName,
      readyForPublish: options.readyForPublish,
      created: now,
      createUserId: userId,
      lastModified: now,
      lastModifyUserId: userId,
      ...columnsOf(contents, file.stored, prepared.type, prepared.processing),
      info: { ...contents.info, originalPath: `${folder.path}${fileName}` },
      xmp: withKeywords(contents.xmp, options.keywords),
    })
    .returning();
  if (asset === undefined) throw new Error('the asset was not stored');
  await touchFolder(tx, company.id, folder.path, now);
  return asset;
}

async function update(
  tx: Db,
  place: IngestPlace,
  prepared: PreparedIngest,
  contents: FileContents,
  existing: AssetRow,
): Promise<AssetRow> {
  const { services, company, userId } = place;
  const { incoming, file, options } = prepared;
  const now = services.clock.now();
  const [folder] = await tx
    .select({ path: t.folders.path })
    .from(t.folders)
    .where(eq(t.folders.id, existing.folderId));
  const path = folder?.path ?? incoming.folder;
  const [asset] = await tx
    .update(t.assets)
    .set({
      fileName: incoming.fileName,
      lastModified: now,
      lastModifyUserId: userId,
      ...columnsOf(contents, file.stored, prepared.type, prepared.processing),
      info: { ...existing.info, ...contents.info, originalPath: `${path}${incoming.fileName}` },
      xmp: withKeywords(contents.xmp, options.keywords),
      version: sql`${t.assets.version} + 1`,
    })
    .where(eq(t.assets.id, existing.id))
    .returning();
  if (asset === undefined) throw new Error('the asset was not stored');
  await touchFolder(tx, company.id, path, now);
  if (options.keepPublishState) return asset;
  await markEverywhere(tx, [asset.id], options.readyForPublish);
  return { ...asset, readyForPublish: options.readyForPublish };
}

async function freeFileName(tx: Db, folderId: number, fileName: string, name: string): Promise<string> {
  const [taken] = await tx
    .select({ id: t.assets.id })
    .from(t.assets)
    .where(
      and(
        eq(t.assets.folderId, folderId),
        equalsIgnoreCase(t.assets.fileName, fileName),
        eq(t.assets.trashState, 'NotInTrash'),
      ),
    )
    .limit(1);
  return taken === undefined ? fileName : `${name}${fileName.slice(baseNameOf(fileName).length)}`;
}

/** The XMP properties with the job's keywords added to `dc.subject`. */
function withKeywords(
  xmp: FileContents['xmp'],
  keywords: readonly string[],
): Record<string, string | string[]> {
  if (keywords.length === 0) return { ...xmp };
  const own = xmp['dc.subject'] ?? [];
  return { ...xmp, 'dc.subject': [...new Set([...(typeof own === 'string' ? [own] : own), ...keywords])] };
}

/** The requested processing, with the existing asset's crop if that is to be kept. */
function effectiveProcessing(
  options: IngestOptions,
  { type }: FileType,
  existing: AssetRow | undefined,
): FileProcessing {
  const pages = type === 'Pdf' || type === 'Illustrator' ? options.pages[type] : undefined;
  const processing = pages === undefined ? options.processing : { ...options.processing, pages };
  const crop = options.keepCrop && options.overwrite ? existing?.processing['crop'] : undefined;
  if (crop === undefined) return processing;
  const { left, right, top, bottom } = crop as Record<'left' | 'right' | 'top' | 'bottom', number>;
  return { ...processing, crop: { by: 'margins', left, right, top, bottom } };
}
