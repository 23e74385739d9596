import { createHash } from 'node:crypto';
import { type FindMacro, nestedRequest } from '@ips-sdk/delivery';
import type { FastifyRequest } from 'fastify';
import type { PublicationRow } from '../../db/rows.js';
import {
  parsed,
  parseRenderRequest,
  type RenderRequest,
  RenderRequestError,
  withValues,
} from '../../images/render-request.js';
import { type DeliverySettings, deliveryCompany } from '../../publish/delivery-settings.js';
import { findObject } from '../../publish/find-objects.js';
import { type FoundImage, findDelivered } from '../../publish/find-published.js';
import { macrosIn, macrosOf } from '../../publish/image-formats.js';
import type { Services } from '../../services.js';

/** Part of every ETag. Change it when the renderer draws a request differently. */
const RENDERING = '2';

/** Most images that one request may name. */
const MAX_NAMES = 30;

/** A request to image serving, with all that it names. */
export interface ServingRequest {
  /** As in the URL. */
  readonly company: string;
  readonly name: string;
  readonly companyId: number;
  readonly settings: DeliverySettings;
  /** What the path names; `undefined` when nothing is published there. */
  readonly found: FoundImage | undefined;
  readonly render: RenderRequest;
  /** The macros of the company. */
  readonly macro: FindMacro;
  /** Whether the image replaces a missing one. */
  readonly isDefault: boolean;
  /** The images of `src` and `mask`, by the name in the request. */
  readonly objects: ReadonlyMap<string, PublicationRow>;
  /** A hash of what the image depends on. Requests for facts about it have the same one. */
  readonly variant: string;
  /** Whether the answer depends on what the client accepts. */
  readonly varies: boolean;
}

/** Nothing is published under the name of a request. The message is for the client. */
export class MissingImageError extends Error {
  override readonly name = 'MissingImageError';
}

/**
 * Reads a request, and finds what it names.
 *
 * @throws RenderRequestError, MissingImageError
 */
export async function readServingRequest(
  { db, config, lookups }: Services,
  request: FastifyRequest,
  { company, name }: { readonly company: string; readonly name: string },
): Promise<ServingRequest> {
  const question = request.url.indexOf('?');
  const asked = question < 0 ? '' : request.url.slice(question + 1);
  const look = <Result>(what: string, query: () => Promise<Result | undefined>) =>
    lookups.get(`${what}\n${company}\n${name}`, query);
  const found = name === '' ? undefined : await look('image', () => findDelivered(db, { company, name }));
  const contextId = found?.publication.contextId;
  const owner = await look('company', () => deliveryCompany(db, company, contextId));
  const objectOf = (object: string) =>
    lookups.get(`object\n${company}\n${object}`, () => findObject(db, company, object));
  if (owner === undefined) throw missing(company, name);
  const { settings, companyId } = owner;
  const macros =
    (await lookups.get(`macros\n${companyId}`, () => macrosOf(db, config, companyId))) ?? macrosIn([], []);
  const macro = macros.find;
  const object = `${company}/${name}`;
  const read = (at: PublicationRow | undefined): RenderRequest =>
    parseRenderRequest([at?.urlModifier, asked, at?.urlPostApplyModifier], settings, { object, macro });
  const base = { company, name, companyId, settings, macro };
  const first = read(found?.publication);
  const { render, varies } = withAccepted(inThumbnail(first, settings), request.headers.accept);
  const { values, layers } = render.image;
  const kind = values.req?.[0] ?? 'img';
  const shows = found !== undefined || hasContent(layers[0]?.values);
  if (!shows && (kind === 'img' || kind === 'tmb')) {
    const fallback = values.defaultImage ?? settings.defaultImage;
    const other = fallback === '' ? undefined : await objectOf(fallback);
    if (other === undefined) throw missing(company, name);
    return finished(
      {
        ...base,
        found: { publication: other, crop: undefined },
        isDefault: true,
        objects: new Map(),
        varies,
      },
      replaced(render, other, macro),
      macros.version,
    );
  }
  const { objects, ignored } = await objectsOf(render, macro, objectOf);
  return finished(
    { ...base, found, isDefault: false, objects, varies },
    withIgnored(render, ignored),
    macros.version,
  );
}

const missing = (company: string, name: string): MissingImageError =>
  new MissingImageError(`Unable to find /${company}/${name}: no image with this name is published`);

function hasContent(values: RenderRequest['image']['values'] | undefined): boolean {
  return values?.src !== undefined || values?.text !== undefined || values?.color !== undefined;
}

/** A default image replaces the whole request, which keeps its size, format and quality. */
function replaced(
  render: RenderRequest,
  { urlModifier, urlPostApplyModifier }: PublicationRow,
  macro: FindMacro,
): RenderRequest {
  const { wid, hei, fmt, qlt } = render.image.values;
  const kept = Object.fromEntries(
    Object.entries({ wid, hei, fmt, qlt }).filter(([, value]) => value !== undefined),
  );
  return withValues(
    parseRenderRequest([urlModifier, urlPostApplyModifier], render.settings, { macro }),
    kept,
  );
}

/** The request for a thumbnail as one for an image. */
function inThumbnail(render: RenderRequest, settings: DeliverySettings): RenderRequest {
  const { values } = render.image;
  if (values.req?.[0] !== 'tmb') return render;
  if (values.fit !== undefined)
    throw new RenderRequestError(
      `fit: found '${values.fit[0]}' with req=tmb, which the company's ThumbType fits`,
    );
  if (values.scl !== undefined) return render;
  const [width, height] = settings.defaultThumbPix;
  return withValues(
    { ...render, settings: { ...render.settings, background: settings.thumbBackground } },
    {
      wid: values.wid ?? width,
      hei: values.hei ?? height,
      fit: [settings.thumbType === 2 ? 'fit' : 'crop'],
      align: values.align ?? settings.thumbAlign,
    },
  );
}

/** With `bfc`, the format that the client accepts and that is smaller than the requested one. */
function withAccepted(
  render: RenderRequest,
  accept: string | undefined,
): { readonly render: RenderRequest; readonly varies: boolean } {
  const { bfc, fmt = ['jpeg'] } = render.image.values;
  const [format, type] = fmt;
  if (bfc !== 'on' || !/^(?:p?jpeg|png8?(?:-alpha)?)$/.test(format) || (type ?? 'rgb') !== 'rgb')
    return { render, varies: false };
  const alpha = format.endsWith('-alpha');
  const better = accept?.includes('image/avif')
    ? 'avif'
    : accept?.includes('image/webp')
      ? 'webp'
      : undefined;
  if (better === undefined) return { render, varies: true };
  return { render: withValues(render, { fmt: [alpha ? `${better}-alpha` : better] }), varies: true };
}

/** What the layers of a request name, nested requests included. */
interface NamedObjects {
  readonly objects: ReadonlyMap<string, PublicationRow>;
  /** What nested requests have without effect. */
  readonly ignored: readonly string[];
}

async function objectsOf(
  render: RenderRequest,
  macro: FindMacro,
  find: (name: string) => Promise<PublicationRow | undefined>,
): Promise<NamedObjects> {
  const objects = new Map<string, PublicationRow>();
  const ignored: string[] = [];
  const look = async ({ layers, variables }: RenderRequest['image'], depth: number): Promise<void> => {
    for (const { values } of layers) {
      for (const value of [values.src, values.mask]) {
        if (value === undefined) continue;
        const nested = nestedRequest(value);
        const name = nested?.object ?? value.trim();
        if (!objects.has(name)) {
          if (objects.size >= MAX_NAMES)
            throw new RenderRequestError(
              `src: found more than ${MAX_NAMES} images, expected at most as many`,
            );
          const object = await find(name);
          if (object === undefined)
            throw new RenderRequestError(
              `src: Unable to find '${name.slice(0, 200)}': no image with this name is published`,
            );
          objects.set(name, object);
        }
        if (nested !== undefined && nested.kind === 'is' && nested.query !== '' && depth < 5) {
          const inner = parsed([nested.query], { object: name, variables, macro });
          ignored.push(...inner.ignored);
          await look(inner, depth + 1);
        }
      }
    }
  };
  await look(render.image, 0);
  return { objects, ignored };
}

function withIgnored(render: RenderRequest, ignored: readonly string[]): RenderRequest {
  if (ignored.length === 0) return render;
  return {
    ...render,
    image: { ...render.image, ignored: [...new Set([...render.image.ignored, ...ignored])] },
  };
}

/** @param macros - The version of the macros. */
function finished(
  request: Omit<ServingRequest, 'render' | 'variant'>,
  render: RenderRequest,
  macros: string,
): ServingRequest {
  const { found, objects, settings } = request;
  const { values, composite, layers } = render.image;
  const { id: _id, cache: _cache, req, ...asked } = values;
  const later = [
    ...layers.flatMap((layer) => [layer.values.src, layer.values.mask]),
    ...[...objects.values()].map(({ urlModifier }) => urlModifier),
  ];
  const hash = createHash('sha256').update(
    JSON.stringify(
      [
        RENDERING,
        found && [found.publication.file, found.publication.version, found.crop],
        [...objects].map(([name, { file, version, urlModifier }]) => [name, file, version, urlModifier]),
        settings,
        req?.[0] === 'mask',
        asked,
        composite,
        layers.map(({ number, values: own }) => [number, own]),
        // Macros of the request itself are put in by now, those of nested requests and of objects are not.
        later.some((text) => text?.includes('$')) ? macros : '',
      ],
      inOrder,
    ),
  );
  return { ...request, render, variant: hash.digest('hex').slice(0, 40) };
}

/** Writes the keys of objects in one order, whatever the order in a request. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
