import { SET_TYPES } from '../assets/asset-types.js';
import { isDrawable, MAX_TEXT, roomFor } from '../images/pixel-font.js';
import {
  entries,
  flag,
  list,
  matching,
  oneOf,
  optionalText,
  record,
  shown,
  text,
  time,
  whole,
} from './seed-checks.js';
import { checkSmartCrops } from './seed-crops.js';
import { SeedError } from './seed-error.js';
import { extensionOf, fileNameOf, nameOfAsset } from './seed-names.js';
import type { SeedAsset, SeedAssetSet, SeedItem, SeedPicture, SeedSet } from './seed-types.js';

/** The names of a company's assets in lower case, with the places where they are in the seed. */
export type PlacedNames = Map<string, string>;

/** Assets of a seed in all. */
const MAX_ASSETS = 100_000;

const MAX_SIDE = 10_000;
const MAX_PIXELS = 25_000_000;

const ITEM = ['metadata', 'created', 'lastModified', 'publish', 'published'] as const;
const ASSET = ['file', 'generate', 'name', 'count', 'keywords', 'userData', 'smartCrops', ...ITEM] as const;
const SET = ['name', 'type', 'members', ...ITEM] as const;
const ASSET_SET = ['name', 'type', 'definition', 'subType', ...ITEM] as const;
const PICTURE = ['width', 'height', 'color', 'background', 'pattern', 'text', 'format'] as const;

/** @throws SeedError that names the first invalid value. */
export function checkAssets(
  path: string,
  assets: readonly SeedAsset[] | undefined,
  names: PlacedNames,
): void {
  list(path, assets).forEach((asset, index) => {
    const at = `${path}[${index}]`;
    record(at, asset, ASSET);
    checkOrigin(at, asset);
    optionalText(`${at}.name`, asset.name);
    checkItem(at, asset);
    list(`${at}.keywords`, asset.keywords).forEach((keyword, place) => {
      text(`${at}.keywords[${place}]`, keyword);
    });
    optionalText(`${at}.userData`, asset.userData);
    checkSmartCrops(`${at}.smartCrops`, asset.smartCrops);
    for (let n = 1; n <= (asset.count ?? 1); n += 1) checkName(at, nameOfAsset(asset, n), names);
  });
}

/** @throws SeedError that names the first invalid value. */
export function checkSets(
  path: string,
  sets: readonly (SeedSet | SeedAssetSet)[] | undefined,
  names: PlacedNames,
): void {
  list(path, sets).forEach((set, index) => {
    const at = `${path}[${index}]`;
    if (isAssetSet(set)) checkAssetSet(at, set);
    else checkSet(at, set);
    text(`${at}.name`, set.name);
    checkItem(at, set);
    checkName(at, set.name, names);
  });
}

/** @param set - What a program or a file has as a set. */
function isAssetSet(set: SeedSet | SeedAssetSet | null): set is SeedAssetSet {
  return typeof set === 'object' && set?.type === 'AssetSet';
}

function checkSet(path: string, set: SeedSet): void {
  record(path, set, SET);
  if (set.type !== undefined) oneOf(`${path}.type`, set.type, [...SET_TYPES, 'AssetSet']);
  if (set.members === undefined) throw new SeedError(`${path}.members`, 'found nothing, expected an array');
  list(`${path}.members`, set.members).forEach((member, place) => {
    text(`${path}.members[${place}]`, member);
  });
}

function checkAssetSet(path: string, set: SeedAssetSet): void {
  record(path, set, ASSET_SET);
  text(`${path}.definition`, set.definition);
  optionalText(`${path}.subType`, set.subType);
}

function checkOrigin(path: string, asset: SeedAsset): void {
  const { file, generate, count } = asset;
  if ((file === undefined) === (generate === undefined))
    throw new SeedError(path, 'expected either file or generate');
  if (count !== undefined) {
    whole(`${path}.count`, count, 1, MAX_ASSETS);
    if (generate === undefined)
      throw new SeedError(`${path}.count`, 'only generated pictures can have a count');
    if (count > 1 && !asset.name?.includes('{n}'))
      throw new SeedError(
        `${path}.name`,
        `found ${shown(asset.name)}, expected a name with {n} for ${count} assets`,
      );
  }
  if (generate === undefined) {
    text(`${path}.file`, file);
    matching(`${path}.file`, file, /^\P{Cc}+$/u, 'a path without control characters');
    if (extensionOf(fileNameOf(file ?? '')) === '')
      throw new SeedError(`${path}.file`, `found ${shown(file)}, expected a file name with an extension`);
    return;
  }
  text(`${path}.name`, asset.name);
  checkPicture(`${path}.generate`, generate, asset.count ?? 1);
}

/** @param count - The number of pictures with this description. */
function checkPicture(path: string, picture: SeedPicture, count: number): void {
  record(path, picture, PICTURE);
  whole(`${path}.width`, picture.width, 1, MAX_SIDE);
  whole(`${path}.height`, picture.height, 1, MAX_SIDE);
  const pixels = picture.width * picture.height;
  if (pixels > MAX_PIXELS)
    throw new SeedError(path, `found ${pixels} pixels, expected at most ${MAX_PIXELS}`);
  for (const key of ['color', 'background'] as const)
    matching(`${path}.${key}`, picture[key], /^#[0-9a-f]{6}$/i, 'a color such as #cc0000');
  if (picture.pattern !== undefined)
    oneOf(`${path}.pattern`, picture.pattern, ['plain', 'checkers', 'stripes', 'gradient']);
  if (picture.format !== undefined) oneOf(`${path}.format`, picture.format, ['png', 'jpeg', 'tiff', 'gif']);
  optionalText(`${path}.text`, picture.text);
  if (picture.text === undefined) return;
  const words = picture.text.replaceAll('{n}', String(count));
  if (!isDrawable(words))
    throw new SeedError(
      `${path}.text`,
      `found ${shown(words)}, expected up to ${MAX_TEXT} letters A to Z, digits, blanks and . , : ; ! ? - _ + * / # ( )`,
    );
  const { width, height } = roomFor(words);
  if (picture.width < width || picture.height < height)
    throw new SeedError(
      `${path}.text`,
      `${shown(words)} needs a picture of at least ${width} by ${height} pixels`,
    );
}

function checkItem(path: string, item: SeedItem): void {
  for (const [name, value] of entries(`${path}.metadata`, item.metadata)) {
    const at = `${path}.metadata.${name}`;
    if (Array.isArray(value)) for (const [place, tag] of value.entries()) text(`${at}[${place}]`, tag);
    else if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new SeedError(
        at,
        `found ${shown(value)}, expected a text, a number, true or false, or an array of tags`,
      );
  }
  time(`${path}.created`, item.created);
  time(`${path}.lastModified`, item.lastModified);
  if (typeof item.publish !== 'boolean') {
    for (const [name, value] of entries(`${path}.publish`, item.publish)) {
      if (typeof value !== 'boolean')
        throw new SeedError(`${path}.publish.${name}`, `found ${shown(value)}, expected true or false`);
    }
  }
  flag(`${path}.published`, item.published);
  const isMarked = typeof item.publish === 'boolean' ? item.publish : item.publish?.['ImageServing'];
  if (item.published === true && isMarked === false)
    throw new SeedError(
      `${path}.published`,
      'found true, but publish says that it is not marked for publish',
    );
}

function checkName(path: string, name: string, names: PlacedNames): void {
  if (name.trim() === '' || name.length > 255 || /[/\\\p{Cc}]/u.test(name))
    throw new SeedError(
      `${path}.name`,
      `found ${shown(name)}, expected 1 to 255 characters without slashes or control characters`,
    );
  const key = name.toLowerCase();
  const other = names.get(key);
  if (other !== undefined) throw new SeedError(`${path}.name`, `${shown(name)} is also the name of ${other}`);
  names.set(key, path);
  if (names.size > MAX_ASSETS)
    throw new SeedError(path, `a company gets at most ${MAX_ASSETS} assets from a seed`);
}
