// Named image serving commands, and the settings of viewers.

import type { ConfigSetting } from '@ips-sdk/types';
import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { assets } from './assets.js';
import { id } from './columns.js';
import { companies } from './companies.js';

/** Image formats, in the order of their creation: one can call those before it. */
export const imageFormats = pgTable(
  'image_formats',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    urlModifier: text('url_modifier').notNull(),
  },
  (table) => [uniqueIndex('image_formats_name').on(table.companyId, sql`lower(${table.name})`)],
);

/** The viewer settings of assets: of viewer presets, and of the sources of viewers. */
export const viewerSettings = pgTable('viewer_settings', {
  assetId: integer('asset_id')
    .primaryKey()
    .references(() => assets.id, { onDelete: 'cascade' }),
  /** The type of viewer: `BasicZoom`, or any other name. */
  type: text('type').notNull(),
  /** The name that settings of a source were given. A preset has its name in its own row. */
  name: text('name'),
  settings: jsonb('settings').$type<ConfigSetting[]>().notNull(),
});
