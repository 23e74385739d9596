// Companies, their users and groups, and their settings.

import type { ConfigSetting } from '@ips-sdk/types';
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.js';

export const companies = pgTable(
  'companies',
  {
    id: id(),
    name: text('name').notNull(),
    /** `MyCompany/`: the name without spaces. */
    rootPath: text('root_path').notNull(),
    expires: moment('expires'),
    imsOrgId: text('ims_org_id'),
    settings: jsonb('settings').$type<CompanySettingsRow>().notNull().default({}),
    /** Number of assets that the cleanup removed from the trash and no mail has reported yet. */
    unreportedRemovals: integer('unreported_removals').notNull().default(0),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [uniqueIndex('companies_name').on(sql`lower(${table.name})`)],
);

/** What `setCompanySettings` changes; an absent value is the default. */
export interface CompanySettingsRow {
  readonly overwriteMode?: string;
  readonly retainPublishState?: boolean;
  readonly defaultSourceProfileId?: number;
  readonly defaultDisplayProfileId?: number;
  readonly iptcExifMappingXsltId?: number;
  readonly xmpMappingXsltId?: number;
  readonly diskSpaceWarningMin?: number;
  readonly emailTrashCleanupWarning?: boolean;
}

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text('email').notNull(),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    isValid: boolean('is_valid').notNull().default(true),
    isIpsAdmin: boolean('is_ips_admin').notNull().default(false),
    imsUserId: text('ims_user_id'),
    /** scrypt, with its salt and parameters. */
    passwordHash: text('password_hash').notNull(),
    passwordExpires: moment('password_expires'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [uniqueIndex('users_email').on(sql`lower(${table.email})`)],
);

export const memberships = pgTable(
  'memberships',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    role: text('role').notNull(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (table) => [primaryKey({ columns: [table.userId, table.companyId] })],
);

/** User groups of a company. */
export const groups = pgTable(
  'groups',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    isSystemDefined: boolean('is_system_defined').notNull().default(false),
  },
  (table) => [uniqueIndex('groups_name').on(table.companyId, sql`lower(${table.name})`)],
);

export const groupMembers = pgTable(
  'group_members',
  {
    groupId: integer('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.userId] }),
    index('group_members_user').on(table.userId),
  ],
);

export const properties = pgTable('properties', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Named settings of publish contexts, in their order. */
export const configSettings = pgTable(
  'config_settings',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** What they belong to: `context:3001`. */
    owner: text('owner').notNull(),
    settings: jsonb('settings').$type<ConfigSetting[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.owner] })],
);
