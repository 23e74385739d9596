import type { Asset, GenerationInfo } from '@ips-sdk/types';
import { autoCropCorners } from '@ips-sdk/types/constants';
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { takenNameCondition } from '../access/permissions/asset-names.js';
import { requireAssets } from '../access/permissions/checks.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { requestedViewer } from '../access/permissions/requested-viewer.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { originalPathOf } from '../assets/asset-info.js';
import { loadAssets, wantedParts } from '../assets/asset-record.js';
import { assetsById } from '../assets/asset-store.js';
import { CATALOG_TYPES } from '../assets/asset-types.js';
import { permittedAsset, readableOf } from '../assets/permitted-objects.js';
import { smartCropsOf, subAssetOf } from '../assets/smart-crops.js';
import { ArchiveError, zipEntries } from '../assets/zip-entries.js';
import { anyOf, anyTextOf } from '../db/any-of.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, missingParameter, ruleBroken, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { cropMargins } from '../images/crop.js';
import { ImageError } from '../images/image-library.js';
import { processingOf } from '../images/processing.js';
import { withReadableImage } from '../images/readable-image.js';
import { typeConditions } from '../search/asset-scope.js';
import { containersOf, contentsOf, layerReferencesOf } from '../sets/containment.js';
import type { AreaHandlers } from './handler.js';

/** Operations that read given assets and their related data. */
export const assetReadHandlers: AreaHandlers = {
  getAssets: async (input, call) => {
    const company = companyOf(call);
    const viewer = await requestedViewer(call, input);
    const ids = input.assetHandleArray.map((handle, index) => assetId(handle, `assetHandleArray[${index}]`));
    const rows = await assetsById(call.db, company.id, ids);
    // In the order of the request; assets that do not exist are omitted.
    const known = [...new Set(ids)].flatMap((id) => rows.get(id) ?? []);
    const readable = await readableOf(call.db, viewer, known);
    return { assetArray: await loadAssets(call, company, readable, wantedParts(input, 'assetArray')) };
  },

  getAssetsByName: async (input, call) => {
    const company = companyOf(call);
    const allowed = await assetCondition(call.db, await requestedViewer(call, input), READ);
    const rows = await rowsWhere(
      call,
      company,
      // The index contains names in lower case.
      named(input.nameArray),
      anyTextOf(t.assets.name, input.nameArray),
      eq(t.assets.trashState, 'NotInTrash'),
      ...typeConditions(input),
      ...(allowed === undefined ? [] : [allowed]),
    );
    return { assetArray: await loadAssets(call, company, rows, wantedParts(input, 'assetArray')) };
  },

  getAssociatedAssets: async (input, call) => {
    const company = companyOf(call);
    const row = await permittedAsset(call, input.assetHandle, READ);
    const viewer = await callerOf(call);
    const load = async (rows: readonly AssetRow[]): Promise<Asset[]> =>
      loadAssets(call, company, await readableOf(call.db, viewer, rows));
    const derived = await rowsWhere(
      call,
      company,
      eq(t.assets.ownerId, row.id),
      isNull(t.assets.engine),
      eq(t.assets.trashState, 'NotInTrash'),
    );
    const related = await assetsById(
      call.db,
      company.id,
      [row.ownerId, row.thumbAssetId].filter((id) => id !== null),
    );
    const owner = row.ownerId === null ? undefined : related.get(row.ownerId);
    const thumb = row.thumbAssetId === null ? undefined : related.get(row.thumbAssetId);
    const [thumbAsset] = thumb === undefined ? [] : await load([thumb]);
    // A document contains the pages created from it.
    const isPage = owner?.type === 'Pdf' && row.type === 'Image' && row.engine !== null;
    const document = isPage && owner.trashState === 'NotInTrash' ? [owner] : [];
    return {
      containerArray: await load([...document, ...(await containersOf(call.db, company, row))]),
      memberArray: await load(await contentsOf(call.db, company, row)),
      layerReferenceArray: await load(await layerReferencesOf(call.db, company, row)),
      ownerArray: owner !== undefined && row.engine === null ? await load([owner]) : [],
      derivedArray: await load(derived),
      generatorArray: await generations(call, company, { generated: row.id }),
      generatedArray: await generations(call, company, { originator: row.id }),
      ...(thumbAsset === undefined ? {} : { thumbAsset }),
      subAssetArray: (await smartCropsOf(call.db, row.id)).map(subAssetOf),
    };
  },

  getGenerationInfo: async (input, call) => {
    const company = companyOf(call);
    const { originatorHandle, generatedHandle, engine } = input;
    if (originatorHandle === undefined && generatedHandle === undefined) {
      throw missingParameter('originatorHandle or generatedHandle');
    }
    const find = async (handle: string | undefined, path: string): Promise<number | undefined> =>
      handle === undefined ? undefined : (await permittedAsset(call, handle, READ, path)).id;
    return {
      generationArray: await generations(call, company, {
        originator: await find(originatorHandle, 'originatorHandle'),
        generated: await find(generatedHandle, 'generatedHandle'),
        engine,
      }),
    };
  },

  getOriginalFilePaths: async (input, call) => {
    const company = companyOf(call);
    const ids = input.assetHandleArray.map((handle, index) => assetId(handle, `assetHandleArray[${index}]`));
    const rows = await assetsById(call.db, company.id, ids);
    const folders = await call.db
      .select({ id: t.folders.id, path: t.folders.path })
      .from(t.folders)
      .where(anyOf(t.folders.id, [...new Set([...rows.values()].map(({ folderId }) => folderId))]));
    const paths = new Map(folders.map(({ id, path }) => [id, path]));
    const known = ids.filter((id) => rows.has(id));
    await requireAssets(
      call.db,
      await callerOf(call),
      known,
      READ,
      (index) => `assetHandleArray[${ids.indexOf(known[index] ?? 0)}]`,
    );
    return {
      originalFileArray: ids.flatMap((id, index) => {
        const row = rows.get(id);
        if (row === undefined) {
          throw unknownHandle(`assetHandleArray[${index}]`, input.assetHandleArray[index] ?? '');
        }
        // Sets, views and templates have no file.
        if (row.originalFile === null) return [];
        const { path, file } = originalPathOf(row, paths.get(row.folderId) ?? company.rootPath);
        return [`${path}${file}`];
      }),
    };
  },

  checkAssetNames: async (input, call) => {
    const company = companyOf(call);
    const found = await call.db
      .selectDistinct({ name: t.assets.name })
      .from(t.assets)
      .where(
        and(
          eq(t.assets.companyId, company.id),
          named(input.assetNameArray),
          anyTextOf(t.assets.type, [...CATALOG_TYPES]),
          sql`${t.assets.trashState} <> 'InEmptiedTrash'`,
          await takenNameCondition(call),
        ),
      );
    const taken = new Set(found.map(({ name }) => name.toLowerCase()));
    return { inUseNameArray: input.assetNameArray.filter((name) => taken.has(name.toLowerCase())) };
  },

  getZipEntries: async (input, call) => {
    const row = await permittedAsset(call, input.assetHandle, READ);
    if (row.type !== 'Zip' || row.originalFile === null) {
      throw invalidParameter('assetHandle', input.assetHandle, 'an asset of type Zip');
    }
    const { files, config } = call.services;
    const file = await files.path(row.originalFile);
    try {
      return { zipArray: await zipEntries(file, config.limits.maxArchiveEntries, config.timeZone) };
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      throw ruleBroken(`the archive '${row.name}' cannot be read: ${error.message}`);
    }
  },

  getAutoCropRect: async (input, call) => {
    const row = await permittedAsset(call, input.assetHandle, READ);
    if (row.type !== 'Image' || row.originalFile === null) {
      throw invalidParameter('assetHandle', input.assetHandle, 'an asset of type Image');
    }
    const { autoColorCropOptions, autoTransparentCropOptions } = input;
    const corner = autoColorCropOptions?.corner;
    if (corner !== undefined && !(autoCropCorners as readonly string[]).includes(corner)) {
      throw invalidParameter('autoColorCropOptions/corner', corner, autoCropCorners.join(', '));
    }
    const { crop } = processingOf({ autoColorCropOptions, autoTransparentCropOptions });
    if (crop === undefined) throw missingParameter('autoColorCropOptions or autoTransparentCropOptions');
    const { maxPixels } = call.services.config.limits;
    const file = await call.services.files.path(row.originalFile);
    try {
      const image = { path: file, mediaType: row.mediaType ?? '', maxPixels };
      return await withReadableImage(image, async ({ path, probe }) => {
        const { width, height } = probe;
        const margins = await cropMargins(path, probe, crop, maxPixels);
        const { left, right, top, bottom } = margins ?? { left: 0, right: 0, top: 0, bottom: 0 };
        return { xOffset: left, yOffset: top, width: width - left - right, height: height - top - bottom };
      });
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw ruleBroken(`the image '${row.name}' cannot be cropped: ${error.message}`);
    }
  },
};

/** Whether an asset has one of some names, regardless of case. */
const named = (names: readonly string[]): SQL =>
  sql`lower(${t.assets.name}) = any(array(select lower(n.name) from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) n(name)))`;

function assetId(handle: string, path: string): number {
  const id = parseAssetHandle(handle);
  if (id === undefined) throw unknownHandle(path, handle);
  return id;
}

function rowsWhere(call: Call, company: CompanyRow, ...conditions: SQL[]): Promise<AssetRow[]> {
  return call.db
    .select()
    .from(t.assets)
    .where(and(eq(t.assets.companyId, company.id), ...conditions))
    .orderBy(asc(t.assets.id));
}

/** Generations of assets from others: all of one originator, that of one generated asset, or both. */
async function generations(
  call: Call,
  company: CompanyRow,
  asked: { originator?: number | undefined; generated?: number | undefined; engine?: string | undefined },
): Promise<GenerationInfo[]> {
  const conditions: SQL[] = [
    sql`${t.assets.engine} is not null`,
    sql`${t.assets.ownerId} is not null`,
    eq(t.assets.trashState, 'NotInTrash'),
  ];
  if (asked.originator !== undefined) conditions.push(eq(t.assets.ownerId, asked.originator));
  if (asked.generated !== undefined) conditions.push(eq(t.assets.id, asked.generated));
  if (asked.engine !== undefined) conditions.push(eq(t.assets.engine, asked.engine));
  const viewer = await callerOf(call);
  const rows = await readableOf(call.db, viewer, await rowsWhere(call, company, ...conditions));
  const owners = await assetsById(
    call.db,
    company.id,
    rows.map(({ ownerId }) => ownerId).filter((id) => id !== null),
  );
  const assets = await loadAssets(call, company, rows);
  const ownerRows = await readableOf(call.db, viewer, [...owners.values()]);
  const originators = await loadAssets(call, company, ownerRows);
  const byId = new Map(ownerRows.map(({ id }, index) => [id, originators[index]]));
  return rows.flatMap((row, index) => {
    const originator = byId.get(row.ownerId ?? 0);
    if (originator === undefined) return [];
    return [
      {
        engine: row.engine ?? '',
        originator,
        generated: assets[index],
        attributeArray: attributesOf(row.info['generation']),
      },
    ];
  });
}

/** Facts of a generation, such as the number of a page. */
function attributesOf(generation: unknown): { name: string; value: string }[] {
  if (typeof generation !== 'object' || generation === null) return [];
  return Object.entries(generation).map(([name, value]) => ({ name, value: String(value) }));
}
