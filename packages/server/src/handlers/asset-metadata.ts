import type { MetadataUpdate, SetMetadataFault } from '@ips-sdk/types';
import { IpsFault } from '@ips-sdk/wire';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import { deniedAssets, missingAssetPermission } from '../access/permissions/checks.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { READ, READ_DELETE, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { inTransaction } from '../assets/asset-changes.js';
import { assetsById, checkLive } from '../assets/asset-store.js';
import { permittedLiveAsset } from '../assets/permitted-objects.js';
import { anyOf } from '../db/any-of.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { assetHandle, parseAssetHandle } from '../handles.js';
import { type FieldIndex, fieldIndex } from '../metadata/field-store.js';
import { appliesTo, isClosed, isTagType, type MetadataFieldRow } from '../metadata/field-types.js';
import { updatedValues } from '../metadata/field-values.js';
import { extendDictionaries } from '../metadata/tag-dictionary.js';
import { ValueTable } from '../metadata/value-store.js';
import { xmpValues } from '../search/metadata-conditions.js';
import { checkKey, fieldsOfKey } from '../search/metadata-keys.js';
import type { AreaHandlers } from './handler.js';

/** The value that getDistinctMetadataValues returns for assets without a value. */
const NO_VALUE = 'N/A';

/** Operations on the values of assets in metadata fields. */
export const assetMetadataHandlers: AreaHandlers = {
  // All or nothing.
  setAssetMetadata: async (input, call) => {
    const company = companyOf(call);
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    const fields = await fieldIndex(call.db, company);
    const updates = input.updateArray.map((update, index) => ({
      update,
      field: fieldFor(fields, asset, update.fieldHandle, `updateArray[${index}]`),
      path: `updateArray[${index}]`,
    }));
    const table = await ValueTable.read(
      call.db,
      [asset.id],
      updates.map(({ field }) => field.id),
    );
    const tags = new NewTags();
    for (const { update, field, path } of updates) apply(table, tags, asset, field, update, path);
    await inTransaction(call, async (tx) => {
      await extendDictionaries(tx, tags.byField);
      await table.write(tx, call);
    });
    return {};
  },

  // Counts pairs of assets and fields; each has its own fault.
  batchSetAssetMetadata: async (input, call) => {
    const company = companyOf(call);
    const fields = await fieldIndex(call.db, company);
    const assets = await assetsById(
      call.db,
      company.id,
      input.updateArray.flatMap(({ assetHandleArray }) =>
        assetHandleArray.flatMap((handle) => parseAssetHandle(handle) ?? []),
      ),
    );
    const denied = await deniedAssets(call.db, await callerOf(call), [...assets.keys()], READ_WRITE);
    const table = await ValueTable.read(
      call.db,
      [...assets.keys()],
      fields.fields.map(({ id }) => id),
    );
    const tags = new NewTags();
    const errorDetailArray: SetMetadataFault[] = [];
    let successCount = 0;
    input.updateArray.forEach((batch, batchIndex) => {
      batch.assetHandleArray.forEach((handle, assetIndex) => {
        batch.updateArray.forEach((update, updateIndex) => {
          const assetPath = `updateArray[${batchIndex}]/assetHandleArray[${assetIndex}]`;
          const path = `updateArray[${batchIndex}]/updateArray[${updateIndex}]`;
          try {
            const asset = assets.get(parseAssetHandle(handle) ?? -1);
            if (asset === undefined) throw unknownHandle(assetPath, handle);
            const missing = denied.get(asset.id);
            if (missing !== undefined) throw missingAssetPermission(assetPath, asset.id, missing);
            checkLive(asset, assetPath);
            apply(table, tags, asset, fieldFor(fields, asset, update.fieldHandle, path), update, path);
            successCount += 1;
          } catch (error) {
            if (!(error instanceof IpsFault)) throw error;
            errorDetailArray.push({
              assetHandle: handle,
              fieldHandle: update.fieldHandle,
              code: error.code ?? 30000,
              reason: error.reason,
            });
          }
        });
      });
    });
    await inTransaction(call, async (tx) => {
      await extendDictionaries(tx, tags.byField);
      await table.write(tx, call);
    });
    return {
      successCount,
      warningCount: 0,
      errorCount: errorDetailArray.length,
      ...(errorDetailArray.length === 0 ? {} : { errorDetailArray }),
    };
  },

  deleteAssetMetadata: async (input, call) => {
    const company = companyOf(call);
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_DELETE);
    const fields = await fieldIndex(call.db, company);
    const ids = input.deleteArray.map(
      ({ fieldHandle }, index) => fields.of(fieldHandle, `deleteArray[${index}]/fieldHandle`).id,
    );
    const table = await ValueTable.read(call.db, [asset.id], ids);
    for (const id of ids) table.set(asset.id, id, []);
    await inTransaction(call, (tx) => table.write(tx, call));
    return {};
  },

  getUniqueMetadataValues: async (input, call) => {
    const field = (await fieldIndex(call.db, companyOf(call))).of(input.fieldHandle, 'fieldHandle');
    const readable = await assetCondition(call.db, await callerOf(call), READ);
    const value = sql<string>`e.v`;
    const rows = await call.db
      .selectDistinct({ value })
      .from(t.metadataValues)
      .innerJoin(t.assets, eq(t.assets.id, t.metadataValues.assetId))
      .innerJoin(sql`jsonb_array_elements_text(${t.metadataValues.values}) e(v)`, sql`true`)
      .where(and(eq(t.metadataValues.fieldId, field.id), eq(t.assets.trashState, 'NotInTrash'), readable))
      .orderBy(asc(value));
    return { values: rows.map((row) => row.value) };
  },

  // Assets without a value count as `N/A`, which comes first; then the most common values.
  getDistinctMetadataValues: async (input, call) => {
    const company = companyOf(call);
    checkKey(input.metadataKey, 'metadataKey');
    const fields = fieldsOfKey(input.metadataKey, await fieldIndex(call.db, company));
    if (fields?.length === 0) {
      throw invalidParameter(
        'metadataKey',
        input.metadataKey,
        'the name of a metadata field after custom_attributes.',
      );
    }
    const value = sql<string>`coalesce(e.v, ${NO_VALUE})`;
    const count = sql<number>`count(*)::int`;
    const live = and(
      eq(t.assets.companyId, company.id),
      eq(t.assets.trashState, 'NotInTrash'),
      await assetCondition(call.db, await callerOf(call), READ),
    );
    const query =
      fields === undefined
        ? call.db
            .select({ value, count })
            .from(t.assets)
            .leftJoin(sql`jsonb_array_elements_text(${xmpValues(input.metadataKey)}) e(v)`, sql`true`)
            .where(live)
        : call.db
            .select({ value, count })
            .from(t.assets)
            .leftJoin(
              t.metadataValues,
              and(
                eq(t.metadataValues.assetId, t.assets.id),
                anyOf(
                  t.metadataValues.fieldId,
                  fields.map(({ id }) => id),
                ),
              ),
            )
            .leftJoin(sql`jsonb_array_elements_text(${t.metadataValues.values}) e(v)`, sql`true`)
            .where(live);
    const rows = await query.groupBy(sql`1`).orderBy(desc(count), sql`1`);
    const without = rows.filter((row) => row.value === NO_VALUE);
    return { valueArray: [...without, ...rows.filter((row) => row.value !== NO_VALUE)] };
  },
};

/**
 * The field of an update, if the asset has it.
 *
 * @throws IpsFault 30001 if it does not.
 */
function fieldFor(fields: FieldIndex, asset: AssetRow, handle: string, path: string): MetadataFieldRow {
  const field = fields.of(handle, `${path}/fieldHandle`);
  if (!appliesTo(field, asset.type)) {
    throw invalidParameter(
      `${path}/fieldHandle`,
      handle,
      `a field for assets of type ${asset.type}, the type of '${assetHandle(asset.id)}'`,
    );
  }
  return field;
}

/** Tags that are not in the dictionaries yet. */
class NewTags {
  readonly byField = new Map<number, Set<string>>();

  add(field: MetadataFieldRow, tags: readonly string[]): void {
    if (!isTagType(field.type) || isClosed(field.type)) return;
    for (const tag of tags) {
      if (field.dictionary.includes(tag)) continue;
      const known = this.byField.get(field.id) ?? new Set();
      this.byField.set(field.id, known.add(tag));
    }
  }
}

function apply(
  table: ValueTable,
  tags: NewTags,
  asset: AssetRow,
  field: MetadataFieldRow,
  update: MetadataUpdate,
  path: string,
): void {
  const values = updatedValues(field, update, table.get(asset.id, field.id), path);
  tags.add(field, values);
  table.set(asset.id, field.id, values);
}
