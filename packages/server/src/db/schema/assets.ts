// Folders, assets, and everything that describes or arranges assets.
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { id, moment } from './columns.js';
import { companies, users } from './companies.js';

export const folders = pgTable(
  'folders',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** `MyCompany/Shoes/`: the whole path with a trailing slash. */
    path: text('path').notNull(),
    lastModified: moment('last_modified').notNull(),
  },
  (table) => [
    uniqueIndex('folders_path').on(table.companyId, sql`lower(${table.path})`),
    // In byte order, in which the paths in a folder are one range.
    index('folders_tree').on(table.companyId, sql`lower(${table.path}) collate "C"`),
  ],
);

export const assets = pgTable(
  'assets',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    folderId: integer('folder_id')
      .notNull()
      .references(() => folders.id),
    /** The name in the catalog; the file's name without extension unless renamed. */
    name: text('name').notNull(),
    type: text('type').notNull(),
    subType: text('sub_type'),
    fileName: text('file_name').notNull(),
    readyForPublish: boolean('ready_for_publish').notNull().default(false),
    /** `NotInTrash`, `InTrash` or `InEmptiedTrash`. */
    trashState: text('trash_state').notNull().default('NotInTrash'),
    trashedAt: moment('trashed_at'),
    /** Path of its former folder if that was deleted with it. `folderId` is then the parent folder. */
    trashFolder: text('trash_folder'),
    created: moment('created').notNull(),
    createUserId: integer('create_user_id').references(() => users.id),
    lastModified: moment('last_modified').notNull(),
    lastModifyUserId: integer('last_modify_user_id').references(() => users.id),
    /** Hashes of contents in the file store. */
    originalFile: text('original_file'),
    optimizedFile: text('optimized_file'),
    thumbFile: text('thumb_file'),
    maskFile: text('mask_file'),
    /** Bytes of the original. */
    fileSize: bigint('file_size', { mode: 'number' }),
    mediaType: text('media_type'),
    width: integer('width'),
    height: integer('height'),
    /** Pixels per inch. */
    resolution: doublePrecision('resolution'),
    urlModifier: text('url_modifier'),
    urlPostApplyModifier: text('url_post_apply_modifier'),
    /** The asset that this one was derived from, or is a page or view of. */
    ownerId: integer('owner_id'),
    /** The process that generated it from its owner, such as `PostScriptRip`. */
    engine: text('engine'),
    thumbAssetId: integer('thumb_asset_id'),
    /** The definition of an AssetSet. */
    setDefinition: text('set_definition'),
    /** Details of the type, such as `imageInfo`, that have no column. */
    info: jsonb('info').$type<Record<string, unknown>>().notNull().default({}),
    /** Metadata of the file by XMP dot key, such as `dc.title`. */
    xmp: jsonb('xmp').$type<Record<string, string | string[]>>().notNull().default({}),
    /** Crop, sharpening and other processing applied when derivatives are made. */
    processing: jsonb('processing').$type<Record<string, unknown>>().notNull().default({}),
    /** Incremented by each change that the next publish must include. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    // The orders of searches in a folder. The second one also finds its newest change.
    index('assets_in_folder_by_name').on(table.folderId, sql`lower(${table.name})`, table.id),
    index('assets_in_folder_by_change').on(table.folderId, table.lastModified, table.id),
    index('assets_by_name').on(table.companyId, sql`lower(${table.name})`, table.id),
    // In byte order, in which names with a common prefix are one range.
    index('assets_name_beginning').on(table.companyId, sql`lower(${table.name}) collate "C"`),
    index('assets_file_name').on(table.companyId, sql`lower(${table.fileName})`),
    // Of the file name without its extension.
    index('assets_base_name').on(
      table.companyId,
      sql`lower(regexp_replace(${table.fileName}, '(.)\\.[^.]*$', '\\1'))`,
    ),
    index('assets_trash_folder')
      .on(table.companyId, sql`lower(${table.trashFolder}) collate "C"`)
      .where(sql`trash_folder is not null`),
    index('assets_type').on(table.companyId, table.type),
    // What is marked for publish in every context.
    index('assets_marked')
      .on(table.companyId, table.id)
      .where(sql`ready_for_publish and trash_state = 'NotInTrash'`),
    index('assets_owner').on(table.ownerId),
    index('assets_created').on(table.companyId, table.created, table.id),
    index('assets_modified').on(table.companyId, table.lastModified, table.id),
    // In searches, an asset without a file has zero bytes.
    index('assets_by_size').on(table.companyId, sql`coalesce(${table.fileSize}, 0)`, table.id),
    index('assets_trash').on(table.trashState, table.trashedAt).where(sql`trash_state <> 'NotInTrash'`),
  ],
);

export const setMembers = pgTable(
  'set_members',
  {
    setId: integer('set_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    memberId: integer('member_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    pageReset: boolean('page_reset').notNull().default(true),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.position] }),
    index('set_members_member').on(table.memberId),
  ],
);

export const projects = pgTable(
  'projects',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
  },
  (table) => [uniqueIndex('projects_name').on(table.companyId, table.name)],
);

export const projectAssets = pgTable(
  'project_assets',
  {
    projectId: integer('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.assetId] }),
    index('project_assets_asset').on(table.assetId),
  ],
);

export const metadataFields = pgTable(
  'metadata_fields',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** An asset type, or `Asset` for all of them. */
    assetType: text('asset_type').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    defaultValue: text('default_value'),
    isHidden: boolean('is_hidden').notNull().default(false),
    isEnforced: boolean('is_enforced').notNull().default(false),
    /** The tag that assets without a value have. */
    initialTagValue: text('initial_tag_value'),
    /** The values of a tag field. */
    dictionary: jsonb('dictionary').$type<string[]>().notNull().default([]),
  },
  (table) => [
    uniqueIndex('metadata_fields_name').on(table.companyId, table.assetType, sql`lower(${table.name})`),
  ],
);

export const metadataValues = pgTable(
  'metadata_values',
  {
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    fieldId: integer('field_id')
      .notNull()
      .references(() => metadataFields.id, { onDelete: 'cascade' }),
    /** One value, or the tags of a tag field, as text in wire format. */
    values: jsonb('values').$type<string[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.assetId, table.fieldId] }),
    index('metadata_values_field').on(table.fieldId),
  ],
);

/** The XMP packets of assets, as XML. Not in `assets`, because they are large and rarely read. */
export const xmpPackets = pgTable('xmp_packets', {
  assetId: integer('asset_id')
    .primaryKey()
    .references(() => assets.id, { onDelete: 'cascade' }),
  packet: text('packet').notNull(),
});

/** Image regions with links. */
export const imageMaps = pgTable(
  'image_maps',
  {
    id: id(),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** `Rectangle` or `Polygon`. */
    shapeType: text('shape_type').notNull(),
    region: text('region').notNull(),
    action: text('action').notNull(),
    position: integer('position').notNull(),
    enabled: boolean('enabled').notNull(),
    lastModified: moment('last_modified').notNull(),
  },
  (table) => [index('image_maps_asset').on(table.assetId)],
);

/** Image regions to zoom to, in pixels of the image. */
export const zoomTargets = pgTable(
  'zoom_targets',
  {
    id: id(),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    x: integer('x').notNull(),
    y: integer('y').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    userData: text('user_data'),
    position: integer('position').notNull(),
    lastModified: moment('last_modified').notNull(),
  },
  (table) => [index('zoom_targets_asset').on(table.assetId)],
);

/** Named parts of an image, each for one format. Edges are fractions of the image, from 0 to 1. */
export const smartCrops = pgTable(
  'smart_crops',
  {
    id: id(),
    assetId: integer('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** What it is for: `Banner`. */
    type: text('type').notNull(),
    /** Pixels of the delivered image. */
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    leftN: doublePrecision('left_n').notNull(),
    topN: doublePrecision('top_n').notNull(),
    widthN: doublePrecision('width_n').notNull(),
    heightN: doublePrecision('height_n').notNull(),
  },
  (table) => [uniqueIndex('smart_crops_name').on(table.assetId, sql`lower(${table.name})`)],
);

/** Property set types. One without a company applies to all companies. */
export const propertySetTypes = pgTable(
  'property_set_types',
  {
    id: id(),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** `UserProperty`, `CompanyProperty` or `UserCompanyProperty`. */
    propertyType: text('property_type').notNull(),
    allowMultiple: boolean('allow_multiple').notNull(),
  },
  (table) => [uniqueIndex('property_set_types_name').on(sql`coalesce(${table.companyId}, 0)`, table.name)],
);

/** Properties of a user, of a company, or of a user in a company. */
export const propertySets = pgTable(
  'property_sets',
  {
    id: id(),
    typeId: integer('type_id')
      .notNull()
      .references(() => propertySetTypes.id, { onDelete: 'cascade' }),
    userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'cascade' }),
    properties: jsonb('properties').$type<{ name: string; value: string }[]>().notNull(),
  },
  (table) => [index('property_sets_owner').on(table.typeId, table.userId, table.companyId)],
);
