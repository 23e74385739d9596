import type { Fact, ServerWorld } from './fact.js';

const SENT_AS_GIVEN = { reason: 'The client sends the conditions that it is given.' };

/** Facts about the conditions of searches. */
export const searchConditionFacts: readonly Fact[] = [
  {
    id: 'tags-match-by-value-or-values',
    fact: '`value` goes with `Matches` alone, `valueArray` with `MatchesAny` and `MatchesAll`, and `MatchesAll` with fields for several tags.',
    evidence: { kind: 'page', source: 'r-tag-condition.md' },
    server: async (world) => {
      const { connection, companyHandle, expect } = world;
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Asset',
        name: 'SingleOfFact',
        fieldType: 'SingleTag',
      });
      for (const condition of [
        { op: 'MatchesAny', value: 'x' },
        { op: 'Matches', value: 'x', valueArray: ['x'] },
        { op: 'MatchesAll', valueArray: ['x'] },
      ]) {
        const code = await searchFault(world, { tagConditionArray: [{ fieldHandle, ...condition }] });
        expect(code).toBe(30001);
      }
    },
    client: SENT_AS_GIVEN,
  },
  {
    id: 'system-fields-have-one-value',
    fact: 'A system field is compared with exactly one value.',
    evidence: { kind: 'page', source: 'r-system-field-condition.md' },
    server: async (world) => {
      const condition = { field: 'FileSize', op: 'Equals', longVal: 1, doubleVal: 1 };
      world.expect(await searchFault(world, { systemFieldConditionArray: [condition] })).toBe(30001);
    },
    client: SENT_AS_GIVEN,
  },
  {
    id: 'fields-are-compared-by-their-type',
    fact: 'Numbers are compared with the value of the field’s type, and flags by `Equals` alone.',
    evidence: { kind: 'page', source: 'r-4-0-new.md' },
    server: async (world) => {
      const { connection, companyHandle, expect } = world;
      const field = async (name: string, fieldType: string) =>
        (await connection.call('createMetadataField', { companyHandle, assetType: 'Asset', name, fieldType }))
          .fieldHandle;
      const ratio = await field('RatioOfFact', 'Float');
      const flag = await field('FlagOfFact', 'Boolean');
      for (const condition of [
        { fieldHandle: ratio, op: 'Equals', longVal: 1 },
        { fieldHandle: flag, op: 'NotEquals', boolVal: true },
      ]) {
        expect(await searchFault(world, { metadataConditionArray: [condition] })).toBe(30001);
      }
    },
    client: SENT_AS_GIVEN,
  },
  {
    id: 'byproducts-by-array',
    fact: '`excludeByproductArray` counts in place of `excludeByproducts`.',
    evidence: { kind: 'page', source: 'r-search-assets.md' },
    server: async ({ connection, companyHandle, server, asset, expect }) => {
      const assetHandle = await asset('Byproduct');
      const id = Number(assetHandle.slice(2));
      const snapshot = await server.snapshot();
      const assets = (snapshot.tables['assets'] ?? []).map((row) =>
        row['id'] === id ? { ...row, engine: 'PostScriptRip' } : row,
      );
      await server.restore({ ...snapshot, tables: { ...snapshot.tables, assets } });
      const found = async (more: object) =>
        (
          await connection.call('searchAssets', { companyHandle, includeSubfolders: true, ...more })
        ).assetArray?.some((each) => each.assetHandle === assetHandle);
      expect(await found({ excludeByproducts: true })).toBe(false);
      const other = [{ engine: 'LayerView', generatedAssetType: 'Image' }];
      expect(await found({ excludeByproducts: true, excludeByproductArray: other })).toBe(true);
    },
    client: SENT_AS_GIVEN,
  },
];

async function searchFault(
  { fault, companyHandle }: ServerWorld,
  conditions: object,
): Promise<number | undefined> {
  const { code } = await fault('searchAssets', { companyHandle, includeSubfolders: true, ...conditions });
  return code;
}
