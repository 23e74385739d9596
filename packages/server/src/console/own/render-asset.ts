import { eq } from 'drizzle-orm';
import type { AssetRow } from '../../db/rows.js';
import * as t from '../../db/schema.js';
import { ConcurrencyLimit } from '../../http/concurrency-limit.js';
import { ImageError } from '../../images/image-library.js';
import { notDelivered } from '../../images/image-source.js';
import { renderImage } from '../../images/render.js';
import { parseRenderRequest } from '../../images/render-request.js';
import { deliveryCompany } from '../../publish/delivery-settings.js';
import { macrosOf } from '../../publish/image-formats.js';
import type { Services } from '../../services.js';

/** Renders for the console leave the machine to the deliveries of the server. */
const renders = new ConcurrencyLimit(1, 300);

/** Commands that the thumbnail in the store can answer: a longer side up to its own. */
const SMALL = /^wid=(\d{1,3})&hei=\1&fit=constrain(?:,[01])?&fmt=(?:jpeg|png-alpha)$/;

/** The longer side of a stored thumbnail. */
const THUMB = 256;

/**
 * A picture of an asset, published or not; `undefined` if it has none.
 *
 * @param root - The root folder of its company, without the slash.
 */
export async function renderAsset(
  services: Services,
  root: string,
  asset: AssetRow,
  commands: string,
): Promise<{ readonly mediaType: string; readonly data: Uint8Array } | undefined> {
  const { db, files, config } = services;
  const shown = await pictured(services, asset);
  const size = Number(SMALL.exec(commands)?.[1] ?? Number.POSITIVE_INFINITY);
  const source =
    size <= THUMB && shown.thumbFile !== null
      ? { file: shown.thumbFile, mediaType: undefined }
      : shown.optimizedFile !== null
        ? { file: shown.optimizedFile, mediaType: 'image/tiff' }
        : shown.originalFile !== null &&
            shown.mediaType !== null &&
            notDelivered(shown.mediaType) === undefined
          ? { file: shown.originalFile, mediaType: shown.mediaType }
          : shown.thumbFile !== null
            ? { file: shown.thumbFile, mediaType: undefined }
            : undefined;
  if (source === undefined || (await files.size(source.file)) === undefined) return undefined;
  const texts =
    source.file === shown.thumbFile ? [commands] : [asset.urlModifier, commands, asset.urlPostApplyModifier];
  const owner = await deliveryCompany(db, root, undefined);
  const { find: macro } = await macrosOf(db, config, asset.companyId);
  const object = `${root}/${asset.name}`;
  const request = parseRenderRequest(texts, owner?.settings, { object, macro });
  const path = await files.path(source.file);
  try {
    return await renders.run(() =>
      renderImage(
        { path, mediaType: source.mediaType, maxPixels: config.limits.maxPixels, signal: undefined },
        request,
      ),
    );
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

/** The asset whose picture stands for another: its chosen thumbnail, or its owner. */
async function pictured({ db }: Services, asset: AssetRow): Promise<AssetRow> {
  const hasPicture = asset.thumbFile !== null || asset.optimizedFile !== null;
  const other = asset.thumbAssetId ?? (hasPicture ? null : asset.ownerId);
  if (other === null) return asset;
  const [found] = await db.select().from(t.assets).where(eq(t.assets.id, other));
  return found !== undefined && found.companyId === asset.companyId ? found : asset;
}
