// Pages far into a search, which are read from the end of a page before them or from the end of the search, contain the same assets as
// the same part of the whole search.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { TEST_COST } from './support/password-hash.js';
import { StatementRecorder } from './support/statements.js';

const companyHandle = 'c|6';
const COUNT = 3210;
const SORTS = ['Created', 'Modified', 'Name', 'AssetType', 'FileSize'] as const;
const DIRECTIONS = ['Ascending', 'Descending'] as const;
// Pages of few folders are merged from those of each; a page of one folder, and one of many, is not.
const FEW = ['Few/', 'Few/Large/', 'Few/Small/'];
const MANY = Array.from({ length: 40 }, (_, at) => `Many/${at}/`);
const FOLDERS = ['', ...FEW, ...MANY];

const recorder = new StatementRecorder();
let server: IpsServer;
let admin: Connection;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual', passwordCost: TEST_COST });
  admin = connect(server);
  await server.seed({ companies: [{ name: 'Sample Company', folders: FOLDERS.slice(1) }] });
  await insertAssets(
    server,
    // Many ties in every order but that of names, and in names except for their case.
    Array.from({ length: COUNT }, (_, at) => ({
      name: `${at % 2 === 0 ? 'Shoe' : 'shoe'}${at % 1000}-${Math.floor(at / 2000)}`,
      type: at % 7 === 0 ? 'Video' : 'Image',
      folder: `SampleCompany/${at % 3 === 0 ? 'Few/Large/' : FOLDERS[at % FOLDERS.length]}`,
      created: `2020-01-${String(1 + (at % 5)).padStart(2, '0')}T00:00:00Z`,
      last_modified: `2020-02-${String(1 + (at % 3)).padStart(2, '0')}T00:00:00Z`,
      ...(at % 4 === 0 ? {} : { file_size: at % 9 }),
    })),
  );
});
afterAll(async () => {
  recorder.stop();
  await server.stop();
});

interface Asked {
  readonly sortBy?: string;
  readonly sortDirection?: string;
  readonly assetTypeArray?: readonly string[];
  readonly folder?: string;
  readonly recordsPerPage?: number;
  readonly resultsPage?: number;
}

async function handles({ assetTypeArray = [], ...asked }: Asked): Promise<string[]> {
  const { assetArray = [] } = await admin.call('searchAssets', {
    companyHandle,
    includeSubfolders: true,
    responseFieldArray: ['assetArray/assetHandle'],
    assetTypeArray: [...assetTypeArray],
    ...asked,
  });
  return assetArray.map(({ assetHandle }) => assetHandle ?? '');
}

const total = async (): Promise<number | undefined> =>
  (await admin.call('searchAssets', { companyHandle, includeSubfolders: true, recordsPerPage: 10 }))
    .totalRows;

describe('a page of a search', () => {
  it('is the same part of the whole search, in any order of reading', { timeout: 120_000 }, async () => {
    const search = fc.record(
      {
        sortBy: fc.constantFrom(...SORTS),
        sortDirection: fc.constantFrom(...DIRECTIONS),
        assetTypeArray: fc.constantFrom<readonly string[]>(['Video'], ['Image', 'Video']),
        folder: fc.constantFrom('Few/', 'Few/Large/', 'Few/Small/', 'Many/'),
      },
      { requiredKeys: [] },
    );
    const pages = fc.record({
      recordsPerPage: fc.integer({ min: 90, max: 1300 }),
      numbers: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(search, pages, async (asked, { recordsPerPage, numbers }) => {
        const whole = await handles({ ...asked, recordsPerPage: 10_000 });
        for (const number of numbers) {
          const start = (number - 1) * recordsPerPage;
          expect(await handles({ ...asked, recordsPerPage, resultsPage: number })).toEqual(
            whole.slice(start, start + recordsPerPage),
          );
        }
      }),
      { numRuns: casesOf(30) },
    );
  });

  it.each([
    ['few folders', 'Few/', SORTS],
    ['one folder', 'Few/Large/', SORTS],
    ['many folders', 'Many/', ['Name', 'Modified']],
  ])('in %s is the same part of the whole company', { timeout: 60_000 }, async (_what, folder, sorts) => {
    const inside = new Set(await handles({ folder, recordsPerPage: 10_000 }));
    expect(inside.size).toBeGreaterThan(500);
    for (const sortBy of sorts) {
      for (const sortDirection of DIRECTIONS) {
        const asked = { sortBy, sortDirection };
        const all = await handles({ ...asked, recordsPerPage: 10_000 });
        const expected = all.filter((handle) => inside.has(handle));
        for (const resultsPage of [1, 2, 5])
          expect(await handles({ ...asked, folder, recordsPerPage: 90, resultsPage })).toEqual(
            expected.slice(90 * (resultsPage - 1), 90 * resultsPage),
          );
      }
    }
  });

  it('shows changes between two pages', async () => {
    const page = (resultsPage: number) => handles({ recordsPerPage: 1000, resultsPage });
    const before = [...(await page(1)), ...(await page(2)), ...(await page(3)), ...(await page(4))];
    const [first = '', last = ''] = [before[1999], before.at(-1)];
    await admin.call('deleteAsset', { companyHandle, assetHandle: first });
    await admin.call('deleteAsset', { companyHandle, assetHandle: last });
    const left = before.filter((handle) => handle !== first && handle !== last);
    expect(await page(3)).toEqual(left.slice(2000, 3000));
    expect(await page(4)).toEqual(left.slice(3000));
    expect(await page(2)).toEqual(left.slice(1000, 2000));
  });

  it('passes over few rows after a page that was read, and near the end', async () => {
    const offsets = async (resultsPage: number): Promise<number[]> => {
      recorder.take();
      await handles({ recordsPerPage: 100, resultsPage });
      return recorder
        .take()
        .filter(({ text }) => / from "assets" .* limit /.test(text))
        .map(({ text, values }) => (/ offset /.test(text) ? Number(values.at(-1)) : 0));
    };
    // Nothing is remembered after this. Of now 3,209 assets, the last 9 are on page 33.
    await insertAssets(server, [{ name: 'newest' }]);
    expect(await offsets(32)).toEqual([9]);
    expect(await offsets(15)).toEqual([1400]);
    expect(await offsets(16)).toEqual([0]);
    expect(await offsets(18)).toEqual([100]);
  });
});

describe('the total of a search', () => {
  it('is counted once until something changes', async () => {
    const counts = (): number =>
      recorder.take().filter(({ text }) => /count\(\*\).* from "assets"/.test(text)).length;
    const found = await total();
    counts();
    expect(await total()).toBe(found);
    expect(counts()).toBe(0);
    await insertAssets(server, [{ name: 'another' }]);
    expect(await total()).toBe((found ?? 0) + 1);
    expect(counts()).toBe(1);
  });
});
