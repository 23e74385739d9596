import type { FastifyRequest } from 'fastify';
import type { PublicationRow } from '../../db/rows.js';
import type { RenderedImage } from '../../images/encode-image.js';
import { ImageError } from '../../images/image-library.js';
import { notDelivered, type RenderSource, sourceFacts } from '../../images/image-source.js';
import { planImage, type RenderPlan } from '../../images/render.js';
import { RenderRequestError } from '../../images/render-request.js';
import { inSmartCrop, smartCropArea } from '../../images/smart-crop-view.js';
import type { Services } from '../../services.js';
import type { Traffic } from '../traffic/traffic.js';
import type { ServingRequest } from './serving-request.js';

/**
 * The file of a publication as a source of images.
 *
 * @throws ImageError when there is none.
 */
export async function sourceOf(
  { files, config }: Services,
  { file, mediaType }: PublicationRow,
  signal: AbortSignal | undefined,
): Promise<RenderSource> {
  const undelivered = notDelivered(mediaType);
  if (undelivered !== undefined) throw new ImageError(undelivered);
  if ((await files.size(file)) === undefined) throw new ImageError('its file is missing');
  return { path: await files.path(file), mediaType, maxPixels: config.limits.maxPixels, signal };
}

/** Finds what the image of a request takes. Close the plan after use. */
export async function planOf(
  services: Services,
  { found, render, objects, macro }: ServingRequest,
  signal: AbortSignal | undefined,
): Promise<RenderPlan> {
  const [layer] = render.image.layers;
  const { src, text, color } = layer?.values ?? {};
  const shows = src !== undefined || text !== undefined || color !== undefined;
  // What is published without an image, such as a template, has its layers alone.
  const isImage = found !== undefined && notDelivered(found.publication.mediaType) === undefined;
  const main =
    found === undefined || (!isImage && shows)
      ? undefined
      : await sourceOf(services, found.publication, signal);
  const crop = found?.crop;
  const asked =
    main === undefined || crop === undefined ? render : inSmartCrop(render, crop, await sourceFacts(main));
  return planImage(
    {
      main,
      part: crop === undefined ? undefined : (whole) => smartCropArea(whole, crop),
      find: async (name) => {
        const object = objects.get(name.trim());
        if (object === undefined) throw new RenderRequestError(`src: Unable to find '${name.slice(0, 200)}'`);
        return { source: await sourceOf(services, object, signal), modifier: object.urlModifier };
      },
      macro,
      maxPixels: services.config.limits.maxPixels,
      signal,
    },
    asked,
  );
}

/** Renders the image of a request, after its memory was counted. */
export async function renderServing(
  services: Services,
  traffic: Traffic,
  request: FastifyRequest,
  serving: ServingRequest,
): Promise<RenderedImage> {
  const plan = await planOf(services, serving, undefined);
  try {
    traffic.keepBytes(request.raw, plan.bytes);
    return await plan.render();
  } finally {
    await plan.close();
  }
}
