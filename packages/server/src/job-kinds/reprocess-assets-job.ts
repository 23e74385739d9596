import type { JobPayloads } from '@ips-sdk/types/jobs';
import { requireAssets } from '../access/permissions/checks.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { assetsById, checkType } from '../assets/asset-store.js';
import { type FileProcessing, type IngestOptions, ingestOptionsOf } from '../assets/ingest-options.js';
import { PAGED_TYPES } from '../assets/page-options.js';
import { markEverywhere } from '../assets/publish-marks.js';
import type { AssetRow } from '../db/rows.js';
import { ItemFailure } from '../failures.js';
import { missingParameter, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { PHOTOSHOP } from '../images/file-type.js';
import type { Margins } from '../images/processing.js';
import type { Item } from '../jobs/item.js';
import type { JobKind, SubmissionPlace } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { askedOf, REPROCESS_LOG_TYPES } from './optimize-images-job.js';
import { type ReadyAsset, reprocessItem, reprocessTogether } from './reprocess-item.js';
import { optionsOfRun } from './upload-run.js';

/** Recreates the derivatives of assets, with its own options. Originals are not changed. */
export const reprocessAssetsJob: JobKind<'reprocessAssetsJob'> = {
  kind: 'reprocessAssetsJob',
  type: 'ReprocessAssets',
  logTypes: REPROCESS_LOG_TYPES,
  size: ({ assetHandleArray }) => assetHandleArray.length,
  check: async (details, place) => {
    await checkAssets(place, details.assetHandleArray, 'reprocessAssetsJob/assetHandleArray');
    await ingestOptionsOf(place.db, place.company, details, 'reprocessAssetsJob');
  },
  run: async (context) => {
    const options = await optionsOfRun(context);
    await reprocessAll(context, context.details.assetHandleArray, (asset) => ({
      processing: processingOf(asset, options, context.details),
      requested: options.requested,
      projectIds: options.projectIds,
      after: async (tx, changed) => {
        const { readyForPublish } = context.details;
        if (readyForPublish !== undefined && !options.keepPublishState)
          await markEverywhere(tx, [changed.id], readyForPublish);
      },
    }));
    return 'done';
  },
};

/** @throws IpsFault if there are no handles, or one is not an asset handle. */
export function checkHandles(handles: readonly string[], path: string): void {
  if (handles.length === 0) throw missingParameter(path);
  for (const [index, handle] of handles.entries()) {
    if (parseAssetHandle(handle) === undefined) throw unknownHandle(`${path}/items[${index}]`, handle);
  }
}

/**
 * Checks the assets of a reprocessing job, and that the submitter may change them.
 *
 * @param type - The required type, if any.
 * @throws IpsFault if there are none, or a handle is unknown in the company or refers to an asset of another type; 20009 for one that the
 * submitter may not change.
 */
export async function checkAssets(
  { db, company, viewer }: SubmissionPlace,
  handles: readonly string[],
  path: string,
  type?: string,
): Promise<void> {
  checkHandles(handles, path);
  const ids = handles.map((handle) => parseAssetHandle(handle) ?? -1);
  const assets = await assetsById(db, company.id, ids);
  for (const [index, handle] of handles.entries()) {
    const asset = assets.get(ids[index] ?? -1);
    if (asset === undefined) throw unknownHandle(`${path}/items[${index}]`, handle);
    if (type !== undefined) checkType(asset, type, `${path}/items[${index}]`);
  }
  await requireAssets(db, viewer, ids, READ_WRITE, (index) => `${path}/items[${index}]`);
}

/** Reprocesses the assets of handles. An asset that no longer exists when the job runs is an error in the log. */
export async function reprocessAll(
  context: RunContext,
  handles: readonly string[],
  optionsOf: (asset: AssetRow) => Parameters<typeof reprocessItem>[2],
): Promise<void> {
  const { services, company, run } = context;
  const wanted = [...new Set(handles)];
  const ids = wanted.map((handle) => parseAssetHandle(handle) ?? -1);
  const assets = await assetsById(services.db, company.id, ids);
  if (run.counters.total === 0) await context.setTotal(wanted.length);
  const task = context.task('ReprocessAsset', wanted.length);
  context.progress.phase = 'Optimizing files';
  const items = wanted.map((handle, index): Item<ReadyAsset> => {
    const asset = assets.get(ids[index] ?? -1);
    if (asset?.trashState === 'NotInTrash') return reprocessItem(context, asset, optionsOf(asset));
    return {
      key: `asset/${handle}`,
      name: asset?.name ?? handle,
      prepare: async () => {
        throw new ItemFailure(asset === undefined ? 'the asset does not exist' : 'the asset is in the trash');
      },
      commit: async () => ({ outcome: 'error', rows: [] }),
    };
  });
  await context.items(task, items, { together: reprocessTogether(context) });
  task.end('Done');
}

/** The processing options of the job. Options that it does not set, including the crop, stay the same. */
function processingOf(
  asset: AssetRow,
  { processing, keepCrop, pages, layers }: IngestOptions,
  details: JobPayloads['reprocessAssetsJob'],
): FileProcessing {
  const before = askedOf(asset);
  const cropped = asset.processing['crop'] as Margins | undefined;
  const paged = PAGED_TYPES.find((each) => each === asset.type);
  const ownPages = paged === undefined ? undefined : pages[paged];
  return {
    crop: keepCrop && cropped !== undefined ? { by: 'margins', ...marginsOf(cropped) } : processing.crop,
    knockout: processing.knockout ?? before.knockout,
    unsharpMask: details.unsharpMaskOptions === undefined ? before.unsharpMask : processing.unsharpMask,
    color: processing.color ?? before.color,
    createMask: details.createMask,
    ...(ownPages === undefined ? {} : { pages: ownPages }),
    ...(asset.mediaType !== PHOTOSHOP || layers === undefined ? {} : { layers }),
    ...(before.thumbnailTime === undefined ? {} : { thumbnailTime: before.thumbnailTime }),
  };
}

const marginsOf = ({ left, right, top, bottom }: Margins): Margins => ({ left, right, top, bottom });
