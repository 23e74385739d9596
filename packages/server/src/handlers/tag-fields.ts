import type { TagValueUpdateFault } from '@ips-sdk/types';
import { eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { inTransaction } from '../assets/asset-changes.js';
import * as t from '../db/schema.js';
import { invalidParameter, ruleBroken, tagExists, tagNotFound } from '../faults.js';
import { fieldIndex } from '../metadata/field-store.js';
import { isTagType, type MetadataFieldRow } from '../metadata/field-types.js';
import { removeTags, renameTag } from '../metadata/tag-dictionary.js';
import type { AreaHandlers } from './handler.js';

/** Operations on the dictionaries of tag fields. */
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

  // Assets lose the tags that are no longer in the dictionary.
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
      const fault =
        place === -1
          ? tagNotFound(oldValue)
          : newValue === ''
            ? invalidParameter(`updateArray[${index}]/newValue`, newValue, 'a non-empty tag')
            : dictionary.includes(newValue)
              ? tagExists(newValue)
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
    for (const value of input.valueArray) {
      if (!field.dictionary.includes(value)) throw tagNotFound(value);
    }
    const rest = field.dictionary.filter((value) => !input.valueArray.includes(value));
    await saveDictionary(call, field, rest, [...input.valueArray]);
    return {};
  },
};

function checked(field: MetadataFieldRow, path: string): MetadataFieldRow {
  if (!isTagType(field.type)) throw invalidParameter(path, field.name, 'a tag field');
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
    if (value === '') throw invalidParameter(`valueArray[${index}]`, value, 'a non-empty tag');
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
