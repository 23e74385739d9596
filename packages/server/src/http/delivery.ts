import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ImageError } from '../images/image-library.js';
import { formatOf, RENDER_FORMATS, RenderRequestError } from '../images/render-request.js';
import type { Services } from '../services.js';
import { ClientGoneError, clientSignal } from './client-signal.js';
import { ConcurrencyLimit, TooManyWaitingError } from './concurrency-limit.js';
import { factsContent, hoursOf, isImageKind } from './image-serving/answers.js';
import { propertyContent, type TextContent } from './image-serving/properties.js';
import { renderServing } from './image-serving/serving-image.js';
import {
  MissingImageError,
  readServingRequest,
  type ServingRequest,
} from './image-serving/serving-request.js';
import { type Content, sendRepresentation } from './representation.js';
import { READ } from './route-config.js';
import { OverloadError } from './traffic/overload-error.js';
import type { Traffic } from './traffic/traffic.js';

/**
 * Limits concurrent rendering: each image can take several hundred megabytes, and keeps a core busy but for the time between its steps,
 * which another one fills.
 */
const renders = new ConcurrencyLimit(availableParallelism() * 2, 1000);

/** The status of refused requests. The documentation names it as the usual one, and no list of others. */
const REFUSED = 403;

/** Seconds of an answer that may be cached for ever. */
const FOR_EVER = 31_536_000;

/**
 * `/is/image/{company}/{asset}`: published images; `{asset}:{crop}`: their smart crops. Without an asset, the layers of the request
 * alone; without anything, a greeting.
 */
export function registerDelivery(app: FastifyInstance, services: Services, traffic: Traffic): void {
  app.route({
    method: READ,
    url: '/is/image',
    config: { isForAnyOrigin: true },
    handler: async (_request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .type('text/plain; charset=utf-8')
        .send(`#S7Z OK\r\n#${services.clock.now().toUTCString()}\r\ncopyright=ips-server\r\n`),
  });
  const deliver = (
    request: FastifyRequest,
    reply: FastifyReply,
    object: { readonly company: string; readonly name: string },
  ) =>
    answer(services, traffic, request, reply, object).catch(async (error: unknown) =>
      failed(reply, object, await causeOf(services, error)),
    );
  app.route<{ Params: { company: string } }>({
    method: READ,
    url: '/is/image/:company',
    config: { isForAnyOrigin: true },
    handler: (request, reply) => deliver(request, reply, { company: request.params.company, name: '' }),
  });
  app.route<{ Params: { company: string; '*': string } }>({
    method: READ,
    url: '/is/image/:company/*',
    config: { isForAnyOrigin: true },
    handler: (request, reply) => {
      const { company, '*': name } = request.params;
      return deliver(request, reply, { company, name: name.replace(/\/$/, '') });
    },
  });
}

async function answer(
  services: Services,
  traffic: Traffic,
  request: FastifyRequest,
  reply: FastifyReply,
  object: { readonly company: string; readonly name: string },
): Promise<FastifyReply> {
  const serving = await readServingRequest(services, request, object);
  const { render, settings, isDefault, varies, found, variant } = serving;
  const { values, ignored } = render.image;
  if (ignored.length > 0) reply.header('x-ips-ignored', ignored.map(headerText).join(', '));
  const kind = values.req?.[0] ?? 'img';
  const isImage = isImageKind(kind);
  const hours = !isImage
    ? hoursOf(kind, settings)
    : isDefault
      ? settings.defaultExpiration
      : settings.expiration;
  const headers = {
    'cache-control': hours === undefined ? 'no-store' : cacheControl(hours, values.cache?.[0]),
    'x-content-type-options': 'nosniff',
    ...(varies.length > 0 ? { vary: varies.join(', ') } : {}),
  };
  if (!isImage) {
    const content =
      kind === 'loadcache'
        ? lengthContent(
            services,
            serving,
            await imageOf(services, traffic, request, serving, clientSignal(reply)),
          )
        : await factsContent(services, serving);
    const hash = createHash('sha256').update(content.bytes);
    return sendRepresentation(request, reply, {
      etag: `"${hash.digest('hex').slice(0, 32)}"`,
      lastModified: undefined,
      headers,
      load: async () => content,
    });
  }
  // A format that is not written is refused before anything is cached.
  const mediaType = RENDER_FORMATS[formatOf(render)];
  return sendRepresentation(request, reply, {
    etag: `"${variant}"`,
    lastModified: found?.publication.publishedAt,
    headers,
    load: async () =>
      contentOf(mediaType, await imageOf(services, traffic, request, serving, clientSignal(reply))),
  });
}

/** The length of an image, which is kept from now on. */
function lengthContent({ clock }: Services, { render }: ServingRequest, { length }: Uint8Array): TextContent {
  return propertyContent({ 'image.length': length }, render.image, clock.now());
}

/** The image of a request, from disk or rendered. */
function imageOf(
  services: Services,
  traffic: Traffic,
  request: FastifyRequest,
  serving: ServingRequest,
  gone: AbortSignal,
): Promise<Uint8Array> {
  const { companyId, name, variant, render } = serving;
  const [client, server] = render.image.values.cache ?? [];
  const use = server === 'off' || client === 'off' ? 'bypass' : client === 'update' ? 'update' : 'keep';
  const make = async (signal: AbortSignal): Promise<Uint8Array> =>
    (await renders.run(() => renderServing(services, traffic, request, serving, signal), signal)).data;
  return services.derivatives.get({ companyId, name, variant }, make, use, gone);
}

function contentOf(mediaType: string, data: Uint8Array): Content {
  return { mediaType, size: data.length, read: ({ start, end }) => data.subarray(start, end) };
}

function cacheControl(hours: number, cache: string | undefined): string {
  if (cache === 'off') return 'no-store';
  if (cache === 'validate' || cache === 'update' || hours === 0) return 'no-cache';
  if (hours < 0) return `public, max-age=${FOR_EVER}, immutable`;
  return `public, max-age=${Math.round(hours * 3600)}`;
}

/** Names in a header: what it cannot contain is encoded. */
const headerText = (name: string): string =>
  name.replaceAll(/[^\w.$-]/g, (character) => encodeURIComponent(character.toWellFormed()));

/** Errors of requests whose files have nothing to do with them. */
const OF_REQUESTS = [
  MissingImageError,
  RenderRequestError,
  TooManyWaitingError,
  ClientGoneError,
  OverloadError,
];

/** The store, if an image failed because its files are away: they are neither missing nor damaged. */
async function causeOf({ files }: Services, error: unknown): Promise<unknown> {
  if (OF_REQUESTS.some((each) => error instanceof each)) return error;
  try {
    await files.check();
  } catch (problem) {
    return problem;
  }
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ImageError('its file is missing') : error;
}

/** Answers what went wrong. No error may be cached. */
function failed(
  reply: FastifyReply,
  { company, name }: { readonly company: string; readonly name: string },
  error: unknown,
): FastifyReply {
  for (const header of ['etag', 'last-modified', 'vary', 'accept-ranges']) reply.removeHeader(header);
  const text = (status: number, message: string): FastifyReply =>
    reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(message);
  if (error instanceof MissingImageError || error instanceof RenderRequestError)
    return text(REFUSED, error.message);
  if (error instanceof ImageError)
    return text(REFUSED, `/${company}/${name} cannot be delivered: ${error.message}`);
  if (error instanceof TooManyWaitingError) {
    reply.header('retry-after', 5);
    return text(503, 'too many images are being requested; try again later');
  }
  // Nobody reads it; the log has the status that others use for it.
  if (error instanceof ClientGoneError) return text(499, error.message);
  throw error;
}
