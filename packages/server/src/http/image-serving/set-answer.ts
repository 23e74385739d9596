import { readFile } from 'node:fs/promises';
import { notDelivered, sourceFacts } from '../../images/image-source.js';
import { findObject } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import { escapeXml, jsonContent, type TextContent, textContent } from './properties.js';
import { sourceOf } from './serving-image.js';
import { MissingImageError, type ServingRequest } from './serving-request.js';

/** Most images of a set that are described. */
const MAX_ITEMS = 1000;

/** One image of a set. */
interface SetItem {
  readonly i: { readonly n: string };
  readonly s: { readonly n: string };
  readonly dx?: string;
  readonly dy?: string;
  readonly iv?: string;
}

/** Describes the set of a request: that of `imageSet`, the published one of the path, or an image as a set of itself. */
export async function setContent(services: Services, serving: ServingRequest): Promise<TextContent> {
  const { found, render, company, name } = serving;
  const { imageSet, req, id } = render.image.values;
  let text = imageSet?.replace(/^\s*\{(.*)\}\s*$/s, '$1');
  if (text === undefined) {
    if (found === undefined) throw new MissingImageError(`Unable to find /${company}/${name}`);
    const { file, mediaType } = found.publication;
    text =
      notDelivered(mediaType) === undefined
        ? `${company}/${name}`
        : await readFile(await services.files.path(file), 'utf8');
  }
  const items: SetItem[] = [];
  // The parts of an entry, such as its swatch, are behind a semicolon.
  for (const entry of text.split(',').slice(0, MAX_ITEMS)) {
    const [image = ''] = entry.split(';').map((part) => part.trim());
    if (image !== '') items.push(await itemOf(services, company, image));
  }
  const version = String(found?.publication.version ?? 0);
  const [, format = 'xml'] = req ?? [];
  const set = {
    pv: '1.0',
    type: items.length > 1 ? 'img_set' : 'img',
    n: `${company}/${name}`,
    sv: version,
    item: items,
  };
  if (format === 'json') return jsonContent({ set }, id, render.image.others['handler']);
  const written = items.map(
    ({ i, dx, dy, iv }) =>
      `<item${attribute('dx', dx)}${attribute('dy', dy)}${attribute('iv', iv)}><i${attribute('n', i.n)}/><s${attribute('n', i.n)}/></item>`,
  );
  return textContent(
    'text/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<set${attribute('n', set.n)}${attribute('pv', set.pv)}${attribute('sv', version)}${attribute('type', set.type)}>${written.join('')}</set>\r\n`,
  );
}

async function itemOf(services: Services, company: string, image: string): Promise<SetItem> {
  const found = await findObject(services.db, company, image);
  const item = { i: { n: image }, s: { n: image } };
  if (found === undefined || notDelivered(found.mediaType) !== undefined) return item;
  const { width, height } = await sourceFacts(await sourceOf(services, found, undefined));
  return { ...item, dx: String(width), dy: String(height), iv: String(found.version) };
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${escapeXml(value)}"`;
