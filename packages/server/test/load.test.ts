// `ips-server load` fills a company, with which a server then works.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { load } from '../src/command/load.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { main } from '../src/main.js';
import { connect } from './support/call.js';
import { freshDatabase } from './support/test-database.js';

const company = 'Sample Company';
let dataDir: string;
let server: IpsServer | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-load-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

/** Loads so many, and what it said of its progress. */
async function loaded(assets: number, more: { add?: boolean; stopAt?: number; databaseUrl?: string } = {}) {
  const stop = new AbortController();
  const steps: number[] = [];
  const added = await load({
    directory: dataDir,
    databaseUrl: more.databaseUrl,
    company,
    assets,
    add: more.add ?? false,
    progress: (done) => {
      steps.push(done);
      if (done === more.stopAt) stop.abort();
    },
    signal: stop.signal,
  });
  return { added, steps };
}

/** Starts a server on what was loaded. */
async function started(databaseUrl?: string) {
  server = await createIpsServer({ dataDir, databaseUrl, company });
  const { call } = connect(server, server.admin);
  const { companyInfo } = await call('getCompanyInfo', { companyName: company });
  return { call, companyHandle: companyInfo.companyHandle, images: server.endpoints.images };
}

/** Runs the command in this process. */
async function run(...args: string[]) {
  let stderr = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockReturnValue(true),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += String(text);
      return true;
    }),
  ];
  const code = await main(['load', '--data', dataDir, ...args], {});
  for (const spy of spies) spy.mockRestore();
  return { code, stderr };
}

describe('ips-server load', () => {
  it('fills a new data directory with assets that a server finds, describes and delivers', async () => {
    expect(await loaded(250)).toEqual({ added: 250, steps: [0, 250] });
    const { call, companyHandle, images } = await started();
    const found = await call('searchAssets', {
      companyHandle,
      folder: 'SampleCompany/',
      includeSubfolders: true,
      assetTypeArray: ['Image'],
      recordsPerPage: 1000,
      sortBy: 'Name',
    });
    expect(found.totalRows).toBe(250);
    const big = await call('searchAssets', {
      companyHandle,
      folder: 'SampleCompany/Load/All/',
      includeSubfolders: false,
      recordsPerPage: 3,
    });
    expect(big.totalRows).toBe(25);
    const { folders } = await call('getFolderTree', {
      companyHandle,
      folderPath: 'SampleCompany/Load/',
      depth: 3,
    });
    expect(folders?.path).toBe('SampleCompany/Load/');
    const [first] = found.assetArray ?? [];
    const { assetArray } = await call('getAssets', {
      companyHandle,
      assetHandleArray: [first?.assetHandle ?? ''],
    });
    expect(assetArray?.[0]).toMatchObject({
      name: 'load-00000001',
      fileName: 'load-00000001.png',
      type: 'Image',
    });
    expect(assetArray?.[0]?.metadataArray).toContainEqual(expect.objectContaining({ name: 'Load_Color' }));
    const statuses = await Promise.all(
      (found.assetArray ?? [])
        .slice(0, 20)
        .map(async ({ name }) => (await fetch(`${images}${name}?wid=20`)).status),
    );
    // Some are published.
    expect(new Set(statuses)).toEqual(new Set([200, 403]));
    await server?.stop();
    server = undefined;
    const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await main(['check', '--data', dataDir, '--strict'], {})).toBe(0);
    said.mockRestore();
  });

  it('continues where an earlier load stopped, to the same assets', async () => {
    expect(await loaded(4500, { stopAt: 2000 })).toEqual({ added: 2000, steps: [0, 2000] });
    expect(await loaded(4500)).toEqual({ added: 2500, steps: [2000, 4000, 4500] });
    expect(await loaded(4500)).toEqual({ added: 0, steps: [] });
    const { call, companyHandle } = await started();
    const search = { companyHandle, folder: 'SampleCompany/', includeSubfolders: true, sortBy: 'Name' };
    const last = await call('searchAssets', {
      ...search,
      sortDirection: 'Descending',
      recordsPerPage: 1,
    });
    expect(last.assetArray?.map(({ name }) => name)).toEqual(['load-00004500']);
    expect(last.totalRows).toBe(4500);
  });

  it('refuses a company with other assets unless told to add', async () => {
    const { call, companyHandle } = await started();
    await call('createFolder', { companyHandle, folderPath: 'SampleCompany/Shoes/' });
    await call('createAssetSet', {
      companyHandle,
      folderHandle: 'SampleCompany/Shoes/',
      name: 'Own',
      subType: 'GenericSet',
      setDefinition: '',
    });
    await server?.stop();
    server = undefined;
    await expect(loaded(10)).rejects.toThrow(
      'the company already has 1 assets; give --add to add generated ones to it',
    );
    expect(await loaded(10, { add: true })).toMatchObject({ added: 10 });
  });

  it.each([
    [['--assets', 'many'], '--assets: expected a whole number from 1 to 10000000, found "many"'],
    [['--assets', '0'], '--assets: expected a whole number from 1 to 10000000, found "0"'],
    [['--assets', '99999999'], '--assets: expected a whole number from 1 to 10000000, found "99999999"'],
    [[], 'load: --assets is required'],
    [['--asset', '1'], "Unknown option '--asset'"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.runIf(process.env['IPS_TEST_DATABASE_URL'] !== undefined)(
    'fills a PostgreSQL database',
    async (context) => {
      const { url: databaseUrl, drop } = await freshDatabase(context);
      context.onTestFinished(drop);
      expect(await loaded(30, { databaseUrl })).toMatchObject({ added: 30 });
      const { call, companyHandle } = await started(databaseUrl);
      const { totalRows } = await call('searchAssets', {
        companyHandle,
        folder: 'SampleCompany/',
        includeSubfolders: true,
      });
      expect(totalRows).toBe(30);
    },
  );
});
