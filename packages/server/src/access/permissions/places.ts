import { desc, eq, sql } from 'drizzle-orm';
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
  const rest = [...new Set(paths)];
  while (rest.length > 0) {
    const part = rest.splice(0, AT_ONCE);
    const nearest = await nearestFolders(db, viewer.companyId, part);
    // Above the root there is nothing to allow anything.
    const places = part.map((path, index) => ({ path, folders: nearest.get(index)?.paths ?? [path] }));
    const all = new Set(places.flatMap(({ folders }) => folders));
    const denied = await deniedFolders(db, viewer, [...all], rights);
    for (const { path, folders } of places) {
      const lacking = rights.filter((right) => folders.some((folder) => denied.get(folder)?.includes(right)));
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

/** Folders at the same depth, whose names differ only in how accents are written. */
interface Nearest {
  readonly depth: number;
  readonly paths: string[];
}

/** The nearest existing folder at or above each path, by the index of the path, or both of two. */
async function nearestFolders(
  db: Db,
  companyId: number,
  paths: readonly string[],
): Promise<ReadonlyMap<number, Nearest>> {
  const above = paths.flatMap((path, index) =>
    pathsAbove([path, path.normalize('NFC'), path.normalize('NFD')]).map((each) => ({ index, each })),
  );
  const depthOf = sql<number>`cardinality(string_to_array(${t.folders.path}, '/'))`;
  const rows = await db
    .selectDistinct({ index: sql<number>`i.at`, path: t.folders.path, depth: depthOf })
    .from(t.folders)
    .innerJoin(
      sql`unnest(${sql.param(above.map(({ index }) => index))}::int[], ${sql.param(above.map(({ each }) => each))}::text[]) as i(at, path)`,
      sql`lower(${t.folders.path}) = lower(i.path)`,
    )
    .where(eq(t.folders.companyId, companyId))
    .orderBy(desc(depthOf));
  const nearest = new Map<number, Nearest>();
  for (const { index, path, depth } of rows) {
    const found = nearest.get(index);
    if (found === undefined) nearest.set(index, { depth, paths: [path] });
    else if (found.depth === depth) found.paths.push(path);
  }
  return nearest;
}
