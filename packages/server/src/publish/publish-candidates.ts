import { and, asc, eq, inArray, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import { markedIn, markedInByIndex } from '../assets/publish-marks.js';
import { VIEWER_PRESET } from '../assets/viewer-settings.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { carriedBy, SET_TYPES_OF_CATALOG, VIEW_TYPES } from './context-types.js';
import type { ContextRow, ContextType } from './publish-contexts.js';
import { changedTexts } from './published-content.js';

/** Whether an asset is one that a context is to have. */
export function carried(context: ContextRow): SQL {
  return carriedIf(context, markedIn(context.id));
}

function carriedIf({ type }: ContextRow, marked: SQL): SQL {
  // A literal, as in the condition of the index.
  return (
    and(sql`${t.assets.trashState} = 'NotInTrash'`, carriedBy(type as ContextType), marked) ?? sql`false`
  );
}

/** An asset to publish. */
export interface PublishCandidate {
  readonly id: number;
  readonly name: string;
  readonly fileSize: number | null;
}

/**
 * The assets to send: in a full publish, all marked assets; otherwise, those changed since the last one.
 * Views change with their owners, sets and viewer presets with the assets they refer to.
 */
export async function publishCandidates(
  db: Db,
  company: CompanyRow,
  { context, full }: { readonly context: ContextRow; readonly full: boolean },
): Promise<PublishCandidate[]> {
  const { version, file } = t.publications;
  const rows = (condition: SQL | undefined) =>
    db
      .select({
        id: t.assets.id,
        name: t.assets.name,
        type: t.assets.type,
        fileSize: t.assets.fileSize,
        setDefinition: t.assets.setDefinition,
        file: sql<string>`coalesce(${file}, '')`,
      })
      .from(t.assets)
      .leftJoin(
        t.publications,
        and(eq(t.publications.assetId, t.assets.id), eq(t.publications.contextId, context.id)),
      )
      .where(
        and(eq(t.assets.companyId, company.id), carriedIf(context, markedInByIndex(context.id)), condition),
      )
      .orderBy(asc(t.assets.id));
  if (full) return rows(undefined);
  const changed = or(isNull(version), lt(version, t.assets.version), sql`(${viewOfOtherFile})`);
  const own = await rows(changed);
  const known = new Set(own.map(({ id }) => id));
  // A text changes with any change of the assets it refers to.
  const types = [...SET_TYPES_OF_CATALOG, VIEWER_PRESET];
  const texts = await rows(and(isNull(t.assets.originalFile), inArray(t.assets.type, types)));
  const following = await changedTexts(
    db,
    company,
    texts.filter(({ id }) => !known.has(id)),
  );
  return [...own, ...following].sort((one, other) => one.id - other.id);
}

/** Whether an asset is a view whose published file differs from that of its owner. */
const viewOfOtherFile = sql`${t.assets.originalFile} is null and ${inArray(t.assets.type, [...VIEW_TYPES])} and ${t.publications.file} is distinct from (select coalesce(o.optimized_file, o.original_file) from ${t.assets} o where o.id = ${t.assets.ownerId})`;

/** Publications that no longer belong in a context. */
export function noLongerMarked(db: Db, context: ContextRow) {
  return db
    .select({ assetId: t.publications.assetId, catalogId: t.publications.catalogId, name: t.assets.name })
    .from(t.publications)
    .innerJoin(t.assets, eq(t.assets.id, t.publications.assetId))
    .where(and(eq(t.publications.contextId, context.id), not(carried(context))))
    .orderBy(asc(t.publications.assetId));
}
