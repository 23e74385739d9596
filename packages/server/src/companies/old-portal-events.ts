import { lt } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';

const DAY = 86_400_000;

/** Events deleted by one statement. */
const CHUNK = 10_000;

/**
 * Deletes the events of the Media Portal that are older than `limits.portalEventDays`. Nothing but programs of the portal reads them, and
 * they are otherwise never deleted.
 *
 * @returns The number of deleted events.
 */
export async function removeOldPortalEvents({
  db,
  clock,
  config,
  log,
}: Pick<Services, 'db' | 'clock' | 'config' | 'log'>): Promise<number> {
  const { portalEventDays } = config.limits;
  // Events have dates from this era.
  const until = new Date(Math.max(0, clock.now().getTime() - portalEventDays * DAY));
  let removed = 0;
  for (;;) {
    const rows = await db
      .select({ id: t.portalEvents.id })
      .from(t.portalEvents)
      .where(lt(t.portalEvents.createdAt, until))
      .limit(CHUNK);
    if (rows.length > 0) {
      await db.delete(t.portalEvents).where(
        anyOf(
          t.portalEvents.id,
          rows.map(({ id }) => id),
        ),
      );
    }
    removed += rows.length;
    if (rows.length < CHUNK) break;
  }
  if (removed > 0)
    log.info({ events: removed, portalEventDays }, 'old events of the Media Portal were deleted');
  return removed;
}
