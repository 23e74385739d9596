import { sql } from 'drizzle-orm';
import { viewerOfUser } from '../access/permissions/viewer.js';
import { DEFAULT_OVERWRITE_MODE } from '../assets/collision.js';
import { commitIngest, commitNewFiles, type Ingested } from '../assets/commit-ingest.js';
import type { PreparedIngest } from '../assets/ingest.js';
import type { IngestPlace } from '../assets/ingest-place.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { PlannedAsset, PreparedAsset } from './prepare-assets.js';
import { shown } from './seed-checks.js';
import { SeedError } from './seed-error.js';
import { type AddedItem, isMarked, type SeedPlace } from './seed-place.js';
import type { SeedItem } from './seed-types.js';

/** Assets that are written with the same statements. */
const BATCH = 500;

/**
 * The assets that a company lacks: those without a file of the same name in the same folder.
 *
 * @param company - `undefined` for one that the seed adds.
 */
export async function missingAssets<Asset extends Pick<PlannedAsset, 'folder' | 'fileName'>>(
  db: Db,
  company: Pick<CompanyRow, 'id' | 'rootPath'> | undefined,
  planned: readonly Asset[],
): Promise<readonly Asset[]> {
  if (company === undefined || planned.length === 0) return planned;
  const pathOf = ({ folder, fileName }: Asset): string => `${company.rootPath}${folder}${fileName}`;
  // The database decides what is the same regardless of case.
  const paths = JSON.stringify(planned.map(pathOf));
  const { rows } = await db.execute<{ at: number }>(
    sql`select distinct wanted.number::int as at
      from jsonb_array_elements_text(${paths}::jsonb) with ordinality as wanted (path, number)
      join ${t.folders} f on f.company_id = ${company.id}
        and lower(f.path) = lower(regexp_replace(wanted.path, '[^/]*$', ''))
      join ${t.assets} a on a.folder_id = f.id
        and lower(a.file_name) = lower(regexp_replace(wanted.path, '^.*/', '')) and a.trash_state = 'NotInTrash'`,
  );
  const present = new Set(rows.map(({ at }) => at - 1));
  return planned.filter((_, index) => !present.has(index));
}

/**
 * Adds assets to a company, in the transaction of the seed.
 *
 * @throws SeedError for a name that the company already has.
 */
export async function addAssets(
  tx: Db,
  place: SeedPlace,
  assets: readonly PreparedAsset[],
): Promise<readonly AddedItem[]> {
  const { services, company, userId } = place;
  const ingest: IngestPlace = {
    services,
    company,
    userId,
    viewer: (db) => viewerOfUser(db, userId, company, services.clock.now()),
  };
  const added: AddedItem[] = [];
  // Another process may have added some of them since they were prepared.
  const missing = await missingAssets(tx, company, assets);
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const files = batch.map((asset) => ingestOf(company, asset));
    const together = await commitNewFiles(tx, ingest, files);
    for (const [at, asset] of batch.entries()) {
      const file = files[at];
      if (file === undefined) throw new Error('a file is missing');
      const done = together[at] ?? (await commitIngest(tx, ingest, file));
      checkName(asset, done, company);
      added.push({ id: done.asset.id, path: asset.path, item: asset.asset });
    }
  }
  await addDetails(tx, added);
  return added;
}

function checkName({ path, name }: PreparedAsset, { effect, asset }: Ingested, company: CompanyRow): void {
  if (effect === 'created' && asset.name === name) return;
  throw new SeedError(`${path}.name`, `an asset of "${company.name}" already has the name ${shown(name)}`);
}

function ingestOf(
  company: CompanyRow,
  { folder, fileName, asset, file, smartCrops }: PreparedAsset,
): PreparedIngest {
  const { stored, type, contents } = file;
  const path = `${company.rootPath}${folder}`;
  return {
    file: { path: `${path}${fileName}`, stored },
    incoming: { companyId: company.id, folder: path, fileName, type: contents.type },
    type,
    processing: {},
    contents,
    smartCrops,
    options: {
      overwrite: false,
      overwriteMode: company.settings.overwriteMode ?? DEFAULT_OVERWRITE_MODE,
      readyForPublish: isMarked(asset),
      keepPublishState: false,
      keepCrop: false,
      processing: {},
      keywords: asset.keywords ?? [],
      projectIds: [],
      smartCrops: [],
      pages: {},
      layers: undefined,
      thumbnailTime: undefined,
      requested: new Set(),
      unCompress: false,
    },
  };
}

/** Stores what an upload does not: times, and data for applications. */
export async function addDetails(tx: Db, added: readonly AddedItem[]): Promise<void> {
  const rows = added.flatMap(({ id, item }) => {
    const { created = null, lastModified = null, userData } = item as SeedItem & { userData?: string };
    const info = userData === undefined ? {} : { userData };
    return created === null && lastModified === null && userData === undefined
      ? []
      : [{ id, created, last_modified: lastModified ?? created, info }];
  });
  if (rows.length === 0) return;
  await tx.execute(sql`update ${t.assets} set
      created = coalesce(c.created, assets.created),
      last_modified = coalesce(c.last_modified, assets.last_modified),
      info = assets.info || c.info
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as c (id int, created timestamptz, last_modified timestamptz, info jsonb)
    where assets.id = c.id`);
}
