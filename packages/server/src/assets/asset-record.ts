import type { Asset, ImageMap, Mask, Metadata, Permission, ZoomTarget } from '@ips-sdk/types';
import { and, asc, eq } from 'drizzle-orm';
import { permissionsOfAssets } from '../access/permissions/effective-sets.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { assetHandle, folderHandle, imageMapHandle, zoomTargetHandle } from '../handles.js';
import { fieldsOfCompany } from '../metadata/field-store.js';
import { appliesTo, defaultValues, metadataOf } from '../metadata/field-types.js';
import { optimizedPathOf, originalPathOf, typeInfoOf } from './asset-info.js';
import { infoFieldOf } from './asset-types.js';
import { VIEWER_PRESET, type ViewerSettings, viewerSettingsOf } from './viewer-settings.js';

/** The data of an asset besides its row. */
export interface AssetDetails {
  /** Path of its folder. */
  readonly folder: string;
  /** URL of its image, without image serving commands. */
  readonly imageUrl: string;
  /** The same URL, relative to the root of image serving. */
  readonly relativeUrl: string;
  readonly createUser?: string | undefined;
  readonly lastModifyUser?: string | undefined;
  /** Names of its projects. */
  readonly projects?: readonly string[] | undefined;
  readonly metadata?: readonly Metadata[] | undefined;
  readonly imageMaps?: readonly ImageMap[] | undefined;
  readonly zoomTargets?: readonly ZoomTarget[] | undefined;
  readonly masks?: readonly Mask[] | undefined;
  /** The permissions that apply to it; `undefined` where no set does. */
  readonly permissions?: readonly Permission[] | undefined;
  /** Settings of a viewer preset. */
  readonly viewer?: ViewerSettings | undefined;
}

/** An asset as returned by the API. {@link loadAssets} also loads its details. */
function assetOf(row: AssetRow, details: AssetDetails): Asset {
  const infoField = infoFieldOf(row.type);
  return {
    assetHandle: assetHandle(row.id),
    type: row.type,
    ...(row.subType === null ? {} : { subType: row.subType }),
    name: row.name,
    fileName: row.fileName,
    folder: details.folder,
    folderHandle: folderHandle(details.folder),
    readyForPublish: row.readyForPublish,
    trashState: row.trashState,
    projects: (details.projects ?? []).join(','),
    ipsImageUrl: details.relativeUrl,
    created: row.created.toISOString(),
    ...(details.createUser === undefined ? {} : { createUser: details.createUser }),
    lastModified: row.lastModified.toISOString(),
    ...(details.lastModifyUser === undefined ? {} : { lastModifyUser: details.lastModifyUser }),
    metadataArray: [...(details.metadata ?? [])],
    ...(details.permissions === undefined ? {} : { permissions: [...details.permissions] }),
    ...(infoField === undefined ? {} : { [infoField]: typeInfoOf(row, infoField, details) }),
  };
}

/** Parts of an asset that are loaded only on request. */
export type AssetPart = 'users' | 'projects' | 'metadata' | 'permissions' | 'info';

const ALL_PARTS: ReadonlySet<AssetPart> = new Set(['users', 'projects', 'metadata', 'permissions', 'info']);

/** The requirements for loading assets; a `Call` meets them. */
export interface AssetSource {
  readonly db: Db;
  readonly services: { readonly baseUrl: () => string };
}

/**
 * The assets of rows, in the same order, with their details. The number of queries does not depend on the
 * number of rows. All rows must belong to the company.
 */
export async function loadAssets(
  { db, services }: AssetSource,
  company: { readonly id: number; readonly rootPath: string },
  rows: readonly AssetRow[],
  parts: ReadonlySet<AssetPart> = ALL_PARTS,
): Promise<Asset[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const folders = await foldersOf(db, rows);
  const emails = parts.has('users') ? await emailsOf(db, rows) : undefined;
  const projects = parts.has('projects') ? await projectsOf(db, ids) : undefined;
  const metadata = parts.has('metadata') ? await metadataOfAssets(db, company.id, rows) : undefined;
  const permissions = parts.has('permissions') ? await permissionsOfAssets(db, rows) : undefined;
  const info = parts.has('info') ? await infoDetails(db, rows, folders) : undefined;
  const prefix = `${services.baseUrl()}/is/image/${company.rootPath}`;
  return rows.map((row) => {
    const folder = folders.get(row.folderId) ?? company.rootPath;
    return assetOf(row, {
      folder,
      imageUrl: `${prefix}${encodeURIComponent(row.name)}`,
      relativeUrl: relativeUrl(row, folder, company),
      createUser: row.createUserId === null ? undefined : emails?.get(row.createUserId),
      lastModifyUser: row.lastModifyUserId === null ? undefined : emails?.get(row.lastModifyUserId),
      projects: projects?.get(row.id),
      metadata: metadata?.get(row.id),
      permissions: permissions?.get(row.id),
      imageMaps: info?.imageMaps.get(row.id),
      zoomTargets: info?.zoomTargets.get(row.id),
      masks: info?.masks.get(row.id),
      viewer: info?.viewers.get(row.id),
    });
  });
}

/** The path of the optimized file in URLs. Assets without one are found by name. */
function relativeUrl(row: AssetRow, folder: string, { rootPath }: { readonly rootPath: string }): string {
  const { path, file } = optimizedPathOf(row, folder) ?? { path: rootPath, file: row.name };
  return `${path}${file}`.split('/').map(encodeURIComponent).join('/');
}

/**
 * The requested parts of assets, according to the response filters.
 *
 * @param place - The path of the assets in the response, such as `assetArray/items`.
 */
export function wantedParts(
  input: {
    readonly responseFieldArray?: readonly string[] | undefined;
    readonly excludeFieldArray?: readonly string[] | undefined;
  },
  place: string,
): ReadonlySet<AssetPart> {
  const asked = (input.responseFieldArray ?? []).map(withoutItems);
  const excluded = new Set((input.excludeFieldArray ?? []).map(withoutItems));
  const wants = (field: string): boolean => {
    const path = withoutItems(`${place}/${field}`);
    if (excluded.has(path)) return false;
    return (
      asked.length === 0 ||
      asked.some((each) => path === each || path.startsWith(`${each}/`) || each.startsWith(`${path}/`))
    );
  };
  const parts = new Set<AssetPart>();
  if (wants('createUser') || wants('lastModifyUser')) parts.add('users');
  if (wants('projects')) parts.add('projects');
  if (wants('metadataArray')) parts.add('metadata');
  if (wants('permissions')) parts.add('permissions');
  if (wants('imageInfo') || wants('viewerPresetInfo')) parts.add('info');
  return parts;
}

/** The level `items` in a path is optional. */
const withoutItems = (path: string): string =>
  path
    .split('/')
    .filter((step) => step !== '' && step !== 'items')
    .join('/');

async function foldersOf(db: Db, rows: readonly AssetRow[]): Promise<Map<number, string>> {
  const ids = [...new Set(rows.map(({ folderId }) => folderId))];
  const found = await db
    .select({ id: t.folders.id, path: t.folders.path })
    .from(t.folders)
    .where(anyOf(t.folders.id, ids));
  return new Map(found.map(({ id, path }) => [id, path]));
}

async function emailsOf(db: Db, rows: readonly AssetRow[]): Promise<Map<number, string>> {
  const ids = new Set(rows.flatMap(({ createUserId, lastModifyUserId }) => [createUserId, lastModifyUserId]));
  ids.delete(null);
  if (ids.size === 0) return new Map();
  const found = await db
    .select({ id: t.users.id, email: t.users.email })
    .from(t.users)
    .where(anyOf(t.users.id, [...ids] as number[]));
  return new Map(found.map(({ id, email }) => [id, email]));
}

async function projectsOf(db: Db, ids: readonly number[]): Promise<Map<number, string[]>> {
  const found = await db
    .select({ assetId: t.projectAssets.assetId, name: t.projects.name })
    .from(t.projectAssets)
    .innerJoin(t.projects, eq(t.projects.id, t.projectAssets.projectId))
    .where(anyOf(t.projectAssets.assetId, ids))
    .orderBy(asc(t.projects.name));
  return grouped(
    found,
    ({ assetId }) => assetId,
    ({ name }) => name,
  );
}

async function metadataOfAssets(
  db: Db,
  companyId: number,
  rows: readonly AssetRow[],
): Promise<Map<number, Metadata[]>> {
  const fields = await fieldsOfCompany(db, companyId);
  if (fields.length === 0) return new Map();
  const found = await db
    .select()
    .from(t.metadataValues)
    .where(
      anyOf(
        t.metadataValues.assetId,
        rows.map(({ id }) => id),
      ),
    );
  const values = new Map(found.map((each) => [`${each.assetId} ${each.fieldId}`, each.values]));
  return new Map(
    rows.map((row) => [
      row.id,
      fields.flatMap((field) => {
        if (!appliesTo(field, row.type)) return [];
        const own = values.get(`${row.id} ${field.id}`) ?? defaultValues(field);
        return own.length === 0 ? [] : [metadataOf(field, own)];
      }),
    ]),
  );
}

async function infoDetails(db: Db, rows: readonly AssetRow[], folders: ReadonlyMap<number, string>) {
  const images = rows.filter(({ type }) => type === 'Image').map(({ id }) => id);
  const presets = rows.filter(({ type }) => type === VIEWER_PRESET);
  const maps = images.length === 0 ? [] : await imageMapRows(db, images);
  const targets = images.length === 0 ? [] : await zoomTargetRows(db, images);
  const masks =
    images.length === 0
      ? []
      : await db
          .select()
          .from(t.assets)
          .where(and(anyOf(t.assets.ownerId, images), eq(t.assets.type, 'Mask')))
          .orderBy(asc(t.assets.id));
  return {
    imageMaps: grouped(maps, ({ assetId }) => assetId, imageMapOf),
    zoomTargets: grouped(targets, ({ assetId }) => assetId, zoomTargetOf),
    masks: grouped(
      masks,
      ({ ownerId }) => ownerId ?? 0,
      (row): Mask => ({
        maskHandle: assetHandle(row.id),
        name: row.name,
        maskPath: originalPathOf(row, folders.get(row.folderId) ?? '').path,
        maskFile: row.fileName,
        lastModified: row.lastModified.toISOString(),
      }),
    ),
    viewers: await viewerSettingsOf(db, presets),
  };
}

function imageMapRows(db: Db, assetIds: readonly number[]) {
  return db
    .select()
    .from(t.imageMaps)
    .where(anyOf(t.imageMaps.assetId, assetIds))
    .orderBy(asc(t.imageMaps.position), asc(t.imageMaps.id));
}

function zoomTargetRows(db: Db, assetIds: readonly number[]) {
  return db
    .select()
    .from(t.zoomTargets)
    .where(anyOf(t.zoomTargets.assetId, assetIds))
    .orderBy(asc(t.zoomTargets.position), asc(t.zoomTargets.id));
}

const imageMapOf = (row: typeof t.imageMaps.$inferSelect): ImageMap => ({
  imageMapHandle: imageMapHandle(row),
  name: row.name,
  region: row.region,
  action: row.action,
  shapeType: row.shapeType,
  position: row.position,
  enabled: row.enabled,
  lastModified: row.lastModified.toISOString(),
});

const zoomTargetOf = (row: typeof t.zoomTargets.$inferSelect): ZoomTarget => ({
  zoomTargetHandle: zoomTargetHandle(row),
  name: row.name,
  xPosition: row.x,
  yPosition: row.y,
  width: row.width,
  height: row.height,
  ...(row.userData === null ? {} : { userData: row.userData }),
  position: row.position,
  lastModified: row.lastModified.toISOString(),
});

function grouped<Row, Key, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  itemOf: (row: Row) => Value,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [itemOf(row)]);
    else group.push(itemOf(row));
  }
  return groups;
}
