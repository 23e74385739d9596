import { eq, sql } from 'drizzle-orm';
import { deniedAssets } from '../access/permissions/checks.js';
import { WRITE } from '../access/permissions/rights.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure } from '../failures.js';
import { ensureFolder, touchFolders } from '../folders/folder-store.js';
import { assetHandle } from '../handles.js';
import { baseNameOf } from '../images/file-type.js';
import { collisionOf, type Examined, lockNames, type Occupied, occupiedBy } from './collision.js';
import { commitByproducts } from './commit-byproducts.js';
import { columnsOf } from './content-columns.js';
import type { FileContents } from './file-contents.js';
import { freeNameBeside } from './free-name.js';
import { addToProjects, isDuplicate, type PreparedIngest } from './ingest.js';
import type { IngestPlace } from './ingest-place.js';
import { storePageTexts } from './page-texts.js';
import { markEverywhere } from './publish-marks.js';
import { storeSmartCrops } from './smart-crops.js';

/** What is said about an asset that an ingest made or found. */
export type IngestedAsset = Pick<AssetRow, 'id' | 'name' | 'type' | 'folderId'>;

/** The result of an ingest. */
export interface Ingested {
  readonly effect: 'created' | 'updated' | 'duplicate';
  readonly asset: IngestedAsset;
  /** Messages about unsupported requests. */
  readonly warnings: readonly string[];
  /** Assets created from it, such as the pages of a document. */
  readonly generated: readonly AssetRow[];
}

/** Stores the results of `prepareIngest` in a transaction. */
export async function commitIngest(tx: Db, place: IngestPlace, prepared: PreparedIngest): Promise<Ingested> {
  const { company } = place;
  const { options, processing, contents } = prepared;
  await lockNames(tx, company.id);
  const [occupied] = await occupiedBy(tx, company.id, [examined(prepared)], options.overwriteMode);
  const existing = await collisionOf(tx, company.id, occupied?.collision);
  if (existing !== undefined && (await isDuplicate(tx, existing, prepared)))
    return { effect: 'duplicate', asset: existing, warnings: [], generated: [] };
  if (contents === undefined || occupied === undefined)
    throw new ItemFailure(
      'the asset it duplicates was changed or deleted during the upload; upload it again',
    );
  const replace = existing !== undefined && options.overwrite;
  if (replace) await checkReplaceable(tx, place, existing);
  const [asset] = replace
    ? [await update(tx, place, prepared, contents, existing)]
    : await create(tx, place, [{ prepared, contents, occupied }]);
  if (asset === undefined) throw new Error('the asset was not stored');
  if (replace) await keepPacket(tx, asset.id, contents.packet);
  await addToProjects(tx, [asset.id], options.projectIds);
  await storeSmartCrops(tx, asset.id, prepared.smartCrops);
  if (replace || contents.texts !== undefined) await storePageTexts(tx, asset.id, contents);
  const generated = await commitByproducts(tx, place, asset, contents, {
    processing,
    readyForPublish: options.readyForPublish,
  });
  const warnings =
    existing !== undefined && !replace
      ? [
          ...contents.warnings,
          `the name ${existing.name} is taken and overwriting was not requested: the asset is named ${asset.name}`,
        ]
      : contents.warnings;
  return { effect: replace ? 'updated' : 'created', asset, warnings, generated };
}

/**
 * Stores those of several prepared files that become new assets under the names they have, of one run, in a transaction and with the
 * same few statements however many they are.
 *
 * @returns For each file its result, or `undefined` if it is left to {@link commitIngest}: it collides with an asset, its name is
 * taken or that of another of them, or more than one asset is made of it.
 */
export async function commitNewFiles(
  tx: Db,
  place: IngestPlace,
  files: readonly PreparedIngest[],
): Promise<readonly (Ingested | undefined)[]> {
  const { company } = place;
  const plain = files.filter(isPlain);
  const [first] = plain;
  if (first === undefined) return [];
  await lockNames(tx, company.id);
  const { overwriteMode, projectIds } = first.options;
  const found = await occupiedBy(tx, company.id, plain.map(examined), overwriteMode);
  const names = new Set<string>();
  const fresh: NewFile[] = [];
  for (const [at, prepared] of plain.entries()) {
    const { contents, incoming } = prepared;
    const occupied = found[at];
    const name = folded(baseNameOf(incoming.fileName));
    if (contents === undefined || occupied === undefined || names.has(name)) continue;
    names.add(name);
    const isFree =
      occupied.collision === undefined && occupied.names === undefined && !occupied.fileNameTaken;
    if (isFree) fresh.push({ prepared, contents, occupied });
  }
  if (fresh.length === 0) return [];
  const assets = await create(tx, place, fresh);
  await addToProjects(
    tx,
    assets.map(({ id }) => id),
    projectIds,
  );
  const results = new Map<PreparedIngest, Ingested>();
  for (const [at, { prepared, contents }] of fresh.entries()) {
    const asset = assets[at];
    if (asset !== undefined)
      results.set(prepared, { effect: 'created', asset, warnings: contents.warnings, generated: [] });
  }
  return files.map((file) => results.get(file));
}

/** Whether a file becomes a single asset that nothing else is stored with, unless the catalog is in its way. */
const isPlain = ({ contents, smartCrops }: PreparedIngest): boolean =>
  contents !== undefined &&
  contents.pages.length === 0 &&
  contents.layers === undefined &&
  contents.texts === undefined &&
  smartCrops.length === 0;

/** The same for all names that the database could take for one: it has rules of its own for some letters. */
const folded = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().toUpperCase();

const examined = ({ incoming, contents }: PreparedIngest): Examined => ({
  ...incoming,
  madeType: contents?.type ?? incoming.type,
});

/** A file that becomes a new asset. */
interface NewFile {
  readonly prepared: PreparedIngest;
  readonly contents: FileContents;
  readonly occupied: Occupied;
}

/** Creates an asset of each file. Call {@link lockNames} first. */
async function create(
  tx: Db,
  place: IngestPlace,
  files: readonly NewFile[],
): Promise<readonly IngestedAsset[]> {
  const { services, company, userId } = place;
  const now = services.clock.now();
  const folders = await foldersOf(tx, company.id, files, now);
  const rows = files.map(({ prepared, contents, occupied }) => {
    const { incoming, file, options } = prepared;
    const folder = folders.get(incoming.folder);
    if (folder === undefined) throw new Error(`the folder ${incoming.folder} was not stored`);
    const name = freeNameBeside(baseNameOf(incoming.fileName), occupied.names);
    // A file that may not replace the one with its name is renamed, too.
    const fileName = occupied.fileNameTaken
      ? `${name}${incoming.fileName.slice(baseNameOf(incoming.fileName).length)}`
      : incoming.fileName;
    return {
      companyId: company.id,
      folderId: folder.id,
      name,
      fileName,
      readyForPublish: options.readyForPublish,
      created: now,
      createUserId: userId,
      lastModified: now,
      lastModifyUserId: userId,
      ...columnsOf(contents, file.stored, prepared.type, prepared.processing),
      info: { ...contents.info, originalPath: `${folder.path}${fileName}` },
      xmp: withKeywords(contents.xmp, options.keywords),
    };
  });
  const inserted = await tx.execute<{ readonly id: number }>(sql`${insertOf(t.assets, rows)} returning id`);
  const assets = rows.map(({ name, type, folderId }, at) => {
    const id = inserted.rows[at]?.id;
    if (id === undefined) throw new Error('the asset was not stored');
    return { id, name, type, folderId };
  });
  const packets = files.flatMap(({ contents: { packet } }, at) => {
    const assetId = assets[at]?.id;
    return packet === undefined || assetId === undefined ? [] : [{ assetId, packet }];
  });
  if (packets.length > 0) await tx.execute(insertOf(t.xmpPackets, packets));
  const paths = [...folders.values()].map(({ path }) => path);
  await touchFolders(tx, company.id, paths, now);
  return assets;
}

/** The folders of files by their paths in the request. Missing ones are created. */
async function foldersOf(
  tx: Db,
  companyId: number,
  files: readonly NewFile[],
  now: Date,
): Promise<ReadonlyMap<string, { readonly id: number; readonly path: string }>> {
  const folders = new Map<string, { readonly id: number; readonly path: string }>();
  for (const { prepared, occupied } of files) {
    const path = prepared.incoming.folder;
    if (folders.has(path)) continue;
    folders.set(path, occupied.folder ?? (await ensureFolder(tx, companyId, path, now)));
  }
  return folders;
}

async function update(
  tx: Db,
  place: IngestPlace,
  prepared: PreparedIngest,
  contents: FileContents,
  existing: AssetRow,
): Promise<IngestedAsset> {
  const { services, company, userId } = place;
  const { incoming, file, options } = prepared;
  const now = services.clock.now();
  const [folder] = await tx
    .select({ path: t.folders.path })
    .from(t.folders)
    .where(eq(t.folders.id, existing.folderId));
  const path = folder?.path ?? incoming.folder;
  const [asset] = await tx
    .update(t.assets)
    .set({
      fileName: incoming.fileName,
      lastModified: now,
      lastModifyUserId: userId,
      ...columnsOf(contents, file.stored, prepared.type, prepared.processing),
      info: { ...existing.info, ...contents.info, originalPath: `${path}${incoming.fileName}` },
      xmp: withKeywords(contents.xmp, options.keywords),
      version: sql`${t.assets.version} + 1`,
    })
    .where(eq(t.assets.id, existing.id))
    .returning({ id: t.assets.id, name: t.assets.name, type: t.assets.type, folderId: t.assets.folderId });
  if (asset === undefined) throw new Error('the asset was not stored');
  await touchFolders(tx, company.id, [path], now);
  if (!options.keepPublishState) await markEverywhere(tx, [asset.id], options.readyForPublish);
  return asset;
}

/** @throws ItemFailure if the user may not change an asset that a file replaces. */
async function checkReplaceable(tx: Db, place: IngestPlace, { id, name }: AssetRow): Promise<void> {
  const denied = await deniedAssets(tx, await place.viewer(tx), [id], WRITE);
  if (denied.has(id))
    throw new ItemFailure(
      `missing ${WRITE.join()} permission on asset '${assetHandle(id)}', ${name}, which it would replace`,
    );
}

/** The packet of a file that replaced another one's. */
async function keepPacket(tx: Db, assetId: number, packet: string | undefined): Promise<void> {
  if (packet === undefined) await tx.delete(t.xmpPackets).where(eq(t.xmpPackets.assetId, assetId));
  else
    await tx
      .insert(t.xmpPackets)
      .values({ assetId, packet })
      .onConflictDoUpdate({ target: t.xmpPackets.assetId, set: { packet } });
}

/** The XMP properties with the job's keywords added to `dc.subject`. */
function withKeywords(
  xmp: FileContents['xmp'],
  keywords: readonly string[],
): Record<string, string | string[]> {
  if (keywords.length === 0) return { ...xmp };
  const own = xmp['dc.subject'] ?? [];
  return { ...xmp, 'dc.subject': [...new Set([...(typeof own === 'string' ? [own] : own), ...keywords])] };
}
