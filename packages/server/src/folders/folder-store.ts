import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';

export type FolderRow = typeof t.folders.$inferSelect;

/** The longest path of a folder, in bytes: the database finds folders by an index, whose entries have room for no more. */
export const MAX_PATH_BYTES = 2600;

/** Whether a folder can have a path. Some letters are longer in lower case, in which the index has them. */
export const isPathTooLong = (path: string): boolean =>
  Math.max(Buffer.byteLength(path), Buffer.byteLength(path.toLowerCase())) > MAX_PATH_BYTES;

/**
 * Finds or creates the folder at a path, with its parents. Existing folders are found regardless of case.
 *
 * @param path - From the company's root, with a trailing slash: `MyCompany/Shoes/`.
 */
export async function ensureFolder(tx: Db, companyId: number, path: string, now: Date): Promise<FolderRow> {
  await tx
    .insert(t.folders)
    .values(pathsTo(path).map((each) => ({ companyId, path: each, lastModified: now })))
    .onConflictDoNothing();
  const folder = await findFolder(tx, companyId, path);
  if (folder === undefined) throw new Error(`the folder ${path} was not stored`);
  return folder;
}

/** The folder at a path, regardless of case. */
export async function findFolder(db: Db, companyId: number, path: string): Promise<FolderRow | undefined> {
  const [folder] = await db
    .select()
    .from(t.folders)
    .where(and(eq(t.folders.companyId, companyId), equalsIgnoreCase(t.folders.path, path)));
  return folder;
}

/** Records in a folder and all folders above it that something in them changed. */
export function touchFolder(tx: Db, companyId: number, path: string, now: Date): Promise<void> {
  return touchFolders(tx, companyId, [path], now);
}

/** Records in folders and all folders above them that something in them changed. */
export async function touchFolders(
  tx: Db,
  companyId: number,
  paths: readonly string[],
  now: Date,
): Promise<void> {
  const all = new Set(paths.flatMap(pathsTo));
  const names = sql.param([...all].flatMap((path) => [path.normalize('NFC'), path.normalize('NFD')]));
  await tx
    .update(t.folders)
    .set({ lastModified: now })
    .where(
      and(
        eq(t.folders.companyId, companyId),
        sql`lower(${t.folders.path}) = any(array(select lower(p) from unnest(${names}::text[]) p))`,
      ),
    );
}

/** The paths of a folder and of those above it, from the root. */
function pathsTo(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '');
  return steps.map((_, index) => `${steps.slice(0, index + 1).join('/')}/`);
}
