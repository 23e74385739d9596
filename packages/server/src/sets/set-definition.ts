import { assetsById } from '../assets/asset-store.js';
import type { Db } from '../db/db.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import { missingParameter, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { fieldIndex } from '../metadata/field-store.js';

/** The functions of substitutions in a definition of an AssetSet. */
export type SubstitutionFunction = 'getFilePath' | 'getCatalogId' | 'getMetaData' | 'getThumbCatalogId';

/** One `${getCatalogId([a|739])}` of a definition. */
export interface Substitution {
  readonly function: SubstitutionFunction;
  /** Handle of the asset. */
  readonly asset: string;
  /** Handle of the metadata field; `getMetaData` has one. */
  readonly field: string | undefined;
}

/** By name in lower case, because the documentation has several spellings. */
const FUNCTIONS: Readonly<Record<string, SubstitutionFunction>> = {
  getfilepath: 'getFilePath',
  getcatalogid: 'getCatalogId',
  getcatalogd: 'getCatalogId',
  getmetadata: 'getMetaData',
  getthumbcatalogid: 'getThumbCatalogId',
};

const SUBSTITUTION = /\$\{\s*(\w+)\(\s*\[([^\]]*)\]\s*(?:,\s*\[([^\]]*)\]\s*)?\)\s*\}/g;

/**
 * Replaces the substitutions in a definition. All other text, including substitutions with unknown functions, is not changed.
 */
export function substituted(definition: string, textOf: (substitution: Substitution) => string): string {
  return definition.replaceAll(
    SUBSTITUTION,
    (whole: string, name: string, asset: string, field: string | undefined) => {
      const known = FUNCTIONS[name.toLowerCase()];
      return known === undefined
        ? whole
        : textOf({ function: known, asset: asset.trim(), field: field?.trim() });
    },
  );
}

/** The substitutions of a definition, in their order. */
export function substitutionsOf(definition: string): Substitution[] {
  const found: Substitution[] = [];
  substituted(definition, (each) => {
    found.push(each);
    return '';
  });
  return found;
}

/** The numbers of the assets in a definition, each once, in order of occurrence. */
export function assetsInDefinition(definition: string): number[] {
  return [...new Set(substitutionsOf(definition).flatMap(({ asset }) => parseAssetHandle(asset) ?? []))];
}

/**
 * Checks the handles in a definition. Handles are kept unchanged, so that they remain valid when an asset is
 * renamed.
 *
 * @returns Its assets, each once, in order of occurrence.
 * @throws IpsFault 30001 for an unknown handle, 30002 for a `getMetaData` without a field.
 */
export async function checkDefinition(
  db: Db,
  company: CompanyRow,
  definition: string | undefined,
): Promise<AssetRow[]> {
  const substitutions = substitutionsOf(definition ?? '');
  if (substitutions.length === 0) return [];
  const assets = await assetsById(
    db,
    company.id,
    substitutions.map(({ asset }) => parseAssetHandle(asset) ?? -1),
  );
  const fields = await fieldIndex(db, company);
  const named = new Map<number, AssetRow>();
  for (const { function: name, asset, field } of substitutions) {
    const row = assets.get(parseAssetHandle(asset) ?? -1);
    if (row === undefined) throw unknownHandle('setDefinition', asset);
    named.set(row.id, row);
    if (name !== 'getMetaData') continue;
    if (field === undefined) throw missingParameter('setDefinition: the metadata field of getMetaData');
    fields.of(field, 'setDefinition');
  }
  return [...named.values()];
}
