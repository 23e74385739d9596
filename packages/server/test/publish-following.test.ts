// What is made of other assets: views, templates and sets are published, and follow what they are made of.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobLog } from '@ips-sdk/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { messagesOf, runJob } from './support/jobs.js';
import { BLUE, distance, look, plain, RED } from './support/pictures.js';
import { storeAssets } from './support/stored-assets.js';

const companyHandle = 'c|6';
const folderHandle = 'f|SampleCompany/';
const dataDir = mkdtempSync(join(tmpdir(), 'ips-following-'));
let server: IpsServer;
let admin: Connection;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', dataDir });
  admin = connect(server);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  await server.reset();
  await storeAssets(server, dataDir, [
    { ...image, content: await plain(200, 100, RED).png().toBuffer() },
    { id: 2002, name: 'blue', type: 'Image', content: 'blue', fileName: 'blue.tif' },
    { id: 2003, name: 'clip', type: 'Video', content: 'clip', fileName: 'clip.mp4', thumb_asset_id: 2001 },
  ]);
});

const image = { id: 2001, name: 'red', type: 'Image', media_type: 'image/png', fileName: 'red.png' } as const;

let jobs = 0;
const publish = (publishType: 'Full' | 'Incremental' = 'Incremental'): Promise<JobLog> => {
  jobs += 1;
  return runJob(admin, companyHandle, {
    jobName: `publish ${jobs}`,
    imageServingPublishJob: { publishType, emailSetting: 'None' },
  });
};
const sent = (log: JobLog) => messagesOf(log, 'ImageServingPublishSuccess', 'ImageServingPublishWarning');
const get = (path: string) => fetch(`${server.url}/is/${path}`);
const mark = (assetHandle: string) =>
  admin.call('setAssetPublishState', { companyHandle, assetHandle, publishState: 'MarkedForPublish' });
const rename = (assetHandle: string, newName: string) =>
  admin.call('renameAsset', { companyHandle, assetHandle, newName, validateName: true });
const picture = async (path: string) => {
  const response = await get(`image/SampleCompany/${path}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return look(new Uint8Array(await response.arrayBuffer()));
};

async function makeView(): Promise<string> {
  const { assetHandle } = await admin.call('createDerivedAsset', {
    companyHandle,
    ownerHandle: 'a|2001',
    folderHandle,
    name: 'redview',
    type: 'AdjustedView',
    urlModifier: 'crop=0,0,50,50&wid=400',
    urlPostApplyModifier: 'wid=20',
  });
  await mark(assetHandle);
  return assetHandle;
}

describe('a view', () => {
  it('is published as the image of its owner with its own commands', async () => {
    await makeView();
    expect(sent(await publish('Full'))).toContain(
      'redview was published: the image red with the commands of the view.',
    );
    // The crop makes it a square, and the later modifier wins over the request.
    const shown = await picture('redview?wid=300');
    expect([shown.width, shown.height]).toEqual([20, 20]);
    expect(distance(shown.at(10, 10), RED)).toBeLessThan(12);
  });

  it('follows its owner without being changed itself', async () => {
    await makeView();
    await publish();
    expect(sent(await publish())).toEqual([]);
    await storeAssets(server, dataDir, [
      { ...image, content: await plain(200, 100, BLUE).png().toBuffer(), version: 2 },
    ]);
    expect(sent(await publish())).toEqual(['red was published.', expect.stringContaining('redview')]);
    expect(distance((await picture('redview')).at(10, 10), BLUE)).toBeLessThan(12);
  });

  it('is taken back when its owner is deleted', async () => {
    await makeView();
    await publish();
    await admin.call('deleteAsset', { companyHandle, assetHandle: 'a|2001' });
    expect(messagesOf(await publish(), 'ImageServingPublishCleanupSuccess')).toEqual([
      'red was removed.',
      'redview was removed.',
    ]);
    expect((await get('image/SampleCompany/redview')).status).toBe(404);
  });
});

describe('a template', () => {
  it.each(['Template', 'Watermark'])('of the type %s is published with its commands', async (type) => {
    const { assetHandle } = await admin.call('createTemplate', {
      companyHandle,
      folderHandle,
      name: 'promo',
      type,
      urlModifier: 'layer=0&src=SampleCompany/red&layer=1&text=Sale',
      urlPostApplyModifier: 'qlt=90',
    });
    await mark(assetHandle);
    expect(sent(await publish('Full'))).toContain(
      'promo was published: its commands, because this server does not render template layers.',
    );
    expect(await (await get('content/SampleCompany/promo')).text()).toBe(
      'Modifier=layer=0&src=SampleCompany/red&layer=1&text=Sale\nPostModifier=qlt=90\n',
    );
    const drawn = await get('image/SampleCompany/promo');
    expect(drawn.status).toBe(404);
    expect(await drawn.text()).toContain('not an image');
    await admin.call('setUrlModifier', { companyHandle, assetHandle, urlModifier: 'layer=0' });
    await publish();
    expect(await (await get('content/SampleCompany/promo')).text()).toBe(
      'Modifier=layer=0\nPostModifier=qlt=90\n',
    );
  });
});

describe('a set with members', () => {
  const make = async (...members: string[]) => {
    const { assetHandle } = await admin.call('createImageSet', {
      companyHandle,
      folderHandle,
      name: 'shoe',
      type: 'ImageSet',
    });
    await admin.call('setImageSetMembers', {
      companyHandle,
      assetHandle,
      memberArray: members.map((member) => ({ assetHandle: member, pageReset: true })),
    });
    await mark(assetHandle);
    return assetHandle;
  };
  const list = async () => (await get('content/SampleCompany/shoe')).text();

  it('follows the names of its members', async () => {
    await make('a|2002', 'a|2001');
    await publish();
    await rename('a|2001', 'crimson');
    expect(sent(await publish())).toEqual(['crimson was published.', 'shoe was published.']);
    expect(await list()).toBe('SampleCompany/blue,SampleCompany/crimson');
    expect(sent(await publish())).toEqual([]);
  });

  it('is published without members that are in the trash, and with them when they are restored', async () => {
    await make('a|2002', 'a|2001');
    await publish();
    await admin.call('deleteAsset', { companyHandle, assetHandle: 'a|2002' });
    expect(sent(await publish())).toEqual([
      'shoe: the set is published without members that are in the trash: blue',
    ]);
    expect(await list()).toBe('SampleCompany/red');
    await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: ['a|2002'] });
    await publish();
    expect(await list()).toBe('SampleCompany/blue,SampleCompany/red');
  });
});

describe('a set with a definition', () => {
  const definitionOf = (field: string) =>
    [
      `\${getCatalogId([a|2001|1|2001])};1,\${getFilePath([a|2003])}`,
      `\${getThumbCatalogId([a|2001])};\${getThumbCatalogId([a|2003])};\${getThumbCatalogId([a|2004])}`,
      `\${getMetadata([a|2001], [${field}])};\${getMetaData([a|2002],[${field}])}`,
      `plain \${text} \${other([a|1])} $x$`,
    ].join('|');

  it('is published with its substitutions resolved, and all other text as it is', async () => {
    await storeAssets(server, dataDir, [{ id: 2004, name: 'bare', type: 'Video', content: 'bare' }]);
    const { fieldHandle } = await admin.call('createMetadataField', {
      companyHandle,
      assetType: 'Asset',
      name: 'Shot',
      fieldType: 'Date',
      isEnforced: false,
      isHidden: false,
    });
    await admin.call('setAssetMetadata', {
      companyHandle,
      assetHandle: 'a|2001',
      updateArray: [{ fieldHandle, dateVal: '2009-07-03T10:05:53.000Z' }],
    });
    const { assetHandle } = await admin.call('createAssetSet', {
      companyHandle,
      folderHandle,
      name: 'mixed',
      subType: 'MediaSet',
      setDefinition: definitionOf(fieldHandle),
    });
    await mark(assetHandle);
    await publish('Full');
    const text = async () => (await get('content/SampleCompany/mixed')).text();
    expect(await text()).toBe(
      [
        'SampleCompany/red;1,SampleCompany/clip.mp4',
        'SampleCompany/red;SampleCompany/red;',
        '20090703 10:05:53;',
        `plain \${text} \${other([a|1])} $x$`,
      ].join('|'),
    );
    await rename('a|2001', 'crimson');
    expect(sent(await publish())).toEqual(['crimson was published.', 'mixed was published.']);
    expect(await text()).toContain('SampleCompany/crimson;1,');
    await admin.call('deleteAsset', { companyHandle, assetHandle: 'a|2003' });
    expect(sent(await publish())).toEqual([expect.stringContaining('in the trash or deleted: a|2003')]);
    expect(await text()).toContain('SampleCompany/crimson;1,|');
  });

  it('shows an image itself, and the thumbnail of anything else', async () => {
    const place = { companyHandle, folderHandle };
    const { assetHandle: template } = await admin.call('createTemplate', {
      ...place,
      name: 'banner',
      type: 'Template',
      urlModifier: 'layer=0&size=10,10',
    });
    const { assetHandle: view } = await admin.call('createDerivedAsset', {
      ...place,
      ownerHandle: 'a|2001',
      name: 'detail',
      type: 'AdjustedView',
    });
    const { assetHandle } = await admin.call('createAssetSet', {
      ...place,
      name: 'shown',
      subType: 'MediaSet',
      setDefinition: `\${getThumbCatalogId([${view}])};\${getThumbCatalogId([${template}])}`,
    });
    await mark(assetHandle);
    await publish();
    const text = async () => (await get('content/SampleCompany/shown')).text();
    expect(await text()).toBe('SampleCompany/detail;');
    await admin.call('batchSetThumbAsset', {
      companyHandle,
      updateArray: [{ assetHandle: template, thumbAssetHandle: 'a|2002' }],
    });
    await publish();
    expect(await text()).toBe('SampleCompany/detail;SampleCompany/blue');
  });

  it('refuses handles of nothing in every function', async () => {
    const define = (setDefinition: string) =>
      admin.fault('createAssetSet', {
        companyHandle,
        folderHandle,
        name: 'mixed',
        subType: 'MediaSet',
        setDefinition,
      });
    for (const text of [
      `\${getFilePath([a|99999])}`,
      `\${getCatalogd([a|99999])}`,
      `\${getThumbCatalogId([red])}`,
      `\${getMetadata([a|99999], [m|6|ASSET|None])}`,
      `\${getMetaData([a|2001], [m|6|ASSET|None])}`,
    ]) {
      expect(await define(text)).toMatchObject({
        code: 30001,
        reason: expect.stringContaining('setDefinition'),
      });
    }
    expect(await define(`\${getMetaData([a|2001])}`)).toMatchObject({ code: 30002 });
  });
});
