import { READ_WRITE } from '../access/permissions/rights.js';
import { lockNames } from '../assets/collision.js';
import { addToProjects } from '../assets/ingest.js';
import type { FileProcessing, UnsupportedFeature } from '../assets/ingest-options.js';
import type { IngestPlace } from '../assets/ingest-place.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import {
  commitReprocess,
  hasByproducts,
  isUnchanged,
  lockReprocessed,
  prepareReprocess,
  type Reprocessed,
} from '../assets/reprocess.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import type { Item, ItemResult, LogRow, Together } from '../jobs/item.js';
import type { RunContext } from '../jobs/run-context.js';
import { checkAsset } from './permitted-items.js';

/** Assets that share a transaction at most. */
const COMMITTED_AT_ONCE = 50;

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

/** An asset whose new derivatives are ready. */
export interface ReadyAsset {
  readonly reprocessed: Reprocessed;
  readonly options: ReprocessOptions;
}

/** An item of a run that recreates the derivatives of an asset. */
export function reprocessItem(
  context: RunContext,
  asset: AssetRow,
  options: ReprocessOptions,
): Item<ReadyAsset> {
  const place = placeOf(context);
  return {
    key: `asset/${asset.id}`,
    name: asset.name,
    assetType: logFileTypeOf(asset.type),
    assetId: asset.id,
    prepare: async (signal, progress) => {
      await checkAsset(context, asset.id, READ_WRITE);
      const { processing, requested } = options;
      return {
        reprocessed: await prepareReprocess(place, asset, processing, requested, signal, progress),
        options,
      };
    },
    commit: async (tx, ready) => {
      const locked = await lockReprocessed(tx, [asset.id]);
      return commitAsset(tx, context, ready, locked.get(asset.id));
    },
  };
}

/** How such items share transactions: assets that were deleted or replaced in the meantime fail by themselves. */
export function reprocessTogether(context: RunContext): Together<ReadyAsset> {
  return {
    most: COMMITTED_AT_ONCE,
    commit: async (tx, all) => {
      // In the order in which an upload locks them.
      if (all.some(({ reprocessed }) => hasByproducts(reprocessed))) await lockNames(tx, context.company.id);
      const locked = await lockReprocessed(
        tx,
        all.map(({ reprocessed }) => reprocessed.asset.id),
      );
      const results: (ItemResult | undefined)[] = [];
      for (const ready of all) {
        const now = locked.get(ready.reprocessed.asset.id);
        const isThere = isUnchanged(ready.reprocessed, now);
        results.push(isThere ? await commitAsset(tx, context, ready, now) : undefined);
      }
      return results;
    },
  };
}

/** Stores the new derivatives of a locked asset. */
async function commitAsset(
  tx: Db,
  context: RunContext,
  { reprocessed, options }: ReadyAsset,
  now: AssetRow | undefined,
): Promise<ItemResult> {
  const { logTypes } = context;
  const { asset } = reprocessed;
  const { asset: changed, generated } = await commitReprocess(tx, placeOf(context), reprocessed, now);
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
}
