import type { SeedAsset, SeedPicture } from './seed-types.js';

/** The extensions of generated pictures. */
const EXTENSIONS: Readonly<Record<NonNullable<SeedPicture['format']>, string>> = {
  png: '.png',
  jpeg: '.jpg',
  tiff: '.tif',
  gif: '.gif',
};

/** The last part of a path. */
export const fileNameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The extension of a file name with its dot; empty if it has none. */
export const extensionOf = (fileName: string): string => /(?<=.)\.[^.]+$/.exec(fileName)?.[0] ?? '';

/**
 * The name of an asset.
 *
 * @param n - Its number among those with the same description, from 1.
 */
export function nameOfAsset({ file = '', name }: SeedAsset, n: number): string {
  if (name !== undefined) return name.replaceAll('{n}', String(n));
  const fileName = fileNameOf(file);
  return fileName.slice(0, fileName.length - extensionOf(fileName).length);
}

/** The file name of an asset, which begins with its name. */
export function fileNameOfAsset(asset: SeedAsset, n: number): string {
  const { file, generate } = asset;
  const extension =
    generate === undefined ? extensionOf(fileNameOf(file ?? '')) : EXTENSIONS[generate.format ?? 'png'];
  return `${nameOfAsset(asset, n)}${extension}`;
}

/** A path below the root of a company, with a slash at its end; empty for the root. */
export function folderPathOf(path: string): string {
  const steps = path.split('/').filter((step) => step !== '');
  return steps.map((step) => `${step}/`).join('');
}
