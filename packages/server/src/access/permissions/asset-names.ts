import { and, eq, type SQL } from 'drizzle-orm';
import * as t from '../../db/schema.js';
import { type Call, companyOf } from '../call.js';
import { rolesOf } from '../identity.js';
import { rolesAllowed } from '../operation-roles.js';
import { assetCondition, folderCondition } from './conditions.js';
import { READ, READ_WRITE } from './rights.js';
import { callerOf, type Viewer } from './viewer.js';

/**
 * The condition for assets of which the caller may learn that their names are taken, for queries of `t.assets`. Names are unique in a
 * company. Who can create assets learns from the fault that a name is taken, wherever that asset is; all others learn it only of assets
 * that they may read.
 *
 * @returns `undefined` if the caller may learn it of all assets.
 */
export async function takenNameCondition(call: Call): Promise<SQL | undefined> {
  const viewer = await callerOf(call);
  const readable = await assetCondition(call.db, viewer, READ);
  return readable === undefined || (await canCreate(call, viewer)) ? undefined : readable;
}

/** Whether the caller can create assets in a folder of the company. */
async function canCreate(call: Call, viewer: Viewer): Promise<boolean> {
  const roles = rolesOf(call.identity, companyOf(call), call.now);
  if (rolesAllowed('createImageSet')?.some((role) => roles.has(role)) !== true) return false;
  const writable = await folderCondition(call.db, viewer, READ_WRITE);
  return (await call.db.$count(t.folders, and(eq(t.folders.companyId, viewer.companyId), writable))) > 0;
}
