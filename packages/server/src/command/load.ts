import { eq } from 'drizzle-orm';
import pino from 'pino';
import { makeDataDirectory } from '../db/data-directory.js';
import * as t from '../db/schema.js';
import { locationOf, openStore } from '../db/store.js';
import { openFiles } from '../files/open-files.js';
import type { S3Location } from '../files/s3/s3-location.js';
import { loadAssets } from '../seed/load-assets.js';
import { ensureCompany } from '../seed/seed-database.js';

/** The most that eight digits of a name count. */
export const MOST_ASSETS = 10_000_000;

/** Where and how much `ips-server load` loads. */
export interface LoadOptions {
  readonly directory: string;
  readonly databaseUrl?: string | undefined;
  readonly bucket?: S3Location | undefined;
  readonly company: string;
  readonly assets: number;
  readonly add: boolean;
  readonly progress: (done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills a company of a data directory, on which no server runs, or of a database with generated assets.
 *
 * @returns The number of assets added.
 */
export async function load({
  directory,
  databaseUrl,
  bucket,
  company,
  ...rest
}: LoadOptions): Promise<number> {
  await makeDataDirectory(directory);
  const store = await openStore(locationOf({ dataDir: directory, databaseUrl }));
  try {
    const now = new Date();
    const log = pino({ level: 'silent' });
    const { companyId } = await store.db.transaction((tx) => ensureCompany(tx, { company, now }));
    const files = await openFiles(store.db, { directory, bucket }, log);
    const [row] = await store.db
      .select({ rootPath: t.companies.rootPath })
      .from(t.companies)
      .where(eq(t.companies.id, companyId));
    return await loadAssets(store.db, files, {
      companyId,
      rootPath: row?.rootPath ?? '',
      assets: rest.assets,
      into: rest.add ? 'any' : 'empty',
      now,
      progress: rest.progress,
      signal: rest.signal,
    });
  } finally {
    await store.close();
  }
}
