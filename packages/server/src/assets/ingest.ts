import { sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { type FileType, PHOTOSHOP, unknownTypeMessage } from '../images/file-type.js';
import { ImageError } from '../images/image-library.js';
import { typeOfStored } from '../images/stored-file-type.js';
import { findCollision, type Incoming } from './collision.js';
import { examineFile } from './examine-file.js';
import type { FileContents } from './file-contents.js';
import type { FileProcessing, IngestOptions } from './ingest-options.js';
import type { IngestFile, IngestPlace } from './ingest-place.js';
import { PAGED_TYPES } from './page-options.js';
import { isSame } from './same-content.js';
import { lacksSmartCrops, type MadeSmartCrop, makeSmartCrops } from './smart-crops.js';

/** A file that is ready to become an asset. All slow work is done. */
export interface PreparedIngest {
  readonly file: IngestFile;
  readonly incoming: Incoming;
  readonly type: FileType;
  readonly options: IngestOptions;
  readonly processing: FileProcessing;
  /** `undefined` if the catalog already has the same asset. */
  readonly contents: FileContents | undefined;
  readonly smartCrops: readonly MadeSmartCrop[];
}

/**
 * The slow part of converting a stored file to an asset, or to a new version of the asset that it collides
 * with: detects its type, decodes it, and creates derivatives.
 *
 * @throws ItemFailure if the file cannot become an asset.
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
      ffmpeg: config.ffmpeg,
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

/** Whether an upload would change nothing. */
export async function isDuplicate(
  db: Db,
  existing: AssetRow,
  { file, processing, options }: Pick<PreparedIngest, 'file' | 'processing' | 'options'>,
): Promise<boolean> {
  if (!isSame(existing, file, processing)) return false;
  return !options.overwrite || !(await lacksSmartCrops(db, existing, options.smartCrops));
}

/** Adds assets to projects. They stay in those that they are already in. */
export async function addToProjects(
  tx: Db,
  assetIds: readonly number[],
  projectIds: readonly number[],
): Promise<void> {
  if (projectIds.length === 0 || assetIds.length === 0) return;
  const rows = projectIds.flatMap((projectId) => assetIds.map((assetId) => ({ projectId, assetId })));
  await tx.execute(sql`${insertOf(t.projectAssets, rows)} on conflict do nothing`);
}

/** The requested processing, with the crop of the existing asset if it is kept. */
function effectiveProcessing(
  options: IngestOptions,
  { type, mediaType }: FileType,
  existing: AssetRow | undefined,
): FileProcessing {
  const paged = PAGED_TYPES.find((each) => each === type);
  const pages = paged === undefined ? undefined : options.pages[paged];
  const processing: FileProcessing = {
    ...options.processing,
    ...(pages === undefined ? {} : { pages }),
    ...(mediaType === PHOTOSHOP && options.layers !== undefined ? { layers: options.layers } : {}),
    ...(type === 'Video' && options.thumbnailTime !== undefined
      ? { thumbnailTime: options.thumbnailTime }
      : {}),
  };
  const crop = options.keepCrop && options.overwrite ? existing?.processing['crop'] : undefined;
  if (crop === undefined) return processing;
  const { left, right, top, bottom } = crop as Record<'left' | 'right' | 'top' | 'bottom', number>;
  return { ...processing, crop: { by: 'margins', left, right, top, bottom } };
}
