import { createHash } from 'node:crypto';
import type { FindMacro, ImageRequest } from '@ips-sdk/delivery';
import type { FastifyRequest } from 'fastify';
import type { Lookups } from '../../db/recent-lookups.js';
import type { PublicationRow } from '../../db/rows.js';
import {
  namedIn,
  parsed,
  parseRenderRequest,
  type RenderRequest,
  RenderRequestError,
} from '../../images/render-request.js';
import { type DeliverySettings, deliveryCompany } from '../../publish/delivery-settings.js';
import { findObject } from '../../publish/find-objects.js';
import { type FoundImage, findDelivered } from '../../publish/find-published.js';
import { macrosIn, macrosOf } from '../../publish/image-formats.js';
import { allSuffixes, localeSuffixes, suffixed } from '../../publish/locale-map.js';
import type { Services } from '../../services.js';
import { adapted, type ClientHints, hintsOf, inThumbnail, replaced } from './changed-request.js';
import { objectsOf } from './named-objects.js';
import { profileOf, xmpOf } from './output-data.js';

/** Part of every ETag. Change it when the renderer draws a request differently. */
const RENDERING = '4';

/** A request to image serving, with all that it names. */
export interface ServingRequest {
  /** As in the URL. */
  readonly company: string;
  readonly name: string;
  readonly companyId: number;
  readonly settings: DeliverySettings;
  /** What the path names; `undefined` when nothing is published there. */
  readonly found: FoundImage | undefined;
  /** What layer 0 shows if nothing else: what the path names, or the template. */
  readonly main: FoundImage | undefined;
  /** What is laid over the composite. */
  readonly watermark: { readonly publication: PublicationRow; readonly image: ImageRequest } | undefined;
  /** The names of the image in other locales. */
  readonly translations: () => Promise<string[]>;
  readonly render: RenderRequest;
  /** The macros of the company. */
  readonly macro: FindMacro;
  /** Whether the image replaces a missing one. */
  readonly isDefault: boolean;
  /** The images of `src` and `mask`, by the name in the request. */
  readonly objects: ReadonlyMap<string, PublicationRow>;
  /** A hash of what the image depends on. Requests for facts about it have the same one. */
  readonly variant: string;
  /** The headers that decided the answer. */
  readonly varies: readonly string[];
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
export function readServingRequest(
  services: Services,
  request: FastifyRequest,
  { company, name }: { readonly company: string; readonly name: string },
): Promise<ServingRequest> {
  const question = request.url.indexOf('?');
  const asked = question < 0 ? '' : request.url.slice(question + 1);
  const hints = hintsOf(request.headers);
  const client = `${hints.accept}\n${hints.network}`;
  return services.lookups.composed(`request\n${company}\n${name}\n${client}\n${asked}`, (lookups) =>
    read({ ...services, lookups }, { company, name, asked, hints }),
  );
}

/** What a request is read with. */
export type Reading = Omit<Services, 'lookups'> & { readonly lookups: Lookups };

async function read(
  services: Reading,
  {
    company,
    name,
    asked,
    hints,
  }: {
    readonly company: string;
    readonly name: string;
    readonly asked: string;
    readonly hints: ClientHints;
  },
): Promise<ServingRequest> {
  const { db, config, lookups } = services;
  const cached = <Result>(what: string, of: string, query: () => Promise<Result | undefined>) =>
    lookups.get(`${what}\n${company}\n${of}`, query);
  const imageOf = (of: string) => cached('image', of, () => findDelivered(db, { company, name: of }));
  const direct = name === '' ? undefined : await imageOf(name);
  const contextId = direct?.publication.contextId;
  const owner = await cached('company', name, () => deliveryCompany(db, company, contextId));
  if (owner === undefined) throw missing(company, name);
  const { settings, companyId } = owner;
  const macros =
    (await lookups.get(`macros\n${companyId}`, () => macrosOf(db, config, companyId))) ?? macrosIn([], []);
  const macro = macros.find;
  const object = `${company}/${name}`;
  const head = namedIn(asked, ['template', 'locale'], { macro, object });
  const suffixes = localeSuffixes(settings.localeMap, head.locale?.trim() || settings.defaultLocale);
  const isSame = suffixes.length === 1 && suffixes[0] === '';
  const found = isSame || name === '' ? direct : await firstOf(suffixes, name, imageOf);
  const objectOf = (of: string) =>
    firstOf(suffixes, of, (one) => cached('object', one, () => findObject(db, company, one)));
  const modifier = found?.publication.urlModifier ?? '';
  const named = head.template ?? namedIn(modifier, ['template'], { macro, object }).template;
  const template = named === undefined ? undefined : await namedOf(named, 'template', objectOf);
  const texts = [
    template?.urlModifier,
    // With a template, the modifier counts for `$object$` alone, unless it is what names the template.
    head.template === undefined ? modifier : undefined,
    asked,
    found?.publication.urlPostApplyModifier,
  ];
  const first = parseRenderRequest(texts, settings, { object, macro });
  const { render, varies } = adapted(inThumbnail(first, settings), hints);
  const { values, layers } = render.image;
  const kind = values.req?.[0] ?? 'img';
  const translations = async (): Promise<string[]> => {
    const names = allSuffixes(settings.localeMap).flatMap((suffix) => suffixed(name, suffix));
    const published: string[] = [];
    for (const one of names)
      if ((await findDelivered(db, { company, name: one })) !== undefined) published.push(one);
    return published;
  };
  const base = { company, name, companyId, settings, macro, translations, varies };
  const shows = found !== undefined || template !== undefined || hasContent(layers[0]?.values);
  if (!shows && (kind === 'img' || kind === 'tmb')) {
    const fallback = values.defaultImage ?? settings.defaultImage;
    const other = fallback === '' ? undefined : await objectOf(fallback);
    if (other === undefined) throw missing(company, name);
    const instead = { publication: other, crop: undefined };
    return finished(
      {
        ...base,
        found: instead,
        main: instead,
        isDefault: true,
        objects: new Map(),
        watermark: undefined,
      },
      replaced(render, other, macro),
      macros.version,
    );
  }
  const main = template === undefined ? found : { publication: template, crop: undefined };
  const inside = await objectsOf(render, macro, objectOf);
  const mark =
    settings.watermark === '' || kind !== 'img'
      ? undefined
      : await namedOf(settings.watermark, 'Watermark', objectOf);
  const watermark = mark && {
    publication: mark,
    image: parsed([mark.urlModifier, mark.urlPostApplyModifier], { object: settings.watermark, macro }),
  };
  const marked = watermark && (await objectsOf({ ...render, image: watermark.image }, macro, objectOf));
  const objects = new Map([...inside.objects, ...(marked?.objects ?? [])]);
  return finished(
    { ...base, found, main, isDefault: false, objects, watermark },
    {
      ...withIgnored(render, [...inside.ignored, ...(marked?.ignored ?? [])]),
      profile: await profileOf(services, render, objectOf),
      xmp: await xmpOf(services, render, main, objects),
    },
    macros.version,
  );
}

/** What is found under the first name of those that the suffixes make. */
async function firstOf<Result>(
  suffixes: readonly string[],
  name: string,
  find: (name: string) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (const suffix of suffixes) {
    for (const one of suffixed(name, suffix)) {
      const result = await find(one);
      if (result !== undefined) return result;
    }
  }
  return undefined;
}

async function namedOf(
  name: string,
  what: string,
  find: (name: string) => Promise<PublicationRow | undefined>,
): Promise<PublicationRow> {
  const found = await find(name.trim());
  if (found === undefined)
    throw new RenderRequestError(
      `${what}: Unable to find '${name.slice(0, 200)}': nothing with this name is published`,
    );
  return found;
}

const missing = (company: string, name: string): MissingImageError =>
  new MissingImageError(`Unable to find /${company}/${name}: no image with this name is published`);

function hasContent(values: RenderRequest['image']['values'] | undefined): boolean {
  return (values?.src ?? values?.text ?? values?.textPs ?? values?.color) !== undefined;
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
  const { main, watermark, objects, settings } = request;
  const { values, composite, effects, layers } = render.image;
  const { id: _id, cache: _cache, req, ...asked } = values;
  const later = [
    ...layers.flatMap((layer) => [layer.values.src, layer.values.mask]),
    ...[...objects.values()].map(({ urlModifier }) => urlModifier),
  ];
  const hash = createHash('sha256').update(
    JSON.stringify(
      [
        RENDERING,
        main && [main.publication.file, main.publication.version, main.crop],
        watermark && [watermark.publication.file, watermark.publication.version, watermark.image],
        render.profile,
        render.xmp,
        [...objects].map(([name, { file, version, urlModifier }]) => [name, file, version, urlModifier]),
        settings,
        req?.[0] === 'mask',
        asked,
        composite,
        effects,
        layers.map(({ number, values: own, effects: ofLayer }) => [number, own, ofLayer]),
        // Those of the request itself are put in by now, those of nested requests and of objects are not.
        later.some((text) => text?.includes('$')) ? [macros, render.image.variables] : '',
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
