import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';

/** The number of the shared sRGB profile; `undefined` until it has been stored. */
export async function sharedProfile(db: Db): Promise<number | undefined> {
  const [asset] = await db
    .select({ id: t.assets.id })
    .from(t.assets)
    .where(eq(t.assets.companyId, SHARED_COMPANY.id));
  return asset?.id;
}
