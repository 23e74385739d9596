import { and, asc, desc, eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import * as t from '../db/schema.js';
import { invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { namespaceOfSchema, packedNamespaces } from '../metadata/schema-document.js';
import type { AreaHandlers } from './handler.js';

type DocumentRow = typeof t.companyMetadata.$inferSelect;

/** Maximum number of documents, and of schemas, of a company. */
const MAX_DOCUMENTS = 10_000;
const MAX_SCHEMAS = 1000;

/**
 * Operations of 2016-01-14-beta on documents and schemas of metadata. They are stored and returned as they are; nothing else uses them.
 */
export const companyMetadataHandlers: AreaHandlers = {
  createCompanyMetadata: async (input, call) => {
    const company = companyOf(call);
    checkText('xtype', input.xtype);
    checkText('xname', input.xname);
    const others = await call.db.$count(t.companyMetadata, eq(t.companyMetadata.companyId, company.id));
    if (others >= MAX_DOCUMENTS)
      throw ruleBroken(`the company has ${others} metadata documents; at most ${MAX_DOCUMENTS}`);
    const { xtype, xname } = input;
    const [row] = await call.db
      .insert(t.companyMetadata)
      .values({ companyId: company.id, xtype, xname, metadata: base64Of(input.metadata) })
      .returning({ id: t.companyMetadata.id });
    if (row === undefined) throw new Error('the document was not stored');
    return { xid: String(row.id) };
  },

  // Without a content, the document keeps its own.
  updateCompanyMetadata: async (input, call) => {
    const { id } = await findDocument(call, input.xid);
    const { xtype, xname, metadata } = input;
    checkText('xtype', xtype);
    checkText('xname', xname);
    await call.db
      .update(t.companyMetadata)
      .set({ xtype, xname, ...(metadata === undefined ? {} : { metadata: base64Of(metadata) }) })
      .where(eq(t.companyMetadata.id, id));
    return {};
  },

  deleteCompanyMetadata: async (input, call) => {
    const { id } = await findDocument(call, input.xid);
    await call.db.delete(t.companyMetadata).where(eq(t.companyMetadata.id, id));
    return {};
  },

  getCompanyMetadata: async (input, call) => {
    const { id, xtype, xname, metadata } = await findDocument(call, input.xid);
    return { xid: String(id), xtype, xname, metadata };
  },

  listCompanyMetadata: async (input, call) => {
    const own = eq(t.companyMetadata.companyId, companyOf(call).id);
    const rows = await call.db
      .select({ id: t.companyMetadata.id, xtype: t.companyMetadata.xtype, xname: t.companyMetadata.xname })
      .from(t.companyMetadata)
      .where(input.xtype === undefined ? own : and(own, eq(t.companyMetadata.xtype, input.xtype)))
      .orderBy(asc(t.companyMetadata.id));
    return { companyMetadataInfoArray: rows.map(({ id, ...names }) => ({ xid: String(id), ...names })) };
  },

  // Each is a new version. Earlier ones of the same namespace stay until the namespace is removed.
  saveMetadataSchema: async (input, call) => {
    const company = companyOf(call);
    checkText('contentType', input.contentType);
    const namespace = namespaceOfSchema(input.compressedSchema, 'compressedSchema');
    const others = await call.db.$count(t.metadataSchemas, eq(t.metadataSchemas.companyId, company.id));
    if (others >= MAX_SCHEMAS)
      throw ruleBroken(`the company has ${others} versions of metadata schemas; at most ${MAX_SCHEMAS}`);
    await call.db.insert(t.metadataSchemas).values({
      companyId: company.id,
      namespace,
      contentType: input.contentType,
      schema: base64Of(input.compressedSchema),
    });
    return { success: true };
  },

  // 0 is the newest.
  getMetadataSchema: async (input, call) => {
    const own = eq(t.metadataSchemas.companyId, companyOf(call).id);
    const { version } = input;
    const [row] = await call.db
      .select({ version: t.metadataSchemas.id, compressedSchema: t.metadataSchemas.schema })
      .from(t.metadataSchemas)
      .where(version === 0 ? own : and(own, eq(t.metadataSchemas.id, version)))
      .orderBy(desc(t.metadataSchemas.id))
      .limit(1);
    if (row === undefined)
      throw invalidParameter('version', version, 'the version of a metadata schema, or 0 for the newest');
    return row;
  },

  removeMetadataSchema: async ({ schemaNamespace }, call) => {
    const removed = await call.db
      .delete(t.metadataSchemas)
      .where(
        and(
          eq(t.metadataSchemas.companyId, companyOf(call).id),
          eq(t.metadataSchemas.namespace, schemaNamespace),
        ),
      )
      .returning({ id: t.metadataSchemas.id });
    if (removed.length === 0)
      throw invalidParameter('schemaNamespace', schemaNamespace, 'the namespace of a metadata schema');
    return { success: true };
  },

  getMetadataSchemaNamespaces: async (_input, call) => {
    const rows = await call.db
      .selectDistinct({ namespace: t.metadataSchemas.namespace })
      .from(t.metadataSchemas)
      .where(eq(t.metadataSchemas.companyId, companyOf(call).id))
      .orderBy(asc(t.metadataSchemas.namespace));
    return { compressedNamespaces: packedNamespaces(rows.map(({ namespace }) => namespace)) };
  },
};

/** @throws IpsFault 30001 when the company has no such document. */
async function findDocument(call: Call, xid: string): Promise<DocumentRow> {
  const [row] = /^\d{1,9}$/.test(xid)
    ? await call.db
        .select()
        .from(t.companyMetadata)
        .where(
          and(eq(t.companyMetadata.companyId, companyOf(call).id), eq(t.companyMetadata.id, Number(xid))),
        )
    : [];
  if (row === undefined) throw unknownHandle('xid', xid);
  return row;
}

/** @throws IpsFault 30001 for a text that is empty or too long. */
function checkText(path: string, text: string): void {
  if (text.trim() === '' || text.length > 255)
    throw invalidParameter(path, text, 'a text of 1 to 255 characters');
}

const base64Of = (content: string | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content).toString('base64');
