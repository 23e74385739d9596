import { deniedAssets } from '../access/permissions/checks.js';
import { deniedPlaces } from '../access/permissions/places.js';
import type { Right } from '../access/permissions/rights.js';
import type { Db } from '../db/db.js';
import { ItemFailure } from '../failures.js';
import { assetHandle } from '../handles.js';
import type { RunContext } from '../jobs/run-context.js';

// The permissions of a job's submitter when the turn of an item comes. They may have changed since the submission.

/**
 * @param db - The transaction, inside one.
 * @throws ItemFailure if the submitter lacks rights on an asset.
 */
export async function checkAsset(
  context: RunContext,
  id: number,
  rights: readonly Right[],
  db: Db = context.services.db,
): Promise<void> {
  const missing = (await deniedAssets(db, await context.viewer(db), [id], rights)).get(id);
  if (missing !== undefined) throw lacking(missing, `asset '${assetHandle(id)}'`);
}

/**
 * @param path - Of a folder that need not exist, from the company's root and with a trailing slash.
 * @throws ItemFailure if the submitter lacks rights on the nearest existing folder at or above it.
 */
export async function checkPlace(context: RunContext, path: string, rights: readonly Right[]): Promise<void> {
  const { db } = context.services;
  const missing = (await deniedPlaces(db, await context.viewer(), [path], rights)).get(path);
  if (missing !== undefined) throw lacking(missing, `folder '${path}'`);
}

const lacking = (rights: readonly Right[], object: string): ItemFailure =>
  new ItemFailure(`missing ${rights.join(' and ')} permission on ${object}`);
