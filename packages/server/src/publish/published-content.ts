import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { VIEWER_PRESET } from '../assets/viewer-settings.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import type { FileStore } from '../files/file-store.js';
import { ImageError } from '../images/image-library.js';
import { notDelivered } from '../images/image-source.js';
import { checkReadable } from '../images/readable-image.js';
import { type SetText, setTexts, type TextlessSet } from '../sets/set-text.js';
import { COMMAND_TYPES, SET_TYPES_OF_CATALOG, VIEW_TYPES } from './context-types.js';
import { presetTexts } from './preset-text.js';

/** The published content of an asset. */
export interface PublishedContent {
  /** Hash in the file store. */
  readonly file: string;
  readonly mediaType: string;
  /** A warning about it. */
  readonly warning?: string | undefined;
  /** A note if the content is not the asset's own file. */
  readonly note?: string | undefined;
}

/** The columns of an asset that decide how it is published. */
export const PUBLISHED_COLUMNS = {
  id: t.assets.id,
  name: t.assets.name,
  type: t.assets.type,
  fileName: t.assets.fileName,
  version: t.assets.version,
  originalFile: t.assets.originalFile,
  optimizedFile: t.assets.optimizedFile,
  mediaType: t.assets.mediaType,
  ownerId: t.assets.ownerId,
  urlModifier: t.assets.urlModifier,
  urlPostApplyModifier: t.assets.urlPostApplyModifier,
  setDefinition: t.assets.setDefinition,
};

/** An asset as far as it is published. */
export type PublishedAsset = Pick<AssetRow, keyof typeof PUBLISHED_COLUMNS>;

/** What the contents of some assets are made of. */
export interface ContentSource {
  readonly files: FileStore;
  /** Whether files go somewhere as they were uploaded, rather than in the form that delivery is quick with. */
  readonly originals: boolean;
  /** The owners of views, by number. */
  readonly owners: ReadonlyMap<number, PublishedAsset>;
  /** The texts of sets and viewer presets, by number. */
  readonly texts: ReadonlyMap<number, SetText>;
  /** Whether the company has formats in which its vignettes are to be published. */
  readonly hasVignetteFormats: boolean;
}

/** Reads together what the contents of some assets are made of. */
export async function contentSource(
  db: Db,
  company: CompanyRow,
  assets: readonly PublishedAsset[],
  place: Pick<ContentSource, 'files' | 'originals'>,
): Promise<ContentSource> {
  const ownerIds = assets.filter(isView).flatMap(({ ownerId }) => ownerId ?? []);
  const owners =
    ownerIds.length === 0
      ? []
      : await db.select(PUBLISHED_COLUMNS).from(t.assets).where(anyOf(t.assets.id, ownerIds));
  return {
    ...place,
    owners: new Map(owners.map((owner) => [owner.id, owner])),
    texts: await textsOf(db, company, assets.filter(hasText)),
    hasVignetteFormats:
      !place.originals && assets.some(isVignette) && (await hasVignetteFormats(db, company)),
  };
}

const isVignette = ({ type }: PublishedAsset): boolean => type === 'Vignette';

async function hasVignetteFormats(db: Db, { id }: CompanyRow): Promise<boolean> {
  const formats = await db
    .select({ id: t.vignetteFormats.id })
    .from(t.vignetteFormats)
    .where(eq(t.vignetteFormats.companyId, id))
    .limit(1);
  return formats.length > 0;
}

const isView = ({ originalFile, type }: PublishedAsset): boolean =>
  originalFile === null && VIEW_TYPES.has(type);

const hasText = ({ originalFile, type }: PublishedAsset): boolean =>
  originalFile === null && (SET_TYPES_OF_CATALOG.has(type) || type === VIEWER_PRESET);

/** The texts of sets and viewer presets. */
async function textsOf(
  db: Db,
  company: CompanyRow,
  assets: readonly TextlessSet[],
): Promise<ReadonlyMap<number, SetText>> {
  const presets = assets.filter(({ type }) => type === VIEWER_PRESET);
  const sets = assets.filter((asset) => !presets.includes(asset));
  return new Map([...(await setTexts(db, company, sets)), ...(await presetTexts(db, presets))]);
}

/**
 * The published content of an asset: its file; for a view, the file of its owner; for a set or a viewer preset,
 * the text for viewers; for a template, its commands.
 *
 * @throws ItemFailure when its file is missing from the file store.
 */
export async function contentToPublish(
  source: ContentSource,
  asset: PublishedAsset,
): Promise<PublishedContent> {
  const { files } = source;
  if (hasText(asset)) {
    const { text = '', warning } = source.texts.get(asset.id) ?? {};
    const { hash } = await files.put(Buffer.from(text));
    return { file: hash, mediaType: 'text/plain', warning };
  }
  if (asset.originalFile === null && COMMAND_TYPES.has(asset.type)) {
    const { hash } = await files.put(Buffer.from(commandText(asset)));
    return {
      file: hash,
      mediaType: 'text/plain',
      note: 'its commands, whose layers image serving draws',
    };
  }
  const owner = isView(asset) ? source.owners.get(asset.ownerId ?? -1) : undefined;
  const content = fileOf(owner ?? asset, source.originals);
  if (content === undefined || (await files.size(content.file)) === undefined) {
    throw new ItemFailure(
      owner === undefined
        ? 'its file is missing from the file store'
        : `the file of ${owner.name}, the original of this view, is missing from the file store`,
    );
  }
  const warning = source.originals
    ? undefined
    : isVignette(asset) && source.hasVignetteFormats
      ? 'it was published at its own size: this server makes no views in the vignette formats of the company'
      : await undeliveredBecause(files, owner ?? asset, content);
  const published = warning === undefined ? content : { ...content, warning };
  return owner === undefined
    ? published
    : { ...published, note: `the image ${owner.name} with the commands of the view` };
}

/** Why image serving cannot deliver an image: it has no derivatives, and its original cannot be rendered. */
async function undeliveredBecause(
  files: FileStore,
  { type, optimizedFile }: PublishedAsset,
  { file, mediaType }: PublishedContent,
): Promise<string | undefined> {
  if (optimizedFile !== null || !IMAGE_TYPES.has(type)) return undefined;
  const reason = notDelivered(mediaType) ?? (await unreadable(await files.path(file)));
  return reason === undefined
    ? undefined
    : `it was published, but cannot be delivered as an image: ${reason}`;
}

async function unreadable(path: string): Promise<string | undefined> {
  try {
    await checkReadable(path);
    return undefined;
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

/** Types of assets that are one image each. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['Image', 'AnimatedGif']);

/**
 * Whether a content is still what is published of an asset.
 *
 * @param seen - The asset, as its content was made of it.
 */
export function isCurrent(
  asset: PublishedAsset,
  seen: PublishedAsset,
  content: { readonly file: string },
  originals: boolean,
): boolean {
  return asset.originalFile === null
    ? asset.version === seen.version
    : fileOf(asset, originals)?.file === content.file;
}

/** The number of texts per query. */
const TEXTS_AT_ONCE = 500;

/** The sets and viewer presets whose published text is outdated. */
export async function changedTexts<Row extends TextlessSet & { readonly file: string }>(
  db: Db,
  company: CompanyRow,
  assets: readonly Row[],
): Promise<Row[]> {
  const changed: Row[] = [];
  for (let start = 0; start < assets.length; start += TEXTS_AT_ONCE) {
    const part = assets.slice(start, start + TEXTS_AT_ONCE);
    const texts = await textsOf(db, company, part);
    changed.push(...part.filter(({ id, file }) => hashOf(texts.get(id)?.text ?? '') !== file));
  }
  return changed;
}

/** The key of the content in the file store. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The commands before and after those of a request, as the catalog calls them. */
function commandText({ urlModifier, urlPostApplyModifier }: PublishedAsset): string {
  return `Modifier=${urlModifier ?? ''}\nPostModifier=${urlPostApplyModifier ?? ''}\n`;
}

function fileOf(asset: PublishedAsset, originals: boolean): PublishedContent | undefined {
  if (!originals && asset.optimizedFile !== null)
    return { file: asset.optimizedFile, mediaType: 'image/tiff' };
  if (asset.originalFile === null) return undefined;
  return { file: asset.originalFile, mediaType: asset.mediaType ?? 'application/octet-stream' };
}
