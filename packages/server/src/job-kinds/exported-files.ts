import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { READ } from '../access/permissions/rights.js';
import { documentPages } from '../assets/document-pages.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { ImageError, imageWork } from '../images/image-library.js';
import { PdfPages } from '../images/pdf-pages.js';
import { imageOfPixels } from '../images/pixels.js';
import { planImage } from '../images/render.js';
import {
  formatOf,
  isSized,
  parseRenderRequest,
  type RenderFormat,
  RenderRequestError,
  withValues,
} from '../images/render-request.js';
import type { RunContext } from '../jobs/run-context.js';
import { COMMAND_TYPES, VIEW_TYPES } from '../publish/context-types.js';
import { macrosOf } from '../publish/image-formats.js';
import { layerImages } from './layer-images.js';
import { checkAsset } from './permitted-items.js';

/** A file for the archive. */
export interface ExportedFile {
  /** Path in the archive. */
  readonly path: string;
  /** Hash in the file store. */
  readonly file: string;
}

/** The exported files of an asset. */
export interface ExportedAsset {
  readonly files: readonly ExportedFile[];
  /** How the export differs from the request. */
  readonly note?: string | undefined;
}

type Context = RunContext<'exportJob'>;

/** The name in lower case of the image format that a job names, as `$Large$` or `Large`; `undefined` if it names none. */
export const macroName = (macro: string | undefined): string | undefined =>
  macro === undefined || macro === '' ? undefined : macro.replace(/^\$(.*)\$$/s, '$1').toLowerCase();

/** The call of that image format. */
export function macroCall(macro: string | undefined): string | undefined {
  const name = macroName(macro);
  return name === undefined ? undefined : `$${name}$`;
}

/** Types whose files are images. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['Image', 'Mask', 'AnimatedGif', ...VIEW_TYPES]);

/** Pixels per inch of pages that were not converted to images when the document was uploaded. */
const PAGE_RESOLUTION = 150;

/**
 * The files of an asset for the archive: its own file, a converted image, or an image of each page of a document. Files that cannot be
 * converted are exported as uploaded.
 *
 * @throws ItemFailure for an asset that cannot be exported.
 */
export async function exportedFiles(
  context: Context,
  asset: AssetRow,
  folder: string,
  signal: AbortSignal,
): Promise<ExportedAsset> {
  const inside = archivePath(context.company.rootPath, folder);
  if (COMMAND_TYPES.has(asset.type)) {
    if (context.details.fmt === 'orig') throw new ItemFailure(`${asset.name}: ${asset.type} has no original`);
    // Its layers are all that it is.
    const { file, extension } = await converted(context, asset, undefined, signal);
    return { files: [{ path: `${inside}${safeName(asset.name)}.${extension}`, file }] };
  }
  const source = await sourceOf(context, asset);
  if (context.details.fmt === 'orig') return originalOf(asset, source, inside);
  if (IMAGE_TYPES.has(asset.type)) {
    const path = await context.services.files.path(source.optimizedFile ?? source.originalFile);
    const { file, extension } = await converted(context, asset, path, signal);
    return { files: [{ path: `${inside}${safeName(asset.name)}.${extension}`, file }] };
  }
  if (asset.type === 'Pdf') {
    const made: ExportedFile[] = [];
    for await (const [page, path] of pagesOf(context, source, signal)) {
      const { file, extension } = await converted(context, asset, path, signal);
      made.push({ path: `${inside}${safeName(asset.name)}-${page}.${extension}`, file });
    }
    return { files: made };
  }
  return {
    ...originalOf(asset, source, inside),
    note: `exported as uploaded, because ${asset.type} cannot be converted`,
  };
}

type Source = AssetRow & { readonly originalFile: string };

/**
 * The asset that owns the file: for a view, its owner.
 *
 * @throws ItemFailure if the file is missing, or belongs to an owner that the submitter may not read.
 */
async function sourceOf(context: Context, asset: AssetRow): Promise<Source> {
  const { services } = context;
  const [owner] =
    asset.originalFile === null && asset.ownerId !== null && VIEW_TYPES.has(asset.type)
      ? await services.db.select().from(t.assets).where(eq(t.assets.id, asset.ownerId))
      : [];
  if (owner !== undefined) await checkAsset(context, owner.id, READ);
  const source = owner ?? asset;
  const { originalFile } = source;
  if (originalFile === null || (await services.files.size(originalFile)) === undefined)
    throw new ItemFailure(`${source.name}: its file is missing from the file store`);
  return { ...source, originalFile };
}

function originalOf(asset: AssetRow, source: Source, inside: string): ExportedAsset {
  const extension = /\.[^./]+$/.exec(source.fileName)?.[0] ?? '';
  const name = source.id === asset.id ? asset.fileName : `${asset.name}${extension}`;
  return { files: [{ path: `${inside}${safeName(name)}`, file: source.originalFile }] };
}

/** Images of the pages of a document: existing ones, otherwise rendered for the export. */
async function* pagesOf(
  { services }: Context,
  document: Source,
  signal: AbortSignal,
): AsyncGenerator<readonly [page: number, path: string]> {
  const { db, files, config } = services;
  const known = (await documentPages(db, document.id)).filter(
    ({ trashState }) => trashState === 'NotInTrash',
  );
  const made = new Map(
    known.map((each) => [Number(each.info['page']), each.optimizedFile ?? each.originalFile]),
  );
  const original = document.originalFile;
  const size = (await files.size(original)) ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'ips-export-'));
  let pages: PdfPages | undefined;
  try {
    pages = await PdfPages.open(await files.path(original), size, signal);
    for (let page = 1; page <= pages.count; page += 1) {
      const file = made.get(page);
      if (typeof file === 'string') {
        yield [page, await files.path(file)];
        continue;
      }
      const drawn = await pages.draw(page, {
        resolution: PAGE_RESOLUTION,
        gray: false,
        transparent: false,
        maxPixels: config.limits.maxPixels,
        text: false,
        signal,
      });
      const picture = imageOfPixels(drawn).removeAlpha().withMetadata({ density: PAGE_RESOLUTION }).png();
      const path = join(folder, `${page}.png`);
      await writeFile(path, await imageWork(() => picture.toBuffer(), signal, config.limits.maxPixels));
      yield [page, path];
      await rm(path);
    }
  } catch (error) {
    if (error instanceof ImageError) throw new ItemFailure(`${document.name}: ${error.message}`);
    throw error;
  } finally {
    await pages?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Renders an image of a file, if there is one, with the commands of the asset and the job. */
async function converted(
  context: Context,
  asset: AssetRow,
  path: string | undefined,
  signal: AbortSignal,
): Promise<{ file: string; extension: string }> {
  const { services, details, company } = context;
  try {
    const { find: macro } = await macrosOf(services.db, services.config, asset.companyId);
    const name = macroName(details.macro);
    // Formats can be deleted and renamed after the job was submitted.
    if (name !== undefined && macro(name, []) === undefined)
      throw new ItemFailure(`${asset.name}: the company has no image format '${name}'`);
    // Commands override those before them, so the file format of the image format counts.
    const commands = [
      asset.urlModifier,
      details.is_modifier,
      macroCall(details.macro),
      asset.urlPostApplyModifier,
    ];
    const object = `${company.rootPath}${asset.name}`;
    const asked = parseRenderRequest(commands, undefined, { macro, object });
    // Without a requested size, the image is exported in its own size.
    const request = isSized(asked) ? asked : withValues(asked, { scl: 1 });
    const { maxPixels } = services.config.limits;
    const main = path === undefined ? undefined : { path, maxPixels, signal };
    const find = layerImages(context, signal);
    const plan = await planImage({ main, find, macro, maxPixels, signal }, request);
    try {
      const { hash } = await services.files.put((await plan.render()).data);
      return { file: hash, extension: extensionOf(formatOf(request)) };
    } finally {
      await plan.close();
    }
  } catch (error) {
    if (error instanceof RenderRequestError || error instanceof ImageError)
      throw new ItemFailure(`${asset.name}: ${error.message}`);
    throw error;
  }
}

function extensionOf(format: RenderFormat): string {
  if (format === 'jpeg' || format === 'pjpeg') return 'jpg';
  return format.startsWith('png') ? 'png' : format.replace('-alpha', '');
}

function archivePath(rootPath: string, folder: string): string {
  const inside = folder.toLowerCase().startsWith(rootPath.toLowerCase())
    ? folder.slice(rootPath.length)
    : folder;
  return inside
    .split('/')
    .filter((step) => step !== '')
    .map((step) => `${safeName(step)}/`)
    .join('');
}

/** A name that is a single path segment in every archive program. */
function safeName(name: string): string {
  const clean = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_');
  return /^\.+$/.test(clean) ? '_' : clean;
}
