import { eq, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { READ, READ_WRITE, type Right } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { claimCatalogName, inTransaction } from '../assets/asset-changes.js';
import { changedBy, checkAssetName } from '../assets/asset-store.js';
import { commitIngest } from '../assets/commit-ingest.js';
import { columnsOf } from '../assets/content-columns.js';
import { type PreparedIngest, prepareIngest } from '../assets/ingest.js';
import { ingestOptionsOf } from '../assets/ingest-options.js';
import { permittedFolder, permittedLiveAsset } from '../assets/permitted-objects.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { invalidParameter, ruleBroken } from '../faults.js';
import { assetHandle } from '../handles.js';
import { ImageError } from '../images/image-library.js';
import { sourceFacts } from '../images/image-source.js';
import { renderImage } from '../images/render.js';
import { isSized, parseRenderRequest, RenderRequestError, withValues } from '../images/render-request.js';
import { macrosOf } from '../publish/image-formats.js';
import type { AreaHandlers } from './handler.js';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/tiff': '.tif',
  'image/gif': '.gif',
};

/** Operations that render an image by image serving commands and store the result. */
export const imageCopyHandlers: AreaHandlers = {
  copyImage: async (input, call) => {
    const company = companyOf(call);
    const source = await findImage(call, input.assetHandle, READ);
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    checkAssetName(input.name);
    const prepared = await drawn(call, source, input.urlModifier, `${folder.path}${input.name}`);
    const { asset } = await inTransaction(call, async (tx) => {
      await claimCatalogName(tx, company, input.name);
      return commitIngest(tx, placeOf(call), prepared);
    });
    return { assetHandle: assetHandle(asset.id) };
  },

  // The asset keeps everything except its file: name, folder, metadata, maps and targets.
  replaceImage: async (input, call) => {
    const image = await findImage(call, input.assetHandle, READ_WRITE);
    const [folder] = await call.db.select().from(t.folders).where(eq(t.folders.id, image.folderId));
    const baseName = image.fileName.replace(/\.[^./]+$/, '');
    const prepared = await drawn(call, image, input.urlModifier, `${folder?.path ?? ''}${baseName}`);
    const { contents, file, type, processing, incoming } = prepared;
    // Nothing to do if the result is the same image.
    if (contents === undefined) return { assetHandle: assetHandle(image.id) };
    await call.db
      .update(t.assets)
      .set({
        ...columnsOf(contents, file.stored, type, processing),
        fileName: incoming.fileName,
        info: sql`(${t.assets.info} - 'originalPath') || ${JSON.stringify(contents.info)}::jsonb`,
        ...changedBy(call),
      })
      .where(eq(t.assets.id, image.id));
    return { assetHandle: assetHandle(image.id) };
  },
};

async function findImage(call: Call, handle: string, rights: readonly Right[]): Promise<AssetRow> {
  const asset = await permittedLiveAsset(call, handle, rights);
  if (asset.type !== 'Image' || asset.originalFile === null) {
    throw invalidParameter('assetHandle', handle, 'an asset of type Image');
  }
  return asset;
}

const placeOf = (call: Call) => ({
  services: call.services,
  company: companyOf(call),
  userId: call.identity.user.id,
  viewer: (db: Db) => callerOf(call, db),
});

/**
 * An image rendered by commands, ready to become an asset. It has the size of the source unless the commands
 * set other values, and is lossless unless they name a lossy format.
 *
 * @param path - For the file, without extension.
 */
async function drawn(
  call: Call,
  source: AssetRow,
  urlModifier: string,
  path: string,
): Promise<PreparedIngest> {
  const { files, config } = call.services;
  const { maxPixels } = config.limits;
  const options = await ingestOptionsOf(
    call.db,
    companyOf(call),
    { overwrite: false, readyForPublish: false },
    call.operation,
  );
  try {
    const { find: macro } = await macrosOf(call.db, config, source.companyId);
    const asked = parseRenderRequest([urlModifier], undefined, { macro });
    const from = { path: await files.path(source.optimizedFile ?? source.originalFile ?? ''), maxPixels };
    const { hasAlpha } = await sourceFacts(from);
    const image = await renderImage(
      from,
      withValues(asked, {
        fmt: asked.image.values.fmt ?? [hasAlpha ? 'tif-alpha' : 'tif', undefined, 'lzw'],
        ...(isSized(asked) ? {} : { scl: 1 }),
      }),
    );
    const stored = await files.put(image.data);
    const file = { path: `${path}${EXTENSIONS[image.mediaType] ?? ''}`, stored };
    return await prepareIngest(placeOf(call), file, options);
  } catch (error) {
    if (error instanceof RenderRequestError) {
      throw invalidParameter('urlModifier', urlModifier, `image serving commands: ${error.message}`);
    }
    if (error instanceof ImageError || error instanceof ItemFailure) {
      throw ruleBroken(`the image '${source.name}' cannot be rendered: ${error.message}`);
    }
    throw error;
  }
}
