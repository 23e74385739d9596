import { and, asc, eq, sql } from 'drizzle-orm';
import { THUMB_TYPES } from '../assets/asset-types.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ensureFolder } from '../folders/folder-store.js';
import { assetHandle, fieldHandle } from '../handles.js';
import { fieldIndex } from '../metadata/field-store.js';
import { appliesTo } from '../metadata/field-types.js';
import { substituted, substitutionsOf } from '../sets/set-definition.js';
import { addDetails } from './add-assets.js';
import { shown } from './seed-checks.js';
import { SeedError } from './seed-error.js';
import { type AddedItem, isMarked, type SeedPlace } from './seed-place.js';
import type { SeedAssetSet, SeedSet } from './seed-types.js';

/** A set of a seed, with its place there. */
export interface PlannedSet {
  readonly path: string;
  /** Path below the company's root, with a slash at its end; empty for the root. */
  readonly folder: string;
  readonly set: SeedSet | SeedAssetSet;
}

/** Types in which every member begins a page. */
const PAGED: readonly string[] = ['ImageSet', 'SpinSet'];

/**
 * Adds sets to a company, after its assets. A set can be a member of those after it.
 *
 * @throws SeedError for a member that does not exist, or a name that the company already has.
 */
export async function addSets(
  tx: Db,
  place: SeedPlace,
  planned: readonly PlannedSet[],
): Promise<readonly AddedItem[]> {
  const added: AddedItem[] = [];
  for (const each of planned) {
    const id = await addSet(tx, place, each);
    if (id !== undefined) added.push({ id, path: each.path, item: each.set });
  }
  await addDetails(tx, added);
  return added;
}

async function addSet(
  tx: Db,
  { services, company, userId }: SeedPlace,
  { path, folder: folderPath, set }: PlannedSet,
): Promise<number | undefined> {
  const now = services.clock.now();
  const folder = await ensureFolder(tx, company.id, `${company.rootPath}${folderPath}`, now);
  const { name, type = 'ImageSet' } = set;
  const [taken] = await assetsNamed(tx, company.id, [name]);
  if (taken?.folderId === folder.id && taken.type === type) return undefined;
  if (taken !== undefined)
    throw new SeedError(`${path}.name`, `an asset of "${company.name}" already has the name ${shown(name)}`);
  const { members, ...more } =
    set.type === 'AssetSet'
      ? await definitionOf(tx, company, path, set)
      : { members: await membersNamed(tx, company, set.members, (index) => `${path}.members[${index}]`) };
  const [made] = await tx
    .insert(t.assets)
    .values({
      companyId: company.id,
      folderId: folder.id,
      name,
      type,
      fileName: name,
      ...more,
      readyForPublish: isMarked(set),
      created: now,
      createUserId: userId,
      lastModified: now,
      lastModifyUserId: userId,
      thumbAssetId: members.find((member) => THUMB_TYPES.has(member.type))?.id ?? null,
    })
    .returning({ id: t.assets.id });
  if (made === undefined) throw new Error('the set was not stored');
  if (set.type !== 'AssetSet' && members.length > 0)
    await tx.insert(t.setMembers).values(
      members.map(({ id: memberId }, position) => ({
        setId: made.id,
        position,
        memberId,
        pageReset: PAGED.includes(type),
      })),
    );
  return made.id;
}

/** @throws SeedError for the first name that no asset of the company has. */
async function membersNamed(
  tx: Db,
  company: CompanyRow,
  names: readonly string[],
  place: (index: number) => string,
): Promise<readonly NamedAsset[]> {
  const found = await assetsNamed(tx, company.id, names);
  return names.map((name, index) => {
    const asset = found.find((each) => each.wanted === index);
    if (asset === undefined)
      throw new SeedError(place(index), `"${company.name}" has no asset ${shown(name)}`);
    return asset;
  });
}

/**
 * The definition of an AssetSet with handles instead of names, and the assets in it.
 *
 * @throws SeedError for a name that no asset or metadata field of the company has.
 */
async function definitionOf(
  tx: Db,
  company: CompanyRow,
  path: string,
  { definition, subType }: SeedAssetSet,
): Promise<{
  readonly members: readonly NamedAsset[];
  readonly setDefinition: string;
  readonly subType: string | undefined;
}> {
  const place = `${path}.definition`;
  const names = [...new Set(substitutionsOf(definition).map(({ asset }) => asset))];
  const members = await membersNamed(tx, company, names, () => place);
  const fields = await fieldIndex(tx, company);
  const setDefinition = substituted(definition, ({ function: name, asset, field }) => {
    const member = members[names.indexOf(asset)];
    if (member === undefined) throw new Error('an asset of the definition was not found');
    if (name !== 'getMetaData') return `\${${name}([${assetHandle(member.id)}])}`;
    const known = fields.named(field ?? '').find((each) => appliesTo(each, member.type));
    if (known === undefined)
      throw new SeedError(place, `${shown(asset)} has no metadata field ${shown(field)}`);
    return `\${${name}([${assetHandle(member.id)}],[${fieldHandle(known)}])}`;
  });
  return { members, setDefinition, subType };
}

/** An asset that a set names. */
interface NamedAsset {
  readonly id: number;
  readonly type: string;
  readonly folderId: number;
  /** The index of its name. */
  readonly wanted: number;
}

/** The assets with some names, regardless of case, each with the index of its name. The oldest one counts. */
async function assetsNamed(
  tx: Db,
  companyId: number,
  names: readonly string[],
): Promise<readonly NamedAsset[]> {
  if (names.length === 0) return [];
  const wanted = sql`jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) with ordinality as wanted (name, number)`;
  return tx
    .select({
      id: t.assets.id,
      type: t.assets.type,
      folderId: t.assets.folderId,
      wanted: sql<number>`(wanted.number - 1)::int`,
    })
    .from(t.assets)
    .innerJoin(wanted, sql`lower(${t.assets.name}) = lower(wanted.name)`)
    .where(and(eq(t.assets.companyId, companyId), eq(t.assets.trashState, 'NotInTrash')))
    .orderBy(asc(t.assets.id));
}
