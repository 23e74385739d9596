import { eq } from 'drizzle-orm';
import { markInContexts } from '../assets/publish-marks.js';
import { publishedCrop, smartCropsOfAll } from '../assets/smart-crops.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { PublicationRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import {
  contentSource,
  contentToPublish,
  PUBLISHED_COLUMNS,
  type PublishedAsset,
  type PublishedContent,
} from '../publish/published-content.js';
import { at, SeedError } from './seed-error.js';
import type { AddedItem, SeedPlace } from './seed-place.js';

/** Assets that are published with the same statements. */
const BATCH = 500;

/**
 * Marks assets in the publish contexts that a seed names, and publishes some to image serving.
 *
 * @throws SeedError for a context that the company lacks, and for an asset that cannot be published.
 */
export async function addMarks(tx: Db, place: SeedPlace, added: readonly AddedItem[]): Promise<void> {
  const contexts = await tx
    .select()
    .from(t.publishContexts)
    .where(eq(t.publishContexts.companyId, place.company.id));
  const marks = added.flatMap(({ id, path, item: { publish } }) => {
    if (typeof publish !== 'object') return [];
    return Object.entries(publish).map(([name, marked]) => {
      const context = contexts.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (context === undefined)
        throw new SeedError(
          `${path}.publish`,
          `found "${name}", expected publish contexts: ${contexts.map((each) => each.name).join(', ')}`,
        );
      return { assetId: id, contextId: context.id, marked };
    });
  });
  await markInContexts(tx, marks);
  const context = contexts.find(({ type }) => type === 'ImageServing');
  const published = added.filter(({ item }) => item.published === true);
  if (context === undefined || published.length === 0) return;
  const contents = new Map<string, PublishedContent>();
  for (let start = 0; start < published.length; start += BATCH)
    await publish(tx, place, context, published.slice(start, start + BATCH), contents);
}

/** @param contents - The contents of files that were published before. */
async function publish(
  tx: Db,
  { services, company }: SeedPlace,
  context: { readonly id: number; readonly name: string },
  added: readonly AddedItem[],
  contents: Map<string, PublishedContent>,
): Promise<void> {
  const { files, clock, config } = services;
  const ids = added.map(({ id }) => id);
  const assets = await tx.select(PUBLISHED_COLUMNS).from(t.assets).where(anyOf(t.assets.id, ids));
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const source = await contentSource(tx, company, assets, { files, originals: false });
  const crops = await smartCropsOfAll(tx, ids);
  const publishedAt = clock.now();
  const rows: PublicationRow[] = [];
  for (const { id, path } of added) {
    const asset = byId.get(id);
    if (asset === undefined) throw new Error('an asset was removed while it was published');
    const key = fileKeyOf(asset);
    const content =
      contents.get(key) ?? (await at(`${path}.published`, () => contentToPublish(source, asset)));
    if (asset.originalFile !== null) contents.set(key, content);
    rows.push({
      companyId: company.id,
      contextId: context.id,
      assetId: id,
      catalogId: asset.name,
      file: content.file,
      mediaType: content.mediaType,
      urlModifier: asset.urlModifier,
      urlPostApplyModifier: asset.urlPostApplyModifier,
      smartCrops: (crops.get(id) ?? []).map(publishedCrop),
      version: asset.version,
      publishedAt,
    });
  }
  await tx.execute(insertOf(t.publications, rows));
  const history = rows.map(({ assetId }) => ({
    assetId,
    contextName: context.name,
    serverName: config.serverName,
    publishedAt,
    userEmail: '',
  }));
  await tx.execute(insertOf(t.publishHistory, history));
}

/** What the content of an asset with a file depends on. */
function fileKeyOf({ originalFile, optimizedFile, mediaType, type }: PublishedAsset): string {
  return JSON.stringify([originalFile, optimizedFile, mediaType, type]);
}
