import type { MetadataCondition } from '@ips-sdk/types';
import type { Fact, ServerWorld } from './fact.js';

/** Facts about searches. */
export const searchFacts: readonly Fact[] = [
  {
    id: 'search-keys',
    fact: 'In searchAssetsByMetadata `fieldHandle` is a search key: `asset_id` (a number without prefix), `name`, `folder_path`, `type`, `file_name`, `description`, `comment`, `user_data`, `sku`, `modified_at`, `modified_by`, `created_at`, `created_by`, or a dotted name.',
    evidence: {
      kind: 'program',
      source: 'every public caller of the operation; r-search-assets-by-metadata.md',
    },
    server: async (world) => {
      const { asset, server, expect } = world;
      const assetHandle = await asset('SearchKeys');
      const name = { fieldHandle: 'name', op: 'Equals', value: 'SearchKeys' };
      for (const [fieldHandle, value] of [
        ['asset_id', assetHandle.slice(2)],
        ['name', 'searchkeys'],
        ['folder_path', 'SampleCompany/'],
        ['folder_path', 'SampleCompany'],
        ['type', 'Image'],
        ['file_name', 'SearchKeys.png'],
        ['created_by', server.admin.email],
        ['modified_by', server.admin.email],
      ] as const)
        expect(await found(world, name, { fieldHandle, op: 'Equals', value }), fieldHandle).toEqual([
          'SearchKeys',
        ]);
      // What an asset does not have does not pass.
      for (const fieldHandle of ['description', 'comment', 'user_data', 'sku', 'custom.none', 'dc.subject'])
        expect(await found(world, name, { fieldHandle, op: 'Equals', value: 'x' }), fieldHandle).toEqual([]);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        { searchAssetsByMetadata: '<totalRows>0</totalRows><assetSummaryArray/>' },
        { validation: 'strict' },
      );
      for (const fieldHandle of ['asset_id', 'folder_path', 'name', 'custom_attributes.Season', 'dc.subject'])
        await ips.searchAssetsByMetadata({
          metadataConditionArray: [{ fieldHandle, op: 'Equals', value: '1' }],
        });
      expect(requests[0]?.xml).toContain('<fieldHandle>asset_id</fieldHandle>');
      expect(requests).toHaveLength(5);
    },
  },
  {
    id: 'search-operators',
    fact: 'Its operators are Equals, NotEquals, Contains, NotContains, StartsWith and EndsWith.',
    evidence: { kind: 'page', source: 'r-search-assets-by-metadata.md' },
    server: async (world) => {
      const { asset, expect } = world;
      await asset('SearchOperators');
      const own = { fieldHandle: 'name', op: 'Equals', value: 'SearchOperators' };
      for (const [op, value, passes] of [
        ['Equals', 'SearchOperators', true],
        ['NotEquals', 'SearchOperators', false],
        ['Contains', 'chOper', true],
        ['NotContains', 'chOper', false],
        ['StartsWith', 'Search', true],
        ['StartsWith', 'Operators', false],
        ['EndsWith', 'Operators', true],
        ['EndsWith', 'Search', false],
      ] as const) {
        const names = await found(world, own, { fieldHandle: 'name', op, value });
        expect(names, `${op} ${value}`).toEqual(passes ? ['SearchOperators'] : []);
      }
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        { searchAssetsByMetadata: '<totalRows>0</totalRows><assetSummaryArray/>' },
        { validation: 'strict' },
      );
      for (const op of ['Equals', 'NotEquals', 'Contains', 'NotContains', 'StartsWith', 'EndsWith'])
        await ips.searchAssetsByMetadata({
          metadataConditionArray: [{ fieldHandle: 'name', op, value: 'red' }],
        });
      expect(requests).toHaveLength(6);
    },
  },
  {
    id: 'search-dates-as-text',
    fact: 'Dates may be written as `Fri Jul 25 2014 22:13:45 GMT-0500 (CDT)`.',
    evidence: { kind: 'program', source: 'a public caller of searchAssetsByMetadata' },
    server: async (world) => {
      const { asset, expect } = world;
      await asset('SearchDates');
      const own = { fieldHandle: 'name', op: 'Equals', value: 'SearchDates' };
      const value = 'Fri Jul 25 2014 22:13:45 GMT-0500 (CDT)';
      for (const fieldHandle of ['created_at', 'modified_at']) {
        expect(await found(world, own, { fieldHandle, op: 'GreaterThan', value })).toEqual(['SearchDates']);
        expect(await found(world, own, { fieldHandle, op: 'LessThan', value })).toEqual([]);
        expect(await found(world, own, { fieldHandle, op: 'Equals', value })).toEqual([]);
      }
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        { searchAssetsByMetadata: '<totalRows>0</totalRows><assetSummaryArray/>' },
        { validation: 'strict' },
      );
      const value = 'Fri Jul 25 2014 22:13:45 GMT-0500 (CDT)';
      await ips.searchAssetsByMetadata({
        metadataConditionArray: [{ fieldHandle: 'modified_at', op: 'GreaterThan', value }],
      });
      expect(requests[0]?.xml).toContain(`<value>${value}</value>`);
    },
  },
];

/** The names of the assets that meet all conditions. */
async function found(
  { connection, companyHandle }: ServerWorld,
  ...conditions: MetadataCondition[]
): Promise<string[]> {
  const { assetSummaryArray } = await connection.call('searchAssetsByMetadata', {
    companyHandle,
    metadataConditionMatchMode: 'MatchAll',
    metadataConditionArray: conditions,
  });
  return (assetSummaryArray ?? []).map(({ name }) => name ?? '');
}
