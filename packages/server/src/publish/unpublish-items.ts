import { and, eq } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { Item, ItemResult, Together } from '../jobs/item.js';
import type { PublishPlan } from './publish-plan.js';

/** Something published that is no longer to be there. */
export interface ObsoletePublication {
  readonly assetId: number;
  readonly catalogId: string;
  readonly name: string;
}

/** Publications that one transaction removes at most. */
const REMOVED_AT_ONCE = 100;

/** An item that removes a publication. */
export function unpublishItem(
  plan: PublishPlan,
  publication: ObsoletePublication,
): Item<ObsoletePublication> {
  return {
    key: `unpublish/${publication.assetId}`,
    name: publication.name,
    assetId: publication.assetId,
    prepare: async () => publication,
    commit: async (tx) => {
      const [result] = await remove(tx, plan, [publication]);
      if (result === undefined) throw new Error('a publication has no result');
      return result;
    },
  };
}

/** Removes several publications with one statement. */
export function removedTogether(plan: PublishPlan): Together<ObsoletePublication> {
  return { most: REMOVED_AT_ONCE, commit: (tx, publications) => remove(tx, plan, publications) };
}

async function remove(
  tx: Db,
  { context, place, cleanup }: PublishPlan,
  publications: readonly ObsoletePublication[],
): Promise<readonly ItemResult[]> {
  const ids = publications.map(({ assetId }) => assetId);
  const removed = await tx
    .delete(t.publications)
    .where(and(eq(t.publications.contextId, context.id), anyOf(t.publications.assetId, ids)))
    .returning({ assetId: t.publications.assetId, catalogId: t.publications.catalogId });
  const names = new Map(removed.map(({ assetId, catalogId }) => [assetId, catalogId]));
  return publications.map(({ assetId, catalogId, name }) => ({
    outcome: 'success',
    rows: [{ logType: cleanup.success, message: `${catalogId} was removed.`, assetName: name, assetId }],
    last: async () => {
      const published = names.get(assetId);
      if (published !== undefined) await place?.remove(published);
    },
  }));
}
