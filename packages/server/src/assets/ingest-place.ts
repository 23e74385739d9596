import type { CompanyRow } from '../db/rows.js';
import type { StoredFile } from '../files/file-store.js';
import type { Services } from '../services.js';

/** The destination and the user of new assets. */
export interface IngestPlace {
  readonly services: Services;
  readonly company: CompanyRow;
  readonly userId: number;
}

/** A file that is already in the store. */
export interface IngestFile {
  /** Path from the company's root, including the file name: `MyCompany/Shoes/red.tif`. */
  readonly path: string;
  readonly stored: StoredFile;
}
