import type { Asset } from '@ips-sdk/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../src/commands/csv.js';
import { ASSETS, type CompanyService, openService, startService } from './support/company-service.js';
import { account, ips, type Ran } from './support/ips.js';
import { plain } from './support/plain.js';
import { terminal } from './support/terminal.js';

let service: CompanyService & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.stop());

function run(...args: readonly string[]): Promise<Ran> {
  return ips(args, { env: account(service.endpoint) });
}

const LISTS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['asset-get', ['asset', 'get', 'red', 'a|3']],
  ['asset-list', ['asset', 'list']],
  ['asset-search', ['asset', 'search', 'e', '--limit', '2']],
  ['folder-list', ['folder', 'list', 'MyCompany']],
  ['folder-tree', ['folder', 'tree']],
  ['job-audit', ['job', 'audit', '--from', '2014-04-01', '--to', '2014-05-01', '--by', 'name']],
  ['job-list', ['job', 'list']],
  ['job-log', ['job', 'log', 'Broken']],
];

describe('--csv', () => {
  it.each(LISTS)('of %s has a header and a line for each row', async (name, args) => {
    const { code, stdout } = await run(...args, '--csv');
    expect(code).toBe(0);
    const [head, ...records] = parseCsv(stdout);
    expect(records.length).toBeGreaterThan(0);
    for (const { values } of records) expect(values).toHaveLength(head?.values.length ?? 0);
    await expect(plain(stdout)).toMatchFileSnapshot(`golden/csv/${name}.txt`);
  });

  it.each(LISTS)('of %s accepts every field of its JSON', async (_name, args) => {
    const rows = JSON.parse((await run(...args, '--json')).stdout) as object[];
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    expect(names.length).toBeGreaterThan(1);
    const { code, stderr } = await run(...args, '--csv', names.join());
    expect(`${code} ${stderr}`).not.toContain('unknown field');
    expect(code).toBe(0);
  });

  it('prints the given fields, including nested ones', async () => {
    const { stdout } = await run(
      'asset',
      'search',
      '--csv',
      'name,imageInfo.width,imageInfo.height,imageInfo',
    );
    expect(stdout).toBe(
      'name,imageInfo.width,imageInfo.height,imageInfo\n' +
        'red,1200,800,"{""width"":1200,""height"":800}"\n' +
        'green,1200,801,"{""width"":1200,""height"":801}"\n' +
        'blue,1200,802,"{""width"":1200,""height"":802}"\n',
    );
  });

  it('refuses an unknown field, and other output options', async () => {
    const unknown = await run('asset', 'list', '--csv', 'pth');
    expect(`${unknown.code} ${unknown.stdout}`).toBe('2 ');
    expect(unknown.stderr).toContain('--csv: unknown field "pth"; did you mean path?');
    const both = await run('asset', 'list', '--json', '--csv');
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('--csv and --json cannot be combined');
  });

  it('prints only the header for an empty list', async () => {
    const empty = await startService();
    empty.on('searchAssets', () => ({ totalRows: 0, assetArray: [] }));
    const { code, stdout } = await ips(['asset', 'list', '--csv', 'path,size'], {
      env: account(empty.endpoint),
    });
    expect(`${code} ${stdout}`).toBe('0 path,size\n');
  });

  it('keeps values whole in a pipe, and shows no control character in a terminal', async () => {
    const odd = await startService();
    const name = 'a,"b"\n\u009b2J\u202e';
    odd.on('searchAssets', ({ resultsPage = 1 }) => ({
      totalRows: 1,
      assetArray: resultsPage === 1 ? [{ ...ASSETS[0], name }] : [],
    }));
    const args = ['asset', 'list', '--csv', 'name,type'];
    const env = account(odd.endpoint);
    expect(parseCsv((await ips(args, { env })).stdout)[1]?.values).toEqual([name, 'Image']);
    const { exit, raw, sees } = terminal(args, { env });
    await exit;
    await sees(/Image/);
    expect(raw()).not.toMatch(/[\u009b\u202e]/);
  });
});

describe('asset list', () => {
  it('streams any number of assets, each once, even if the company changes meanwhile', async () => {
    const many = await startService();
    const all: Asset[] = Array.from({ length: 25_000 }, (_, i) => ({
      assetHandle: `a|${i}`,
      type: i % 2 ? 'Image' : 'Font',
      name: `n${i}`,
      fileName: `n${i}.x`,
      folder: 'MyCompany/',
      readyForPublish: i % 3 === 0,
      ...(i % 2 ? { imageInfo: { width: 4, height: 3, fileSize: 5e9 + i } } : { fontInfo: { fileSize: i } }),
    }));
    let asked = 0;
    many.on('searchAssets', ({ resultsPage = 1, recordsPerPage = 1000, responseFieldArray }) => {
      asked += 1;
      expect(responseFieldArray).toContain('assetArray/items/fontInfo/fileSize');
      // An asset comes in at the beginning, which moves all others.
      if (resultsPage === 3) all.unshift({ assetHandle: 'a|new', name: 'a', folder: 'MyCompany/' });
      const from = (resultsPage - 1) * recordsPerPage;
      return { totalRows: all.length, assetArray: all.slice(from, from + recordsPerPage) };
    });
    const { code, stdout } = await ips(['asset', 'list', '--csv', 'handle,size,publishState'], {
      env: account(many.endpoint),
    });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(25_001);
    expect(new Set(lines).size).toBe(25_001);
    expect(lines.slice(0, 3)).toEqual([
      'handle,size,publishState',
      'a|0,0,MarkedForPublish',
      'a|1,5000000001,NotMarkedForPublish',
    ]);
    expect(asked).toBe(26);
  });

  it('requests the given folder, types and state', async () => {
    await run('asset', 'ls', '/MyCompany/Shoes', '--flat', '--type', 'image', '--marked', 'no', '--trash');
    expect(service.requests.at(-1)?.input).toMatchObject({
      folder: 'MyCompany/Shoes/',
      includeSubfolders: false,
      assetTypeArray: ['Image'],
      publishState: 'NotMarkedForPublish',
      trashState: 'InTrash',
    });
  });
});

describe('job audit', () => {
  it('sums up the logs of complete windows', async () => {
    const busy = await startService();
    const begin = Date.parse('2014-04-01T00:00:00Z');
    const logs = Array.from({ length: 2500 }, (_, i) => ({
      companyHandle: 'c|6',
      jobHandle: `j|6||${i}`,
      jobName: `${i}`,
      originalJobName: 'Nightly',
      submitUserEmail: i % 5 === 0 ? 'bob@example.com' : 'ann@example.com',
      logType: i % 2 ? 'BeginUpload' : 'BeginImageServingPublish',
      jobSubType: '',
      startDate: new Date(begin + i * 600_000).toISOString(),
      ...(i === 2499 ? {} : { endDate: new Date(begin + i * 600_000 + 1000).toISOString() }),
      description: '',
      fileSuccessCount: 2,
      fileErrorCount: i % 100 === 1 ? 1 : 0,
      fileWarningCount: 0,
      fileDuplicateCount: 1,
      fileUpdateCount: 0,
      totalFileCount: 3,
      transferSuccessCount: 0,
      transferErrorCount: 0,
      transferWarningCount: 0,
      fatalError: i === 7,
    }));
    busy.on('getJobLogs', ({ startDate, endDate, numRows = 0 }) => ({
      jobLogArray: logs
        .filter((one) => one.startDate >= String(startDate) && one.startDate <= String(endDate))
        .slice(0, numRows),
    }));
    const audit = (by: string) =>
      ips(
        ['job', 'audit', '--from', '2014-04-01', '--to', '2014-04-19', '--by', by].concat(
          '--csv',
          `${by},jobs,succeeded,completedWithErrors,failed,unfinished,files,fileErrors`,
        ),
        { env: account(busy.endpoint) },
      );
    expect((await audit('user')).stdout).toBe(
      'user,jobs,succeeded,completedWithErrors,failed,unfinished,files,fileErrors\n' +
        'ann@example.com,2000,1973,25,1,1,6000,25\n' +
        'bob@example.com,500,500,0,0,0,1500,0\n',
    );
    expect((await audit('type')).stdout).toMatch(/\nImageServingPublish,1250,[\s\S]*\nUpload,1250,/);
    const days = (await audit('day')).stdout.trimEnd().split('\n').slice(1);
    expect(days).toHaveLength(18);
    expect(days[0]).toMatch(/^2014-04-01,144,/);
  });

  it.each([
    [
      ['--from', 'soon'],
      '--from: expected a time such as 2h or 7d ago, 2014-04-03 or 2014-04-03T00:00:00Z, found "soon"',
    ],
    [['--from', '2014-04-02', '--to', '2014-04-01'], '--to (2014-04-01T00:00:00.000Z) is before --from'],
    [['--by', 'moon'], '--by: expected user, type, name or day, found "moon"'],
  ])('%j is refused', async (options, message) => {
    const { code, stderr } = await run('job', 'audit', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
