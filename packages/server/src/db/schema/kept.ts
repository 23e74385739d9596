// What companies keep besides assets: formats of vignettes, events of the Media Portal, documents and schemas of metadata.
import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { id, moment } from './columns.js';
import { companies } from './companies.js';

const companyId = () =>
  integer('company_id')
    .notNull()
    .references(() => companies.id, { onDelete: 'cascade' });

/** Sizes and qualities in which vignettes are to be published. */
export const vignetteFormats = pgTable(
  'vignette_formats',
  {
    id: id(),
    companyId: companyId(),
    name: text('name').notNull(),
    /** Pixels; 0 is the size of the original. */
    targetWidth: integer('target_width').notNull(),
    targetHeight: integer('target_height').notNull(),
    createPyramid: boolean('create_pyramid').notNull(),
    /** Pixels; 0 is no thumbnail. */
    thumbWidth: integer('thumb_width').notNull(),
    /** Version of the file format; 0 is the latest. */
    saveAsVersion: integer('save_as_version').notNull(),
    sizeSuffixSeparator: text('size_suffix_separator').notNull(),
    sharpen: integer('sharpen').notNull(),
    usmAmount: doublePrecision('usm_amount').notNull(),
    usmRadius: doublePrecision('usm_radius').notNull(),
    usmThreshold: integer('usm_threshold').notNull(),
  },
  (table) => [uniqueIndex('vignette_formats_name').on(table.companyId, sql`lower(${table.name})`)],
);

/** The fields of an event whose meaning depends on its type. */
export type PortalEventDetails = Readonly<Record<string, string | number>>;

/** The log that programs of the Media Portal write and read. */
export const portalEvents = pgTable(
  'portal_events',
  {
    id: id(),
    companyId: companyId(),
    eventType: text('event_type').notNull(),
    /** A user or a component, as text; not a handle. */
    ipsUser: text('ips_user').notNull(),
    jobName: text('job_name').notNull(),
    jobDescription: text('job_description').notNull(),
    details: jsonb('details').$type<PortalEventDetails>().notNull().default({}),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('portal_events_newest').on(table.companyId, table.createdAt, table.id)],
);

/** Documents of metadata, whose content only the programs that write them know. */
export const companyMetadata = pgTable(
  'company_metadata',
  {
    id: id(),
    companyId: companyId(),
    xtype: text('xtype').notNull(),
    xname: text('xname').notNull(),
    /** The document in Base64. */
    metadata: text('metadata').notNull(),
  },
  (table) => [index('company_metadata_type').on(table.companyId, table.xtype)],
);

/** Metadata schemas, as they were saved. */
export const metadataSchemas = pgTable(
  'metadata_schemas',
  {
    /** The version; no two companies share one, and none is used twice. */
    id: id(),
    companyId: companyId(),
    /** The namespace that the schema describes. */
    namespace: text('namespace').notNull(),
    contentType: text('content_type').notNull(),
    /** The document, compressed with zlib, in Base64. */
    schema: text('schema').notNull(),
  },
  (table) => [index('metadata_schemas_namespace').on(table.companyId, table.namespace)],
);
