import { and, asc, eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { parseContextHandle } from '../handles.js';

export type ContextRow = typeof t.publishContexts.$inferSelect;

/** The target of a publish context. */
export type ContextType = 'ImageServing' | 'ImageRendering' | 'Video' | 'ServerDirectory';

/**
 * The context of a publish job: the one in its details, or the first of its type.
 *
 * @param path - Path of the handle in the request, for faults.
 * @throws IpsFault 30001 for an unknown handle, or one of a context of another type.
 */
export async function contextOfJob(
  db: Db,
  companyId: number,
  type: ContextType,
  handle: string | undefined,
  path: string,
): Promise<ContextRow | undefined> {
  if (handle === undefined) {
    const [first] = await db
      .select()
      .from(t.publishContexts)
      .where(and(eq(t.publishContexts.companyId, companyId), eq(t.publishContexts.type, type)))
      .orderBy(asc(t.publishContexts.id))
      .limit(1);
    return first;
  }
  const [context] = await db
    .select()
    .from(t.publishContexts)
    .where(
      and(
        eq(t.publishContexts.companyId, companyId),
        eq(t.publishContexts.id, parseContextHandle(handle) ?? -1),
      ),
    );
  if (context === undefined) throw unknownHandle(path, handle);
  if (context.type !== type) throw invalidParameter(path, handle, `a publish context of type ${type}`);
  return context;
}
