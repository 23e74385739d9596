import { readFile } from 'node:fs/promises';
import { commands, formatColor, type RequestKind } from '@ips-sdk/delivery';
import { isTransparent, pixelTypeOf } from '../../images/encode-image.js';
import { notDelivered, sourceFacts } from '../../images/image-source.js';
import type { RenderPlan } from '../../images/render.js';
import { formatOf, RENDER_FORMATS, RenderRequestError } from '../../images/render-request.js';
import { smartCropArea } from '../../images/smart-crop-view.js';
import { type LinkedArea, linkedAreas, userDataOf } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import {
  escapeXml,
  jsonContent,
  type Properties,
  propertyContent,
  type TextContent,
  textContent,
} from './properties.js';
import { planOf, sourceOf } from './serving-image.js';
import { MissingImageError, type ServingRequest } from './serving-request.js';
import { setContent } from './set-answer.js';

type Answer<Result> = (services: Services, serving: ServingRequest) => Promise<Result>;

/** Answers that are lists of properties, by the kind of request. */
const LISTS: Partial<Record<RequestKind, Answer<Properties>>> = {
  props: replyProperties,
  imageprops: imageProperties,
  catalogprops: async (_services, { settings }) => ({
    'catalog.bkgColor': hexOf(settings.background),
    'catalog.defaultExpiration': settings.defaultExpiration,
    'catalog.defaultPix': settings.defaultPix.join(','),
    'catalog.defaultThumbPix': settings.defaultThumbPix.join(','),
    'catalog.expiration': settings.expiration,
    'catalog.jpegQuality': `${settings.quality[0]},${settings.quality[1] ? 1 : 0}`,
    'catalog.maxPix': settings.maxPix.join(','),
    'catalog.nonImgExpiration': settings.nonImageExpiration,
    'catalog.resMode': settings.resMode,
    'catalog.thumbBkgColor': hexOf(settings.thumbBackground),
    'catalog.thumbHorizAlign': settings.thumbAlign[0] + 2,
    'catalog.thumbType': settings.thumbType,
    'catalog.thumbVertAlign': settings.thumbAlign[1] + 2,
  }),
  exists: async (_services, { found }) => ({ 'catalogRecord.exists': found === undefined ? 0 : 1 }),
  contents: async (_services, { found }) => ({
    'catalogRecord.exists': found === undefined ? 0 : 1,
    ...(found === undefined ? {} : { 'catalogRecord.type': contentType(found.publication.mediaType) }),
  }),
  validate: async () => ({ 'request.isValid': 1 }),
};

/** Answers of other kinds than images and lists of properties. */
const TEXTS: Partial<Record<RequestKind, Answer<TextContent>>> = {
  debug: async (_services, serving) => textContent('text/plain', understood(serving)),
  map: async (services, serving) => mapContent(serving, await areasOf(services, serving)),
  imageset: async (services, { found }) => {
    const isSet = found !== undefined && notDelivered(found.publication.mediaType) !== undefined;
    const text = isSet ? await textOf(services, found.publication.file) : '';
    return textContent('text/plain', `${text}\r\n`);
  },
  set: setContent,
  userdata: userDataContent,
};

/** Kinds of requests whose answers are images. */
export const isImageKind = (kind: RequestKind): boolean =>
  kind === 'img' || kind === 'tmb' || kind === 'mask';

/**
 * The response to a request for facts.
 *
 * @throws RenderRequestError for a kind that this server does not answer, MissingImageError
 */
export async function factsContent(services: Services, serving: ServingRequest): Promise<TextContent> {
  const { image } = serving.render;
  const kind = image.values.req?.[0] ?? 'img';
  const list = LISTS[kind];
  if (list !== undefined) {
    // The time of the object, not of the response, which would change the ETag each second.
    const time = serving.found?.publication.publishedAt ?? services.clock.now();
    return propertyContent(await list(services, serving), image, time);
  }
  const text = TEXTS[kind];
  if (text !== undefined) return text(services, serving);
  throw new RenderRequestError(
    `req: this server does not answer '${kind}'; it answers img, tmb, mask, ${[...Object.keys(LISTS), ...Object.keys(TEXTS)].join(', ')}`,
  );
}

/** What the reply to a request is. */
async function replyProperties(services: Services, serving: ServingRequest): Promise<Properties> {
  const plan = await planOf(services, serving, undefined);
  try {
    return await propertiesOf(services, serving, plan);
  } finally {
    await plan.close();
  }
}

async function propertiesOf(
  { derivatives }: Services,
  { render, settings, companyId, name, variant, found }: ServingRequest,
  { size, source }: RenderPlan,
): Promise<Properties> {
  const { values } = render.image;
  const type = pixelTypeOf(render.image);
  const version = found?.publication.version ?? 0;
  return {
    'image.bgc': values.bgc === undefined ? hexOf(settings.background) : formatColor(values.bgc),
    'image.height': size.height,
    'image.iccEmbed': values.iccEmbed === true && type !== 'gray' ? 1 : 0,
    'image.iccProfile': { rgb: 'sRGB', gray: '', cmyk: 'CMYK' }[type],
    'image.length': (await derivatives.sizeOf({ companyId, name, variant })) ?? 0,
    'image.mask': isTransparent(render) ? 1 : 0,
    'image.pathEmbed': 0,
    'image.pixTyp': PIXEL_TYPES[type],
    'image.printRes': Math.round(values.printRes ?? source?.density ?? 72),
    'image.quality': values.qlt?.[0] ?? settings.quality[0],
    'image.type': RENDER_FORMATS[formatOf(render)],
    'image.version': version,
    'image.width': size.width,
    'image.xmpEmbed': 0,
    'metadata.version': version,
  };
}

const PIXEL_TYPES = { rgb: 'RGB', gray: 'BW', cmyk: 'CMYK' } as const;

/** What the source is. */
async function imageProperties(services: Services, serving: ServingRequest): Promise<Properties> {
  const { found, settings, company, name } = serving;
  if (found === undefined) throw new MissingImageError(`Unable to find /${company}/${name}`);
  const { publication, crop } = found;
  const whole = await sourceFacts(await sourceOf(services, publication, undefined));
  const size = crop === undefined ? whole : smartCropArea(whole, crop);
  return {
    'image.anchor': `${Math.floor(size.width / 2)},${Math.floor(size.height / 2)}`,
    'image.embeddedIccProfile': whole.hasProfile ? 1 : 0,
    'image.embeddedPhotoshopPaths': 0,
    'image.embeddedXmpData': 0,
    'image.expiration': settings.expiration,
    'image.height': size.height,
    'image.iccProfile': whole.hasProfile ? 'embedded' : '',
    'image.mask': whole.hasAlpha ? 2 : 0,
    'image.modifier': publication.urlModifier ?? '',
    'image.photoshopPathNames': '',
    'image.pixTyp': whole.space === 'cmyk' ? 'CMYK' : whole.space === 'b-w' ? 'BW' : 'RGB',
    'image.postModifier': publication.urlPostApplyModifier ?? '',
    'image.printRes': Math.round(whole.density ?? 72),
    'image.resolution': Math.round(whole.density ?? 72),
    'image.thumbRes': 0,
    'image.thumbType': settings.thumbType,
    'image.timeStamp': publication.publishedAt.toISOString(),
    'image.translatedId': `${company}/${name}`,
    'image.width': size.width,
  };
}

const hexOf = (parts: readonly number[]): string =>
  parts.map((part) => part.toString(16).padStart(2, '0')).join('');

function contentType(mediaType: string): string {
  return notDelivered(mediaType) === undefined ? 'image' : mediaType;
}

async function textOf({ files }: Services, file: string): Promise<string> {
  return readFile(await files.path(file), 'utf8');
}

async function areasOf({ db }: Services, { found }: ServingRequest): Promise<readonly LinkedArea[]> {
  return found === undefined ? [] : linkedAreas(db, found.publication.assetId);
}

/** The user data of what the path names, in which `??` ends a line; nothing but the end of a line if nothing is published there. */
async function userDataContent(services: Services, { found, render }: ServingRequest): Promise<TextContent> {
  let text = '';
  if (found !== undefined) {
    const { publication } = found;
    text =
      (await userDataOf(services.db, publication.assetId)).text ?? (await textOf(services, publication.file));
  }
  const lines = text.replaceAll('??', '\r\n');
  return inFormat('userdata', lines, `${lines}\r\n`, render);
}

/** The areas of the image and of the commands, as elements of a page. */
function mapContent({ render }: ServingRequest, areas: readonly LinkedArea[]): TextContent {
  const { image } = render;
  const given = image.layers.flatMap(({ values }) => values.map ?? []);
  const own = areas.map(
    ({ shape, region, action }) =>
      `<AREA shape="${shape}" coords="${escapeXml(region)}"${action.trim() === '' ? '' : ` ${actionOf(action)}`}>`,
  );
  const text = [...(given.length > 0 ? given : own)].join('\r\n');
  return inFormat('map', text, text, render);
}

/** A text in the format that a request asks for. */
function inFormat(
  name: string,
  text: string,
  plain: string,
  { image }: ServingRequest['render'],
): TextContent {
  const [, format = 'text'] = image.values.req ?? [];
  if (format === 'json') return jsonContent({ [name]: text }, image.values.id, image.others['handler']);
  if (format === 'xml')
    return textContent(
      'text/xml',
      `<?xml version="1.0" encoding="UTF-8"?>\r\n<${name}>${escapeXml(text)}</${name}>\r\n`,
    );
  return textContent('text/plain', plain);
}

/** Attributes as they are; anything else is the address of a link. */
const actionOf = (action: string): string =>
  /^\s*[\w-]+\s*=\s*["']/.test(action) ? action.trim() : `href="${escapeXml(action.trim())}"`;

/** The commands of a request as they were understood, and what has no effect, with the reasons. */
function understood({ render, company, name }: ServingRequest): string {
  const { values, composite, layers, ignored, others } = render.image;
  const line = (prefix: string) => (entry: [string, unknown]) =>
    `${prefix}${entry[0]}=${JSON.stringify(entry[1])}`;
  const notes = Object.entries(commands)
    .filter(([command]) => command in values || layers.some((layer) => command in layer.values))
    .filter(([, { support, note }]) => support === 'part' && note !== undefined)
    .map(([command, { note }]) => `partly.${command}=${note}`);
  return [
    `object=${company}/${name}`,
    ...Object.entries(values).map(line('')),
    ...Object.entries(composite).map(line('comp.')),
    ...layers.flatMap(({ number, values: own }) => Object.entries(own).map(line(`layer.${number}.`))),
    ...Object.entries(others).map(line('unknown.')),
    ...ignored.map((each) => `ignored=${each}`),
    ...notes,
    '',
  ]
    .map((each) => each.replaceAll(/[\r\n]+/g, ' '))
    .join('\r\n');
}
