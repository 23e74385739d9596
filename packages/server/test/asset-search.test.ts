import type { Asset, SearchAssetsParam, SystemFieldCondition } from '@ips-sdk/types';
import { describe, expect, it } from 'vitest';
import { isFull } from '../../../scripts/testing/cases.js';
import type { IpsServer } from '../src/create-server.js';
import { type AssetColumns, insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
let server: IpsServer;
let admin: Connection;

const HOSTILE = [
  `O'Brien`,
  `100%`,
  `a_b`,
  `back\\slash`,
  `"quoted"`,
  `; drop table assets; --`,
  `{"$ne":1}`,
  `naïve Žluťoučký`,
  `日本語 🦊`,
  `<&>`,
  `a%b`,
  `$1 $2 ?`,
  `' or '1'='1`,
];

/** What the tests know of the assets that they search. */
const ASSETS: AssetColumns[] = [
  ...HOSTILE.map((name, index) => ({
    name,
    file_name: `${index}.jpg`,
    created: `2020-01-${String(index + 1).padStart(2, '0')}T12:00:00.000Z`,
    last_modified: `2021-06-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`,
    file_size: index * 1000,
    info: { description: HOSTILE[(index + 3) % HOSTILE.length], userData: index % 2 === 0 ? 'even' : 'odd' },
    xmp: { 'dc.subject': [name, 'all', index % 3 === 0 ? 'Third' : 'other'], 'dc.title': `Title of ${name}` },
    ready_for_publish: index % 2 === 0,
    folder: index % 2 === 0 ? 'SampleCompany/Shoes/' : 'SampleCompany/Shoes/Red/',
  })),
  { name: 'bare', type: 'Video', folder: 'SampleCompany/Shoe_/', create_user_id: 41 },
  { name: 'Zebra', type: 'ImageSet', sub_type: 'Cutting' },
  { name: 'zebra2', type: 'ImageSet', sub_type: 'Folding', last_modify_user_id: 41 },
  { name: 'page1', owner_id: 1001, engine: 'PostScriptRip' },
  { name: 'page2', type: 'Pdf', owner_id: 1001, engine: 'PostScriptRip' },
  { name: 'layer', owner_id: 1001, engine: 'PhotoshopLayers' },
  { name: 'trashed', trash_state: 'InTrash', trashed_at: '2020-01-01T00:00:00Z' },
  { name: 'emptied', trash_state: 'InEmptiedTrash', trashed_at: '2020-01-01T00:00:00Z' },
];

serverForFile('instant', async (shared) => {
  server = shared;
  await server.seed({
    companies: [
      { name: 'Sample Company', folders: ['Shoes/Red', 'Shoe_', 'Shoes%'] },
      { name: 'Other', folders: [] },
    ],
  });
  await insertAssets(server, ASSETS);
  admin = connect(server);
});

type Search = Omit<SearchAssetsParam, 'companyHandle' | 'includeSubfolders'> & {
  includeSubfolders?: boolean;
};

const search = (input: Search = {}) =>
  admin.call('searchAssets', { companyHandle, includeSubfolders: true, ...input });
const names = async (input: Search = {}): Promise<(string | undefined)[]> =>
  ((await search(input)).assetArray ?? []).map(({ name }) => name);
const fault = (input: Search) =>
  admin.fault('searchAssets', { companyHandle, includeSubfolders: true, ...input });
const live = ASSETS.filter(({ trash_state: state }) => state === undefined).map(({ name }) => name);
const sorted = (list: readonly (string | undefined)[]) => [...list].sort();

describe('searchAssets', () => {
  it('finds everything that is not in the trash, by name', async () => {
    const { totalRows, assetArray = [] } = await search();
    expect(totalRows).toBe(live.length);
    const found = assetArray.map(({ name = '' }) => name);
    expect(sorted(found)).toEqual(sorted(live));
    const keys = found.map((name) => name.toLowerCase());
    expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('searches one folder, or it and those below, and takes no wildcard for a name', async () => {
    const inShoes = ASSETS.filter(({ folder }) => folder === 'SampleCompany/Shoes/').map(({ name }) => name);
    expect(sorted(await names({ folder: 'SampleCompany/Shoes/', includeSubfolders: false }))).toEqual(
      sorted(inShoes),
    );
    expect(sorted(await names({ folder: 'SampleCompany/Shoes' }))).toEqual(sorted(HOSTILE));
    expect(sorted(await names({ folder: '/shoes/' }))).toEqual(sorted(HOSTILE));
    expect(await names({ folder: 'SampleCompany/Shoe_/' })).toEqual(['bare']);
    expect(await names({ folder: 'SampleCompany/Shoes%/' })).toEqual([]);
    expect((await names({ includeSubfolders: false })).length).toBe(5);
    expect(await fault({ folder: 'SampleCompany/None/' })).toMatchObject({ code: 30001 });
  });

  it('distinguishes publish and trash states', async () => {
    expect(sorted(await names({ publishState: 'MarkedForPublish' }))).toEqual(
      sorted(HOSTILE.filter((_, index) => index % 2 === 0)),
    );
    expect((await search({ publishState: 'NotMarkedForPublish' })).totalRows).toBe(live.length - 7);
    expect(await names({ trashState: 'InTrash' })).toEqual(['trashed']);
    expect(await names({ trashState: 'InEmptiedTrash' })).toEqual(['emptied']);
    expect((await search({ trashState: 'Any' })).totalRows).toBe(ASSETS.length);
    expect(await fault({ trashState: 'Nowhere' })).toMatchObject({ code: 30001 });
    expect(await fault({ publishState: 'Perhaps' })).toMatchObject({ code: 30001 });
  });

  it('filters by type and subtype', async () => {
    expect(await names({ assetTypeArray: ['Video', 'Pdf'] })).toEqual(['bare', 'page2']);
    expect(await names({ excludeAssetTypeArray: ['Image', 'Video'] })).toEqual(['page2', 'Zebra', 'zebra2']);
    expect(await names({ assetSubTypeArray: ['Folding'], strictSubTypeCheck: true })).toEqual(['zebra2']);
    // Without the strict check, assets without a subtype pass.
    expect((await search({ assetSubTypeArray: ['Folding'] })).totalRows).toBe(live.length - 1);
  });

  it('leaves out what was generated from other assets', async () => {
    expect(
      (await names({ excludeByproducts: true })).filter((name) => /page|layer/.test(name ?? '')),
    ).toEqual([]);
    const rest = await names({
      excludeByproductArray: [{ engine: 'PostScriptRip', generatedAssetType: 'Image' }],
    });
    expect(rest).toContain('page2');
    expect(rest).toContain('layer');
    expect(rest).not.toContain('page1');
    // The array counts in place of the flag, an empty one too.
    const excludeByproductArray = [{ engine: 'PostScriptRip', generatedAssetType: 'Image' }];
    expect(await names({ excludeByproducts: true, excludeByproductArray })).toEqual(rest);
    expect(await names({ excludeByproducts: true, excludeByproductArray: [] })).toEqual(await names());
  });

  it('pages, counts all pages, and has nothing beyond the end', async () => {
    const all = await names();
    const pages: (string | undefined)[] = [];
    for (let resultsPage = 1; resultsPage <= 5; resultsPage += 1) {
      const { totalRows, assetArray = [] } = await search({ recordsPerPage: 5, resultsPage });
      expect(totalRows).toBe(all.length);
      pages.push(...assetArray.map(({ name }) => name));
    }
    expect(pages).toEqual(all);
    expect(await search({ recordsPerPage: 5, resultsPage: 99 })).toEqual({
      totalRows: all.length,
      assetArray: [],
    });
    expect(await fault({ recordsPerPage: 0 })).toMatchObject({ code: 30001 });
    expect(await fault({ resultsPage: 0 })).toMatchObject({ code: 30001 });
  });

  it('sorts by every field, both ways', async () => {
    const by = async (sortBy: string, sortDirection = 'Ascending') =>
      (await search({ sortBy, sortDirection, folder: 'SampleCompany/Shoes' })).assetArray ?? [];
    expect((await by('Created')).map(({ name }) => name)).toEqual(HOSTILE);
    expect((await by('Created', 'Descending')).map(({ name }) => name)).toEqual([...HOSTILE].reverse());
    expect((await by('Modified')).map(({ name }) => name)).toEqual(HOSTILE);
    expect((await by('FileSize', 'Descending')).map(({ name }) => name)).toEqual([...HOSTILE].reverse());
    expect((await search({ sortBy: 'AssetType' })).assetArray?.at(-1)?.type).toBe('Video');
    expect(await fault({ sortBy: 'Color' })).toMatchObject({ code: 30001 });
    expect(await fault({ sortDirection: 'Sideways' })).toMatchObject({ code: 30001 });
  });

  it('answers the requested fields, and leaves out excluded ones', async () => {
    const brief = await search({
      responseFieldArray: ['totalRows', 'assetArray/items/name', 'assetArray/items/assetHandle'],
      recordsPerPage: 1,
    });
    expect(Object.keys(brief.assetArray?.[0] ?? {}).sort()).toEqual(['assetHandle', 'name']);
    const whole = await search({ responseFieldArray: ['assetArray/items/imageInfo'], recordsPerPage: 30 });
    expect(whole).not.toHaveProperty('totalRows');
    expect(whole.assetArray?.find(({ imageInfo }) => imageInfo !== undefined)?.imageInfo?.userData).toMatch(
      /even|odd/,
    );
    const [less = {}] = (await search({ excludeFieldArray: ['assetArray/items/metadataArray', 'totalRows'] }))
      .assetArray as Asset[];
    expect(less).not.toHaveProperty('metadataArray');
    expect(less).toHaveProperty('folder');
  });

  it('finds nothing of another company', async () => {
    const other = await admin.call('getCompanyInfo', { companyName: 'Other' });
    const found = await admin.call('searchAssets', {
      companyHandle: other.companyInfo.companyHandle,
      includeSubfolders: true,
      trashState: 'Any',
    });
    expect(found).toEqual({ totalRows: 0, assetArray: [] });
  });
});

describe('conditions on built-in fields', () => {
  const find = (condition: Partial<SystemFieldCondition> & { field: string; op: string }) =>
    names({ systemFieldConditionArray: [condition] });

  it('treats hostile texts as nothing but text', async () => {
    for (const name of HOSTILE) {
      expect(await find({ field: 'Name', op: 'Equals', value: name })).toEqual([name]);
      expect(await find({ field: 'Keywords', op: 'Equals', value: name })).toEqual([name]);
      expect(await find({ field: 'Name', op: 'StartsWith', value: name })).toContain(name);
    }
    expect(sorted(await find({ field: 'Name', op: 'Contains', value: '%' }))).toEqual(['100%', 'a%b']);
    expect(await find({ field: 'Name', op: 'Contains', value: '_' })).toEqual(['a_b']);
    expect(await find({ field: 'Name', op: 'EndsWith', value: '\\slash' })).toEqual(['back\\slash']);
  });

  it('compares texts by every operator, regardless of case', async () => {
    const fields = ['Name', 'FileName', 'Description', 'UserData', 'Keywords'];
    const valuesOf = (asset: AssetColumns, field: string): string[] => {
      const info = (asset['info'] ?? {}) as Record<string, string>;
      const xmp = (asset['xmp'] ?? {}) as Record<string, string[]>;
      const values: Record<string, (string | undefined)[]> = {
        Name: [asset.name],
        FileName: [(asset['file_name'] as string | undefined) ?? `${asset.name}.tif`],
        // An image shows its name until it has a description.
        Description: [
          info['description'] ?? ((asset['type'] ?? 'Image') === 'Image' ? asset.name : undefined),
        ],
        UserData: [info['userData']],
        Keywords: xmp['dc.subject'] ?? [],
      };
      return (values[field] ?? []).filter((value) => value !== undefined).map((value) => value.toLowerCase());
    };
    const tests: Record<string, (value: string, operand: string) => boolean> = {
      Equals: (value, operand) => value === operand,
      Contains: (value, operand) => value.includes(operand),
      StartsWith: (value, operand) => value.startsWith(operand),
      EndsWith: (value, operand) => value.endsWith(operand),
    };
    const holds = (asset: AssetColumns, field: string, op: string, operand: string): boolean => {
      const test = (name: string) =>
        valuesOf(asset, field).some((value) => tests[name]?.(value, operand.toLowerCase()) === true);
      if (op === 'NotEquals') return !test('Equals');
      if (op === 'NotContains') return !test('Contains');
      return test(op);
    };
    const operands = [...HOSTILE, 'A', 'e', 'EVEN', 'ALL', '.jpg', 'ŽLUŤ', '本', ' ', 'zebra'];
    const conditions = fields.flatMap((field) =>
      [...Object.keys(tests), 'NotEquals', 'NotContains'].flatMap((op) =>
        operands.map((value) => ({ field, op, value })),
      ),
    );
    // Every seventh has each field, operator and operand among it as well.
    for (const { field, op, value } of conditions.filter((_, at) => isFull || at % 7 === 0)) {
      const expected = ASSETS.filter(
        (asset) => asset['trash_state'] === undefined && holds(asset, field, op, value),
      ).map(({ name }) => name);
      expect([field, op, value, ...sorted(await find({ field, op, value }))]).toEqual([
        field,
        op,
        value,
        ...sorted(expected),
      ]);
    }
  });

  it('compares sizes and times, also in ranges', async () => {
    const folder = 'SampleCompany/Shoes';
    const inShoes = async (condition: SystemFieldCondition) =>
      names({ folder, sortBy: 'Created', systemFieldConditionArray: [condition] });
    expect(await inShoes({ field: 'FileSize', op: 'LessThan', longVal: 2000 })).toEqual(HOSTILE.slice(0, 2));
    expect(await inShoes({ field: 'FileSize', op: 'GreaterThanEquals', longVal: 11_000 })).toEqual(
      HOSTILE.slice(11),
    );
    expect(await inShoes({ field: 'FileSize', op: 'Between', minLong: 1000, maxLong: 3000 })).toEqual(
      HOSTILE.slice(1, 4),
    );
    expect(await inShoes({ field: 'FileSize', op: 'NotBetween', minLong: 1000, maxLong: 11_000 })).toEqual([
      HOSTILE[0],
      HOSTILE[12],
    ]);
    expect(await inShoes({ field: 'FileSize', op: 'Equals', value: '3000' })).toEqual([HOSTILE[3]]);
    expect(
      await inShoes({ field: 'Created', op: 'LessThanEquals', dateVal: '2020-01-02T05:00:00-07:00' }),
    ).toEqual(HOSTILE.slice(0, 2));
    expect(
      await inShoes({
        field: 'LastModified',
        op: 'Between',
        minDate: '2021-06-02T00:00:00Z',
        maxDate: '2021-06-03T23:00:00Z',
      }),
    ).toEqual(HOSTILE.slice(1, 3));
  });

  it('knows who made and changed an asset, and ignores the SKU', async () => {
    expect(await find({ field: 'CreateUser', op: 'StartsWith', value: 'ADMIN@' })).toEqual(['bare']);
    expect(await find({ field: 'LastModifyUser', op: 'Equals', value: 'admin@example.com' })).toEqual([
      'zebra2',
    ]);
    expect((await find({ field: 'CreateUser', op: 'NotContains', value: 'admin' })).length).toBe(
      live.length - 1,
    );
    expect((await find({ field: 'Sku', op: 'Equals', value: 'none' })).length).toBe(live.length);
  });

  it('combines conditions, and groups of them, as the match modes say', async () => {
    const two: SystemFieldCondition[] = [
      { field: 'Name', op: 'Equals', value: 'bare' },
      { field: 'UserData', op: 'Equals', value: 'odd' },
    ];
    expect(await names({ systemFieldConditionArray: two })).toEqual([]);
    expect((await names({ systemFieldConditionArray: two, systemFieldMatchMode: 'MatchAny' })).length).toBe(
      7,
    );
    expect(await names({ keywordArray: ['ALL', 'a_b'] })).toEqual(['a_b']);
    const both = { keywordArray: ['100%'], systemFieldConditionArray: [two[0] as SystemFieldCondition] };
    expect(await names({ ...both, conditionMatchMode: 'MatchAll' })).toEqual([]);
    expect(await names({ ...both, conditionMatchMode: 'MatchAny' })).toEqual(['100%', 'bare']);
    expect(await fault({ conditionMatchMode: 'MatchSome' })).toMatchObject({ code: 30001 });
  });

  it('names the invalid condition', async () => {
    const wrong = async (condition: SystemFieldCondition) =>
      (await fault({ systemFieldConditionArray: [{ field: 'Name', op: 'Equals', value: 'x' }, condition] }))
        .reason;
    expect(await wrong({ field: 'Color', op: 'Equals', value: 'x' })).toContain(
      'systemFieldConditionArray[1]/field',
    );
    expect(await wrong({ field: 'Name', op: 'Resembles', value: 'x' })).toContain(
      'systemFieldConditionArray[1]/op',
    );
    expect(await wrong({ field: 'Name', op: 'Equals' })).toContain('systemFieldConditionArray[1]/value');
    expect(await wrong({ field: 'Created', op: 'LessThan' })).toContain(
      'systemFieldConditionArray[1]/dateVal',
    );
    expect(await wrong({ field: 'FileSize', op: 'Equals', value: 'much' })).toContain('a number');
    expect(await wrong({ field: 'FileSize', op: 'Between', minLong: 1 })).toContain('maxLong');
    // One value, and that of the field's type.
    expect(await wrong({ field: 'FileSize', op: 'Equals', longVal: 1, doubleVal: 1 })).toContain(
      'exactly one of',
    );
    expect(await wrong({ field: 'FileSize', op: 'Equals', value: '1', longVal: 1 })).toContain(
      'exactly one of',
    );
    expect(await wrong({ field: 'FileSize', op: 'GreaterThan', doubleVal: 1.5 })).toContain(
      'systemFieldConditionArray[1]/doubleVal',
    );
    expect(await wrong({ field: 'Created', op: 'GreaterThan', longVal: 1 })).toContain(
      'systemFieldConditionArray[1]/longVal',
    );
    expect(await wrong({ field: 'FileSize', op: 'Between', minDouble: 1, maxDouble: 2 })).toContain(
      'minDouble',
    );
  });
});
