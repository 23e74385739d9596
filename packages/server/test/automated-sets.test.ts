// Jobs that make sets of assets whose names belong together, by the naming rules of property sets.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { parseNamingRule } from '../src/sets/naming-rule.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { messagesOf, runJob } from './support/jobs.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';

let server: IpsServer;
let admin: Connection;
let typeHandle: string;

serverForFile('instant', async (shared) => {
  server = shared;
  admin = connect(server);
});
/** Makes a script; answers its handle. */
async function script(properties: Readonly<Record<string, string>>): Promise<string> {
  const { setHandle } = await admin.call('createPropertySet', {
    typeHandle,
    primaryOwnerHandle: companyHandle,
    propertyArray: Object.entries(properties).map(([name, value]) => ({ name, value })),
  });
  return setHandle;
}

const details = (assetHandleArray: string[], autoSetsArray: string[], more: object = {}) => ({
  automatedSetGenerationJob: {
    assetHandleArray,
    readyForPublish: true,
    autoSetCreationOptions: { autoSetsArray },
    emailSetting: 'None',
    ...more,
  },
});

let jobs = 0;

const generate = (...given: Parameters<typeof details>) => {
  jobs += 1;
  return runJob(admin, companyHandle, { jobName: `Sets ${jobs}`, ...details(...given) });
};

/** The sets of a folder by their names, each with the names of its members. */
async function setsIn(folder: string): Promise<Record<string, string[]>> {
  const { assetArray } = await admin.call('searchAssets', {
    companyHandle,
    folder,
    includeSubfolders: false,
    assetTypeArray: ['ImageSet', 'SpinSet'],
    sortBy: 'Name',
  });
  const sets: Record<string, string[]> = {};
  for (const { name, assetHandle, type } of assetArray ?? []) {
    const { memberArray } = await admin.call('getImageSetMembers', {
      companyHandle,
      assetHandle: assetHandle ?? '',
    });
    sets[`${type} ${name}`] = memberArray.map(({ asset }) => asset?.name ?? '');
  }
  return sets;
}

describe('a naming rule', () => {
  it.each([
    ['{set}_{order}', 'red_shoe_10', { set: 'red_shoe', order: '10' }],
    ['{set}_{order}', 'red_shoe_front', undefined],
    ['{set}{order}', 'shoe007', { set: 'shoe', order: '007' }],
    ['{order}-{set}', '3-shoe', { set: 'shoe', order: '3' }],
    ['{set}_*', 'shoe_front', { set: 'shoe', order: undefined }],
    ['{set}.({order})', 'shoe.(2)', { set: 'shoe', order: '2' }],
    ['{set}.{order}', 'shoe_2', undefined],
  ])('%s finds in %s %j', (rule, name, place) => {
    expect(parseNamingRule(rule)?.(name)).toEqual(place);
  });

  it.each(['', 'shoe', '{order}', '{set}{set}', '{set}_{order}_{order}', '*{set}*'])(
    'is not the text "%s"',
    (text) => {
      expect(parseNamingRule(text)).toBeUndefined();
    },
  );
});

describe('a job that creates sets', () => {
  beforeEach(async () => {
    await server.reset();
    const type = { companyHandle, name: 'Sets', propertyType: 'CompanyProperty', allowMultiple: true };
    typeHandle = (await admin.call('createPropertySetType', type)).typeHandle;
  });

  it('groups assets by name, in the order of their numbers', async () => {
    const handles = await insertAssets(
      server,
      ['shoe_10', 'shoe_9', 'Shoe_1', 'hat_1', 'other'].map((name) => ({ name })),
    );
    const log = await generate([...handles, 'a|999999'], [await script({ namingRule: '{set}_{order}' })], {
      destFolder: 'Sets/',
    });
    expect(log).toMatchObject({
      fileSuccessCount: 2,
      fileWarningCount: 1,
      fileErrorCount: 1,
      totalFileCount: 4,
      fatalError: false,
    });
    expect(messagesOf(log, 'ReturnSuccess')).toEqual([
      'The set SampleCompany/Sets/shoe was created.',
      'The set SampleCompany/Sets/hat was created.',
    ]);
    expect(messagesOf(log, 'GetFailure')).toEqual([
      'other: no script matches the name',
      expect.stringContaining('the asset does not exist'),
    ]);
    expect(await setsIn('SampleCompany/Sets/')).toEqual({
      'ImageSet hat': ['hat_1'],
      'ImageSet shoe': ['Shoe_1', 'shoe_9', 'shoe_10'],
    });
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: ['shoe'] });
    expect(assetArray).toMatchObject([{ type: 'ImageSet', readyForPublish: true }]);
  });

  it('adds to a set what it lacks, and leaves complete ones alone', async () => {
    const handles = await insertAssets(
      server,
      ['shoe_2', 'shoe_3', 'shoe_1'].map((name) => ({ name })),
    );
    const rule = await script({ namingRule: '{set}_{order}', setType: 'SpinSet' });
    await generate(handles.slice(0, 2), [rule]);
    expect(await generate(handles, [rule])).toMatchObject({ fileUpdateCount: 1, fileSuccessCount: 0 });
    const again = await generate(handles, [rule]);
    expect(again).toMatchObject({ fileDuplicateCount: 1, fileUpdateCount: 0, totalFileCount: 1 });
    expect(await setsIn('SampleCompany/')).toEqual({ 'SpinSet shoe': ['shoe_2', 'shoe_3', 'shoe_1'] });
  });

  it('creates the sets of each script, and orders members by name if a rule has no number', async () => {
    const handles = await insertAssets(
      server,
      ['shoe_side', 'shoe_back'].map((name) => ({ name })),
    );
    await generate(handles, [
      await script({ namingRule: '{set}_*' }),
      await script({ namingRule: '*_{set}', setType: 'SpinSet' }),
    ]);
    expect(await setsIn('SampleCompany/')).toEqual({
      'ImageSet shoe': ['shoe_back', 'shoe_side'],
      'SpinSet back': ['shoe_back'],
      'SpinSet side': ['shoe_side'],
    });
  });

  it('creates no set whose name another asset has, and says so', async () => {
    const handles = await insertAssets(server, [{ name: 'shoe_1' }, { name: 'shoe' }]);
    const log = await generate(handles.slice(0, 1), [await script({ namingRule: '{set}_{order}' })]);
    expect(log).toMatchObject({ fileErrorCount: 1, fileSuccessCount: 0, fatalError: false });
    expect(messagesOf(log, 'GetFailure')).toEqual([
      expect.stringContaining('shoe: another asset has this name'),
    ]);
    expect(await setsIn('SampleCompany/')).toEqual({});
  });

  it('is refused without scripts of its company that this server can read', async () => {
    const [asset = ''] = await insertAssets(server, [{ name: 'shoe_1' }]);
    const refused = async (...given: Parameters<typeof details>) =>
      (await admin.fault('submitJob', { companyHandle, jobName: 'Refused', ...details(...given) })).reason;
    const good = await script({ namingRule: '{set}_{order}' });
    expect(await refused([asset], [])).toContain('autoSetsArray');
    expect(await refused([asset], [good, 'ps|99999'])).toContain('autoSetsArray/items[1]');
    expect(await refused([asset], [await script({ script: 'made for the service' })])).toContain(
      'a naming rule with {set} once',
    );
    expect(await refused([asset], [await script({ namingRule: '{set}', setType: 'Image' })])).toContain(
      'setType',
    );
    expect(await refused([asset], [good], { destFolder: '../..' })).toContain('destFolder');
    expect(await refused([], [good])).toContain('assetHandleArray');
    expect(await refused(['nonsense'], [good])).toContain('assetHandleArray');

    await server.seed({ companies: [{ name: 'Other' }] });
    const { companyInfo } = await admin.call('getCompanyInfo', { companyName: 'Other' });
    const foreign = await admin.call('createPropertySetType', {
      companyHandle: companyInfo.companyHandle,
      name: 'Sets',
      propertyType: 'CompanyProperty',
      allowMultiple: true,
    });
    const { setHandle } = await admin.call('createPropertySet', {
      typeHandle: foreign.typeHandle,
      primaryOwnerHandle: companyInfo.companyHandle,
      propertyArray: [{ name: 'namingRule', value: '{set}_{order}' }],
    });
    expect(await refused([asset], [setHandle])).toContain('autoSetsArray/items[0]');
  });

  it('fails when a script is gone by the time it runs', async () => {
    const [asset = ''] = await insertAssets(server, [{ name: 'shoe_1' }]);
    const rule = await script({ namingRule: '{set}_{order}' });
    await admin.call('submitJob', {
      companyHandle,
      jobName: 'Later',
      execTime: '2090-01-01T00:00:00Z',
      ...details([asset], [rule]),
    });
    await admin.call('deletePropertySet', { setHandle: rule });
    await admin.call('executeJob', { companyHandle, jobHandle: 'j|6|Later|' });
    const { jobLogArray } = await admin.call('getJobLogDetails', { companyHandle, originalName: 'Later' });
    expect(jobLogArray).toMatchObject([{ fatalError: true }]);
  });

  it('is needed for sets: an upload creates none, and says so', async () => {
    const log = await runJob(admin, companyHandle, {
      jobName: 'Upload',
      uploadUrlsJob: {
        urlArray: [{ sourceUrl: 'http://127.0.0.1/shoe_1.png', destPath: 'SampleCompany/' }],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        autoSetCreationOptions: { autoSetsArray: [await script({ namingRule: '{set}_{order}' })] },
        emailSetting: 'None',
      },
    });
    expect(messagesOf(log, 'UploadWarning')).toEqual([
      'no set was created: uploads to this server do not create sets; use automatedSetGenerationJob',
    ]);
  });
});
