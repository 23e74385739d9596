// A portal user with all rights in one folder calls every operation, in a company with a folder, assets, a user and a group of a secret
// name. No answer and no fault contains the name or one of their handles, unless the request does.
import type { OperationName } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { createCodec } from '@ips-sdk/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { handledContract } from '../src/handled-contract.js';
import { handlers } from '../src/handlers/registry.js';
import type { Snapshot } from '../src/seed/snapshot.js';
import { type Connection, connect, post } from './support/call.js';
import { contractOf, filledInput, type NamedObjects } from './support/filled-input.js';
import { endedJob } from './support/jobs.js';
import { inputFields } from './support/minimal-input.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const companyHandle = 'c|6';
const ROLES = ['ImagePortalUser', 'ImagePortalContrib', 'ImagePortalContribUser'] as const;
/** In the name of everything secret. Requests write it in another case, so that an answer with it comes from the database. */
const SECRET = 'ZugSpitze';
const OPEN = 'SampleCompany/Open/';
const CODEC = createCodec(contract);
const LATER = createCodec(handledContract);

const OPERATIONS = Object.keys(handledContract.operations).filter(
  (operation) => handlers[operation as OperationName] !== undefined,
);

let server: IpsServer;
let admin: Connection;
/** What the user may do everything with, and what nothing. */
let open: NamedObjects;
let hidden: NamedObjects;
/** Handles of everything secret. */
let secrets: readonly string[];
let filled: Snapshot;
/** Whether an operation may have changed something since the server was filled. */
let isChanged = false;

const as = (role: (typeof ROLES)[number]): Connection =>
  connect(server, { email: `${role}@example.com`, password });

serverForFile('instant', async (shared) => {
  server = shared;
  admin = connect(server);
  const member = (email: string, role: string) => ({
    email,
    password,
    firstName: email.split('@')[0] ?? '',
    memberships: [{ company: 'Sample Company', role }],
  });
  const secretFolder = `SampleCompany/${SECRET}/`;
  const secretSubfolder = `${OPEN}${SECRET} sub/`;
  await server.seed({
    companies: [{ name: 'Sample Company', folders: ['Open', SECRET, `Open/${SECRET} sub`] }],
    users: [
      ...ROLES.map((role) => member(`${role}@example.com`, role)),
      member(`${SECRET}@example.com`, 'IpsUser'),
    ],
  });
  const [image = '', trashed = '', secret = '', secretTrashed = '', below = ''] = await plantAssets(server, [
    { name: 'open', folder: OPEN },
    { name: 'old', folder: OPEN, trashState: 'InTrash' },
    { name: `${SECRET}-image`, folder: secretFolder, readyForPublish: true },
    { name: `${SECRET}-old`, folder: secretFolder, trashState: 'InTrash' },
    { name: `${SECRET}-below`, folder: secretSubfolder },
  ]);
  const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
  const userOf = (email: string): string => userArray.find((user) => user.email === email)?.userHandle ?? '';
  const groupOf = async (name: string, emails: readonly string[]): Promise<string> => {
    const { groupHandle } = await admin.call('saveGroup', { companyHandle, name, isSystemDefined: false });
    await admin.call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: emails.map(userOf) });
    return groupHandle;
  };
  const visitors = await groupOf(
    'Visitors',
    ROLES.map((role) => `${role}@example.com`),
  );
  const secretGroup = await groupOf(SECRET, [`${SECRET}@example.com`]);
  const allow = (path: string, groupHandle: string) =>
    admin.call('setFolderPermissions', {
      companyHandle,
      folderHandle: `f|${path}`,
      setChildren: false,
      permissionArray: ['Read', 'Write', 'Delete'].map((permissionType) => ({
        groupHandle,
        permissionType,
        isAllowed: true,
        isOverride: true,
      })),
    });
  await allow('SampleCompany/', secretGroup);
  await allow(OPEN, visitors);
  await allow(secretSubfolder, secretGroup);
  const { fieldHandle: field } = await admin.call('createMetadataField', {
    companyHandle,
    assetType: 'Image',
    name: 'Season',
    fieldType: 'String',
  });
  await admin.call('setAssetMetadata', {
    companyHandle,
    assetHandle: secret,
    updateArray: [{ fieldHandle: field, value: `${SECRET} season` }],
  });
  const { publishContextArray } = await admin.call('getPublishContexts', { companyHandle });
  const context = publishContextArray[0]?.contextHandle ?? '';
  const project = (await admin.call('createProject', { companyHandle, projectName: 'Spring' })).projectHandle;
  await admin.call('addProjectAssets', {
    companyHandle,
    projectHandle: project,
    assetHandleArray: [image, secret],
  });
  const shared_ = { field, context, project };
  open = { ...shared_, ...(await parts(image, 'open')), folder: `f|${OPEN}`, image, trashed };
  hidden = {
    ...shared_,
    ...(await parts(secret, SECRET)),
    folder: `f|${secretFolder.toLowerCase()}`,
    image: secret,
    trashed: secretTrashed,
  };
  const related = await relate(image, secret, secretFolder);
  await submitJobs(secret, secretFolder);
  secrets = [secret, secretTrashed, below, ...related, secretGroup, userOf(`${SECRET}@example.com`)];
  filled = await server.snapshot();
});

// Most operations change nothing here, and filling the server again takes longer than a call.
beforeEach(async () => {
  if (isChanged) await server.restore(filled);
  isChanged = false;
});

/** A map and a zoom target of an image. */
async function parts(assetHandle: string, name: string): Promise<{ map: string; target: string }> {
  const map = await admin.call('saveImageMap', {
    companyHandle,
    assetHandle,
    name: `${name} map`,
    shapeType: 'Rectangle',
    region: '1,2,3,4',
    action: 'href="x"',
    enabled: true,
    position: 1,
  });
  const place = { name: `${name} target`, xPosition: 1, yPosition: 2, width: 3, height: 4 };
  const target = await admin.call('saveZoomTarget', { companyHandle, assetHandle, ...place });
  return { map: map.imageMapHandle, target: target.zoomTargetHandle };
}

/** Sets, views and templates that connect what is open with what is secret. Returns the handles of the secret ones. */
async function relate(image: string, secret: string, secretFolder: string): Promise<string[]> {
  const view = (ownerHandle: string, path: string, name: string) =>
    admin.call('createDerivedAsset', {
      companyHandle,
      ownerHandle,
      folderHandle: `f|${path}`,
      name,
      type: 'AdjustedView',
      urlModifier: 'wid=10',
    });
  const set = async (path: string, name: string) => {
    const made = await admin.call('createImageSet', {
      companyHandle,
      folderHandle: `f|${path}`,
      name,
      type: 'ImageSet',
      thumbAssetHandle: secret,
    });
    const memberArray = [secret, image].map((assetHandle) => ({ assetHandle, pageReset: true }));
    await admin.call('setImageSetMembers', { companyHandle, ...made, memberArray });
    return made.assetHandle;
  };
  await view(secret, OPEN, 'view of the secret');
  await set(OPEN, 'set with the secret');
  await admin.call('batchSetThumbAsset', {
    companyHandle,
    updateArray: [{ assetHandle: image, thumbAssetHandle: secret }],
  });
  const template = await admin.call('createTemplate', {
    companyHandle,
    folderHandle: `f|${secretFolder}`,
    name: `${SECRET}-template`,
    type: 'Template',
    urlModifier: 'layer=0&src=open',
  });
  return [
    (await view(image, secretFolder, `${SECRET}-view`)).assetHandle,
    await set(secretFolder, `${SECRET}-set`),
    template.assetHandle,
  ];
}

/** Jobs about what is secret: a scheduled one, an active one, and some that have ended, with errors as well. */
async function submitJobs(secret: string, secretFolder: string): Promise<void> {
  const emailSetting = 'None';
  const upload = { overwrite: true, readyForPublish: true, createMask: false, emailSetting };
  const failing = {
    ...upload,
    urlArray: [{ sourceUrl: 'http://127.0.0.1:9/x.png', destPath: `${secretFolder}${SECRET}-file.png` }],
  };
  const exported = { assetHandleArray: [secret], fmt: 'orig', emailSetting };
  const execSchedule = '0 0 3 1 1 ? 2099';
  await admin.call('submitJob', { companyHandle, jobName: 'failing', uploadUrlsJob: failing });
  await admin.call('submitJob', { companyHandle, jobName: 'exporting', exportJob: exported });
  await admin.call('submitJob', {
    companyHandle,
    jobName: 'publishing',
    imageServingPublishJob: { publishType: 'Full', emailSetting },
  });
  for (const name of ['failing', 'exporting', 'publishing']) await endedJob(admin, companyHandle, name);
  await admin.call('submitJob', { companyHandle, jobName: 'later', execSchedule, uploadUrlsJob: failing });
  await admin.call('submitJob', { companyHandle, jobName: 'nightly', execSchedule, exportJob: exported });
  await admin.call('uploadPost', { companyHandle, jobName: 'uploading', uploadParams: upload });
}

/** What is secret in an answer, but not in the request. */
function leaks(request: string, answer: string): string[] {
  const names = request.includes(SECRET)
    ? []
    : (answer.match(new RegExp(`.{0,80}${SECRET}.{0,80}`, 's')) ?? []);
  const handles = secrets.filter((handle) => {
    // `a|12` is not in `a|123`.
    const pattern = new RegExp(`${handle.replaceAll(/[|.]/g, String.raw`\$&`)}(?!\\d)`);
    return pattern.test(answer) && !pattern.test(request);
  });
  return [...names, ...handles];
}

const withCompany = (operation: string, input: object): object =>
  inputFields(contractOf(operation), operation).includes('companyHandle')
    ? { companyHandle, ...input }
    : input;

const isSafe = (operation: string): boolean =>
  handledContract.operations[operation as OperationName]?.idempotency === 'safe';

async function answerTo(
  operation: string,
  role: (typeof ROLES)[number],
  input: object,
): Promise<{ readonly request: string; readonly answer: string }> {
  const codec = contractOf(operation) === contract ? CODEC : LATER;
  const header = { user: `${role}@example.com`, password, appName: 'tests', appVersion: '1' };
  // The names of operations come from the contract of the codec.
  const request = codec.encodeRequest(operation as 'stopJob', input as never, { header });
  const { status, body } = await post(server.url, request, { operation });
  isChanged ||= status === 200 && !isSafe(operation);
  return { request, answer: body };
}

it('there are secrets', () => {
  expect(secrets.filter((handle) => handle !== '')).toHaveLength(8);
  expect(new Set(secrets).size).toBe(8);
});

describe('nothing secret is in the answer of', () => {
  it.each(OPERATIONS)('%s', async (operation) => {
    const found: string[] = [];
    // Contributor users may call everything that the others may. What one of them has changed, others would not find.
    for (const role of isSafe(operation) ? ROLES : (['ImagePortalContribUser'] as const)) {
      for (const objects of [hidden, open]) {
        const input = filledInput(contractOf(operation), operation, objects);
        const { request, answer } = await answerTo(operation, role, input);
        found.push(...leaks(request, answer).map((leak) => `${role}: ${leak}`));
      }
    }
    expect(found).toEqual([]);
  });

  it.each<[OperationName, object]>([
    ['getFolders', {}],
    ['getFolderTree', { depth: -1 }],
    ['searchAssets', { includeSubfolders: true, trashState: 'Any' }],
    [
      'searchAssetsByMetadata',
      { filters: { projectHandle: 'p|6|Spring' }, responseMetadataArray: ['Season'] },
    ],
    ['getAssetsByName', { nameArray: ['open', 'set with the secret', 'view of the secret'] }],
    ['getScheduledJobs', {}],
    ['getActiveJobs', { includeWaitingJobs: true }],
    ['getJobLogs', {}],
    ...['failing', 'exporting', 'publishing', 'uploading'].map((originalName): [OperationName, object] => [
      'getJobLogDetails',
      { originalName },
    ]),
    ...['later', 'nightly', 'uploading'].flatMap((name): [OperationName, object][] =>
      (['stopJob', 'executeJob', 'pauseJob', 'resumeJob', 'deleteJob'] as const).map((operation) => [
        operation,
        { jobHandle: `j|6|${name}|` },
      ]),
    ),
    ['getUserInfo', { email: `${SECRET.toLowerCase()}@example.com` }],
    ['deleteFolder', { folderHandle: `f|${OPEN}` }],
    ['createFolder', { folderPath: `SampleCompany/${SECRET.toLowerCase()}/New/` }],
  ])('%s %j', async (operation, input) => {
    for (const role of isSafe(operation) ? ROLES : (['ImagePortalContribUser'] as const)) {
      const { request, answer } = await answerTo(operation, role, withCompany(operation, input));
      expect(leaks(request, answer)).toEqual([]);
    }
  });

  it('every operation about one of the assets that are open', async () => {
    const { assetArray = [] } = await admin.call('searchAssets', {
      companyHandle,
      includeSubfolders: false,
      folder: OPEN,
    });
    expect(assetArray.length).toBeGreaterThanOrEqual(3);
    const found: string[] = [];
    for (const operation of ['getAssociatedAssets', 'getImageSetMembers', 'getAssetJobLogs'] as const) {
      for (const { assetHandle = '' } of assetArray) {
        const input = { companyHandle, assetHandle };
        const { request, answer } = await answerTo(operation, 'ImagePortalContribUser', input);
        found.push(...leaks(request, answer).map((leak) => `${operation}: ${leak}`));
      }
    }
    expect(found).toEqual([]);
  });

  // Otherwise, everything above would pass without a check.
  it.each<[OperationName, object]>([
    ['searchAssets', { includeSubfolders: true }],
    ['getScheduledJobs', {}],
    ['getJobLogDetails', { originalName: 'failing' }],
    ['getFolders', {}],
    ['getUserInfo', { email: `${SECRET.toLowerCase()}@example.com` }],
  ])('%s for an administrator, who sees it', async (operation, input) => {
    const body: string[] = [];
    const seeing = connect(server, server.admin, (_name, answer) => body.push(answer));
    // The types cannot connect a name of a table with its input; the server checks both.
    await seeing.call(operation as 'searchAssets', withCompany(operation, input) as never);
    expect(leaks('', body.join(''))).not.toEqual([]);
  });
});

describe('whether a name is taken', () => {
  const taken = async (connection: Connection, ...assetNameArray: string[]) =>
    (await connection.call('checkAssetNames', { companyHandle, assetNameArray })).inUseNameArray;
  const names = ['OPEN', `${SECRET.toLowerCase()}-image`, 'free'];

  it('is said of readable assets to users who cannot create any', async () => {
    expect(await taken(as('ImagePortalUser'), ...names)).toEqual(['OPEN']);
  });

  it('is said of all assets to those who can create some, and learn it from the fault', async () => {
    for (const role of ['ImagePortalContrib', 'ImagePortalContribUser'] as const)
      expect(await taken(as(role), ...names)).toEqual(names.slice(0, 2));
    const set = { companyHandle, folderHandle: open.folder, name: names[1] ?? '', type: 'ImageSet' };
    expect(await as('ImagePortalContrib').fault('createImageSet', set)).toMatchObject({
      reason: `Asset ID '${names[1]}' is already in use.`,
    });
  });

  it('is not said of other assets without a folder to create some in', async () => {
    isChanged = true;
    const { groupArray } = await admin.call('getGroups', { companyHandle });
    const { groupHandle = '' } = groupArray.find(({ name }) => name === 'Visitors') ?? {};
    await admin.call('updateFolderPermissions', {
      companyHandle,
      folderHandle: open.folder,
      updateChildren: true,
      updateArray: [{ groupHandle, permissionType: 'Write', isAllowed: false, isOverride: true }],
    });
    expect(await taken(as('ImagePortalContribUser'), ...names)).toEqual(['OPEN']);
  });
});

it('whether there is another user is not said to those who manage none', async () => {
  for (const name of [SECRET.toLowerCase(), 'nobody']) {
    const email = `${name}@example.com`;
    expect(await as('ImagePortalContrib').fault('getUserInfo', { email })).toMatchObject({
      code: 20003,
      reason: expect.stringContaining(`'${email}'`),
    });
  }
  const own = await as('ImagePortalContrib').call('getUserInfo', { email: 'imageportalcontrib@EXAMPLE.com' });
  expect(own.userInfo.email).toBe('ImagePortalContrib@example.com');
});

it('a folder that is not deleted does not show what hidden thing is in it', async () => {
  const fault = await as('ImagePortalContribUser').fault('deleteFolder', {
    companyHandle,
    folderHandle: open.folder,
  });
  expect(fault).toMatchObject({
    code: 20009,
    reason: `folderHandle: missing Read and Delete permission on what is in folder '${open.folder}'`,
  });
});
