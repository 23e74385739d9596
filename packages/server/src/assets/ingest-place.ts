import type { Viewer } from '../access/permissions/viewer.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import type { StoredFile } from '../files/file-store.js';
import type { Services } from '../services.js';

/** The destination and the user of new assets. */
export interface IngestPlace {
  readonly services: Services;
  readonly company: CompanyRow;
  readonly userId: number;
  /**
   * The user as of now, for checks of permissions.
   *
   * @param db - The transaction, inside one.
   */
  readonly viewer: (db: Db) => Promise<Viewer>;
}

/** A file that is already in the store. */
export interface IngestFile {
  /** Path from the company's root, including the file name: `MyCompany/Shoes/red.tif`. */
  readonly path: string;
  readonly stored: StoredFile;
}
