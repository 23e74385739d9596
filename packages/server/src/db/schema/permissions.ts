// What user groups may do with folders, assets and property sets.
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { assets, folders, propertySets } from './assets.js';
import { id } from './columns.js';
import { companies, groups } from './companies.js';

/**
 * The permission set of one folder, asset or property set. What has none follows the folder above. Rows name their owner by its number, so
 * that a set survives moves and new names.
 */
export const permissionSets = pgTable(
  'permission_sets',
  {
    id: id(),
    /** The company of the owner; null for a property set of a user in no company. */
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'cascade' }),
    folderId: integer('folder_id').references(() => folders.id, { onDelete: 'cascade' }),
    assetId: integer('asset_id').references(() => assets.id, { onDelete: 'cascade' }),
    propertySetId: integer('property_set_id').references(() => propertySets.id, { onDelete: 'cascade' }),
  },
  (table) => [
    uniqueIndex('permission_sets_folder').on(table.folderId),
    uniqueIndex('permission_sets_asset').on(table.assetId),
    uniqueIndex('permission_sets_property_set').on(table.propertySetId),
    index('permission_sets_of_folders').on(table.companyId, table.folderId).where(sql`folder_id is not null`),
    index('permission_sets_of_assets').on(table.companyId, table.assetId).where(sql`asset_id is not null`),
    check('permission_sets_owner', sql`num_nonnulls(folder_id, asset_id, property_set_id) = 1`),
  ],
);

/** The entries of permission sets. A set without entries lets no group in. */
export const permissionEntries = pgTable(
  'permission_entries',
  {
    setId: integer('set_id')
      .notNull()
      .references(() => permissionSets.id, { onDelete: 'cascade' }),
    groupId: integer('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    /** `Read`, `Write` or `Delete`. */
    type: text('type').notNull(),
    isAllowed: boolean('is_allowed').notNull(),
    /** Whether the entry takes precedence over what the folder above says for the same group and type. */
    isOverride: boolean('is_override').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.groupId, table.type] }),
    index('permission_entries_group').on(table.groupId),
  ],
);
