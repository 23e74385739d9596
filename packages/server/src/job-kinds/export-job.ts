import type { JobPayloads } from '@ips-sdk/types/jobs';
import { and, eq, inArray } from 'drizzle-orm';
import { requireAssets } from '../access/permissions/checks.js';
import { READ } from '../access/permissions/rights.js';
import { VIEWER_PRESET } from '../assets/viewer-settings.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure, RunFailure } from '../failures.js';
import { invalidParameter, missingParameter, ruleBroken, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { parseRenderRequest, RenderRequestError } from '../images/render-request.js';
import type { Item, ItemResult, Together } from '../jobs/item.js';
import type { JobKind, SubmissionPlace } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { COMMAND_TYPES, SET_TYPES_OF_CATALOG } from '../publish/context-types.js';
import { publishArchive } from '../publish/export-archive.js';
import { macrosOf } from '../publish/image-formats.js';
import { type ExportedAsset, exportedFiles, macroCall, macroName } from './exported-files.js';
import { checkAsset } from './permitted-items.js';

/** Files ready for the archive. */
interface Exported extends ExportedAsset {
  readonly asset: AssetRow;
  /** Among the assets of the job. */
  readonly position: number;
}

/** Maximum files of one asset in an archive, such as the pages of a document. Determines the positions of the files. */
const MAX_FILES = 10_000;

/** Assets that share a transaction at most. */
const COMMITTED_AT_ONCE = 50;

/** Files converted at once. Each keeps a core busy. */
const CONCURRENCY = 2;

/** Exports assets as an archive, as uploaded or converted. The log has the URL for downloading it. */
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
  size: ({ assetHandleArray }) => assetHandleArray.length,
  check: async (details, place) => {
    const { assetHandleArray, fmt } = details;
    if (fmt !== 'orig' && fmt !== 'convert') throw invalidParameter('exportJob/fmt', fmt, 'orig or convert');
    await checkCommands(details, place);
    if (assetHandleArray.length === 0) throw missingParameter('exportJob/assetHandleArray');
    const { maxExportAssets, maxExportBytes } = place.config.limits;
    if (assetHandleArray.length > maxExportAssets)
      throw ruleBroken(
        `exportJob/assetHandleArray: found ${assetHandleArray.length} assets, expected at most ${maxExportAssets}`,
      );
    const ids = assetHandleArray.map((handle) => parseAssetHandle(handle) ?? -1);
    const found = await place.db
      .select({ id: t.assets.id, type: t.assets.type, bytes: t.assets.fileSize })
      .from(t.assets)
      .where(and(eq(t.assets.companyId, place.company.id), inArray(t.assets.id, ids)));
    const types = new Map(found.map(({ id, type }) => [id, type]));
    for (const [index, handle] of assetHandleArray.entries()) {
      const path = `exportJob/assetHandleArray/items[${index}]`;
      const type = types.get(ids[index] ?? -1);
      if (type === undefined) throw unknownHandle(path, handle);
      if (SET_TYPES_OF_CATALOG.has(type) || type === VIEWER_PRESET)
        throw invalidParameter(path, handle, `an asset that has a file; ${type} cannot be exported`);
      if (fmt === 'orig' && COMMAND_TYPES.has(type))
        throw invalidParameter(path, handle, `an asset that has a file; ${type} has no original`);
    }
    await requireAssets(
      place.db,
      place.viewer,
      ids,
      READ,
      (index) => `exportJob/assetHandleArray/items[${index}]`,
    );
    const bytes = found.reduce((sum, asset) => sum + (asset.bytes ?? 0), 0);
    // The size of converted files is known only later.
    if (fmt === 'orig' && bytes > maxExportBytes) throw ruleBroken(tooLarge(bytes, maxExportBytes));
  },
  run: async (context) => {
    const handles = context.details.assetHandleArray;
    await context.setTotal(handles.length);
    const task = context.task('Export', handles.length);
    context.progress.phase = 'Exporting files';
    await context.items(
      task,
      handles.map((handle, position) => exportItem(context, handle, position)),
      { concurrency: CONCURRENCY, together: exportTogether(context) },
    );
    task.end();
    await checkSize(context);
    const archive = context.task('Archive', 1);
    context.progress.phase = 'Packing files';
    await publishArchive(context);
    archive.end();
    return 'done';
  },
};

const tooLarge = (bytes: number, most: number): string =>
  `exportJob: the files of the export have ${bytes} bytes, expected at most ${most}`;

/** @throws RunFailure if the files of the export are too large for an archive. */
async function checkSize({ services, run }: RunContext): Promise<void> {
  const files = await services.db
    .select({ file: t.exportFiles.file })
    .from(t.exportFiles)
    .where(eq(t.exportFiles.runId, run.id));
  let bytes = 0;
  for (const { file } of files) bytes += (await services.files.size(file)) ?? 0;
  const { maxExportBytes } = services.config.limits;
  if (bytes > maxExportBytes) throw new RunFailure(tooLarge(bytes, maxExportBytes));
}

function exportItem(context: RunContext<'exportJob'>, handle: string, position: number): Item<Exported> {
  const { services, company } = context;
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
      await checkAsset(context, assetId, READ);
      const { asset, folder } = found;
      return { asset, position, ...(await exportedFiles(context, asset, folder, signal)) };
    },
    commit: async (tx, exported) => {
      await keepFiles(tx, context, [exported]);
      return resultOf(context, exported);
    },
  };
}

/** How such items share transactions: all of their files are stored with one statement. */
function exportTogether(context: RunContext<'exportJob'>): Together<Exported> {
  return {
    most: COMMITTED_AT_ONCE,
    commit: async (tx, all) => {
      await keepFiles(tx, context, all);
      return all.map((exported) => resultOf(context, exported));
    },
  };
}

/** Stores the files for the archive. */
async function keepFiles(
  tx: Db,
  { run }: RunContext<'exportJob'>,
  exported: readonly Exported[],
): Promise<void> {
  const rows = exported.flatMap(({ files, position }) =>
    files.map((each, index) => ({ ...each, runId: run.id, position: position * MAX_FILES + index })),
  );
  if (rows.length > 0) await tx.execute(insertOf(t.exportFiles, rows));
}

function resultOf({ logTypes }: RunContext<'exportJob'>, { asset, files, note }: Exported): ItemResult {
  return {
    outcome: 'success',
    rows: files.map(({ path }) => ({
      logType: logTypes.success,
      message: `The file ${path} is in the archive${note === undefined ? '' : `: ${note}`}.`,
      assetName: asset.name,
      assetId: asset.id,
    })),
  };
}

/** @throws IpsFault 30001 for an image format that does not exist, and for commands that cannot be understood. */
async function checkCommands(
  { is_modifier, macro }: JobPayloads['exportJob'],
  { db, config, company }: SubmissionPlace,
): Promise<void> {
  const { find } = await macrosOf(db, config, company.id);
  const name = macroName(macro);
  if (name !== undefined && find(name, []) === undefined)
    throw invalidParameter('exportJob/macro', macro, 'an image format of the company, such as $Large$');
  const given = { is_modifier, macro: macroCall(macro) };
  for (const [field, commands] of Object.entries(given)) {
    try {
      parseRenderRequest([commands], undefined, { macro: find });
    } catch (error) {
      if (!(error instanceof RenderRequestError)) throw error;
      throw invalidParameter(`exportJob/${field}`, commands, `image serving commands: ${error.message}`);
    }
  }
}
