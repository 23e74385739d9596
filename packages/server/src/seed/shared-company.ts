import { eq } from 'drizzle-orm';
import { sharedProfile } from '../companies/shared-profile.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import type { Services } from '../services.js';

/** Name of the ICC profile that every company uses by default. */
const PROFILE_NAME = 'sRGB';

/** Creates the shared company with its root folder, in the transaction that fills an empty database. */
export async function createSharedCompany(tx: Db, now: Date): Promise<void> {
  const { id, name, rootPath } = SHARED_COMPANY;
  await tx.insert(t.companies).values({ id, name, rootPath, createdAt: now }).onConflictDoNothing();
  await tx
    .insert(t.folders)
    .values({ companyId: id, path: rootPath, lastModified: now })
    .onConflictDoNothing();
}

/**
 * Stores the image library's sRGB profile in the shared company, as an asset numbered just before all others. It is the default
 * profile of every company.
 */
export async function ensureSharedAssets(services: Services, firstAssetId: number): Promise<void> {
  const { db, files } = services;
  if ((await sharedProfile(db)) !== undefined) return;
  const file = await files.put(await srgbProfile());
  const now = services.clock.now();
  await db.transaction(async (tx) => {
    const [folder] = await tx
      .select({ id: t.folders.id })
      .from(t.folders)
      .where(eq(t.folders.companyId, SHARED_COMPANY.id));
    if (folder === undefined) throw new Error('the shared company has no folder');
    await tx
      .insert(t.assets)
      .values({
        id: firstAssetId - 1,
        companyId: SHARED_COMPANY.id,
        folderId: folder.id,
        name: PROFILE_NAME,
        type: 'IccProfile',
        fileName: `${PROFILE_NAME}.icc`,
        created: now,
        lastModified: now,
        originalFile: file.hash,
        fileSize: file.size,
        mediaType: 'application/vnd.iccprofile',
      })
      .onConflictDoNothing();
  });
}

/** The profile that the image library embeds for sRGB. */
async function srgbProfile(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const image = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } });
  const { icc } = await sharp(await image.withIccProfile('srgb').tiff().toBuffer()).metadata();
  if (icc === undefined) throw new Error('the image library has no sRGB profile');
  return icc;
}
