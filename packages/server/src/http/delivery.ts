import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PublicationRow } from '../db/rows.js';
import { ImageError } from '../images/image-library.js';
import { notDelivered, renderImage, replySize, sourceSize } from '../images/render.js';
import {
  parseRenderRequest,
  RENDER_FORMATS,
  type RenderRequest,
  RenderRequestError,
} from '../images/render-request.js';
import { inSmartCrop, smartCropArea } from '../images/smart-crop-view.js';
import { type FoundImage, findDelivered } from '../publish/find-published.js';
import type { Services } from '../services.js';
import { ConcurrencyLimit, TooManyWaitingError } from './concurrency-limit.js';
import { type Content, sendRepresentation } from './representation.js';
import { READ } from './route-config.js';

/** Seconds that a delivered image may be cached; after that, clients revalidate it by its ETag. */
const MAX_AGE = 60;

/** Part of every ETag. Change it when the renderer draws a request differently. */
const RENDERING = '1';

/** Limits concurrent rendering: each image can take several hundred megabytes and keeps a core busy. */
const renders = new ConcurrencyLimit(availableParallelism(), 1000);

/** `/is/image/{company}/{asset}`: published images; `{asset}:{crop}`: their smart crops. */
export function registerDelivery(app: FastifyInstance, services: Services): void {
  app.route<{ Params: { company: string; '*': string } }>({
    method: READ,
    url: '/is/image/:company/*',
    config: { isForAnyOrigin: true },
    handler: async (request, reply) => {
      const { company, '*': name } = request.params;
      try {
        const found = await findDelivered(services.db, { company, name });
        if (found === undefined)
          return text(reply, 404, `Unable to find /${company}/${name}: no image with this name is published`);
        return await deliver(services, request, reply, found);
      } catch (error) {
        reply.removeHeader('etag').removeHeader('last-modified');
        if (error instanceof RenderRequestError) return text(reply, 400, error.message);
        if (error instanceof ImageError)
          return text(reply, 404, `/${company}/${name} cannot be delivered: ${error.message}`);
        if (error instanceof TooManyWaitingError) {
          reply.header('retry-after', 5);
          return text(reply, 503, 'too many images are being requested; try again later');
        }
        throw error;
      }
    },
  });
}

async function deliver(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { publication, crop }: FoundImage,
): Promise<FastifyReply> {
  const question = request.url.indexOf('?');
  const asked = question < 0 ? '' : request.url.slice(question + 1);
  const commands = parseRenderRequest(publication.urlModifier, asked, publication.urlPostApplyModifier);
  const undelivered = notDelivered(publication.mediaType);
  if (undelivered !== undefined) throw new ImageError(undelivered);
  if ((await services.files.size(publication.file)) === undefined)
    throw new ImageError('its file is missing');
  const path = await services.files.path(publication.file);
  const source = {
    path,
    mediaType: publication.mediaType,
    maxPixels: services.config.limits.maxPixels,
    signal: undefined,
  };
  return sendRepresentation(request, reply, {
    etag: etagOf(publication, commands, crop),
    lastModified: publication.publishedAt,
    headers: { 'cache-control': `public, max-age=${MAX_AGE}`, 'x-content-type-options': 'nosniff' },
    load: async () => {
      const render = crop === undefined ? commands : inSmartCrop(commands, crop, await sourceSize(source));
      const [kind] = render.req.split(',');
      if (kind === 'imageprops' || kind === 'props') {
        const listed = await properties(kind, source, render, { publication, crop });
        return contentOf('text/plain; charset=utf-8', Buffer.from(listed, 'utf8'));
      }
      if (kind !== 'img')
        throw new RenderRequestError(`req: found '${render.req}', expected img, imageprops or props`);
      const image = await renders.run(() => renderImage(source, render));
      return contentOf(image.mediaType, image.data);
    },
  });
}

function contentOf(mediaType: string, data: Uint8Array): Content {
  return { mediaType, size: data.length, read: ({ start, end }) => data.subarray(start, end) };
}

/** Properties of the source or of the rendered image, one per line. */
async function properties(
  kind: 'imageprops' | 'props',
  source: Parameters<typeof sourceSize>[0],
  render: RenderRequest,
  { publication, crop }: FoundImage,
): Promise<string> {
  const whole = await sourceSize(source);
  const own = crop === undefined ? whole : smartCropArea(whole, crop);
  const size = kind === 'imageprops' ? own : replySize(whole, render);
  const lines: Record<string, string | number> = {
    'image.height': size.height,
    ...(kind === 'imageprops'
      ? { 'image.timeStamp': publication.publishedAt.toISOString() }
      : { 'image.quality': render.quality, 'image.type': RENDER_FORMATS[render.format] }),
    'image.iccProfile': whole.hasProfile ? 'embedded' : '',
    'image.mask': whole.hasAlpha ? 1 : 0,
    'image.pixTyp': whole.space === 'cmyk' ? 'CMYK' : whole.space === 'b-w' ? 'BW' : 'RGB',
    'image.printRes': Math.round(whole.density ?? 72),
    'image.version': publication.version,
    'image.width': size.width,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\r\n`)
    .join('');
}

function etagOf(publication: PublicationRow, render: RenderRequest, crop: FoundImage['crop']): string {
  const hash = createHash('sha256').update(
    JSON.stringify([RENDERING, publication.file, publication.version, render, crop]),
  );
  return `"${hash.digest('hex').slice(0, 32)}"`;
}

function text(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', status === 404 || status === 503 ? 'no-cache' : `public, max-age=${MAX_AGE}`)
    .type('text/plain; charset=utf-8')
    .send(message);
}
