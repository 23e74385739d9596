import { commands, DeliveryError, findCommand, parseRequest } from '@ips-sdk/delivery';
import type { Asset, ImageFormat } from '@ips-sdk/types';
import type { DeliveryCommand, DeliveryPreview, SuggestedCommand } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import type { Session } from '../session.js';
import { imagePath } from './asset-row.js';

/** Commands that are about other answers than one picture, or name what an asset may not have. */
const NOT_OF_PICTURES: ReadonlySet<string> = new Set([
  'req',
  'id',
  'imageSet',
  'defaultImage',
  'template',
  'map',
  'mask',
]);

/** The delivery URL of an asset, taken apart; `undefined` if the service names none. */
export function deliveryOf(
  { own, publicUrl }: ConsoleOptions,
  { client, company }: Session,
  asset: Asset,
  asked: string,
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
  const given = asked === '' ? url.search.slice(1) : asked;
  const search = given === '' ? '' : `?${given}`;
  return {
    url: `${url.origin}${url.pathname}${search}`,
    image: `${imagePath(assetHandle)}${given === '' ? '' : `&commands=${encodeURIComponent(given)}`}`,
    isPublished: asset.readyForPublish === true,
    commands: partsOf(given, presets),
    suggestions,
    problem: problemOf(given),
  };
}

/** The path of a thumbnail on the host of the service, which names it from there or from the root of image serving. */
export function servedPath(ipsImageUrl: string | undefined): string | undefined {
  if (!ipsImageUrl) return undefined;
  const path = ipsImageUrl.replace(/^\/+/, '');
  return path.startsWith('is/image/') ? `/${path}` : `/is/image/${path}`;
}

/** The commands of a query, one by one. */
function partsOf(query: string, presets: readonly ImageFormat[]): DeliveryCommand[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .slice(0, 100)
    .map((part) => {
      const [name = '', ...rest] = part.split('=');
      return { name, value: decoded(rest.join('=')), ...aboutCommand(decoded(name), presets) };
    });
}

/** What a command does, and what of it has no effect. */
function aboutCommand(
  name: string,
  presets: readonly ImageFormat[],
): Pick<DeliveryCommand, 'meaning' | 'caution'> {
  if (name.startsWith('.')) return { meaning: 'A comment', caution: undefined };
  if (/^\$.+\$$/.test(name)) return aboutPreset(name, presets);
  if (name.startsWith('$')) return { meaning: 'A variable', caution: undefined };
  const command = findCommand(name);
  if (command === undefined)
    return { meaning: undefined, caution: 'image serving has no such command, and ignores it' };
  const { summary, support, note } = commands[command];
  return {
    meaning: summary,
    caution: support === 'none' ? 'this server ignores it' : support === 'part' ? note : undefined,
  };
}

/** The commands that this server carries out, with the values of their examples. */
const suggestions: readonly SuggestedCommand[] = Object.entries(commands).flatMap(
  ([name, { support, summary, example = '' }]) => {
    // Behind a layer, a command means that layer.
    const [front = ''] = example.split(/(?:^|&)(?:layer|effect)=/);
    const [, value] =
      front
        .split('&')
        .map((part) => part.split(/=(.*)/s))
        .find(([of]) => of === name) ?? [];
    return support === 'none' || value === undefined || NOT_OF_PICTURES.has(name)
      ? []
      : [{ name, value: decoded(value), meaning: summary }];
  },
);

/** Why image serving refuses commands; presets are not known here, and are no reason. */
function problemOf(query: string): string | undefined {
  try {
    parseRequest(query);
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError) return error.message;
    throw error;
  }
}

/** The commands of a called preset. The server itself may have others than the company. */
function aboutPreset(
  call: string,
  presets: readonly ImageFormat[],
): Pick<DeliveryCommand, 'meaning' | 'caution'> {
  if (/^\$(?:shadow|glow)\$$/i.test(call))
    return { meaning: 'A built-in preset for effects', caution: undefined };
  const preset = presets.find(({ name = '' }) => call.toLowerCase() === `$${name}$`.toLowerCase());
  return preset === undefined
    ? { meaning: undefined, caution: 'the company has no such image preset' }
    : { meaning: `image preset: ${preset.urlModifier ?? ''}`, caution: undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
