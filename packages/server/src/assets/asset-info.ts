import type { ImageMap, Mask, ZoomTarget } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import type { AssetRow } from '../db/rows.js';
import type { InfoField } from './asset-types.js';
import type { ViewerSettings } from './viewer-settings.js';

/** The data for the details of an asset besides its row. */
export interface InfoSource {
  readonly folder: string;
  readonly imageUrl: string;
  readonly imageMaps?: readonly ImageMap[] | undefined;
  readonly zoomTargets?: readonly ZoomTarget[] | undefined;
  readonly masks?: readonly Mask[] | undefined;
  readonly viewer?: ViewerSettings | undefined;
}

/** The names and contract types of the fields of each kind of details. */
const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map(
  fieldsOf('Asset')
    .filter(([name]) => name.endsWith('Info'))
    .map(([name, type]) => [name, fieldsOf(type)]),
);

type Field = readonly [name: string, type: string, min: number, max: number];

function fieldsOf(type: string): readonly Field[] {
  const definition = contract.types[type];
  return definition !== undefined && 'fields' in definition ? (definition.fields as readonly Field[]) : [];
}

/**
 * Details of an asset: the known fields in the contract for its type. Fields without a column come from
 * `info` of the row.
 */
export function typeInfoOf(row: AssetRow, infoField: InfoField, source: InfoSource): Record<string, unknown> {
  const known = knownOf(row, source);
  const result: Record<string, unknown> = {};
  for (const [name, type] of FIELDS.get(infoField) ?? []) {
    const value = known[name] ?? fitting(row.info[name], type);
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

/**
 * The path of an asset's file at upload, even if the asset was moved or renamed since.
 *
 * @param folder - The current folder of the asset.
 */
export function originalPathOf(
  row: AssetRow,
  folder: string,
): { readonly path: string; readonly file: string } {
  const whole = row.info['originalPath'];
  const path = typeof whole === 'string' && whole !== '' ? whole : `${folder}${row.fileName}`;
  const slash = path.lastIndexOf('/') + 1;
  return { path: path.slice(0, slash), file: path.slice(slash) };
}

/** The path of an asset's optimized file, if it has one. */
export function optimizedPathOf(
  row: Pick<AssetRow, 'name' | 'optimizedFile'>,
  folder: string,
): { readonly path: string; readonly file: string } | undefined {
  return row.optimizedFile === null ? undefined : { path: folder, file: `${row.name}.tif` };
}

function knownOf(row: AssetRow, source: InfoSource): Readonly<Record<string, unknown>> {
  const original = row.originalFile === null ? undefined : originalPathOf(row, source.folder);
  const optimized = optimizedPathOf(row, source.folder);
  return {
    ...(row.type === 'Image' ? imageDefaults(row) : {}),
    originalPath: original?.path,
    originalFile: original?.file,
    ...(optimized === undefined ? {} : { optimizedPath: optimized.path, optimizedFile: optimized.file }),
    ...(row.thumbFile === null ? {} : { imagePath: source.folder, imageFile: `${row.name}.jpg` }),
    ...maskOf(row, source.folder),
    width: row.width,
    height: row.height,
    fileSize: row.fileSize,
    resolution: row.resolution,
    url: source.imageUrl,
    urlModifier: row.urlModifier ?? (row.type === 'Image' ? '' : undefined),
    urlPostApplyModifier: row.urlPostApplyModifier ?? (row.type === 'Image' ? '' : undefined),
    zoomTargets: source.zoomTargets ?? [],
    masks: source.masks ?? [],
    imageMaps: source.imageMaps ?? [],
    setDefinition: row.setDefinition,
    ...(source.viewer === undefined
      ? {}
      : { type: source.viewer.type, configSettingArray: source.viewer.settings }),
  };
}

/** Defaults for unset fields of an image: the center as its anchor, and its name. */
function imageDefaults({ info, xmp, name, width, height }: AssetRow): Record<string, unknown> {
  const [description = name] = [xmp['dc.description'] ?? []].flat();
  return {
    sku: info['sku'] ?? name,
    description: info['description'] ?? description,
    anchorX: info['anchorX'] ?? half(width),
    anchorY: info['anchorY'] ?? half(height),
  };
}

const half = (size: number | null): number | undefined => (size === null ? undefined : Math.floor(size / 2));

function maskOf(row: AssetRow, folder: string): Record<string, string> {
  if (row.type === 'Mask') return { maskPath: folder, maskFile: row.fileName };
  return row.maskFile === null ? {} : { maskPath: folder, maskFile: `${row.name}_mask.tif` };
}

/** A value in the free-form details, if its type matches the contract. */
function fitting(value: unknown, type: string): unknown {
  switch (type) {
    case 'xsd:string':
      return typeof value === 'string' ? value : undefined;
    case 'xsd:int':
    case 'xsd:long':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'xsd:double':
      return Number.isFinite(value) ? value : undefined;
    default:
      return undefined;
  }
}
