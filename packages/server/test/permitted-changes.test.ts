// What portal users with some permissions may change, by operations and by jobs. permitted-operations.test.ts calls all operations
// without any.
import type { JobLogDetail, PermissionUpdate, SubmitJobParam } from '@ips-sdk/types';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { endedJob, messagesOf } from './support/jobs.js';
import { plain, RED } from './support/pictures.js';
import { serverForEachTest } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const companyHandle = 'c|6';
const ROOT = 'f|SampleCompany/';
const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const OPTIONS =
  '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams>';
const shoes = `${ROOT}Shoes/`;
const men = `${ROOT}Shoes/Men/`;
const logos = `${ROOT}Logos/`;

let server: IpsServer;
let admin: Connection;
/** Assets: in the root, in Shoes, in Shoes/Men and in Logos. */
let [r, s, m, l] = ['', '', '', ''];
let uploaders = '';

/** The company of the worked examples: pc may read and write everywhere, pcd may also delete. */
serverForEachTest('instant', async (shared) => {
  server = shared;
  admin = connect(server);
  const member = (name: string, role: string) => ({
    email: `${name}@example.com`,
    password,
    memberships: [{ company: 'Sample Company', role }],
  });
  await server.seed({
    users: [
      member('pc', 'ImagePortalContrib'),
      member('pcd', 'ImagePortalContribUser'),
      member('pa', 'ImagePortalAdmin'),
      member('u', 'IpsUser'),
    ],
  });
  for (const folderPath of ['SampleCompany/Shoes/Men/', 'SampleCompany/Logos/'])
    await admin.call('createFolder', { companyHandle, folderPath });
  const names = { r: '', s: 'Shoes/', m: 'Shoes/Men/', l: 'Logos/' };
  const files = await Promise.all(
    Object.entries(names).map(async ([name, folder], index) => ({
      name: `SampleCompany/${folder}${name}.png`,
      content: await plain(20 + index, 20, RED)
        .png()
        .toBuffer(),
    })),
  );
  await upload('admin', 'first', files);
  await endedJob(admin, companyHandle, 'first');
  const { assetArray } = await admin.call('getAssetsByName', {
    companyHandle,
    nameArray: Object.keys(names),
  });
  [r, s, m, l] = Object.keys(names).map(
    (name) => assetArray?.find((asset) => asset.name === name)?.assetHandle ?? '',
  ) as [string, string, string, string];
  uploaders = await group('Upload', ['pc']);
  const deleters = await group('Delete', ['pcd']);
  await admin.call('setFolderPermissions', {
    companyHandle,
    folderHandle: ROOT,
    setChildren: false,
    permissionArray: [...rights(uploaders, 'Read', 'Write'), ...rights(deleters, 'Read', 'Write', 'Delete')],
  });
});

const as = (name: string): Connection => connect(server, { email: `${name}@example.com`, password });

async function group(name: string, members: readonly string[]): Promise<string> {
  const { groupHandle } = await admin.call('saveGroup', { companyHandle, name, isSystemDefined: false });
  const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
  const userHandleArray = members.map(
    (member) => userArray.find(({ email }) => email === `${member}@example.com`)?.userHandle ?? '',
  );
  await admin.call('setGroupMembers', { companyHandle, groupHandle, userHandleArray });
  return groupHandle;
}

const rights = (groupHandle: string, ...types: string[]): PermissionUpdate[] =>
  types.map((permissionType) => ({ groupHandle, permissionType, isAllowed: true, isOverride: true }));

/** Closes a folder or an asset to all portal users, apart from some rights of the uploaders. */
async function close(handle: string, ...left: string[]): Promise<void> {
  const permissionArray = rights(uploaders, ...left);
  if (handle.startsWith('f'))
    await admin.call('setFolderPermissions', {
      companyHandle,
      folderHandle: handle,
      setChildren: false,
      permissionArray,
    });
  else await admin.call('setAssetPermissions', { companyHandle, assetHandle: handle, permissionArray });
}

/** Posts files to the servlet, in the name of a user; returns the status and the document of the answer. */
async function upload(
  name: string,
  jobName: string,
  files: readonly { readonly name: string; readonly content: Uint8Array }[],
): Promise<{ readonly status: number; readonly body: string }> {
  const { email, password: secret } =
    name === 'admin' ? server.admin : { email: `${name}@example.com`, password };
  const form = new FormData();
  form.set(
    'auth',
    `<authHeader xmlns="${NAMESPACE}"><user>${email}</user><password>${secret}</password><appName>tests</appName><appVersion>1</appVersion></authHeader>`,
  );
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${companyHandle}</companyHandle><jobName>${jobName}</jobName><endJob>true</endJob>${OPTIONS}</uploadPostParam>`,
  );
  for (const file of files) form.append('file', new Blob([new Uint8Array(file.content)]), file.name);
  const response = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  return { status: response.status, body: await response.text() };
}

const picture = async (name: string, width = 99) => ({
  name,
  content: await plain(width, 20, RED).png().toBuffer(),
});

const missing = (path: string, ...types: string[]) => ({
  kind: 'authorization',
  code: 20009,
  reason: expect.stringMatching(
    new RegExp(`^${path.replace(/[[\]|]/g, '\\$&')}: missing ${types.join(' and ')} permission on `),
  ),
});

describe('a portal user', () => {
  it('changes what a group of theirs may change, and deletes nothing without Delete', async () => {
    await as('pc').call('renameAsset', {
      companyHandle,
      assetHandle: s,
      newName: 'sneaker',
      validateName: true,
    });
    expect(await as('pc').fault('deleteAsset', { companyHandle, assetHandle: s })).toMatchObject(
      missing('assetHandle', 'Delete'),
    );
    await as('pcd').call('deleteAsset', { companyHandle, assetHandle: s });
    expect(
      await as('pc').fault('deleteAssetMetadata', { companyHandle, assetHandle: m, deleteArray: [] }),
    ).toMatchObject(missing('assetHandle', 'Delete'));
  });

  it('adds to uploads of their own only, which have their permissions', async () => {
    const uploadParams = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
    const theirs = await admin.call('uploadPost', { companyHandle, jobName: 'Theirs', uploadParams });
    for (const endJob of [false, true])
      expect(await as('pc').fault('uploadPost', { companyHandle, ...theirs, endJob })).toMatchObject(
        missing('jobHandle', 'Write'),
      );
    const form = new FormData();
    form.set(
      'auth',
      `<authHeader xmlns="${NAMESPACE}"><user>pc@example.com</user><password>${password}</password><appName>tests</appName><appVersion>1</appVersion></authHeader>`,
    );
    form.set(
      'uploadParams',
      `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${companyHandle}</companyHandle><jobHandle>${theirs.jobHandle}</jobHandle></uploadPostParam>`,
    );
    const { name, content } = await picture('SampleCompany/Shoes/late.png');
    form.append('file', new Blob([new Uint8Array(content)]), name);
    const response = await fetch(server.endpoints.upload, { method: 'POST', body: form });
    expect(await response.text()).toContain('<code>20009</code>');
    expect(await admin.call('uploadPost', { companyHandle, ...theirs, endJob: true })).toEqual(theirs);
    const own = await as('pc').call('uploadPost', { companyHandle, jobName: 'Own', uploadParams });
    expect(await as('pc').call('uploadPost', { companyHandle, ...own, endJob: true })).toEqual(own);
  });

  it('moves assets only from and to folders with Read and Write', async () => {
    await close(logos, 'Read');
    const moved = await as('pc').call('moveAssets', {
      companyHandle,
      assetMoveArray: [
        { assetHandle: r, folderHandle: shoes },
        { assetHandle: s, folderHandle: logos },
        { assetHandle: l, folderHandle: shoes },
      ],
    });
    expect(moved).toMatchObject({ successCount: 1, errorCount: 2 });
    expect(
      moved.errorDetailArray?.map(({ assetHandle, code, reason }) => [assetHandle, code, reason]),
    ).toEqual([
      [s, 20009, `assetMoveArray[1]/folderHandle: missing Write permission on folder '${logos}'`],
      [l, 20009, expect.stringContaining(`missing Write permission on asset '${l}'`)],
    ]);
    expect(
      await as('pc').fault('moveAsset', { companyHandle, assetHandle: m, folderHandle: logos }),
    ).toMatchObject(missing('folderHandle', 'Write'));
    const onto = { companyHandle, folderHandle: men, destFolderHandle: logos };
    expect(await as('pc').fault('moveFolder', onto)).toMatchObject(missing('destFolderHandle', 'Write'));
    const away = { companyHandle, folderHandle: logos, destFolderHandle: shoes };
    expect(await as('pc').fault('moveFolder', away)).toMatchObject(missing('folderHandle', 'Write'));
    await as('pc').call('moveFolder', { companyHandle, folderHandle: men, destFolderHandle: ROOT });
  });

  it('creates a folder where the nearest existing one allows it', async () => {
    await close(logos, 'Read');
    const create = (path: string) => ({ companyHandle, folderPath: `SampleCompany/${path}` });
    await as('pc').call('createFolder', create('Shoes/New/Newer/'));
    for (const path of ['Logos/New/', 'Logos/New/Newer/', 'logos/new/'])
      expect(await as('pc').fault('createFolder', create(path))).toMatchObject(
        missing('folderPath', 'Write'),
      );
  });

  it('deletes a folder only with everything in it', async () => {
    await close(m, 'Read', 'Write');
    const before = await server.snapshot();
    const folder = { companyHandle, folderHandle: shoes };
    expect(await as('pcd').fault('deleteFolder', folder)).toMatchObject({
      code: 20009,
      // They may not read it either.
      reason: expect.stringContaining(`what is in folder '${shoes}'`),
    });
    await admin.call('removeAssetPermissions', { companyHandle, assetHandle: m });
    await close(men, 'Read', 'Write');
    expect(await as('pcd').fault('deleteFolder', folder)).toMatchObject({
      code: 20009,
      reason: expect.stringContaining(`what is in folder '${shoes}'`),
    });
    const after = await server.snapshot();
    for (const table of ['assets', 'folders']) expect(after.tables[table]).toEqual(before.tables[table]);
    await admin.call('removeFolderPermissions', { ...folder, folderHandle: men, updateChildren: false });
    expect(await as('pc').fault('deleteFolder', folder)).toMatchObject(missing('folderHandle', 'Delete'));
    await as('pcd').call('deleteFolder', folder);
  });

  it('gets an error row for each item of a batch that it may not change', async () => {
    await close(l, 'Read');
    const state = { publishState: 'MarkedForPublish' };
    expect(
      await as('pc').call('setAssetsPublishState', {
        companyHandle,
        publishStateUpdateArray: [
          { assetHandle: s, ...state },
          { assetHandle: l, ...state },
        ],
      }),
    ).toMatchObject({ successCount: 1, errorCount: 1, errorDetailArray: [{ assetHandle: l, code: 20009 }] });
  });

  it('names only what it may read: members, thumbnails, layers, definitions, sources', async () => {
    await close(l, 'Write');
    const pc = as('pc');
    const set = await pc.call('createImageSet', {
      companyHandle,
      folderHandle: shoes,
      name: 'set',
      type: 'ImageSet',
    });
    const memberArray = [s, l].map((assetHandle) => ({ assetHandle, pageReset: true }));
    expect(await pc.fault('setImageSetMembers', { companyHandle, ...set, memberArray })).toMatchObject(
      missing('memberArray[1]/assetHandle', 'Read'),
    );
    expect(await pc.fault('updateImageSet', { companyHandle, ...set, thumbAssetHandle: l })).toMatchObject(
      missing('thumbAssetHandle', 'Read'),
    );
    expect(
      await pc.call('batchSetThumbAsset', {
        companyHandle,
        updateArray: [{ assetHandle: set.assetHandle, thumbAssetHandle: l }],
      }),
    ).toMatchObject({ successCount: 0, errorDetailArray: [{ code: 20009 }] });
    const template = { companyHandle, folderHandle: shoes, name: 'promo', type: 'Template' };
    expect(await pc.fault('createTemplate', { ...template, urlModifier: 'layer=0&src=l' })).toMatchObject(
      missing('urlModifier', 'Read'),
    );
    await pc.call('createTemplate', { ...template, urlModifier: 'layer=0&src=s' });
    const mixed = { companyHandle, folderHandle: shoes, name: 'mixed', subType: 'MixedMedia' };
    expect(
      await pc.fault('createAssetSet', { ...mixed, setDefinition: `\${getCatalogId([${l}])}` }),
    ).toMatchObject(missing('setDefinition', 'Read'));
    const copy = { companyHandle, folderHandle: shoes, name: 'copy', urlModifier: 'wid=10' };
    expect(await pc.fault('copyImage', { ...copy, assetHandle: l })).toMatchObject(
      missing('assetHandle', 'Read'),
    );
    await pc.call('copyImage', { ...copy, assetHandle: s });
  });

  it('adds only assets to a project that it may read', async () => {
    await close(l);
    const project = await as('pc').call('createProject', { companyHandle, projectName: 'Spring' });
    expect(
      await as('pc').call('addProjectAssets', { companyHandle, ...project, assetHandleArray: [s, l] }),
    ).toMatchObject({ successCount: 1, errorDetailArray: [{ assetHandle: l, code: 20009 }] });
  });

  it('replaces only the assets of a project that it may read', async () => {
    const project = await admin.call('createProject', { companyHandle, projectName: 'Spring' });
    const inProject = async () =>
      (
        await admin.call('searchAssets', { companyHandle, ...project, includeSubfolders: true })
      ).assetArray?.map(({ assetHandle }) => assetHandle);
    await admin.call('setProjectAssets', { companyHandle, ...project, assetHandleArray: [r, s, l] });
    await close(l);
    await as('pc').call('setProjectAssets', { companyHandle, ...project, assetHandleArray: [m, s] });
    expect((await inProject())?.sort()).toEqual([l, m, s].sort());
    await as('pc').call('setProjectAssets', { companyHandle, ...project, assetHandleArray: [] });
    expect(await inProject()).toEqual([l]);
    await admin.call('setProjectAssets', { companyHandle, ...project, assetHandleArray: [s] });
    expect(await inProject()).toEqual([s]);
  });
});

describe('a job of a portal user', () => {
  const emailSetting = 'None';
  const uploadTo = (destPath: string) => ({
    uploadUrlsJob: {
      urlArray: [{ sourceUrl: 'http://127.0.0.1:9/x.png', destPath }],
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting,
    },
  });
  const submit = (name: string, job: Omit<SubmitJobParam, 'companyHandle' | 'jobName'>, jobName = 'job') =>
    as(name).call('submitJob', { companyHandle, jobName, ...job });
  const refusal = (job: Omit<SubmitJobParam, 'companyHandle' | 'jobName'>) =>
    as('pc').fault('submitJob', { companyHandle, jobName: 'job', ...job });

  it('is refused at submission for what the user may not read or change', async () => {
    await close(logos, 'Read');
    await close(s, 'Write');
    const destPath = 'uploadUrlsJob/urlArray/items[0]/destPath';
    expect(await refusal(uploadTo('SampleCompany/Logos/x.png'))).toMatchObject(missing(destPath, 'Write'));
    expect(await refusal(uploadTo('SampleCompany/Logos/New/x.png'))).toMatchObject(
      missing(destPath, 'Write'),
    );
    const directory = {
      serverDir: '/',
      includeSubfolders: true,
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting,
      processMetadataFiles: false,
    } as const;
    expect(
      await refusal({ uploadDirectoryJob: { ...directory, destFolder: 'SampleCompany/Logos' } }),
    ).toMatchObject(missing('uploadDirectoryJob/destFolder', 'Write'));
    expect(
      await refusal({ exportJob: { assetHandleArray: [r, s], fmt: 'orig', emailSetting } }),
    ).toMatchObject(missing('exportJob/assetHandleArray/items[1]', 'Read'));
    expect(
      await refusal({ reprocessAssetsJob: { assetHandleArray: [l], createMask: false, emailSetting } }),
    ).toMatchObject(missing('reprocessAssetsJob/assetHandleArray/items[0]', 'Write'));
    const sets = { readyForPublish: true, emailSetting, autoSetCreationOptions: { autoSetsArray: [] } };
    expect(await refusal({ automatedSetGenerationJob: { ...sets, assetHandleArray: [r, s] } })).toMatchObject(
      missing('automatedSetGenerationJob/assetHandleArray/items[1]', 'Read'),
    );
    expect(
      await refusal({
        automatedSetGenerationJob: { ...sets, assetHandleArray: [r], destFolder: 'SampleCompany/Logos' },
      }),
    ).toMatchObject(missing('automatedSetGenerationJob/destFolder', 'Write'));
    // A publish sends what others marked.
    await submit('pc', { imageServingPublishJob: { publishType: 'Full', emailSetting } });
  });

  it('names the first of many places that is closed', async () => {
    await close(logos, 'Read');
    const urlArray = Array.from({ length: 300 }, (_, index) => ({
      sourceUrl: 'http://127.0.0.1:9/x.png',
      destPath: `SampleCompany/${index < 250 ? 'Shoes' : 'Logos'}/${index}/x.png`,
    }));
    const { uploadUrlsJob } = uploadTo('');
    expect(await refusal({ uploadUrlsJob: { ...uploadUrlsJob, urlArray } })).toMatchObject(
      missing('uploadUrlsJob/urlArray/items[250]/destPath', 'Write'),
    );
  });

  it('evaluates its submitter when it runs, whoever executes it', async () => {
    const job = {
      execSchedule: '0 0 3 1 1 ? 2099',
      reprocessAssetsJob: { assetHandleArray: [s, l], createMask: true, emailSetting },
    };
    const { jobHandle } = await submit('pc', job, 'nightly');
    await close(l, 'Read');
    await admin.call('executeJob', { companyHandle, jobHandle });
    const log = await endedJob(admin, companyHandle, 'nightly');
    expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 1 });
    expect(messagesOf(log, 'ReoptimizeFailure')).toEqual([
      expect.stringContaining(`missing Write permission on asset '${l}'`),
    ]);
    // A job of somebody whom permissions do not restrict does its work whoever starts it; pc may not.
    const other = await submit('u', job, 'other');
    expect(await as('pc').fault('executeJob', { companyHandle, ...other })).toMatchObject({ code: 20009 });
    await as('pa').call('executeJob', { companyHandle, ...other });
    expect(await endedJob(admin, companyHandle, 'other')).toMatchObject({
      fileSuccessCount: 2,
      fileErrorCount: 0,
    });
  });

  it('exports what its submitter may still read', async () => {
    const job = {
      execSchedule: '0 0 3 1 1 ? 2099',
      exportJob: { assetHandleArray: [s, l], fmt: 'orig', emailSetting },
    };
    const { jobHandle } = await submit('pc', job, 'export');
    await close(l, 'Write');
    await admin.call('executeJob', { companyHandle, jobHandle });
    const log = await endedJob(admin, companyHandle, 'export');
    expect(messagesOf(log, 'GetFailure')).toEqual([expect.stringContaining('missing Read permission')]);
    expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 1 });
  });

  it.each(['orig', 'convert'])(
    'exports no view of an image that its submitter may not read, as %s',
    async (fmt) => {
      const view = await admin.call('createDerivedAsset', {
        companyHandle,
        ownerHandle: l,
        folderHandle: shoes,
        name: 'view',
        type: 'AdjustedView',
        urlModifier: 'wid=10',
      });
      const exportJob = { assetHandleArray: [view.assetHandle, s], fmt, emailSetting };
      await submit('pc', { exportJob }, 'open');
      expect(await endedJob(admin, companyHandle, 'open')).toMatchObject({ fileSuccessCount: 2 });
      await close(logos, 'Write');
      await submit('pc', { exportJob }, 'closed');
      const log = await endedJob(admin, companyHandle, 'closed');
      expect(messagesOf(log, 'GetFailure')).toEqual([
        expect.stringContaining(`missing Read permission on asset '${l}'`),
      ]);
      expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 1 });
    },
  );

  it('adds a file only to a folder that is still open', async () => {
    const job = { ...uploadTo('SampleCompany/Logos/New/x.png'), execSchedule: '0 0 3 1 1 ? 2099' };
    const { jobHandle } = await submit('pc', job, 'late');
    await close(logos, 'Read');
    await admin.call('executeJob', { companyHandle, jobHandle });
    const log = await endedJob(admin, companyHandle, 'late');
    expect(messagesOf(log, 'UploadError')).toEqual([
      expect.stringContaining("missing Write permission on folder 'SampleCompany/Logos/New/'"),
    ]);
  });

  it('does nothing for a submitter who has left the company', async () => {
    const job = {
      execSchedule: '0 0 3 1 1 ? 2099',
      reprocessAssetsJob: { assetHandleArray: [s], createMask: true, emailSetting },
    };
    const { jobHandle } = await submit('pc', job, 'nightly');
    const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
    const { userHandle = '' } = userArray.find(({ email }) => email === 'pc@example.com') ?? {};
    await admin.call('setCompanyMembership', { userHandle, membershipArray: [] });
    await admin.call('executeJob', { companyHandle, jobHandle });
    expect(await endedJob(admin, companyHandle, 'nightly')).toMatchObject({ fileErrorCount: 1 });
  });
});

describe('an upload by POST', () => {
  it('is refused for a folder without Read and Write, and leaves no file', async () => {
    await close(logos, 'Read');
    const { status, body } = await upload('pc', 'closed', [await picture('SampleCompany/Logos/new.png')]);
    expect({ status, body }).toMatchObject({
      status: 500,
      body: expect.stringContaining('<code>20009</code>'),
    });
    const { jobArray } = await admin.call('getActiveJobs', { companyHandle, includeWaitingJobs: true });
    expect(jobArray).toEqual([]);
    expect((await upload('pc', 'open', [await picture('SampleCompany/Shoes/New/new.png')])).status).toBe(200);
    expect(await endedJob(admin, companyHandle, 'open')).toMatchObject({ fileSuccessCount: 1 });
  });

  it('replaces an asset only with Write on it', async () => {
    await close(s, 'Read');
    await upload('pc', 'over', [
      await picture('SampleCompany/Shoes/s.png'),
      await picture('SampleCompany/Shoes/Men/m.png'),
    ]);
    const log = await endedJob(admin, companyHandle, 'over');
    expect(log).toMatchObject({ fileErrorCount: 1, fileUpdateCount: 1 });
    expect(messagesOf(log, 'UploadError')).toEqual([
      expect.stringContaining(`missing Write permission on asset '${s}', s, which it would replace`),
    ]);
    const { assetArray } = await admin.call('getAssets', { companyHandle, assetHandleArray: [s, m] });
    expect(assetArray?.map(({ imageInfo }) => imageInfo?.width)).toEqual([21, 99]);
  });
});

describe('the log of a job', () => {
  const rowsFor = async (name: string, originalName: string) => {
    const { jobLogArray } = await as(name).call('getJobLogDetails', { companyHandle, originalName });
    const [log] = jobLogArray;
    return { total: log?.detailTotalRows, rows: log?.detailArray ?? [] };
  };
  const assetsOf = (rows: readonly JobLogDetail[]) =>
    [...new Set(rows.flatMap(({ assetHandle }) => assetHandle ?? []))].sort();
  const links = (rows: readonly JobLogDetail[]) =>
    rows.filter(({ logMessage }) => logMessage.includes('/scene7/export/')).length;

  it('of another user has no rows of unreadable assets, and no link to an archive', async () => {
    await admin.call('submitJob', {
      companyHandle,
      jobName: 'all',
      exportJob: { assetHandleArray: [s, l], fmt: 'orig', emailSetting: 'None' },
    });
    await endedJob(admin, companyHandle, 'all');
    await close(logos, 'Write');
    const seen = await rowsFor('pc', 'all');
    expect(assetsOf(seen.rows)).toEqual([s]);
    expect(links(seen.rows)).toBe(0);
    expect(seen.total).toBe(seen.rows.length);
    for (const name of ['pa', 'u']) {
      const { rows } = await rowsFor(name, 'all');
      expect(assetsOf(rows)).toEqual([s, l].sort());
      expect(links(rows)).toBe(1);
    }
  });

  it('of their own is complete', async () => {
    await as('pc').call('submitJob', {
      companyHandle,
      jobName: 'own',
      exportJob: { assetHandleArray: [s, l], fmt: 'orig', emailSetting: 'None' },
    });
    await endedJob(admin, companyHandle, 'own');
    await close(logos, 'Write');
    const { rows } = await rowsFor('pc', 'own');
    expect(assetsOf(rows)).toEqual([s, l].sort());
    expect(links(rows)).toBe(1);
  });
});
