import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { unknownHandle } from '../faults.js';
import { parseFieldHandle } from '../handles.js';
import type { MetadataFieldRow } from './field-types.js';

/** Finds fields by handle, with a single query for any number of handles. */
export interface FieldIndex {
  readonly fields: readonly MetadataFieldRow[];
  /**
   * The field of a handle.
   *
   * @param path - Of the handle in the request.
   * @throws IpsFault 30001 when the company has no such field.
   */
  of(handle: string, path: string): MetadataFieldRow;
  /** All fields with a name, of any asset type. */
  named(name: string): readonly MetadataFieldRow[];
}

export async function fieldIndex(db: Db, company: CompanyRow): Promise<FieldIndex> {
  const fields = await fieldsOfCompany(db, company.id);
  const keyOf = (assetType: string, name: string): string => `${typeName(assetType)}|${name.toLowerCase()}`;
  const byKey = new Map(fields.map((field) => [keyOf(field.assetType, field.name), field]));
  return {
    fields,
    of: (handle, path) => {
      const parsed = parseFieldHandle(handle);
      const field =
        parsed === undefined || parsed.companyId !== company.id
          ? undefined
          : byKey.get(keyOf(parsed.assetType, parsed.name));
      if (field === undefined) throw unknownHandle(path, handle);
      return field;
    },
    named: (name) => fields.filter((field) => field.name.toLowerCase() === name.toLowerCase()),
  };
}

/** Handles contain the type in upper case; for fields of all types it is ASSET or ALL. */
function typeName(assetType: string): string {
  const upper = assetType.toUpperCase();
  return upper === 'ALL' ? 'ASSET' : upper;
}

/** The metadata fields of a company, in order of creation. */
export function fieldsOfCompany(db: Db, companyId: number): Promise<MetadataFieldRow[]> {
  return db
    .select()
    .from(t.metadataFields)
    .where(eq(t.metadataFields.companyId, companyId))
    .orderBy(asc(t.metadataFields.id));
}

/** Whether a name is taken among the fields of an asset type. */
export async function isNameTaken(
  db: Db,
  company: CompanyRow,
  assetType: string,
  name: string,
  exceptId = 0,
): Promise<boolean> {
  const taken = await db.$count(
    t.metadataFields,
    and(
      eq(t.metadataFields.companyId, company.id),
      sql`upper(${t.metadataFields.assetType}) = ${assetType.toUpperCase()}`,
      sql`lower(${t.metadataFields.name}) = lower(${name}::text)`,
      sql`${t.metadataFields.id} <> ${exceptId}`,
    ),
  );
  return taken > 0;
}
