// What seeds say of images and sets beside their files: smart crops, image formats, definitions of AssetSets. And the texts that no
// database stores.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import type { Seed, SeedCompany, SeedSmartCrop } from '../src/seed/seed-types.js';
import { connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';

let server: IpsServer;

serverForEachTest('manual', (shared) => {
  server = shared;
});

const sample = (more: Omit<SeedCompany, 'name'>): Seed => ({
  companies: [{ name: 'Sample Company', ...more }],
});

const RED = { width: 400, height: 300, color: '#cc0000' } as const;
const withCrops = (smartCrops: readonly SeedSmartCrop[]): Seed =>
  sample({
    folders: [{ path: 'Shoes', assets: [{ generate: RED, name: 'red', published: true, smartCrops }] }],
  });

const picture = async (path: string) => {
  const response = await fetch(`${server.endpoints.images}${path}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

const found = async () =>
  (
    await connect(server).call('searchAssets', {
      companyHandle,
      folder: 'SampleCompany/',
      includeSubfolders: true,
    })
  ).assetArray ?? [];

describe('smart crops', () => {
  it('are found by the server, or those of the seed, and are delivered', async () => {
    await server.seed(
      withCrops([
        { name: 'Square', width: 50, height: 50 },
        {
          name: 'Corner',
          type: 'Icon',
          width: 40,
          height: 20,
          rect: { left: 0.5, top: 0.25, width: 0.5, height: 0.25 },
        },
      ]),
    );
    const { tables } = await server.snapshot();
    expect(tables['smart_crops']).toMatchObject([
      { name: 'Square', type: 'Banner', width: 50, height: 50 },
      { name: 'Corner', type: 'Icon', left_n: 0.5, top_n: 0.25, width_n: 0.5, height_n: 0.25 },
    ]);
    for (const [name, width, height] of [
      ['Square', 50, 50],
      ['Corner', 40, 20],
    ] as const) {
      const { bytes } = await picture(`red:${name}`);
      expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
    }
  });

  it.each<[string, readonly unknown[], string]>([
    ['no size', [{ name: 'A', width: 5 }], '.smartCrops[0].height: found nothing, expected a whole number'],
    ['a name with a colon', [{ name: 'a:b', width: 5, height: 5 }], '.smartCrops: [0]/name: found'],
    [
      'two equal names',
      [
        { name: 'a', width: 5, height: 5 },
        { name: 'A', width: 5, height: 5 },
      ],
      '.smartCrops: [1]/name: found',
    ],
    [
      'a part outside of the image',
      [{ name: 'a', width: 5, height: 5, rect: { left: 0.5, top: 0, width: 0.6, height: 1 } }],
      '.smartCrops[0].rect: expected a part of the image',
    ],
    [
      'an edge in pixels',
      [{ name: 'a', width: 5, height: 5, rect: { left: 10, top: 0, width: 1, height: 1 } }],
      '.smartCrops[0].rect.left: found 10, expected a number from 0 to 1',
    ],
    ['no object', ['a'], '.smartCrops[0]: found a string, expected an object'],
  ])('are refused: %s', async (_, crops, message) => {
    await expect(server.seed(withCrops(crops as never))).rejects.toThrow(
      `companies[0].folders[0].assets[0]${message}`,
    );
    expect(await found()).toEqual([]);
  });
});

describe('image formats', () => {
  it('are called by image URLs at once, and those that exist stay', async () => {
    await server.seed(withCrops([]));
    // Image serving remembers that the company has none.
    expect(await sharp((await picture('red?$Large$')).bytes).metadata()).toMatchObject({ width: 400 });
    await server.seed(sample({ imageFormats: { Large: 'wid=120', 'small-1.a_b': 'wid=20&$Large$' } }));
    await server.seed(sample({ imageFormats: { LARGE: 'wid=7' } }));
    expect(await sharp((await picture('red?$Large$')).bytes).metadata()).toMatchObject({ width: 120 });
    const { imageFormatArray } = await connect(server).call('getImageFormats', { companyHandle });
    expect(imageFormatArray).toMatchObject([
      { name: 'Large', urlModifier: 'wid=120' },
      { name: 'small-1.a_b', urlModifier: 'wid=20&$Large$' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a name with a blank', { 'a b': 'wid=1' }, ': found the name "a b", expected up to 255 letters'],
    ['two equal names', { a: 'wid=1', A: 'wid=2' }, ': found the name "A" twice'],
    ['commands that are none', { a: 'wid=wide' }, '.a: wid'],
    ['no commands', { a: 5 }, '.a: found a number, expected a string'],
    ['commands without end', { a: `wid=1&${'x'.repeat(10_000)}` }, '.a: expected at most 10000 characters'],
    ['a list', [], ': found an array, expected an object'],
  ])('are refused: %s', async (_, imageFormats, message) => {
    await expect(server.seed(sample({ imageFormats: imageFormats as never }))).rejects.toThrow(
      `companies[0].imageFormats${message}`,
    );
  });

  it('are not more than a company can have', async () => {
    const many = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`${prefix}${n}`, 'wid=1']));
    await server.seed(sample({ imageFormats: many('a') }));
    await expect(server.seed(sample({ imageFormats: many('b') }))).rejects.toThrow(
      'companies[0].imageFormats: "Sample Company" would have more than 1000 image formats',
    );
  });
});

describe('AssetSets', () => {
  const put = (call: string): string => `\${${call}}`;
  const other = put('unknown([red])');
  const definition = `<set n='${put('getCatalogId([red])')}' c='${put('getMetaData([red], [Color])')}' p='${other}'/>`;
  const withSet = (more: object): Seed =>
    sample({
      metadataFields: [{ name: 'Color' }],
      folders: [
        {
          path: 'Shoes',
          assets: [{ generate: RED, name: 'red', metadata: { Color: 'dark' } }],
          sets: [
            { name: 'banner', type: 'AssetSet', definition, subType: 'Banner', published: true, ...more },
          ],
        },
      ],
    });

  it('name assets and fields instead of handles', async () => {
    await server.seed(withSet({}));
    const assets = await found();
    const handle = assets.find(({ name }) => name === 'red')?.assetHandle ?? '';
    const set = assets.find(({ name }) => name === 'banner');
    expect(set).toMatchObject({ type: 'AssetSet', subType: 'Banner', assetSetInfo: {} });
    expect(set?.assetSetInfo?.setDefinition).toBe(
      `<set n='${put(`getCatalogId([${handle}])`)}' c='${put(`getMetaData([${handle}],[m|6|ASSET|Color])`)}' p='${other}'/>`,
    );
    const { bytes } = await picture('banner?req=set');
    expect(bytes.toString()).toContain(`'SampleCompany/red' c='dark' p='${other}'/`);
    const before = (await server.snapshot()).tables;
    await server.seed(withSet({}));
    expect((await server.snapshot()).tables).toEqual(before);
  });

  it.each<[string, object, string]>([
    [
      'an unknown asset',
      { definition: put('getCatalogId([blue])') },
      '.definition: "Sample Company" has no asset "blue"',
    ],
    [
      'an unknown field',
      { definition: put('getMetaData([red],[Size])') },
      '.definition: "red" has no metadata field "Size"',
    ],
    [
      'no field',
      { definition: put('getMetaData([red])') },
      '.definition: "red" has no metadata field nothing',
    ],
    ['no definition', { definition: undefined }, '.definition: found nothing, expected a string'],
    ['members', { members: ['red'] }, ': unknown field "members"'],
    ['another type with a definition', { type: 'SpinSet' }, ': unknown field "definition"'],
  ])('are refused: %s', async (_, more, message) => {
    await expect(server.seed(withSet(more))).rejects.toThrow(`companies[0].folders[0].sets[0]${message}`);
    expect(await found()).toEqual([]);
  });

  it('cannot be nothing', async () => {
    const sets = [null] as never;
    await expect(server.seed(sample({ folders: [{ path: '/', sets }] }))).rejects.toThrow(
      'companies[0].folders[0].sets[0]: found nothing, expected an object',
    );
  });
});

describe('values that no database stores are refused, with their place', () => {
  const details = { publishType: 'Full', emailSetting: 'None' };
  const job = { name: 'a', kind: 'imageServingPublishJob', details, schedule: '0 0 2 * * ?' };

  it.each<[string, unknown, string]>([
    ['a company', { companies: [{ name: 'a\0b' }] }, 'companies[0].name: found the character U+0000'],
    [
      'no name of a company',
      { companies: [{ name: 'a/b' }] },
      'companies[0].name: found "a/b", expected a name of 1',
    ],
    ['a long name of a company', { companies: [{ name: 'x'.repeat(101) }] }, 'companies[0].name: found "xxx'],
    [
      'a folder',
      sample({ folders: ['a\ud800b'] }),
      'companies[0].folders[0]: found one half of a surrogate pair',
    ],
    ['a group', sample({ groups: [{ name: '\udc00' }] }), 'companies[0].groups[0].name: found one half'],
    [
      'the details of a job',
      sample({ jobs: [{ ...job, details: { ...details, other: ['\0'] } }] }),
      'companies[0].jobs[0].details.other[0]: found the character',
    ],
    [
      'the name of a field',
      sample({ folders: [{ path: '/', assets: [{ generate: RED, name: 'a', metadata: { 'x\0': 1 } }] }] }),
      'companies[0].folders[0].assets[0].metadata: found a field with the character U+0000',
    ],
    [
      'data of applications',
      sample({ folders: [{ path: '/', assets: [{ generate: RED, name: 'a', userData: 'x\0' }] }] }),
      'companies[0].folders[0].assets[0].userData: found the character',
    ],
    [
      'a password',
      { users: [{ email: 'a@b.c', password: 'secret\0' }] },
      'users[0].password: found the character',
    ],
    [
      'a year before all',
      sample({
        folders: [{ path: '/', assets: [{ generate: RED, name: 'a', created: '0000-01-01T00:00:00Z' }] }],
      }),
      'companies[0].folders[0].assets[0].created: found "0000-01-01T00:00:00Z", expected an ISO 8601 time',
    ],
    ['itself', itself(), 'companies: found values in more than 100 levels'],
  ])('%s', async (_, seed, message) => {
    const before = (await server.snapshot()).tables;
    const error = await server.seed(seed as Seed).then(
      () => undefined,
      (caught: Error) => caught.message,
    );
    expect(error).toContain(message);
    expect(error).not.toContain('secret');
    expect((await server.snapshot()).tables).toEqual(before);
  });
});

/** A seed that contains itself. */
function itself(): unknown {
  const company: { name: string; jobs?: unknown } = { name: 'A' };
  company.jobs = [{ name: 'a', kind: 'exportJob', details: { company } }];
  return { companies: [company] };
}
