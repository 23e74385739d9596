import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { missingPermission } from '../../faults.js';
import { folderHandle } from '../../handles.js';
import { deniedFolders, type Missing } from './checks.js';
import type { Right } from './rights.js';
import { pathsAbove } from './rule-store.js';
import type { Viewer } from './viewer.js';

/** Paths whose folders one query finds. */
const AT_ONCE = 5000;

/**
 * Of the paths of some folders, which need not exist, those where the viewer lacks rights: the nearest existing folder at or above each
 * decides.
 *
 * @param paths - From the company's root, with a trailing slash.
 */
export async function deniedPlaces(
  db: Db,
  viewer: Viewer,
  paths: readonly string[],
  rights: readonly Right[],
): Promise<Missing<string>> {
  const missing = new Map<string, readonly Right[]>();
  if (viewer.groups === undefined) return missing;
  const asked = [...new Set(paths)];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const part = asked.slice(start, start + AT_ONCE);
    const nearest = await nearestFolders(db, viewer.companyId, part);
    // Above the root there is nothing to allow anything.
    const folders = part.map((path, index) => nearest.get(index) ?? [path]);
    const denied = await deniedFolders(db, viewer, [...new Set(folders.flat())], rights);
    for (const [index, path] of part.entries()) {
      const lacking = rights.filter((right) =>
        folders[index]?.some((folder) => denied.get(folder)?.includes(right)),
      );
      if (lacking.length > 0) missing.set(path, lacking);
    }
  }
  return missing;
}

/**
 * @param pathOf - The place in the request of the path at an index.
 * @throws IpsFault 20009 for the first place where the viewer lacks rights.
 */
export async function requirePlaces(
  db: Db,
  viewer: Viewer,
  paths: readonly string[],
  rights: readonly Right[],
  pathOf: (index: number) => string,
): Promise<void> {
  const denied = await deniedPlaces(db, viewer, paths, rights);
  const index = paths.findIndex((path) => denied.has(path));
  const path = paths[index];
  if (path === undefined) return;
  throw missingPermission(pathOf(index), denied.get(path) ?? [], `folder '${folderHandle(path)}'`);
}

/**
 * The nearest existing folder at or above each path, by the index of the path. There may be two, whose names differ in how accents are
 * written.
 */
async function nearestFolders(
  db: Db,
  companyId: number,
  paths: readonly string[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const above = paths.flatMap((path, index) =>
    pathsAbove([path, path.normalize('NFC'), path.normalize('NFD')]).map((each) => ({ index, each })),
  );
  const rows = await db
    .selectDistinct({ index: sql<number>`i.at`, path: t.folders.path })
    .from(t.folders)
    .innerJoin(
      sql`unnest(${sql.param(above.map(({ index }) => index))}::int[], ${sql.param(above.map(({ each }) => each))}::text[]) as i(at, path)`,
      sql`lower(${t.folders.path}) = lower(i.path)`,
    )
    .where(and(eq(t.folders.companyId, companyId)));
  const depthOf = (path: string): number => path.split('/').length;
  const nearest = new Map<number, readonly string[]>();
  for (const { index, path } of rows) {
    const found = nearest.get(index) ?? [];
    const [first] = found;
    const deeper = first === undefined ? 1 : depthOf(path) - depthOf(first);
    if (deeper > 0) nearest.set(index, [path]);
    else if (deeper === 0) nearest.set(index, [...found, path]);
  }
  return nearest;
}
