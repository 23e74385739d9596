import { and, eq, notLike, sql } from 'drizzle-orm';
import { columnsOf } from '../assets/content-columns.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { FileStore } from '../files/file-store.js';
import { ensureFolder } from '../folders/folder-store.js';
import { loadPictures } from './load-pictures.js';

/** Assets in one transaction. An interrupted load loses at most so many. */
const BATCH = 2000;

/** Every tenth asset is in this folder, so that one folder is big; the others are in folders of about a hundred. */
const BIG_FOLDER = 'Load/All/';
const PER_FOLDER = 100;

/** The metadata field that loaded assets have a value of. */
const FIELD = { assetType: 'Asset', name: 'Load_Color', type: 'String' } as const;

/** Names of loaded assets, which no upload makes: `load-00000001`. */
const NAMES = 'load-________';

/** What to load. */
export interface AssetLoad {
  readonly companyId: number;
  /** Path of the company's root folder. */
  readonly rootPath: string;
  /** How many loaded assets there are in the end, those of an earlier load included. */
  readonly assets: number;
  /** Whether a company that has other assets is loaded too. */
  readonly into: 'empty' | 'any';
  readonly now: Date;
  /** Called with the number of loaded assets, first with those of an earlier load. */
  readonly progress: (done: number) => void;
  /** Ends the load after the current batch. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds generated assets to a company: four in five are marked for publishing and of those three in four are published, all have
 * metadata. Their pictures are few, and shared. A load that was interrupted continues.
 *
 * @returns The number of assets added.
 * @throws Error when the company has other assets, and `into` is `empty`.
 */
export async function loadAssets(db: Db, files: FileStore, load: AssetLoad): Promise<number> {
  const { companyId, assets, into } = load;
  if (into === 'empty') {
    const others = await db.$count(
      t.assets,
      and(eq(t.assets.companyId, companyId), notLike(t.assets.name, NAMES)),
    );
    if (others > 0)
      throw new Error(`the company already has ${others} assets; give --add to add generated ones to it`);
  }
  const [last] = await db
    .select({ number: sql<number>`coalesce(max(substring(${t.assets.name} from 6)::int), 0)::int` })
    .from(t.assets)
    .where(sql`${t.assets.companyId} = ${companyId} and ${t.assets.name} ~ '^load-[0-9]{8}$'`);
  const start = last?.number ?? 0;
  if (start >= assets) return 0;
  const pictures = (await loadPictures(files)).map(({ contents, stored, type }) => ({
    ...columnsOf(contents, stored, type, {}),
    info: contents.info,
  }));
  const place = await db.transaction(async (tx) => {
    await ensureFolder(tx, companyId, `${load.rootPath}${BIG_FOLDER}`, load.now);
    return { contextId: await contextOf(tx, companyId), fieldId: await fieldOf(tx, companyId) };
  });
  let done = start;
  load.progress(done);
  while (done < assets && load.signal?.aborted !== true) {
    const to = Math.min(assets, done + BATCH);
    await db.transaction((tx) => loadBatch(tx, load, { ...place, pictures, from: done + 1, to }));
    done = to;
    load.progress(done);
  }
  // Plans of queries follow the number of rows, which nothing else counts in an embedded database.
  await db.execute(sql`analyze`);
  return done - start;
}

interface Batch {
  readonly contextId: number;
  readonly fieldId: number;
  readonly pictures: readonly Record<string, unknown>[];
  readonly from: number;
  readonly to: number;
}

/** Numbers from..to, in a few statements whatever their number. */
async function loadBatch(tx: Db, load: AssetLoad, batch: Batch): Promise<void> {
  const { companyId, rootPath } = load;
  // As text, since a date in a statement of this form has no column to take its type from.
  const now = load.now.toISOString();
  const { contextId, fieldId, from, to } = batch;
  const pictures = JSON.stringify(batch.pictures);
  const numbers = sql`generate_series(${from}::int, ${to}::int) as n`;
  // Folders of about a hundred, in branches of a hundred folders.
  const folder = sql`${rootPath}::text || case when n % 10 = 0 then ${BIG_FOLDER}::text
    else 'Load/' || lpad((n / ${PER_FOLDER * 100}::int)::text, 3, '0') || '/' || lpad((n / ${PER_FOLDER}::int % 100)::text, 2, '0') || '/' end`;
  await tx.execute(sql`insert into folders (company_id, path, last_modified)
    select distinct ${companyId}::int, part.path, ${now}::timestamptz
    from ${numbers}, lateral (values (${folder}), (regexp_replace(${folder}, '[^/]+/$', ''))) as part (path)
    on conflict do nothing`);
  const { rows } = await tx.execute<{ first: number | null }>(sql`with made as (
    insert into assets (company_id, folder_id, name, type, file_name, ready_for_publish, created, last_modified,
      original_file, optimized_file, thumb_file, file_size, media_type, width, height, resolution, info, xmp, processing)
    select ${companyId}::int, folders.id, file.name, picture->>'type', file.name || '.png', n % 5 <> 0,
      ${now}::timestamptz - (n % 400) * interval '1 day', ${now}::timestamptz - (n % 40) * interval '1 day',
      picture->>'originalFile', picture->>'optimizedFile', picture->>'thumbFile', (picture->>'fileSize')::bigint,
      picture->>'mediaType', (picture->>'width')::int, (picture->>'height')::int, (picture->>'resolution')::float8,
      picture->'info' || jsonb_build_object('originalPath', folders.path || file.name || '.png'),
      jsonb_build_object('dc.title', 'Generated picture ' || n, 'dc.subject', jsonb_build_array('load', 'batch ' || n % 50)),
      picture->'processing'
    from ${numbers}
    cross join lateral (select 'load-' || lpad(n::text, 8, '0') as name) as file
    cross join lateral (select ${pictures}::jsonb -> (n % ${batch.pictures.length}::int) as picture) as chosen
    join folders on folders.company_id = ${companyId}::int and lower(folders.path) = lower(${folder})
    order by n returning id)
    select min(id)::int as first from made`);
  const first = rows[0]?.first;
  if (first === undefined || first === null) throw new Error('no asset of a batch was stored');
  const made = sql`from assets where company_id = ${companyId}::int and id >= ${first}::int and name ~ '^load-[0-9]{8}$'`;
  await tx.execute(sql`insert into metadata_values (asset_id, field_id, "values")
    select id, ${fieldId}::int, jsonb_build_array((array['red', 'green', 'blue', 'black'])[1 + id % 4]) ${made}`);
  await tx.execute(sql`insert into publications
    (company_id, context_id, asset_id, catalog_id, file, media_type, version, published_at)
    select company_id, ${contextId}::int, id, name, coalesce(optimized_file, original_file),
      case when optimized_file is null then media_type else 'image/tiff' end, version, ${now}::timestamptz
    ${made} and ready_for_publish and id % 4 <> 0`);
}

async function contextOf(tx: Db, companyId: number): Promise<number> {
  const [context] = await tx
    .select({ id: t.publishContexts.id })
    .from(t.publishContexts)
    .where(and(eq(t.publishContexts.companyId, companyId), eq(t.publishContexts.type, 'ImageServing')));
  if (context === undefined) throw new Error('the company has no context for image serving');
  return context.id;
}

async function fieldOf(tx: Db, companyId: number): Promise<number> {
  const where = and(
    eq(t.metadataFields.companyId, companyId),
    eq(t.metadataFields.assetType, FIELD.assetType),
    eq(t.metadataFields.name, FIELD.name),
  );
  await tx
    .insert(t.metadataFields)
    .values({ companyId, ...FIELD })
    .onConflictDoNothing();
  const [field] = await tx.select({ id: t.metadataFields.id }).from(t.metadataFields).where(where);
  if (field === undefined) throw new Error(`the metadata field ${FIELD.name} was not stored`);
  return field.id;
}
