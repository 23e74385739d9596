import { eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter } from '../faults.js';
import { fieldHandle } from '../handles.js';
import {
  checkedDefault,
  checkedInitialTag,
  checkFieldName,
  checkFieldType,
  fieldAssetType,
  fieldRecord,
} from '../metadata/field-record.js';
import { fieldIndex, isNameTaken } from '../metadata/field-store.js';
import { appliesTo, isTagType, type MetadataFieldRow } from '../metadata/field-types.js';
import { BOOLEAN_TAGS } from '../metadata/field-values.js';
import type { AreaHandlers } from './handler.js';

/** Operations on the definitions of metadata fields. */
export const metadataFieldHandlers: AreaHandlers = {
  getMetadataFields: async (input, call) => {
    const { fields } = await fieldIndex(call.db, companyOf(call));
    const type = fieldAssetType(input.assetType);
    return { fieldArray: fields.filter((field) => appliesTo(field, type)).map(fieldRecord) };
  },

  getAssetMetadataFields: async (_input, call) => {
    const { fields } = await fieldIndex(call.db, companyOf(call));
    const types = [...new Set(fields.map(({ assetType }) => assetType))];
    return {
      assetFieldsArray: types.map((assetType) => ({
        assetType,
        fieldArray: fields.filter((field) => field.assetType === assetType).map(fieldRecord),
      })),
    };
  },

  createMetadataField: async (input, call) => ({ fieldHandle: await createField(call, input) }),

  updateMetadataField: async (input, call) => {
    const field = (await fieldIndex(call.db, companyOf(call))).of(input.fieldHandle, 'fieldHandle');
    return { fieldHandle: await updateField(call, field, input) };
  },

  saveMetadataField: async (input, call) => {
    if (input.fieldHandle === undefined) return { fieldHandle: await createField(call, input) };
    const field = (await fieldIndex(call.db, companyOf(call))).of(input.fieldHandle, 'fieldHandle');
    if (fieldAssetType(input.assetType) !== field.assetType) {
      throw invalidParameter('assetType', input.assetType, `${field.assetType}, which cannot be changed`);
    }
    if (input.fieldType !== field.type) {
      throw invalidParameter('fieldType', input.fieldType, `${field.type}, which cannot be changed`);
    }
    return { fieldHandle: await updateField(call, field, input) };
  },

  deleteMetadataField: async (input, call) => {
    const field = (await fieldIndex(call.db, companyOf(call))).of(input.fieldHandle, 'fieldHandle');
    await call.db.delete(t.metadataFields).where(eq(t.metadataFields.id, field.id));
    return {};
  },
};

async function createField(
  call: Call,
  given: {
    readonly assetType: string;
    readonly name: string;
    readonly fieldType: string;
    readonly defaultValue?: string | undefined;
    readonly isHidden?: boolean | undefined;
    readonly isEnforced?: boolean | undefined;
    readonly initialTagValue?: string | undefined;
  },
): Promise<string> {
  const company = companyOf(call);
  const assetType = fieldAssetType(given.assetType);
  checkFieldName(given.name);
  checkFieldType(given.fieldType);
  const initialTagValue = checkedInitialTag(given.fieldType, given.initialTagValue);
  const values = {
    companyId: company.id,
    assetType,
    name: given.name,
    type: given.fieldType,
    defaultValue: checkedDefault(given.fieldType, given.defaultValue),
    isHidden: given.isHidden ?? false,
    isEnforced: given.isEnforced ?? false,
    initialTagValue,
    dictionary:
      given.fieldType === 'BooleanTag'
        ? [...BOOLEAN_TAGS]
        : initialTagValue === null || !isTagType(given.fieldType)
          ? []
          : [initialTagValue],
  };
  // If two calls create the same field at once, the unique index decides.
  const [row] = await call.db.insert(t.metadataFields).values(values).onConflictDoNothing().returning();
  if (row === undefined) throw alreadyExists('name', given.name);
  return fieldHandle(row);
}

/** Changes the given properties; the rest stay. */
async function updateField(
  call: Call,
  field: MetadataFieldRow,
  given: {
    readonly name?: string | undefined;
    readonly defaultValue?: string | undefined;
    readonly isHidden?: boolean | undefined;
    readonly isEnforced?: boolean | undefined;
    readonly initialTagValue?: string | undefined;
  },
): Promise<string> {
  const name = given.name ?? field.name;
  checkFieldName(name);
  if (await isNameTaken(call.db, companyOf(call), field.assetType, name, field.id)) {
    throw alreadyExists('name', name);
  }
  const initial =
    given.initialTagValue === undefined
      ? field.initialTagValue
      : checkedInitialTag(field.type, given.initialTagValue);
  const [row] = await call.db
    .update(t.metadataFields)
    .set({
      name,
      defaultValue:
        given.defaultValue === undefined
          ? field.defaultValue
          : checkedDefault(field.type, given.defaultValue),
      isHidden: given.isHidden ?? field.isHidden,
      isEnforced: given.isEnforced ?? field.isEnforced,
      initialTagValue: initial,
      dictionary:
        initial === null || !isTagType(field.type) || field.dictionary.includes(initial)
          ? field.dictionary
          : [...field.dictionary, initial],
    })
    .where(eq(t.metadataFields.id, field.id))
    .returning();
  return fieldHandle(row ?? field);
}
