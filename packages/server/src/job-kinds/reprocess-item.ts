import { READ_WRITE } from '../access/permissions/rights.js';
import { addToProjects } from '../assets/ingest.js';
import type { FileProcessing, UnsupportedFeature } from '../assets/ingest-options.js';
import type { IngestPlace } from '../assets/ingest-place.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import { commitReprocess, prepareReprocess, type Reprocessed } from '../assets/reprocess.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import type { Item, LogRow } from '../jobs/item.js';
import type { RunContext } from '../jobs/run-context.js';
import { checkAsset } from './permitted-items.js';

/** How an asset is reprocessed. */
export interface ReprocessOptions {
  readonly processing: FileProcessing;
  readonly requested: ReadonlySet<UnsupportedFeature>;
  readonly projectIds: readonly number[];
  /** Additional changes in the same transaction. */
  after?(tx: Db, asset: AssetRow): Promise<void>;
}

/** The place of a run's assets, and the user who changes them. */
export function placeOf(context: RunContext): IngestPlace {
  const { services, company, submitter } = context;
  return { services, company, userId: submitter.id, viewer: (db) => context.viewer(db) };
}

/** An item of a run that recreates the derivatives of an asset. */
export function reprocessItem(
  context: RunContext,
  asset: AssetRow,
  options: ReprocessOptions,
): Item<Reprocessed> {
  const place = placeOf(context);
  const { logTypes } = context;
  const assetType = logFileTypeOf(asset.type);
  return {
    key: `asset/${asset.id}`,
    name: asset.name,
    assetType,
    assetId: asset.id,
    prepare: async (signal, progress) => {
      await checkAsset(context, asset.id, READ_WRITE);
      return prepareReprocess(place, asset, options.processing, options.requested, signal, progress);
    },
    commit: async (tx, reprocessed) => {
      const { asset: changed, generated } = await commitReprocess(tx, place, reprocessed);
      await addToProjects(tx, [changed.id], options.projectIds);
      await options.after?.(tx, changed);
      const { warnings } = reprocessed.contents;
      const row = (logType: string, message: string, about: AssetRow): LogRow => ({
        logType,
        message,
        assetName: about.name,
        assetType: logFileTypeOf(about.type),
        assetId: about.id,
      });
      return {
        outcome: warnings.length > 0 ? 'warning' : 'success',
        rows: [
          row('FileBegin', asset.name, changed),
          ...warnings.map((warning) => row(logTypes.warning, `${asset.name}: ${warning}`, changed)),
          row(logTypes.success, `The asset ${asset.name} was processed.`, changed),
          ...generated.map((made) =>
            row(logTypes.success, `The asset ${made.name} was created from ${asset.name}.`, made),
          ),
        ],
      };
    },
  };
}
