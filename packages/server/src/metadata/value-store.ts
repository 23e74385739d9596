import { type SQL, sql } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';

/** Values of assets in metadata fields: read, changed and written back in bulk. */
export class ValueTable {
  readonly #values = new Map<string, { assetId: number; fieldId: number; values: readonly string[] }>();
  readonly #changed = new Set<string>();

  /** Reads the values of some assets in some fields. */
  static async read(db: Db, assetIds: readonly number[], fieldIds: readonly number[]): Promise<ValueTable> {
    const table = new ValueTable();
    if (assetIds.length === 0 || fieldIds.length === 0) return table;
    const rows = await db
      .select()
      .from(t.metadataValues)
      .where(
        sql`${anyOf(t.metadataValues.assetId, assetIds)} and ${anyOf(t.metadataValues.fieldId, fieldIds)}`,
      );
    for (const row of rows) table.#values.set(keyOf(row.assetId, row.fieldId), row);
    return table;
  }

  get(assetId: number, fieldId: number): readonly string[] {
    return this.#values.get(keyOf(assetId, fieldId))?.values ?? [];
  }

  set(assetId: number, fieldId: number, values: readonly string[]): void {
    const key = keyOf(assetId, fieldId);
    this.#values.set(key, { assetId, fieldId, values });
    this.#changed.add(key);
  }

  /** Writes the changed values. A field without values is unset. */
  async write(tx: Db, call: Call): Promise<void> {
    const changes = [...this.#changed].flatMap((key) => this.#values.get(key) ?? []);
    if (changes.length === 0) return;
    const list = JSON.stringify(
      changes.map(({ assetId, fieldId, values }) => ({ asset_id: assetId, field_id: fieldId, values })),
    );
    const rows: SQL = sql`jsonb_to_recordset(${list}::jsonb) as c(asset_id int, field_id int, values jsonb)`;
    await tx.execute(
      sql`delete from ${t.metadataValues} using ${rows} where ${t.metadataValues.assetId} = c.asset_id and ${t.metadataValues.fieldId} = c.field_id and c.values = '[]'::jsonb`,
    );
    await tx.execute(
      sql`insert into ${t.metadataValues} (asset_id, field_id, values) select c.asset_id, c.field_id, c.values from ${rows} where c.values <> '[]'::jsonb on conflict (asset_id, field_id) do update set values = excluded.values`,
    );
    await tx
      .update(t.assets)
      .set({ lastModified: call.now, lastModifyUserId: call.identity.user.id })
      .where(anyOf(t.assets.id, [...new Set(changes.map(({ assetId }) => assetId))]));
  }
}

const keyOf = (assetId: number, fieldId: number): string => `${assetId} ${fieldId}`;
