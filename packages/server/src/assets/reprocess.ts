import { asc, eq, sql } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { ImageError } from '../images/image-library.js';
import { typeOfStored } from '../images/stored-file-type.js';
import { commitByproducts } from './commit-byproducts.js';
import { columnsOf } from './content-columns.js';
import { examineFile } from './examine-file.js';
import type { FileContents } from './file-contents.js';
import type { FileProcessing, UnsupportedFeature } from './ingest-options.js';
import type { IngestPlace } from './ingest-place.js';
import { storePageTexts } from './page-texts.js';

/** An asset whose derivatives were recreated from its original. */
export interface Reprocessed {
  readonly asset: AssetRow;
  readonly processing: FileProcessing;
  readonly contents: FileContents;
}

/**
 * Recreates the derivatives of an asset. Changes neither the original nor the catalog.
 *
 * @throws ItemFailure when the asset has no original, or it cannot be read.
 */
export async function prepareReprocess(
  { services }: IngestPlace,
  asset: AssetRow,
  processing: FileProcessing,
  requested: ReadonlySet<UnsupportedFeature>,
  signal?: AbortSignal,
  progress: (fraction: number, message?: string) => void = () => undefined,
): Promise<Reprocessed> {
  const { files, config } = services;
  const size = asset.originalFile === null ? undefined : await files.size(asset.originalFile);
  if (asset.originalFile === null || size === undefined) throw new ItemFailure('the asset has no file');
  const stored = { hash: asset.originalFile, size };
  const type = await typeOfStored(files, stored.hash, asset.fileName);
  if (type === undefined) throw new ItemFailure("the type of the asset's file is unknown");
  try {
    const contents = await examineFile({
      files,
      stored,
      type,
      processing,
      requested,
      maxPixels: config.limits.maxPixels,
      ffmpeg: config.ffmpeg,
      signal,
      progress,
    });
    return { asset, processing, contents };
  } catch (error) {
    if (error instanceof ImageError) throw new ItemFailure(error.message, { cause: error });
    throw error;
  }
}

/** Whether an asset still has the file that its derivatives were recreated from. */
export function isUnchanged({ asset }: Reprocessed, now: AssetRow | undefined): now is AssetRow {
  return now?.originalFile === asset.originalFile && now.trashState === 'NotInTrash';
}

/** Whether more than the asset is stored, such as the pages of a document. */
export const hasByproducts = ({ contents }: Reprocessed): boolean =>
  contents.pages.length > 0 || contents.layers !== undefined;

/**
 * Locks the assets whose derivatives were recreated, in the order of their numbers, in which no two transactions wait for each other.
 *
 * @returns Their rows, by number.
 */
export async function lockReprocessed(
  tx: Db,
  assetIds: readonly number[],
): Promise<ReadonlyMap<number, AssetRow>> {
  const rows = await tx
    .select()
    .from(t.assets)
    .where(anyOf(t.assets.id, assetIds))
    .orderBy(asc(t.assets.id))
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Stores recreated derivatives in the catalog.
 *
 * @param now - The asset as it is now, locked.
 * @returns The updated asset, and the pages created from it.
 * @throws ItemFailure when the asset was deleted or replaced during processing.
 */
export async function commitReprocess(
  tx: Db,
  place: IngestPlace,
  reprocessed: Reprocessed,
  now: AssetRow | undefined,
): Promise<{ readonly asset: AssetRow; readonly generated: readonly AssetRow[] }> {
  const { services, userId } = place;
  const { asset, processing, contents } = reprocessed;
  if (!isUnchanged(reprocessed, now))
    throw new ItemFailure('the asset was deleted or replaced during processing');
  const columns = columnsOf(
    contents,
    { hash: asset.originalFile ?? '', size: asset.fileSize ?? 0 },
    { type: asset.type, mediaType: asset.mediaType ?? 'application/octet-stream' },
    processing,
  );
  const [changed] = await tx
    .update(t.assets)
    .set({
      ...columns,
      // An existing mask is kept if none is requested.
      maskFile: columns.maskFile ?? now.maskFile,
      type: now.type,
      info: { ...now.info, ...contents.info },
      lastModified: services.clock.now(),
      lastModifyUserId: userId,
      version: sql`${t.assets.version} + 1`,
    })
    .where(eq(t.assets.id, asset.id))
    .returning();
  if (changed === undefined) throw new Error('the asset was not stored');
  // New pictures of the pages would not be those of earlier texts.
  if (contents.texts !== undefined || contents.pages.length > 0) await storePageTexts(tx, asset.id, contents);
  const generated = await commitByproducts(tx, place, changed, contents, {
    processing,
    readyForPublish: changed.readyForPublish,
  });
  return { asset: changed, generated };
}
