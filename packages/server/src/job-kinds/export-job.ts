import { and, eq, inArray } from 'drizzle-orm';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { invalidParameter, missingParameter, notSupported, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { ImageError } from '../images/image-library.js';
import { renderImage } from '../images/render.js';
import { parseRenderRequest, type RenderFormat, RenderRequestError } from '../images/render-request.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { Item, RunContext } from '../jobs/run-context.js';
import { FILELESS_TYPES } from '../publish/context-types.js';
import { publishArchive } from '../publish/export-archive.js';

/** What is ready for the archive. */
interface Exported {
  readonly asset: AssetRow;
  readonly path: string;
  readonly file: string;
}

/** Files at once: converting keeps a core busy. */
const CONCURRENCY = 2;

/** Exports assets into an archive, as they were uploaded or converted. The log says where it can be downloaded. */
export const exportJob: JobKind<'exportJob'> = {
  kind: 'exportJob',
  type: 'Export',
  // The service has no constants for exports.
  logTypes: {
    begin: 'BeginGet',
    end: 'EndGet',
    success: 'ReturnSuccess',
    error: 'GetFailure',
    warning: 'GetFailure',
  },
  check: async ({ assetHandleArray, fmt, is_modifier, macro }, place) => {
    if (fmt !== 'orig' && fmt !== 'convert') throw invalidParameter('exportJob/fmt', fmt, 'orig or convert');
    // There are no image presets here whose names could be given.
    if (macro !== undefined && macro !== '') throw notSupported('An export with a macro');
    checkModifier(is_modifier);
    if (assetHandleArray.length === 0) throw missingParameter('exportJob/assetHandleArray');
    const ids = assetHandleArray.map((handle) => parseAssetHandle(handle) ?? -1);
    const found = await place.db
      .select({ id: t.assets.id, type: t.assets.type })
      .from(t.assets)
      .where(and(eq(t.assets.companyId, place.company.id), inArray(t.assets.id, ids)));
    const types = new Map(found.map(({ id, type }) => [id, type]));
    for (const [index, handle] of assetHandleArray.entries()) {
      const path = `exportJob/assetHandleArray/items[${index}]`;
      const type = types.get(ids[index] ?? -1);
      if (type === undefined) throw unknownHandle(path, handle);
      if (FILELESS_TYPES.has(type))
        throw invalidParameter(path, handle, `an asset that has a file; ${type} cannot be exported`);
    }
  },
  run: async (context) => {
    const handles = context.details.assetHandleArray;
    await context.setTotal(handles.length);
    const task = context.task('Export', handles.length);
    context.progress.phase = 'Exporting files';
    await context.items(
      task,
      handles.map((handle, position) => exportItem(context, handle, position)),
      CONCURRENCY,
    );
    task.end();
    const archive = context.task('Archive', 1);
    context.progress.phase = 'Packing files';
    await publishArchive(context);
    archive.end();
    return 'done';
  },
};

function exportItem(context: RunContext<'exportJob'>, handle: string, position: number): Item<Exported> {
  const { services, company, details, logTypes } = context;
  const assetId = parseAssetHandle(handle) ?? -1;
  return {
    key: `export/${position}`,
    name: handle,
    assetId,
    prepare: async (signal) => {
      const [found] = await services.db
        .select({ asset: t.assets, folder: t.folders.path })
        .from(t.assets)
        .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
        .where(and(eq(t.assets.id, assetId), eq(t.assets.companyId, company.id)));
      if (found === undefined || found.asset.trashState !== 'NotInTrash')
        throw new ItemFailure('the asset was deleted');
      const { asset, folder } = found;
      const original = asset.originalFile;
      if (original === null || (await services.files.size(original)) === undefined)
        throw new ItemFailure(`${asset.name}: the file store does not have its file`);
      const inside = archivePath(company.rootPath, folder);
      if (details.fmt === 'orig')
        return { asset, path: `${inside}${safeName(asset.fileName)}`, file: original };
      const { data, extension } = await converted(context, asset, original, signal);
      const { hash } = await services.files.put(data);
      return { asset, path: `${inside}${safeName(asset.name)}.${extension}`, file: hash };
    },
    commit: async (tx, { asset, path, file }) => {
      await tx.insert(t.exportFiles).values({ runId: context.run.id, position, path, file });
      return {
        outcome: 'success',
        rows: [
          {
            logType: logTypes.success,
            message: `The file ${path} is in the archive.`,
            assetName: asset.name,
            assetId: asset.id,
          },
        ],
      };
    },
  };
}

/** Types whose files are images. */
const IMAGE_TYPES: ReadonlySet<string> = new Set([
  'Image',
  'AdjustedView',
  'LayerView',
  'Mask',
  'AnimatedGif',
]);

async function converted(
  { services, details }: RunContext<'exportJob'>,
  asset: AssetRow,
  original: string,
  signal: AbortSignal,
): Promise<{ data: Buffer; extension: string }> {
  if (!IMAGE_TYPES.has(asset.type))
    throw new ItemFailure(`${asset.name}: ${asset.type} is no image that could be converted`);
  try {
    const commands = [asset.urlModifier, details.is_modifier, asset.urlPostApplyModifier];
    const asked = parseRenderRequest(...commands);
    const sized = asked.width !== undefined || asked.height !== undefined || asked.scale !== undefined;
    // What nobody asked to be smaller is exported in its own size.
    const request = sized ? asked : parseRenderRequest(...commands, 'scl=1');
    const path = await services.files.path(asset.optimizedFile ?? original);
    const { data } = await renderImage(
      { path, maxPixels: services.config.limits.maxPixels, signal },
      request,
    );
    return { data, extension: extensionOf(request.format) };
  } catch (error) {
    if (error instanceof RenderRequestError || error instanceof ImageError)
      throw new ItemFailure(`${asset.name}: ${error.message}`);
    throw error;
  }
}

function extensionOf(format: RenderFormat): string {
  return format === 'jpeg' ? 'jpg' : format.replace('-alpha', '');
}

/** @throws IpsFault 30001 for commands that cannot be understood. */
function checkModifier(modifier: string | undefined): void {
  try {
    parseRenderRequest(modifier);
  } catch (error) {
    if (!(error instanceof RenderRequestError)) throw error;
    throw invalidParameter('exportJob/is_modifier', modifier, `image serving commands: ${error.message}`);
  }
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

/** A name that is one step of a path in every archive program. */
function safeName(name: string): string {
  const clean = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_');
  return /^\.+$/.test(clean) ? '_' : clean;
}
