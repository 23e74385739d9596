import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { StoredFile } from '../files/file-store.js';
import type { ByproductEngine } from './document-pages.js';
import type { FileContents } from './file-contents.js';
import { freeName } from './free-name.js';
import type { FileProcessing } from './ingest-options.js';
import type { IngestPlace } from './ingest-place.js';

/** How the parts of a file become assets. */
export interface CommitOptions {
  readonly processing: FileProcessing;
  readonly readyForPublish: boolean;
}

/** The folder of an asset. */
export interface ByproductFolder {
  readonly id: number;
  readonly path: string;
}

/** An image made of a part of an asset's file. */
export interface Byproduct extends CommitOptions {
  readonly engine: ByproductEngine;
  readonly folder: ByproductFolder;
  /** Its name unless that is taken. */
  readonly wanted: string;
  readonly stored: StoredFile;
  readonly mediaType: 'image/png' | 'image/tiff';
  readonly contents: FileContents;
  /** Details, among them the number of the part. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The asset of the same part of an earlier version of the file. */
  readonly earlier: AssetRow | undefined;
}

/** The folder with a number. */
export async function folderOf(tx: Db, id: number): Promise<ByproductFolder> {
  const [folder] = await tx
    .select({ id: t.folders.id, path: t.folders.path })
    .from(t.folders)
    .where(eq(t.folders.id, id));
  return folder ?? { id, path: '' };
}

/** Creates the asset of a part of a file, or updates that of an earlier version in place. */
export async function storeByproduct(
  tx: Db,
  { services, company, userId }: IngestPlace,
  ownerId: number,
  byproduct: Byproduct,
): Promise<AssetRow | undefined> {
  const { contents, stored, mediaType, info, earlier, folder } = byproduct;
  const now = services.clock.now();
  const columns = {
    originalFile: stored.hash,
    optimizedFile: contents.optimizedFile ?? null,
    thumbFile: contents.thumbFile ?? null,
    maskFile: contents.maskFile ?? null,
    fileSize: stored.size,
    mediaType,
    width: contents.width ?? null,
    height: contents.height ?? null,
    resolution: contents.resolution ?? null,
    processing: {
      asked: byproduct.processing,
      ...(contents.crop === undefined ? {} : { crop: contents.crop }),
    } as Record<string, unknown>,
    lastModified: now,
    lastModifyUserId: userId,
  };
  if (earlier !== undefined) {
    const [row] = await tx
      .update(t.assets)
      .set({
        ...columns,
        info: { ...earlier.info, ...contents.info, ...info },
        version: sql`${t.assets.version} + 1`,
      })
      .where(eq(t.assets.id, earlier.id))
      .returning();
    return row;
  }
  const place = { companyId: company.id, folderId: folder.id, type: 'Image' };
  const name = await freeName(tx, byproduct.wanted, place);
  const fileName = `${name}.${mediaType === 'image/tiff' ? 'tif' : 'png'}`;
  const [row] = await tx
    .insert(t.assets)
    .values({
      ...place,
      name,
      fileName,
      readyForPublish: byproduct.readyForPublish,
      created: now,
      createUserId: userId,
      ownerId,
      engine: byproduct.engine,
      info: { ...contents.info, ...info, originalPath: `${folder.path}${fileName}` },
      ...columns,
    })
    .returning();
  return row;
}
