import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';

/** Adds tags to the dictionaries of open fields. Existing tags keep their position. */
export async function extendDictionaries(
  tx: Db,
  tags: ReadonlyMap<number, ReadonlySet<string>>,
): Promise<void> {
  for (const [fieldId, added] of tags) {
    const list = JSON.stringify([...added]);
    await tx
      .update(t.metadataFields)
      .set({
        dictionary: sql`${t.metadataFields.dictionary} || coalesce((select jsonb_agg(e.v) from jsonb_array_elements(${list}::jsonb) e(v) where not ${t.metadataFields.dictionary} @> e.v), '[]'::jsonb)`,
      })
      .where(eq(t.metadataFields.id, fieldId));
  }
}

/** Removes tags from all assets that have them in a field. */
export async function removeTags(tx: Db, fieldId: number, tags: readonly string[]): Promise<void> {
  const list = JSON.stringify(tags);
  const isRemoved = sql`jsonb_exists_any(${t.metadataValues.values}, array(select jsonb_array_elements_text(${list}::jsonb)))`;
  await tx.execute(
    sql`update ${t.metadataValues} set values = coalesce((select jsonb_agg(e.v order by e.place) from jsonb_array_elements(${t.metadataValues.values}) with ordinality e(v, place) where not ${list}::jsonb @> e.v), '[]'::jsonb) where ${t.metadataValues.fieldId} = ${fieldId} and ${isRemoved}`,
  );
  await tx
    .delete(t.metadataValues)
    .where(sql`${t.metadataValues.fieldId} = ${fieldId} and ${t.metadataValues.values} = '[]'::jsonb`);
}

/** Renames a tag on all assets that have it in a field. */
export async function renameTag(tx: Db, fieldId: number, before: string, after: string): Promise<void> {
  await tx.execute(
    sql`update ${t.metadataValues} set values = (select jsonb_agg(case when e.v = ${before}::text then ${after}::text else e.v end order by e.place) from jsonb_array_elements_text(${t.metadataValues.values}) with ordinality e(v, place)) where ${t.metadataValues.fieldId} = ${fieldId} and jsonb_exists(${t.metadataValues.values}, ${before}::text)`,
  );
}
