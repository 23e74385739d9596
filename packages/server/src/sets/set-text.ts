import { asc, eq } from 'drizzle-orm';
import { originalPathOf } from '../assets/asset-info.js';
import { assetsById } from '../assets/asset-store.js';
import { IMAGE_BASED_TYPES } from '../assets/asset-types.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { parseAssetHandle, parseFieldHandle } from '../handles.js';
import { fieldsOfCompany } from '../metadata/field-store.js';
import { defaultValues, formOf, type MetadataFieldRow } from '../metadata/field-types.js';
import { ValueTable } from '../metadata/value-store.js';
import { assetsInDefinition, type Substitution, substituted, substitutionsOf } from './set-definition.js';

/** The published text of a set. */
export interface SetText {
  readonly text: string;
  /** What is doubtful about it. */
  readonly warning: string | undefined;
}

/** A set whose text is requested. */
export type TextlessSet = Pick<AssetRow, 'id' | 'type' | 'setDefinition'>;

/**
 * The published texts of sets: the catalog ids of the members, or the definition with its substitutions
 * resolved. Assets in the trash cannot be published, so they are omitted from lists and empty in definitions.
 * The number of queries does not depend on the number of sets.
 */
export async function setTexts(
  db: Db,
  company: CompanyRow,
  sets: readonly TextlessSet[],
): Promise<Map<number, SetText>> {
  const defined = sets.filter(({ type }) => type === 'AssetSet');
  const listed = sets.filter(({ type }) => type !== 'AssetSet');
  return new Map([
    ...(await memberTexts(db, company, listed)),
    ...(await definitionTexts(db, company, defined)),
  ]);
}

async function memberTexts(
  db: Db,
  company: CompanyRow,
  sets: readonly TextlessSet[],
): Promise<[number, SetText][]> {
  if (sets.length === 0) return [];
  const members = await db
    .select({ setId: t.setMembers.setId, name: t.assets.name, trashState: t.assets.trashState })
    .from(t.setMembers)
    .innerJoin(t.assets, eq(t.assets.id, t.setMembers.memberId))
    .where(
      anyOf(
        t.setMembers.setId,
        sets.map(({ id }) => id),
      ),
    )
    .orderBy(asc(t.setMembers.setId), asc(t.setMembers.position));
  const bySet = Map.groupBy(members, ({ setId }) => setId);
  return sets.map(({ id }) => {
    const all = bySet.get(id) ?? [];
    const live = all.filter(({ trashState }) => trashState === 'NotInTrash');
    const gone = all.filter((member) => !live.includes(member)).map(({ name }) => name);
    const warning =
      all.length === 0
        ? 'the set has no members'
        : gone.length > 0
          ? `the set is published without members that are in the trash: ${[...new Set(gone)].join(', ')}`
          : undefined;
    return [id, { text: live.map(({ name }) => `${company.rootPath}${name}`).join(','), warning }];
  });
}

async function definitionTexts(
  db: Db,
  company: CompanyRow,
  sets: readonly TextlessSet[],
): Promise<[number, SetText][]> {
  const named = sets.flatMap(({ setDefinition }) => assetsInDefinition(setDefinition ?? ''));
  const source = named.length === 0 ? undefined : await DefinitionSource.read(db, company, sets, named);
  return sets.map(({ id, setDefinition }) => {
    if (setDefinition === null || setDefinition === '')
      return [id, { text: '', warning: 'the set has no definition' }];
    const unresolved = new Set<string>();
    const text = substituted(setDefinition, (each) => {
      const value = source?.textOf(each);
      if (value === undefined) unresolved.add(each.asset);
      return value ?? '';
    });
    const warning =
      unresolved.size === 0
        ? undefined
        : `the definition names assets that are in the trash or deleted: ${[...unresolved].join(', ')}`;
    return [id, { text, warning }];
  });
}

/** The data for resolving substitutions. */
class DefinitionSource {
  readonly #company: CompanyRow;
  readonly #assets: ReadonlyMap<number, AssetRow>;
  readonly #folders: ReadonlyMap<number, string>;
  readonly #fields: readonly MetadataFieldRow[];
  readonly #values: ValueTable;

  private constructor(
    company: CompanyRow,
    assets: ReadonlyMap<number, AssetRow>,
    folders: ReadonlyMap<number, string>,
    fields: readonly MetadataFieldRow[],
    values: ValueTable,
  ) {
    this.#company = company;
    this.#assets = assets;
    this.#folders = folders;
    this.#fields = fields;
    this.#values = values;
  }

  static async read(
    db: Db,
    company: CompanyRow,
    sets: readonly TextlessSet[],
    named: readonly number[],
  ): Promise<DefinitionSource> {
    const direct = await assetsById(db, company.id, named);
    const thumbs = [...direct.values()].flatMap(({ thumbAssetId }) => thumbAssetId ?? []);
    const assets = new Map([...direct, ...(await assetsById(db, company.id, thumbs))]);
    const folders = await db
      .select({ id: t.folders.id, path: t.folders.path })
      .from(t.folders)
      .where(anyOf(t.folders.id, [...new Set([...assets.values()].map(({ folderId }) => folderId))]));
    const asksMetadata = sets.some(({ setDefinition }) =>
      substitutionsOf(setDefinition ?? '').some((each) => each.function === 'getMetaData'),
    );
    const fields = asksMetadata ? await fieldsOfCompany(db, company.id) : [];
    const values = await ValueTable.read(
      db,
      [...direct.keys()],
      fields.map(({ id }) => id),
    );
    const paths = new Map(folders.map(({ id, path }) => [id, path]));
    return new DefinitionSource(company, assets, paths, fields, values);
  }

  /** `undefined` for an asset that is in the trash or deleted. */
  textOf({ function: name, asset: handle, field }: Substitution): string | undefined {
    const asset = this.#live(parseAssetHandle(handle));
    if (asset === undefined) return undefined;
    switch (name) {
      case 'getCatalogId':
        return this.#catalogId(asset);
      case 'getFilePath':
        return this.#filePath(asset);
      case 'getThumbCatalogId': {
        const shown = IMAGE_BASED_TYPES.has(asset.type) ? asset : this.#live(asset.thumbAssetId ?? undefined);
        return shown === undefined ? '' : this.#catalogId(shown);
      }
      case 'getMetaData':
        return this.#metadata(asset, field ?? '');
    }
  }

  #live(id: number | undefined): AssetRow | undefined {
    const asset = this.#assets.get(id ?? -1);
    return asset?.trashState === 'NotInTrash' ? asset : undefined;
  }

  #catalogId({ name }: AssetRow): string {
    return `${this.#company.rootPath}${name}`;
  }

  /** Sets, views and templates have no file. */
  #filePath(asset: AssetRow): string {
    if (asset.originalFile === null) return '';
    const { path, file } = originalPathOf(asset, this.#folders.get(asset.folderId) ?? this.#company.rootPath);
    return `${path}${file}`;
  }

  #metadata(asset: AssetRow, handle: string): string {
    const parsed = parseFieldHandle(handle);
    const assetType = parsed?.assetType === 'ALL' ? 'ASSET' : parsed?.assetType;
    const field = this.#fields.find(
      (each) =>
        each.assetType.toUpperCase() === assetType && each.name.toLowerCase() === parsed?.name.toLowerCase(),
    );
    if (field === undefined) return '';
    const own = this.#values.get(asset.id, field.id);
    const values = own.length > 0 ? own : defaultValues(field);
    return (formOf(field.type) === 'date' ? values.map(compactDate) : values).join(',');
  }
}

/** `20090703 10:05:53`, the date format in the documented result of a substitution, in UTC. */
function compactDate(value: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(
    new Date(value).toISOString(),
  ) ?? ['', '', '', '', ''];
  return `${year}${month}${day} ${time}`;
}
