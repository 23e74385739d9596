import { readFile } from 'node:fs/promises';
import {
  commands,
  findCommand,
  formatColor,
  formatRequest,
  type ImageEffect,
  type RequestKind,
} from '@ips-sdk/delivery';
import { holdsXmp, isTransparent, pixelTypeOf } from '../../images/encode-image.js';
import { notDelivered, sourceFacts } from '../../images/image-source.js';
import type { RenderPlan } from '../../images/render.js';
import { formatOf, RENDER_FORMATS, RenderRequestError } from '../../images/render-request.js';
import { smartCropArea } from '../../images/smart-crop-view.js';
import { packetOf } from '../../metadata/xmp-document.js';
import type { DeliverySettings } from '../../publish/delivery-settings.js';
import { userDataOf, xmpPacketOf } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import { mapContent } from './map-answer.js';
import { inFormat, type Properties, propertyContent, type TextContent, textContent } from './properties.js';
import { planOf, savedPaths, sourceOf } from './serving-image.js';
import { MissingImageError, type ServingRequest } from './serving-request.js';
import { setContent } from './set-answer.js';
import { targetLines } from './targets.js';

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
  xlate: async (_services, { translations }) => ({ 'xlate.translatedIds': (await translations()).join(',') }),
};

/** Answers of other kinds than images and lists of properties. */
const TEXTS: Partial<Record<RequestKind, Answer<TextContent>>> = {
  debug: async (_services, serving) => textContent('text/plain', understood(serving)),
  map: mapContent,
  imageset: async (services, { found }) => {
    const isSet = found !== undefined && notDelivered(found.publication.mediaType) !== undefined;
    const text = isSet ? await textOf(services, found.publication.file) : '';
    return textContent('text/plain', `${text}\r\n`);
  },
  message: async ({ log }, { render, company, name }) => {
    // Anyone can write it.
    const message = (render.image.others['message'] ?? '').slice(0, MAX_MESSAGE);
    if (message !== '') log.info({ company, name, message }, 'message of a client of image serving');
    return textContent('text/plain', '');
  },
  resolve: async (_services, { render, company, name }) =>
    textContent('text/plain', `/is/image/${company}/${name}?${formatRequest(render.image)}\r\n`),
  set: setContent,
  targets: async (services, serving) => {
    const text = (await targetLines(services, serving)).join('\r\n');
    return inFormat('targets', text, `${text}\r\n`, serving.render.image);
  },
  userdata: userDataContent,
  xmp: xmpContent,
};

/** Most characters of a message for the log. */
const MAX_MESSAGE = 1000;

/** Kinds of answers that are kept as long as images are, and those that are not kept. */
const LIKE_IMAGES: ReadonlySet<RequestKind> = new Set(['map', 'targets', 'userdata', 'xlate', 'xmp']);
const NOT_KEPT: ReadonlySet<RequestKind> = new Set(['validate', 'resolve', 'loadcache', 'message']);

/** Hours for which an answer that is not an image may be kept; `undefined` for one that may not. */
export function hoursOf(
  kind: RequestKind,
  { expiration, nonImageExpiration }: Pick<DeliverySettings, 'expiration' | 'nonImageExpiration'>,
): number | undefined {
  if (NOT_KEPT.has(kind)) return undefined;
  return LIKE_IMAGES.has(kind) ? expiration : nonImageExpiration;
}

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
  const type = pixelTypeOf(render);
  const version = found?.publication.version ?? 0;
  return {
    'image.bgc': values.bgc === undefined ? hexOf(settings.background) : formatColor(values.bgc),
    'image.height': size.height,
    'image.iccEmbed': values.iccEmbed === true && type !== 'gray' ? 1 : 0,
    'image.iccProfile': render.profile?.name ?? { rgb: 'sRGB', gray: '', cmyk: 'CMYK' }[type],
    'image.length': (await derivatives.sizeOf({ companyId, name, variant })) ?? 0,
    'image.mask': isTransparent(render) ? 1 : 0,
    'image.pathEmbed': 0,
    'image.pixTyp': PIXEL_TYPES[type],
    'image.printRes': Math.round(values.printRes ?? source?.density ?? 72),
    'image.quality': values.qlt?.[0] ?? settings.quality[0],
    'image.type': RENDER_FORMATS[formatOf(render)],
    'image.version': version,
    'image.width': size.width,
    'image.xmpEmbed': render.xmp !== undefined && holdsXmp(formatOf(render)) ? 1 : 0,
    'metadata.version': version,
  };
}

const PIXEL_TYPES = { rgb: 'RGB', gray: 'BW', cmyk: 'CMYK' } as const;

/** What the source is. */
async function imageProperties(services: Services, serving: ServingRequest): Promise<Properties> {
  const { found, settings, company, name } = serving;
  if (found === undefined) throw new MissingImageError(`Unable to find /${company}/${name}`);
  const { publication, crop } = found;
  const { assetId } = publication;
  const paths = await savedPaths(services, assetId);
  const whole = await sourceFacts(await sourceOf(services, publication, undefined));
  const size = crop === undefined ? whole : smartCropArea(whole, crop);
  return {
    'image.anchor': `${Math.floor(size.width / 2)},${Math.floor(size.height / 2)}`,
    'image.embeddedIccProfile': whole.hasProfile ? 1 : 0,
    'image.embeddedPhotoshopPaths': paths.length > 0 ? 1 : 0,
    'image.embeddedXmpData': (await xmpPacketOf(services.db, assetId)) === undefined ? 0 : 1,
    'image.expiration': settings.expiration,
    'image.height': size.height,
    'image.iccProfile': whole.hasProfile ? 'embedded' : '',
    'image.mask': whole.hasAlpha ? 2 : 0,
    'image.modifier': publication.urlModifier ?? '',
    'image.photoshopPathNames': paths.map((path) => path.name).join(','),
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

/** The XMP packet of the image; an empty one for an image without. */
async function xmpContent({ db }: Services, { found, company, name }: ServingRequest): Promise<TextContent> {
  if (found === undefined) throw new MissingImageError(`Unable to find /${company}/${name}`);
  return textContent('text/xml', (await xmpPacketOf(db, found.publication.assetId)) ?? packetOf({}));
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
  return inFormat('userdata', lines, `${lines}\r\n`, render.image);
}

/** Whether a command has an effect outside of layers. */
const isForComposite = (name: string): boolean => {
  const command = findCommand(name);
  return command !== undefined && commands[command].comp !== 'ignored';
};

/** The commands of a request as they were understood, and what has no effect, with the reasons. */
function understood({ render, company, name }: ServingRequest): string {
  const { values, composite, effects, layers, ignored, others } = render.image;
  const line = (prefix: string) => (entry: [string, unknown]) =>
    `${prefix}${entry[0]}=${JSON.stringify(entry[1])}`;
  const effectLines = (prefix: string) => (effect: ImageEffect) =>
    Object.entries(effect.values).map(line(`${prefix}effect.${effect.number}.`));
  const notes = Object.entries(commands)
    .filter(([command]) => command in values || layers.some((layer) => command in layer.values))
    .filter(([, { support, note }]) => support === 'part' && note !== undefined)
    .map(([command, { note }]) => `partly.${command}=${note}`);
  return [
    `object=${company}/${name}`,
    ...Object.entries(values).map(line('')),
    ...Object.entries(composite)
      .filter(([command]) => isForComposite(command))
      .map(line('comp.')),
    ...effects.flatMap(effectLines('comp.')),
    ...layers.flatMap(({ number, values: own, effects: ofLayer }) => [
      ...Object.entries(own).map(line(`layer.${number}.`)),
      ...ofLayer.flatMap(effectLines(`layer.${number}.`)),
    ]),
    ...Object.entries(others).map(line('unknown.')),
    ...ignored.map((each) => `ignored=${each}`),
    ...notes,
    '',
  ]
    .map((each) => each.replaceAll(/[\r\n]+/g, ' '))
    .join('\r\n');
}
