import type { Asset, ImageFormat } from '@ips-sdk/types';
import type { DeliveryCommand, DeliveryPreview } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import type { Session } from '../session.js';
import { imagePath } from './asset-row.js';

/** What the commands of image serving do, in the words of the documentation site. */
const MEANINGS: Readonly<Record<string, string>> = {
  req: 'what to answer: the image, or its properties',
  wid: 'width in pixels',
  hei: 'height in pixels',
  fit: 'how the image fits width and height',
  align: 'where the image is when it does not fill the view',
  crop: 'part of the source in pixels',
  cropn: 'part of the source as fractions',
  rgn: 'part of the view in pixels',
  rgnn: 'part of the view as fractions',
  scl: 'factor by which the image is scaled down',
  fmt: 'format of the answer',
  qlt: 'quality of a JPEG, and its chroma',
  bgc: 'color behind transparent parts',
  op_usm: 'unsharp mask: amount, radius, threshold, monochrome',
};

/** The delivery URL of an asset, taken apart; `undefined` if the service names none. */
export function deliveryOf(
  { own, publicUrl }: ConsoleOptions,
  { client, company }: Session,
  asset: Asset,
  commands: string,
  presets: readonly ImageFormat[],
): DeliveryPreview | undefined {
  const { ipsImageUrl, assetHandle = '', name } = asset;
  // Clients get a published image by its name; the service's own thumbnail may be at another path.
  const path =
    own === undefined || name === undefined
      ? servedPath(ipsImageUrl)
      : `/is/image/${encodeURI(company.rootPath)}${encodeURIComponent(name)}`;
  if (path === undefined) return undefined;
  const serviceUrl = client.endpoints.soap;
  const base = new URL(own === undefined ? serviceUrl : (publicUrl ?? serviceUrl)).origin;
  let url: URL;
  try {
    url = new URL(path, base);
  } catch {
    return undefined;
  }
  const given = commands === '' ? url.search.slice(1) : commands;
  const search = given === '' ? '' : `?${given}`;
  return {
    url: `${url.origin}${url.pathname}${search}`,
    image: `${imagePath(assetHandle)}${given === '' ? '' : `&commands=${encodeURIComponent(given)}`}`,
    isPublished: asset.readyForPublish === true,
    commands: partsOf(given, presets),
  };
}

/** The path of a thumbnail on the host of the service, which names it from there or from the root of image serving. */
export function servedPath(ipsImageUrl: string | undefined): string | undefined {
  if (!ipsImageUrl) return undefined;
  const path = ipsImageUrl.replace(/^\/+/, '');
  return path.startsWith('is/image/') ? `/${path}` : `/is/image/${path}`;
}

/** The commands of a query, one by one. */
function partsOf(commands: string, presets: readonly ImageFormat[]): DeliveryCommand[] {
  return commands
    .split('&')
    .filter((part) => part !== '')
    .slice(0, 100)
    .map((part) => {
      const [name = '', ...rest] = part.split('=');
      const meaning = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : presetMeaning(decoded(name), presets);
      return { name, value: decoded(rest.join('=')), meaning, isKnown: meaning !== undefined };
    });
}

/** The commands of a called preset. */
function presetMeaning(call: string, presets: readonly ImageFormat[]): string | undefined {
  const preset = presets.find(({ name = '' }) => call.toLowerCase() === `$${name}$`.toLowerCase());
  return preset === undefined ? undefined : `image preset: ${preset.urlModifier ?? ''}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
