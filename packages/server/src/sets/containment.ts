import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { assetsById } from '../assets/asset-store.js';
import { CATALOG_TYPES } from '../assets/asset-types.js';
import { anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { sourceNames } from '../images/source-names.js';
import { assetsInDefinition } from './set-definition.js';

/** Types whose assets contain the images in their commands. */
const TEMPLATE_TYPES: readonly string[] = ['Template', 'PsdTemplate', 'Watermark'];

/** The commands of an asset. */
type Commands = Pick<AssetRow, 'urlModifier' | 'urlPostApplyModifier'>;

/** The sets and templates that contain an asset, without those in the trash. */
export async function containersOf(db: Db, company: CompanyRow, asset: AssetRow): Promise<AssetRow[]> {
  const { name } = asset;
  const commands = sql`lower(coalesce(${t.assets.urlModifier}, '') || ' ' || coalesce(${t.assets.urlPostApplyModifier}, ''))`;
  const rows = await liveAssets(
    db,
    company,
    or(
      // As an array, for which the index on numbers serves beside those of the other conditions.
      sql`${t.assets.id} = any(array(select m.set_id from ${t.setMembers} m where m.member_id = ${asset.id}))`,
      // Which of these really name it is found out below.
      and(
        eq(t.assets.type, 'AssetSet'),
        sql`strpos(${t.assets.setDefinition}, ${String(asset.id)}::text) > 0`,
      ),
      and(
        inArray(t.assets.type, [...TEMPLATE_TYPES]),
        sql`(strpos(${commands}, lower(${name}::text)) > 0 or strpos(${commands}, lower(${encodeURIComponent(name)}::text)) > 0 or strpos(${commands}, lower(${name.replaceAll(' ', '+')}::text)) > 0)`,
      ),
    ),
  );
  return rows.filter((row) => {
    if (row.type === 'AssetSet') return assetsInDefinition(row.setDefinition ?? '').includes(asset.id);
    if (!TEMPLATE_TYPES.includes(row.type)) return true;
    return CATALOG_TYPES.has(asset.type) && catalogNames(company, row).includes(name.toLowerCase());
  });
}

/** The contents of a set or a template, in order, without assets in the trash. Other assets have none. */
export async function contentsOf(db: Db, company: CompanyRow, asset: AssetRow): Promise<AssetRow[]> {
  if (TEMPLATE_TYPES.includes(asset.type)) return layerReferencesOf(db, company, asset);
  if (asset.type === 'AssetSet') {
    const ids = assetsInDefinition(asset.setDefinition ?? '');
    const rows = await assetsById(db, company.id, ids);
    return ids.flatMap((id) => rows.get(id) ?? []).filter(({ trashState }) => trashState === 'NotInTrash');
  }
  const members = await db
    .select({ asset: t.assets })
    .from(t.setMembers)
    .innerJoin(t.assets, eq(t.assets.id, t.setMembers.memberId))
    .where(and(eq(t.setMembers.setId, asset.id), eq(t.assets.trashState, 'NotInTrash')))
    .orderBy(asc(t.setMembers.position));
  return members.map((each) => each.asset);
}

/** The assets in the commands of an asset, without those in the trash. */
export async function layerReferencesOf(
  db: Db,
  company: CompanyRow,
  asset: Commands & { readonly id?: number },
): Promise<AssetRow[]> {
  const names = catalogNames(company, asset);
  if (names.length === 0) return [];
  const rows = await liveAssets(
    db,
    company,
    and(
      anyTextOf(sql`lower(${t.assets.name})`, names),
      anyTextOf(t.assets.type, [...CATALOG_TYPES]),
      asset.id === undefined ? undefined : sql`${t.assets.id} <> ${asset.id}`,
    ),
  );
  const order = ({ name }: AssetRow): number => names.indexOf(name.toLowerCase());
  return rows.sort((one, other) => order(one) - order(other));
}

/** The catalog ids in an asset's commands, in lower case. */
function catalogNames(company: CompanyRow, { urlModifier, urlPostApplyModifier }: Commands): string[] {
  const root = company.rootPath.toLowerCase();
  return sourceNames(urlModifier, urlPostApplyModifier).map((name) => {
    const lower = name.toLowerCase();
    return lower.startsWith(root) ? lower.slice(root.length) : lower;
  });
}

function liveAssets(db: Db, company: CompanyRow, condition: SQL | undefined): Promise<AssetRow[]> {
  return db
    .select()
    .from(t.assets)
    .where(and(eq(t.assets.companyId, company.id), eq(t.assets.trashState, 'NotInTrash'), condition))
    .orderBy(asc(t.assets.id));
}
