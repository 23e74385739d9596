// The statements that jobs, searches and folders send, explained in a company with many assets: none may read a whole table to
// find a few rows.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchAssetsParam } from '@ips-sdk/types';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { isWithin } from '../src/db/ignore-case.js';
import * as t from '../src/db/schema.js';
import { NO_COUNTS } from '../src/jobs/run-counters.js';
import { countAssets } from '../src/search/counted-assets.js';
import { type Connection, connect } from './support/call.js';
import { runJob } from './support/jobs.js';
import { plain, RED } from './support/pictures.js';
import { planProblems } from './support/query-plans.js';
import { type SentStatement, StatementRecorder } from './support/statements.js';

const ASSETS = 50_000;
const companyHandle = 'c|6';

const root = mkdtempSync(join(tmpdir(), 'ips-plans-'));
const recorder = new StatementRecorder();
let server: IpsServer;
let admin: Connection;

beforeAll(async () => {
  mkdirSync(join(root, 'in'));
  server = await createIpsServer({ jobClock: 'instant', serverRoot: root });
  admin = connect(server);
  await recorder.withClient(async (client) => {
    for (const statement of FILL) await client.query(statement);
  });
}, 120_000);
afterAll(async () => {
  recorder.stop();
  await server.stop();
  rmSync(root, { recursive: true });
});

const FILL = [
  `insert into folders (company_id, path, last_modified)
    select 6, 'SampleCompany/Top' || top || '/' || sub, now()
    from generate_series(1, 200) top, (select '' as sub union all select 'Sub' || n || '/' from generate_series(1, 49) n) subs`,
  `insert into assets (company_id, folder_id, name, type, file_name, ready_for_publish, created, last_modified,
      original_file, file_size)
    select 6, f.ids[1 + n / 5 % array_length(f.ids, 1)], 'shoe-' || n, case when n % 25 = 0 then 'Video' else 'Image' end,
      'shoe-' || n || '.tif', n % 200 = 3, timestamptz '2020-01-01' + n * interval '1 hour',
      timestamptz '2020-01-01' + n * interval '1 hour', repeat(lpad(to_hex(n), 8, '0'), 8), 1000 + n
    from generate_series(1, ${ASSETS}) n, (select array_agg(id order by id) as ids from folders where company_id = 6) f`,
  // Two folders of 2,500 assets, whose names come last.
  `insert into folders (company_id, path, last_modified)
    select 6, 'SampleCompany/Large/' || name, now() from (values (''), ('A/'), ('B/')) as part (name)`,
  `update assets set folder_id = (select id from folders where path = 'SampleCompany/Large/' || case when id % 20 = 3 then 'A/' else 'B/' end),
      name = 'z' || name where id % 20 in (3, 7)`,
  `update assets set trash_state = 'InTrash', trashed_at = now(), trash_folder = 'SampleCompany/Gone' || (id % 100) || '/'
    where id % 50 = 1`,
  `insert into runs (company_id, name, original_name, kind, details, submit_user_id, mail_user_id, state, trigger_time,
      start_date, end_date, last_progress_update, counters, log_type)
    select 6, 'old_' || n, 'old', 'imageServingPublishJob', '{}', u.id, u.id, 'Done', now(), now(), now(), now(), '${JSON.stringify(NO_COUNTS)}', 'End'
    from generate_series(1, 2000) n, (select min(id) as id from users) u`,
  `insert into log_rows (run_id, log_type, message, date_created, asset_id)
    select r.id, 'Some', 'message', now(), 5000 + n from runs r, generate_series(1, 20) n where r.original_name = 'old'`,
  // Reads every row, so that the plans do not depend on the rows of a sample.
  'set default_statistics_target = 1000',
  'analyze',
];

/** Runs that wait, and that nobody runs. */
const WAITING = [
  `insert into runs (company_id, name, original_name, kind, details, submit_user_id, mail_user_id, state, trigger_time,
      start_date, last_progress_update, counters, log_type, paused)
    select 6, 'waiting_' || n, 'waiting', 'optimizeImagesJob', '{"emailSetting":"None"}', u.id, u.id, 'New',
      now(), now(), now(), '${JSON.stringify(NO_COUNTS)}', 'Start', true
    from generate_series(1, 12000) n, (select min(id) as id from users) u`,
  'analyze',
];

/** The root open to the only group, 200 folders with sets of which a few close them, and 200 assets with sets that close them. */
const PERMISSIONS = [
  `insert into permission_sets (company_id, folder_id)
    select 6, id from folders where company_id = 6 and (path = 'SampleCompany/' or path ~ '/Top[0-9]+[05]/(Sub3|Sub7|Sub11|Sub13|Sub17)/$')`,
  'insert into permission_sets (company_id, asset_id) select 6, id from assets where id % 250 = 7',
  `insert into permission_entries (set_id, group_id, type, is_allowed, is_override)
    select s.id, (select min(id) from groups), type, f.path is not null and f.path not like '%/Top_0/Sub3/', true
    from permission_sets s left join folders f on f.id = s.folder_id, unnest(array['Read', 'Write', 'Delete']) type`,
  'analyze',
];

/** Statements that read the catalog as a whole on purpose, once for each run or answer: what they find may be anywhere in it. */
const WHOLE: readonly { readonly why: string; readonly text: RegExp }[] = [
  {
    why: 'any part of what is published may no longer be marked',
    text: /from "publications" inner join "assets"/,
  },
  {
    why: "all sets of a company's folders are evaluated for a list; their folders may be a large part of all",
    text: /"permission_sets"\."folder_id" is not null\) order by lower\("folders"\."path"\)/,
  },
];

/** What is wrong with the statements that something sends. */
async function problemsOf(work: () => Promise<unknown>): Promise<string[]> {
  recorder.take();
  await work();
  const sent = new Map(recorder.take().map((statement) => [statement.text, statement]));
  expect(sent.size).toBeGreaterThan(0);
  return recorder.withClient(async (client) => {
    const found: string[] = [];
    for (const statement of sent.values()) {
      if (WHOLE.some(({ text }) => text.test(statement.text))) continue;
      const problems = await planProblems(client, statement);
      found.push(...problems.map((problem) => `${problem}: ${statement.text}`));
    }
    return found;
  });
}

let jobs = 0;
const run = (job: object) => {
  jobs += 1;
  return runJob(admin, companyHandle, { jobName: `job ${jobs}`, ...job });
};

const upload = (serverDir: string) => ({
  uploadDirectoryJob: {
    serverDir,
    destFolder: 'SampleCompany/Top1/',
    overwrite: true,
    readyForPublish: true,
    includeSubfolders: true,
    createMask: false,
    processMetadataFiles: false,
    emailSetting: 'None',
  },
});

it.each(['OverwriteFullName', 'OverwriteFullNameAnyFolder', 'OverwriteAnyExt', 'OverwriteAnyExtAnyFolder'])(
  'finds what an upload replaces by an index (%s)',
  { timeout: 60_000 },
  async (overwriteMode) => {
    await admin.call('setCompanySettings', { companyHandle, overwriteMode });
    const folder = join(root, overwriteMode);
    mkdirSync(join(folder, 'Fresh'), { recursive: true });
    writeFileSync(join(folder, `new ${overwriteMode}.png`), await plain(8, 8, RED).png().toBuffer());
    // Names that are there already, in this folder or another.
    copyFileSync(join(folder, `new ${overwriteMode}.png`), join(folder, 'shoe-30.tif'));
    copyFileSync(join(folder, `new ${overwriteMode}.png`), join(folder, 'Fresh/shoe-31.jpg'));
    expect(await problemsOf(() => run(upload(overwriteMode)))).toEqual([]);
  },
);

it('finds what a publish and an export work on by an index', { timeout: 60_000 }, async () => {
  const publish = {
    imageServingPublishJob: { publishType: 'Incremental' as const, emailSetting: 'None' as const },
  };
  expect(await problemsOf(() => run(publish))).toEqual([]);
  const { assetArray } = await admin.call('searchAssets', {
    companyHandle,
    includeSubfolders: true,
    recordsPerPage: 5,
  });
  const assetHandleArray = (assetArray ?? []).map(({ assetHandle }) => assetHandle ?? '');
  expect(assetHandleArray).toHaveLength(5);
  expect(
    await problemsOf(() => run({ exportJob: { assetHandleArray, fmt: 'orig', emailSetting: 'None' } })),
  ).toEqual([]);
});

const named = (op: string, value: string) => ({ systemFieldConditionArray: [{ field: 'Name', op, value }] });
const between = (field: string) => ({
  systemFieldConditionArray: [
    {
      field,
      op: 'Between',
      minDate: new Date('2020-02-01T00:00:00Z').toISOString(),
      maxDate: new Date('2020-02-05T00:00:00Z').toISOString(),
    },
  ],
});

const latest = { sortBy: 'Modified', sortDirection: 'Descending', recordsPerPage: 50 };

/** A search in all folders, unless it names another. */
const everywhere = { companyHandle, includeSubfolders: true, responseFieldArray: ['assetArray/name'] };

it.each<[string, Omit<SearchAssetsParam, 'companyHandle' | 'includeSubfolders'> | SearchAssetsParam]>([
  ['all', {}],
  ['the second page', { recordsPerPage: 100, resultsPage: 2 }],
  ['a name', named('Equals', 'SHOE-4711')],
  ['the beginning of a name', named('StartsWith', 'Shoe-471')],
  ['a folder', { ...everywhere, folder: 'SampleCompany/Top3/', includeSubfolders: false }],
  [
    'the latest change in a folder',
    { ...latest, folder: 'SampleCompany/Large/A/', includeSubfolders: false },
  ],
  ['a folder and those below it', { folder: 'SampleCompany/Top3/' }],
  ['a folder and a few below it', { folder: 'SampleCompany/Large/', recordsPerPage: 50 }],
  ['the latest changes there', { ...latest, folder: 'SampleCompany/Large/' }],
  ['a page there', { folder: 'SampleCompany/Large/', recordsPerPage: 50, resultsPage: 3 }],
  ['a type', { assetTypeArray: ['Video'] }],
  ['a type that no asset has', { assetTypeArray: ['Flash'] }],
  ['times of creation', between('Created')],
  ['times of change', between('LastModified')],
  ['the latest', { sortBy: 'Created', sortDirection: 'Descending', recordsPerPage: 50 }],
  ['the largest', { sortBy: 'FileSize', sortDirection: 'Descending', recordsPerPage: 50 }],
])('searches by an index: %s', async (_what, input) => {
  expect(await problemsOf(() => admin.call('searchAssets', { ...everywhere, ...input }))).toEqual([]);
});

it('corrects a total by the parts that have changed, whatever the search', async () => {
  const inside = sql`${t.folders.companyId} = 6 and ${isWithin(t.folders.path, 'SampleCompany/Large/')}`;
  const inFolder = sql`${t.assets.folderId} in (select ${t.folders.id} from ${t.folders} where ${inside})`;
  for (const condition of [sql`${t.assets.trashState} = 'NotInTrash'`, inFolder]) {
    const sent: SentStatement[] = [];
    const where = sql`${t.assets.companyId} = 6 and ${condition}`;
    const problems = await recorder.withClient(async (client) => {
      const db = drizzle(client, {
        schema: t,
        logger: { logQuery: (text, values) => sent.push({ text, values }) },
      });
      const before = await countAssets(db, 6, where, () => true);
      sent.length = 0;
      await client.query(`update assets set trash_state = 'InTrash' where name = 'zshoe-41003'`);
      expect(await countAssets(db, 6, where, () => true)).toBe(before - (condition === inFolder ? 0 : 1));
      await client.query(`update assets set trash_state = 'NotInTrash' where name = 'zshoe-41003'`);
      const found: string[] = [];
      for (const statement of sent)
        found.push(
          ...(await planProblems(client, statement)).map((problem) => `${problem}: ${statement.text}`),
        );
      return found;
    });
    // One for the version, then one that reads the changed parts.
    expect(
      sent.flatMap(({ text }) => (text.includes('live.changes') ? [text.includes('offset 0')] : [])),
    ).toEqual([false, true]);
    expect(problems).toEqual([]);
  }
});

it('restores from the trash, shows what contains an asset, and lists jobs by an index', async () => {
  const inTrash = await admin.call('searchAssets', {
    ...everywhere,
    responseFieldArray: ['assetArray/assetHandle'],
    trashState: 'InTrash',
    recordsPerPage: 3,
  });
  const assetHandleArray = (inTrash.assetArray ?? []).map(({ assetHandle }) => assetHandle ?? '');
  expect(assetHandleArray).toHaveLength(3);
  const [jobHandle = '', otherHandle = ''] = ['j|6||old_7', 'j|6|old|'];
  const problems = await problemsOf(async () => {
    await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray });
    await admin.call('getAssociatedAssets', { companyHandle, assetHandle: assetHandleArray[0] ?? '' });
    await admin.call('getScheduledJobs', { companyHandle });
    await admin.call('getActiveJobs', { companyHandle });
    await admin.call('getActiveJobs', { companyHandle, jobHandle });
    await admin.call('getActiveJobs', { companyHandle, jobHandle: otherHandle });
    await admin.call('getJobLogDetails', { companyHandle, jobHandle });
  });
  expect(problems).toEqual([]);
});

it('works on folders by an index', async () => {
  const problems = await problemsOf(async () => {
    const folderHandle = 'f|SampleCompany/Top7/Sub3/';
    await admin.call('getFolders', { companyHandle, folderPath: 'SampleCompany/Top7/' });
    await admin.call('getFolderTree', { companyHandle, folderPath: 'SampleCompany/Large/', depth: 1 });
    await admin.call('createFolder', { companyHandle, folderPath: 'SampleCompany/Top7/New/' });
    const { folderHandle: renamed = '' } = await admin.call('renameFolder', {
      companyHandle,
      folderHandle,
      folderName: 'Other',
    });
    await admin.call('deleteFolder', { companyHandle, folderHandle: renamed });
    await admin.call('getActiveJobs', { companyHandle });
  });
  expect(problems).toEqual([]);
});

it('decides permissions by an index', { timeout: 60_000 }, async () => {
  const portalUser = { email: 'pu@example.com', password: 'Sunny-Day-42' };
  const memberships = [{ company: 'Sample Company', role: 'ImagePortalContribUser' }];
  await server.seed({ users: [{ ...portalUser, memberships }] });
  const pu = connect(server, portalUser);
  const { groupHandle } = await admin.call('saveGroup', {
    companyHandle,
    name: 'Download',
    isSystemDefined: false,
  });
  const { userArray } = await admin.call('getAllUsers', { includeInvalid: false });
  const { userHandle = '' } = userArray.find(({ email }) => email === portalUser.email) ?? {};
  await admin.call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [userHandle] });
  await recorder.withClient(async (client) => {
    for (const statement of PERMISSIONS) await client.query(statement);
  });
  const search = { ...everywhere, recordsPerPage: 20 };
  const { assetArray } = await pu.call('searchAssets', {
    ...search,
    responseFieldArray: ['assetArray/assetHandle'],
  });
  const assetHandleArray = (assetArray ?? []).map(({ assetHandle }) => assetHandle ?? '');
  expect(assetHandleArray).toHaveLength(20);
  const [assetHandle = ''] = assetHandleArray;
  const problems = await problemsOf(async () => {
    await pu.call('searchAssets', { ...search, sortBy: 'Name' });
    await pu.call('searchAssets', { companyHandle, folder: 'SampleCompany/Top3/', includeSubfolders: true });
    await pu.call('getFolderTree', { companyHandle, folderPath: 'SampleCompany/Top4/', depth: -1 });
    await pu.call('getFolders', { companyHandle, folderPath: 'SampleCompany/Top5/' });
    // Single objects, and batches.
    await pu.call('getXMPPacket', { companyHandle, assetHandle }).catch(() => undefined);
    await pu.call('getAssets', { companyHandle, assetHandleArray });
    await pu.call('getOriginalFilePaths', { companyHandle, assetHandleArray });
    await pu.call('createFolder', { companyHandle, folderPath: 'SampleCompany/Top6/New/' });
    await pu.call('moveAssets', {
      companyHandle,
      assetMoveArray: assetHandleArray.map((each) => ({
        assetHandle: each,
        folderHandle: 'f|SampleCompany/Top6/',
      })),
    });
    await pu.call('deleteFolder', { companyHandle, folderHandle: 'f|SampleCompany/Top8/Sub4/' });
  });
  expect(problems).toEqual([]);
});

it('finds the first of very many active jobs by an index', {
  timeout: 60_000,
}, async () => {
  await recorder.withClient(async (client) => {
    for (const statement of WAITING) await client.query(statement);
  });
  let jobArray: { readonly state?: string }[] = [];
  const problems = await problemsOf(async () => {
    ({ jobArray } = await admin.call('getActiveJobs', { companyHandle }));
  });
  expect(problems).toEqual([]);
  expect(jobArray).toHaveLength(10_000);
});
