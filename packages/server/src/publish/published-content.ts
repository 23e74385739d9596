import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import type { FileStore } from '../files/file-store.js';
import { ImageError } from '../images/image-library.js';
import { checkReadable } from '../images/readable-image.js';
import { notDelivered } from '../images/render.js';
import { setTexts, type TextlessSet } from '../sets/set-text.js';
import { COMMAND_TYPES, SET_TYPES_OF_CATALOG, VIEW_TYPES } from './context-types.js';

/** What is published of an asset. */
export interface PublishedContent {
  /** Hash in the file store. */
  readonly file: string;
  readonly mediaType: string;
  /** What is doubtful about it. */
  readonly warning?: string | undefined;
  /** What is published, where that is not the asset's own file. */
  readonly note?: string | undefined;
}

/** Where contents come from. */
export interface ContentSource {
  readonly db: Db;
  readonly files: FileStore;
  readonly company: CompanyRow;
  /** Whether files go somewhere as they were uploaded, rather than in the form that delivery is quick with. */
  readonly originals: boolean;
}

/**
 * What is published of an asset: its file; of a view the file of its owner; of a set the text that viewers read; of a template
 * its commands, for it has nothing else.
 *
 * @throws ItemFailure when its file is missing from the file store.
 */
export async function contentToPublish(source: ContentSource, asset: AssetRow): Promise<PublishedContent> {
  const { db, files, company } = source;
  if (asset.originalFile === null && SET_TYPES_OF_CATALOG.has(asset.type)) {
    const { text = '', warning } = (await setTexts(db, company, [asset])).get(asset.id) ?? {};
    const { hash } = await files.put(Buffer.from(text));
    return { file: hash, mediaType: 'text/plain', warning };
  }
  if (asset.originalFile === null && COMMAND_TYPES.has(asset.type)) {
    const { hash } = await files.put(Buffer.from(commandText(asset)));
    return {
      file: hash,
      mediaType: 'text/plain',
      note: 'its commands, because this server does not render template layers',
    };
  }
  const owner =
    asset.originalFile === null && VIEW_TYPES.has(asset.type) ? await ownerOf(db, asset) : undefined;
  const content = fileOf(owner ?? asset, source.originals);
  if (content === undefined || (await files.size(content.file)) === undefined) {
    throw new ItemFailure(
      owner === undefined
        ? 'its file is missing from the file store'
        : `the file of ${owner.name}, the original of this view, is missing from the file store`,
    );
  }
  const warning = source.originals ? undefined : await undeliveredBecause(files, owner ?? asset, content);
  const published = warning === undefined ? content : { ...content, warning };
  return owner === undefined
    ? published
    : { ...published, note: `the image ${owner.name} with the commands of the view` };
}

/** Why image serving cannot deliver an image: it has no derivatives, and its original cannot be rendered. */
async function undeliveredBecause(
  files: FileStore,
  { type, optimizedFile }: AssetRow,
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

/** Whether a content is still what is published of an asset. What is made of other assets, a publish compares by itself. */
export function isCurrent(asset: AssetRow, content: { readonly file: string }, originals: boolean): boolean {
  return asset.originalFile === null || fileOf(asset, originals)?.file === content.file;
}

/** Sets that are looked at together. */
const SETS_AT_ONCE = 500;

/** Of some sets, those whose text is no longer the one that is published. */
export async function changedSets<Row extends TextlessSet & { readonly file: string }>(
  db: Db,
  company: CompanyRow,
  sets: readonly Row[],
): Promise<Row[]> {
  const changed: Row[] = [];
  for (let start = 0; start < sets.length; start += SETS_AT_ONCE) {
    const part = sets.slice(start, start + SETS_AT_ONCE);
    const texts = await setTexts(db, company, part);
    changed.push(...part.filter(({ id, file }) => hashOf(texts.get(id)?.text ?? '') !== file));
  }
  return changed;
}

/** As the file store names contents. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The commands before and after those of a request, as the catalog calls them. */
function commandText({ urlModifier, urlPostApplyModifier }: AssetRow): string {
  return `Modifier=${urlModifier ?? ''}\nPostModifier=${urlPostApplyModifier ?? ''}\n`;
}

async function ownerOf(db: Db, view: AssetRow): Promise<AssetRow | undefined> {
  if (view.ownerId === null) return undefined;
  const [owner] = await db.select().from(t.assets).where(eq(t.assets.id, view.ownerId));
  return owner;
}

function fileOf(asset: AssetRow, originals: boolean): PublishedContent | undefined {
  if (!originals && asset.optimizedFile !== null)
    return { file: asset.optimizedFile, mediaType: 'image/tiff' };
  if (asset.originalFile === null) return undefined;
  return { file: asset.originalFile, mediaType: asset.mediaType ?? 'application/octet-stream' };
}
