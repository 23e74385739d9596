import type { TagValueUpdateFault } from '@ips-sdk/types';
import { eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { inTransaction } from '../assets/asset-changes.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter, ruleBroken } from '../faults.js';
import { fieldIndex } from '../metadata/field-store.js';
import { isTagType, type MetadataFieldRow } from '../metadata/field-types.js';
import { removeTags, renameTag } from '../metadata/tag-dictionary.js';
import type { AreaHandlers } from './handler.js';

/** Operations of the dictionaries of tag fields. */
export const tagFieldHandlers: AreaHandlers = {
  getTagFieldValues: async (input, call) => {
    const fields = await fieldIndex(call.db, companyOf(call));
    return {
      fieldArray: input.fieldHandleArray.map((handle, index) => ({
        fieldHandle: handle,
        valueArray: [
          ...checked(fields.of(handle, `fieldHandleArray[${index}]`), `fieldHandleArray[${index}]`)
            .dictionary,
        ],
      })),
    };
  },

  // Assets keep the tags that stay in the dictionary, and lose the others.
  setTagFieldValues: async (input, call) => {
    const field = await changeableField(call, input.fieldHandle);
    const values = checkedValues(input.valueArray);
    const gone = field.dictionary.filter((value) => !values.includes(value));
    await saveDictionary(call, field, values, gone);
    return {};
  },

  addTagFieldValues: async (input, call) => {
    const field = await changeableField(call, input.fieldHandle);
    const added = checkedValues(input.valueArray);
    await saveDictionary(call, field, [...new Set([...field.dictionary, ...added])], []);
    return {};
  },

  updateTagFieldValues: async (input, call) => {
    const field = await changeableField(call, input.fieldHandle);
    const dictionary = [...field.dictionary];
    const renames: { before: string; after: string }[] = [];
    const errorDetailArray: TagValueUpdateFault[] = [];
    input.updateArray.forEach(({ oldValue, newValue }, index) => {
      const place = dictionary.indexOf(oldValue);
      const path = `updateArray[${index}]`;
      const fault =
        place === -1
          ? invalidParameter(`${path}/oldValue`, oldValue, `a value in the dictionary of '${field.name}'`)
          : newValue === ''
            ? invalidParameter(`${path}/newValue`, newValue, 'a tag that is not empty')
            : dictionary.includes(newValue)
              ? alreadyExists(`${path}/newValue`, newValue)
              : undefined;
      if (fault !== undefined) {
        // The old value, also where the new one is in the way.
        errorDetailArray.push({ value: oldValue, code: fault.code ?? 30000, reason: fault.reason });
        return;
      }
      dictionary[place] = newValue;
      renames.push({ before: oldValue, after: newValue });
    });
    await inTransaction(call, async (tx) => {
      const initialTagValue = renames.reduce(
        (initial, { before, after }) => (initial === before ? after : initial),
        field.initialTagValue,
      );
      await tx
        .update(t.metadataFields)
        .set({ dictionary, initialTagValue })
        .where(eq(t.metadataFields.id, field.id));
      for (const { before, after } of renames) await renameTag(tx, field.id, before, after);
    });
    return {
      successCount: renames.length,
      warningCount: 0,
      errorCount: errorDetailArray.length,
      ...(errorDetailArray.length === 0 ? {} : { errorDetailArray }),
    };
  },

  deleteTagFieldValues: async (input, call) => {
    const field = await changeableField(call, input.fieldHandle);
    input.valueArray.forEach((value, index) => {
      if (!field.dictionary.includes(value)) {
        throw invalidParameter(`valueArray[${index}]`, value, `a value in the dictionary of '${field.name}'`);
      }
    });
    const rest = field.dictionary.filter((value) => !input.valueArray.includes(value));
    await saveDictionary(call, field, rest, [...input.valueArray]);
    return {};
  },
};

function checked(field: MetadataFieldRow, path: string): MetadataFieldRow {
  if (!isTagType(field.type)) throw invalidParameter(path, field.name, 'a field for tags');
  return field;
}

async function changeableField(call: Call, handle: string): Promise<MetadataFieldRow> {
  const field = checked(
    (await fieldIndex(call.db, companyOf(call))).of(handle, 'fieldHandle'),
    'fieldHandle',
  );
  if (field.type === 'BooleanTag') {
    throw ruleBroken(
      `fieldHandle: the dictionary of '${field.name}' has True and False and cannot be changed`,
    );
  }
  return field;
}

function checkedValues(values: readonly string[]): string[] {
  values.forEach((value, index) => {
    if (value === '') throw invalidParameter(`valueArray[${index}]`, value, 'a tag that is not empty');
  });
  return [...new Set(values)];
}

async function saveDictionary(
  call: Call,
  field: MetadataFieldRow,
  dictionary: string[],
  gone: readonly string[],
): Promise<void> {
  const initial = field.initialTagValue;
  await inTransaction(call, async (tx) => {
    await tx
      .update(t.metadataFields)
      .set({ dictionary, initialTagValue: initial !== null && dictionary.includes(initial) ? initial : null })
      .where(eq(t.metadataFields.id, field.id));
    if (gone.length > 0) await removeTags(tx, field.id, gone);
  });
}
