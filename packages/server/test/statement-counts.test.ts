// How many statements the jobs with the most items send for each of them: each costs a round trip, so they must not creep back.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { runJob } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { plain } from './support/pictures.js';
import { StatementRecorder } from './support/statements.js';
import { storeAssets } from './support/stored-assets.js';

const companyHandle = 'c|6';
const root = mkdtempSync(join(tmpdir(), 'ips-statements-'));
const dataDir = join(root, 'data');
const recorder = new StatementRecorder();
let server: IpsServer;
let admin: Connection;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', dataDir, serverRoot: root, passwordCost: TEST_COST });
  admin = connect(server);
});
afterAll(async () => {
  recorder.stop();
  await server.stop();
  rmSync(root, { recursive: true });
});

/** What a job sent for its items, without its beginning, its end and what is written at intervals of time. */
interface Sent {
  /** Transactions that commit items. How many items each of them has depends on how fast they come. */
  readonly transactions: number;
  /** Statements within them, with those that begin and end them. */
  readonly inside: number;
  /** Statements outside of them. */
  readonly outside: number;
}

/** Runs a job and counts what it sends for its items, which its own text distinguishes from the rest. */
async function sentBy(job: () => Promise<unknown>, ofItems: RegExp): Promise<Sent> {
  recorder.take();
  await job();
  const sent: Sent[] = [];
  let open: string[] | undefined;
  let outside = 0;
  for (const { text } of recorder.take()) {
    if (text === 'begin') open = [text];
    else if (open === undefined) outside += ofItems.test(text) ? 1 : 0;
    else {
      open.push(text);
      if (text !== 'commit') continue;
      if (open.some((each) => each.includes('insert into "run_items" (run_id, key) select')))
        sent.push({ transactions: 1, inside: open.length, outside: 0 });
      open = undefined;
    }
  }
  return {
    transactions: sent.length,
    inside: sent.reduce((sum, { inside }) => sum + inside, 0),
    outside,
  };
}

/** What an upload reads of each file before it commits it, and a publish of each page of assets. */
const OF_CATALOG = /from "assets"/;
const OF_ASSETS =
  /^select "id", "name", "type", "file_name", "version".* from "assets" where "assets"\."id" = any/;

async function uploadOf(files: number): Promise<void> {
  const serverDir = `in${files}`;
  mkdirSync(join(root, serverDir));
  for (let at = 0; at < files; at += 1) {
    const picture = await plain(8 + (at % 100), 8 + files, [at, 0, 0])
      .png()
      .toBuffer();
    writeFileSync(join(root, serverDir, `shoe ${at}.png`), picture);
  }
  const log = await runJob(admin, companyHandle, {
    jobName: serverDir,
    uploadDirectoryJob: {
      serverDir,
      destFolder: `SampleCompany/${serverDir}/`,
      overwrite: true,
      readyForPublish: true,
      includeSubfolders: false,
      createMask: false,
      processMetadataFiles: false,
      emailSetting: 'None',
    },
  });
  expect(log).toMatchObject({ fileSuccessCount: files, fileErrorCount: 0, totalFileCount: files });
}

it('stores the new files of an upload with one statement for each and nine for each transaction', async () => {
  const files = 40;
  const sent = await sentBy(() => uploadOf(files), OF_CATALOG);
  // What it would replace is looked for while nothing is locked.
  expect(sent.outside).toBe(files);
  // Its folder is created once.
  expect(sent.inside).toBeLessThanOrEqual(9 * sent.transactions + 2);
  expect(sent.transactions).toBeLessThanOrEqual(files);
  const { rows } = await recorder.withClient((client) =>
    client.query(
      `select count(*)::int as assets, count(distinct lower(name))::int as names from assets where company_id = 6`,
    ),
  );
  expect(rows).toEqual([{ assets: files, names: files }]);
});

it('stores files whose names are taken with a few statements more', async () => {
  const files = 20;
  const sent = await sentBy(() => uploadOf(files), OF_CATALOG);
  expect(sent.outside).toBe(files);
  expect(sent.inside).toBeLessThanOrEqual(9 * sent.transactions + 6 * files + 2);
});

/** Handles of the assets of the first upload. */
async function uploaded(count: number): Promise<string[]> {
  const { assetArray = [] } = await admin.call('searchAssets', {
    companyHandle,
    folder: 'SampleCompany/in40/',
    includeSubfolders: false,
    recordsPerPage: count,
    responseFieldArray: ['assetArray/assetHandle'],
  });
  expect(assetArray).toHaveLength(count);
  return assetArray.map(({ assetHandle }) => assetHandle ?? '');
}

it('stores new derivatives with one statement for each asset and seven for each transaction', async () => {
  const assets = 30;
  const assetHandleArray = await uploaded(assets);
  const reprocess = async (): Promise<void> => {
    const log = await runJob(admin, companyHandle, {
      jobName: 'again',
      reprocessAssetsJob: { assetHandleArray, emailSetting: 'None', createMask: false },
    });
    expect(log).toMatchObject({ fileSuccessCount: assets, fileErrorCount: 0, totalFileCount: assets });
  };
  const sent = await sentBy(reprocess, /^update "assets"/);
  expect(sent.inside).toBeLessThanOrEqual(7 * sent.transactions + assets);
  expect(sent.transactions).toBeLessThan(assets);
});

it('stores the files of an export with six statements for each transaction', async () => {
  const assets = 40;
  const assetHandleArray = await uploaded(assets);
  const exporting = async (): Promise<void> => {
    const log = await runJob(admin, companyHandle, {
      jobName: 'out',
      exportJob: { assetHandleArray, fmt: 'orig', emailSetting: 'None' },
    });
    expect(log).toMatchObject({ fileErrorCount: 0, totalFileCount: assets });
  };
  const sent = await sentBy(exporting, /^insert into "export_files"/);
  expect(sent.inside).toBeLessThanOrEqual(6 * sent.transactions);
  expect(sent.transactions).toBeLessThan(assets);
  const { rows } = await recorder.withClient((client) =>
    client.query('select count(distinct path)::int as paths, count(*)::int as files from export_files'),
  );
  expect(rows).toEqual([{ paths: assets, files: assets }]);
});

let publishes = 0;

async function publish(publishType: 'Full' | 'Incremental', expected: number): Promise<void> {
  publishes += 1;
  const log = await runJob(admin, companyHandle, {
    jobName: `publish ${publishes}`,
    imageServingPublishJob: { publishType, emailSetting: 'None' },
  });
  expect(log).toMatchObject({ fileSuccessCount: expected, fileErrorCount: 0 });
}

/** Puts marked or unmarked assets into the catalog, in place of those with the same numbers. */
const store = (count: number, marked: boolean, version: number) =>
  storeAssets(
    server,
    dataDir,
    Array.from({ length: count }, (_, at) => ({
      id: 5000 + at,
      name: `stored ${at}`,
      type: 'Pdf',
      content: `content ${at}`,
      marked,
      version,
    })),
  );

it('publishes and removes assets with nine statements for each transaction', async () => {
  const before = 60;
  const assets = 250;
  expect(await sentBy(() => publish('Full', before), OF_ASSETS)).toMatchObject({ outside: 1 });
  await store(assets, true, 1);
  const added = await sentBy(() => publish('Incremental', assets), OF_ASSETS);
  // A page of a hundred is read at once, and so are the contents of what is published.
  expect(added.outside).toBe(3);
  expect(added.inside).toBeLessThanOrEqual(9 * added.transactions);
  expect(added.transactions).toBeGreaterThanOrEqual(3);
  await store(assets, true, 2);
  const changed = await sentBy(() => publish('Incremental', assets), OF_ASSETS);
  expect(changed).toMatchObject({ outside: 3 });
  expect(changed.inside).toBeLessThanOrEqual(9 * changed.transactions);
  await store(assets, false, 3);
  const removed = await sentBy(() => publish('Incremental', assets), OF_ASSETS);
  expect(removed.outside).toBe(0);
  expect(removed.inside).toBeLessThanOrEqual(5 * removed.transactions);
  expect(removed.transactions).toBeGreaterThanOrEqual(3);
});
