// The slow part of a seed's assets, before anything is written to the database: files are stored and decoded, pictures drawn.
import { availableParallelism } from 'node:os';
import type { MadeSmartCrop } from '../assets/smart-crops.js';
import { ItemFailure } from '../failures.js';
import type { StoredFile } from '../files/file-store.js';
import { unknownTypeMessage } from '../images/file-type.js';
import { drawPicture } from '../images/generated-picture.js';
import { ImageError } from '../images/image-library.js';
import type { Services } from '../services.js';
import { type ExaminedFile, examinedFile } from './examined-file.js';
import { madeCrops } from './seed-crops.js';
import { SeedError } from './seed-error.js';
import { type SeedDirectory, storeSeedFile } from './seed-files.js';
import { fileNameOfAsset, nameOfAsset } from './seed-names.js';
import type { SeedAsset, SeedPicture } from './seed-types.js';

/** An asset of a seed, with its place there. */
export interface PlannedAsset {
  /** The place, such as `companies[0].folders[2].assets[1]`. */
  readonly path: string;
  /** Path below the company's root, with a slash at its end; empty for the root. */
  readonly folder: string;
  readonly name: string;
  readonly fileName: string;
  /** Its number among those with the same description, from 1. */
  readonly number: number;
  readonly asset: SeedAsset;
}

/** An asset that is ready to be written. */
export interface PreparedAsset extends PlannedAsset {
  readonly file: ExaminedFile;
  readonly smartCrops: readonly MadeSmartCrop[];
}

/** The assets of a folder in a seed. */
export function plannedAssets(
  path: string,
  folder: string,
  assets: readonly SeedAsset[],
): readonly PlannedAsset[] {
  return assets.flatMap((asset, index) =>
    Array.from({ length: asset.count ?? 1 }, (_, at) => ({
      path: `${path}[${index}]`,
      folder,
      name: nameOfAsset(asset, at + 1),
      fileName: fileNameOfAsset(asset, at + 1),
      number: at + 1,
      asset,
    })),
  );
}

/**
 * Stores and examines the files of assets, several at once. Equal files and equal pictures are examined once.
 *
 * @throws SeedError for the first file that cannot become an asset.
 */
export async function prepareAssets(
  services: Services,
  directory: SeedDirectory | undefined,
  planned: readonly PlannedAsset[],
): Promise<readonly PreparedAsset[]> {
  const pictures = new Map<string, Promise<ExaminedFile>>();
  const prepared: PreparedAsset[] = [];
  const entries = planned.entries();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const [index, each] of entries) {
      if (failed) return;
      const file = await prepare(services, directory, each, pictures);
      const smartCrops = await madeCrops(services, `${each.path}.smartCrops`, file, each.asset.smartCrops);
      prepared[index] = { ...each, file, smartCrops };
    }
  };
  const workers = Array.from({ length: Math.min(4, availableParallelism()) }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // Waits for all of them, so that none works on after an error.
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return prepared;
}

async function prepare(
  services: Services,
  directory: SeedDirectory | undefined,
  { path, asset, fileName, number }: PlannedAsset,
  pictures: Map<string, Promise<ExaminedFile>>,
): Promise<ExaminedFile> {
  if (asset.generate === undefined) {
    const at = `${path}.file`;
    const stored = await storeSeedFile(services.files, directory, at, asset.file ?? '');
    return examine(services, at, fileName, stored);
  }
  const picture = described(asset.generate, number);
  const key = JSON.stringify(picture);
  const known = pictures.get(key);
  if (known !== undefined) return known;
  const made = drawPicture(picture).then(async (bytes) =>
    examine(services, `${path}.generate`, fileName, await services.files.put(bytes)),
  );
  pictures.set(key, made);
  return made;
}

function described(picture: SeedPicture, number: number): Parameters<typeof drawPicture>[0] {
  return {
    width: picture.width,
    height: picture.height,
    color: picture.color ?? '#808080',
    background: picture.background ?? '#ffffff',
    pattern: picture.pattern ?? 'plain',
    text: (picture.text ?? '').replaceAll('{n}', String(number)),
    format: picture.format ?? 'png',
  };
}

async function examine(
  { files, config }: Services,
  path: string,
  fileName: string,
  stored: StoredFile,
): Promise<ExaminedFile> {
  try {
    const { maxPixels } = config.limits;
    const examined = await examinedFile(fileName, { files, stored, maxPixels, ffmpeg: config.ffmpeg });
    if (examined === undefined) throw new SeedError(path, unknownTypeMessage(fileName));
    return examined;
  } catch (error) {
    if (error instanceof ImageError || error instanceof ItemFailure)
      throw new SeedError(path, `${fileName}: ${error.message}`, error);
    throw error;
  }
}
