import { access, constants } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import type { PublicationRow } from '../../db/rows.js';
import type { RenderedImage } from '../../images/encode-image.js';
import { ImageError } from '../../images/image-library.js';
import { notDelivered, type RenderSource, sourceFacts, wasOpened } from '../../images/image-source.js';
import { outlinesOfImage } from '../../images/paths-of-image.js';
import type { PhotoshopPath } from '../../images/photoshop-paths.js';
import { planImage, type RenderPlan } from '../../images/render.js';
import { RenderRequestError } from '../../images/render-request.js';
import { inSmartCrop, smartCropArea } from '../../images/smart-crop-view.js';
import { uploadOf } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import type { Traffic } from '../traffic/traffic.js';
import type { ServingRequest } from './serving-request.js';

/**
 * The file of a publication as a source of images.
 *
 * @throws ImageError when there is none, an error of the file system when it may not be read.
 */
export async function sourceOf(
  services: Services,
  { file, mediaType, assetId }: PublicationRow,
  signal: AbortSignal | undefined,
): Promise<RenderSource> {
  const { files, config } = services;
  const undelivered = notDelivered(mediaType);
  if (undelivered !== undefined) throw new ImageError(undelivered);
  const path = await files.path(file);
  // The question would wait behind the pixels of others.
  if (!wasOpened(path)) {
    if ((await files.size(file)) === undefined) throw new ImageError('its file is missing');
    // The image library would call one that may not be read no image.
    await access(path, constants.R_OK);
  }
  const { maxPixels } = config.limits;
  return { path, mediaType, maxPixels, signal, paths: () => savedPaths(services, assetId) };
}

/** The saved paths of an image, which its uploaded file contains. */
export async function savedPaths(
  { db, files, config }: Services,
  assetId: number,
): Promise<readonly PhotoshopPath[]> {
  const found = await uploadOf(db, assetId);
  if (found === undefined) return [];
  return outlinesOfImage(await files.path(found.file), config.limits.maxPixels, found.crop);
}

/** The file of a publication; `undefined` for one that consists of commands, such as a template. */
async function pictureOf(
  services: Services,
  publication: PublicationRow,
  signal: AbortSignal | undefined,
): Promise<RenderSource | undefined> {
  const isEmpty = notDelivered(publication.mediaType) !== undefined && publication.urlModifier !== null;
  return isEmpty ? undefined : sourceOf(services, publication, signal);
}

/** Finds what the image of a request takes. Close the plan after use. */
export async function planOf(
  services: Services,
  { main: shown, watermark, render, objects, macro }: ServingRequest,
  signal: AbortSignal | undefined,
): Promise<RenderPlan> {
  const [layer] = render.image.layers;
  const { src, text, textPs, color } = layer?.values ?? {};
  const shows = (src ?? text ?? textPs ?? color) !== undefined;
  // What is published without an image, such as a template, has its layers alone.
  const isImage = shown !== undefined && notDelivered(shown.publication.mediaType) === undefined;
  const main =
    shown === undefined || (!isImage && shows)
      ? undefined
      : await sourceOf(services, shown.publication, signal);
  const crop = shown?.crop;
  const asked =
    main === undefined || crop === undefined ? render : inSmartCrop(render, crop, await sourceFacts(main));
  return planImage(
    {
      main,
      part: crop === undefined ? undefined : (whole) => smartCropArea(whole, crop),
      find: async (name) => {
        const object = objects.get(name.trim());
        if (object === undefined) throw new RenderRequestError(`src: Unable to find '${name.slice(0, 200)}'`);
        return { source: await pictureOf(services, object, signal), modifier: object.urlModifier };
      },
      macro,
      watermark: watermark && {
        source: await pictureOf(services, watermark.publication, signal),
        image: watermark.image,
      },
      maxPixels: services.config.limits.maxPixels,
      signal,
    },
    asked,
  );
}

/**
 * Renders the image of a request, after its memory was counted. What the image library has begun cannot be interrupted, so the work keeps
 * its place until that ends.
 *
 * @param signal - Aborts when nobody needs the image any more.
 */
export async function renderServing(
  services: Services,
  traffic: Traffic,
  request: FastifyRequest,
  serving: ServingRequest,
  signal: AbortSignal,
): Promise<RenderedImage> {
  const plan = await planOf(services, serving, undefined);
  try {
    signal.throwIfAborted();
    traffic.keepBytes(request.raw, plan.bytes);
    return await plan.render();
  } finally {
    await plan.close();
  }
}
