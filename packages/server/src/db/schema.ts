// What the server keeps, in PostgreSQL. Identity columns make the numbers in handles.
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
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const id = () => integer('id').primaryKey().generatedByDefaultAsIdentity();
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const companies = pgTable(
  'companies',
  {
    id: id(),
    name: text('name').notNull(),
    /** `MyCompany/`: the name without blanks. */
    rootPath: text('root_path').notNull(),
    expires: moment('expires'),
    imsOrgId: text('ims_org_id'),
    settings: jsonb('settings').$type<CompanySettingsRow>().notNull().default({}),
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

/** Groups of users in a company. */
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

export const folders = pgTable(
  'folders',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** `MyCompany/Shoes/`: the whole path with the slash at its end. */
    path: text('path').notNull(),
    lastModified: moment('last_modified').notNull(),
  },
  (table) => [uniqueIndex('folders_path').on(table.companyId, sql`lower(${table.path})`)],
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
    /** The asset that this one is derived from, is a page of, or is a view of. */
    ownerId: integer('owner_id'),
    /** What made it of its owner, such as `PostScriptRip`. */
    engine: text('engine'),
    thumbAssetId: integer('thumb_asset_id'),
    /** The definition of an AssetSet. */
    setDefinition: text('set_definition'),
    /** Values of the type's own information, such as `imageInfo`, that have no column. */
    info: jsonb('info').$type<Record<string, unknown>>().notNull().default({}),
    /** Metadata of the file by its XMP dot key, such as `dc.title`. */
    xmp: jsonb('xmp').$type<Record<string, string | string[]>>().notNull().default({}),
    /** Crop, sharpening and the like that are applied when derivatives are made. */
    processing: jsonb('processing').$type<Record<string, unknown>>().notNull().default({}),
    /** Grows with each change that a publish has to carry. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('assets_folder').on(table.folderId),
    index('assets_by_name').on(table.companyId, sql`lower(${table.name})`, table.id),
    index('assets_type').on(table.companyId, table.type),
    index('assets_owner').on(table.ownerId),
    index('assets_created').on(table.companyId, table.created, table.id),
    index('assets_modified').on(table.companyId, table.lastModified, table.id),
    index('assets_size').on(table.companyId, table.fileSize, table.id),
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
    /** One value, or those of a tag field, as text in the form of the wire. */
    values: jsonb('values').$type<string[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.assetId, table.fieldId] }),
    index('metadata_values_field').on(table.fieldId),
  ],
);

/** The XMP packets of assets, as XML text. Not in the rows of the assets, because they are large and seldom read. */
export const xmpPackets = pgTable('xmp_packets', {
  assetId: integer('asset_id')
    .primaryKey()
    .references(() => assets.id, { onDelete: 'cascade' }),
  packet: text('packet').notNull(),
});

/** Regions of images that carry links. */
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

/** Parts of images to zoom to, in pixels of the image. */
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

/** Types of property sets; one without a company is for all companies. */
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
  (table) => [primaryKey({ columns: [table.assetId, table.contextId] })],
);

/** What is published now: the catalog that delivery reads. */
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
    /** The name under which it is delivered. */
    catalogId: text('catalog_id').notNull(),
    file: text('file').notNull(),
    mediaType: text('media_type').notNull(),
    urlModifier: text('url_modifier'),
    urlPostApplyModifier: text('url_post_apply_modifier'),
    /** The asset's version that is published. */
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

/** Submitted jobs: the triggers of runs. A trigger that will not fire again stays, for its handle to be understood. */
export const triggers = pgTable(
  'triggers',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
    submitUserId: integer('submit_user_id')
      .notNull()
      .references(() => users.id),
    /** Who gets mails. */
    mailUserId: integer('mail_user_id')
      .notNull()
      .references(() => users.id),
    locale: text('locale'),
    description: text('description'),
    execTime: moment('exec_time'),
    /** The text as it was submitted. */
    execSchedule: text('exec_schedule'),
    nextFireTime: moment('next_fire_time'),
    /** `Normal`, `Paused`, `Blocked`, `Complete`, `Error`. */
    state: text('state').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    index('triggers_name').on(table.companyId, table.name),
    index('triggers_next').on(table.state, table.nextFireTime),
  ],
);

/** The progress of one task of a run, as `getActiveJobs` answers it. */
export interface TaskRow {
  readonly taskType: string;
  readonly taskState: string;
  readonly numProcessed: number;
  readonly numProcessing: number;
  readonly numPending: number;
  readonly progress: number;
  readonly progressMessage: string;
  readonly lastProgressUpdate: string;
  readonly taskItemProgressArray: readonly {
    readonly itemName: string;
    readonly progress: number;
    readonly progressMessage: string;
    readonly lastProgressUpdate: string;
  }[];
}

export interface RunCounters {
  readonly success: number;
  readonly error: number;
  readonly warning: number;
  readonly duplicate: number;
  readonly update: number;
  readonly total: number;
  readonly transferSuccess: number;
  readonly transferError: number;
  readonly transferWarning: number;
}

/** Runs, on their way or ended. One that has ended is a job log. */
export const runs = pgTable(
  'runs',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    triggerId: integer('trigger_id').references(() => triggers.id, { onDelete: 'set null' }),
    /** `<originalName>_YYYY-MM-DD-HH:MM:SS.mmm`. */
    name: text('name').notNull(),
    originalName: text('original_name').notNull(),
    kind: text('kind').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
    submitUserId: integer('submit_user_id')
      .notNull()
      .references(() => users.id),
    mailUserId: integer('mail_user_id')
      .notNull()
      .references(() => users.id),
    locale: text('locale'),
    description: text('description'),
    /** `New`, `WaitingClient`, `WaitingCoordinator`, `Running`, `Stopping` or `Done`. */
    state: text('state').notNull(),
    serverName: text('server_name').notNull().default(''),
    triggerTime: moment('trigger_time').notNull(),
    startDate: moment('start_date').notNull(),
    endDate: moment('end_date'),
    totalSize: bigint('total_size', { mode: 'number' }).notNull().default(0),
    /** Percent. */
    progress: integer('progress').notNull().default(0),
    progressMessage: text('progress_message').notNull().default(''),
    lastProgressUpdate: moment('last_progress_update').notNull(),
    tasks: jsonb('tasks').$type<readonly TaskRow[]>().notNull().default([]),
    counters: jsonb('counters').$type<RunCounters>().notNull(),
    fatalError: boolean('fatal_error').notNull().default(false),
    logType: text('log_type').notNull(),
    jobSubType: text('job_sub_type').notNull().default(''),
    stopRequested: boolean('stop_requested').notNull().default(false),
    /** Counts the workers that took the run. Only the last of them may write. */
    attempt: integer('attempt').notNull().default(0),
    /** Counts the workers that were lost while they had it at work. */
    losses: integer('losses').notNull().default(0),
    /** What a job that was stopped half way needs to go on. */
    progressState: jsonb('progress_state').$type<Record<string, unknown>>().notNull().default({}),
    /** The name of the run that this one follows on. */
    initiatingJobName: text('initiating_job_name'),
    /** For uploads by POST: where they come from, and the last of them. */
    sourceAddress: text('source_address'),
    lastPostAt: moment('last_post_at'),
    endRequested: boolean('end_requested').notNull().default(false),
  },
  (table) => [
    uniqueIndex('runs_name').on(table.companyId, table.name),
    index('runs_original_name').on(table.companyId, table.originalName),
    index('runs_state').on(table.state),
    index('runs_start').on(table.companyId, table.startDate),
  ],
);

/** Items of a run that are done: what is there is never done again, whoever takes the run over. */
export const runItems = pgTable(
  'run_items',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.key] })],
);

/** Files that were posted for a run. */
export const postedFiles = pgTable(
  'posted_files',
  {
    id: id(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Path from the company's root, with the file's name. */
    path: text('path').notNull(),
    file: text('file').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
  },
  (table) => [index('posted_files_run').on(table.runId)],
);

/** A secondary row of a log. */
export interface LogAuxRow {
  readonly logMessage: string;
  readonly logType: string;
}

export const logRows = pgTable(
  'log_rows',
  {
    id: id(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    logType: text('log_type').notNull(),
    message: text('message').notNull(),
    dateCreated: moment('date_created').notNull(),
    assetName: text('asset_name'),
    /** One of the Job Log File Types. */
    assetType: text('asset_type'),
    assetId: integer('asset_id'),
    aux: jsonb('aux').$type<readonly LogAuxRow[]>().notNull().default([]),
  },
  (table) => [index('log_rows_run').on(table.runId, table.id), index('log_rows_asset').on(table.assetId)],
);

export const properties = pgTable('properties', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

export const cdnInvalidations = pgTable('cdn_invalidations', {
  id: id(),
  companyId: integer('company_id')
    .notNull()
    .references(() => companies.id, { onDelete: 'cascade' }),
  urls: jsonb('urls').$type<string[]>().notNull(),
  createdAt: moment('created_at').notNull(),
  completesAt: moment('completes_at').notNull(),
});

/** Mails that were sent, or kept because there is no transport. */
export const mails = pgTable('mails', {
  id: id(),
  recipient: text('recipient').notNull(),
  subject: text('subject').notNull(),
  body: text('body').notNull(),
  runId: integer('run_id'),
  createdAt: moment('created_at').notNull(),
  /** `kept`, `sent`, or what went wrong. */
  outcome: text('outcome').notNull(),
});

/** Named settings of publish contexts and viewers, in their order. */
export const configSettings = pgTable(
  'config_settings',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** What they belong to: `context:3001`. */
    owner: text('owner').notNull(),
    settings: jsonb('settings').$type<Record<string, unknown>[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.owner] })],
);

/** Contents of an export that a run has ready, until they are in the archive. */
export const exportFiles = pgTable(
  'export_files',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Place among the assets of the job. */
    position: integer('position').notNull(),
    /** Path in the archive. */
    path: text('path').notNull(),
    file: text('file').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** Archives that can be downloaded by whoever knows the name, until they expire. */
export const exportArchives = pgTable(
  'export_archives',
  {
    /** What cannot be guessed. */
    token: text('token').primaryKey(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    runId: integer('run_id').notNull(),
    fileName: text('file_name').notNull(),
    file: text('file').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('export_archives_expires').on(table.expiresAt)],
);
