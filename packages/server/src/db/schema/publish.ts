// What is published where.
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { assets } from './assets.js';
import { id, moment } from './columns.js';
import { companies } from './companies.js';

export const publishContexts = pgTable(
  'publish_contexts',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** `ImageServing`, `ImageRendering`, `Video` or `ServerDirectory`. */
    type: text('type').notNull(),
  },
  (table) => [uniqueIndex('publish_contexts_name').on(table.companyId, table.name)],
);

/** Marks of assets for publishing that differ from `readyForPublish` in one context. */
export const assetContexts = pgTable(
  'asset_contexts',
  {
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    contextId: integer('context_id')
      .notNull()
      .references(() => publishContexts.id, { onDelete: 'cascade' }),
    marked: boolean('marked').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.assetId, table.contextId] }),
    index('asset_contexts_marked').on(table.contextId, table.assetId).where(sql`marked`),
  ],
);

/** A smart crop of a published image: a part in fractions of the image, and the pixels to deliver it with. */
export interface PublishedSmartCrop {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly leftN: number;
  readonly topN: number;
  readonly widthN: number;
  readonly heightN: number;
}

/** The current publications: the catalog for delivery. */
export const publications = pgTable(
  'publications',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    contextId: integer('context_id')
      .notNull()
      .references(() => publishContexts.id, { onDelete: 'cascade' }),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    /** The name in delivery URLs. */
    catalogId: text('catalog_id').notNull(),
    file: text('file').notNull(),
    mediaType: text('media_type').notNull(),
    urlModifier: text('url_modifier'),
    urlPostApplyModifier: text('url_post_apply_modifier'),
    /** The smart crops at the time of the publish. */
    smartCrops: jsonb('smart_crops').$type<PublishedSmartCrop[]>().notNull().default([]),
    /** The published version of the asset. */
    version: integer('version').notNull(),
    publishedAt: moment('published_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.assetId] }),
    index('publications_catalog').on(table.companyId, sql`lower(${table.catalogId})`),
  ],
);

export const publishHistory = pgTable(
  'publish_history',
  {
    id: id(),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    contextName: text('context_name').notNull(),
    serverName: text('server_name').notNull(),
    runId: integer('run_id'),
    publishedAt: moment('published_at').notNull(),
    userEmail: text('user_email').notNull(),
  },
  (table) => [index('publish_history_asset').on(table.assetId)],
);

export const cdnInvalidations = pgTable('cdn_invalidations', {
  id: id(),
  companyId: integer('company_id')
    .notNull()
    .references(() => companies.id, { onDelete: 'cascade' }),
  urls: jsonb('urls').$type<string[]>().notNull(),
  createdAt: moment('created_at').notNull(),
  completesAt: moment('completes_at').notNull(),
});
