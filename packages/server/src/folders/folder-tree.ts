import { and, eq, type SQL } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { isWithin } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { type FolderRow, findFolder } from './folder-store.js';

/** The condition for a folder and all below it. Path segments are compared whole: `A/` is not above `AB/`. */
export function below(folder: FolderRow): SQL | undefined {
  return and(eq(t.folders.companyId, folder.companyId), isWithin(t.folders.path, folder.path));
}

/**
 * The folder at a path of a request: from the company's root, which can be omitted. Without a path, the root
 * itself.
 *
 * @throws IpsFault 30001
 */
export async function folderAtPath(
  db: Db,
  company: CompanyRow,
  path: string | undefined,
): Promise<FolderRow> {
  const folder = await findFolder(db, company.id, requestedPath(company, path));
  if (folder === undefined) throw invalidParameter('folderPath', path, 'the path of an existing folder');
  return folder;
}

/** A path of a request, from the company's root and with a trailing slash; otherwise as it was written. */
export function requestedPath(company: CompanyRow, path: string | undefined): string {
  const steps = (path ?? '').split('/').filter((step) => step !== '');
  const root = company.rootPath.replace(/\/$/, '');
  if (folded(steps[0] ?? '') === folded(root)) steps.shift();
  return [root, ...steps, ''].join('/');
}

/** Names that differ only in case or in how accents are written are the same. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

/** `A/B/` of `A/B/C/`. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}
