import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForEachTest } from './support/shared-server.js';

let server: IpsServer;
const companyHandle = 'c|6';
const admin = () => connect(server);
const SERVING = 'pc|3002';
const RENDERING = 'pc|3001';
const VIDEO = 'pc|3004';
const ALL = ['ImageRendering', 'ImageServing', 'ServerDirectory', 'Video'];
let red: string;
let blue: string;
let trashed: string;

serverForEachTest('instant', async (shared) => {
  server = shared;
  [red = '', blue = '', trashed = ''] = await plantAssets(server, [
    { name: 'red' },
    { name: 'blue' },
    { name: 'gone', trashState: 'InTrash' },
  ]);
});

/** The names of the contexts in which an asset is marked. */
const contextsOf = async (handle: string) =>
  (
    await admin().call('batchGetAssetPublishContexts', { companyHandle, assetHandleArray: [handle] })
  ).assetPublishContextsArray[0]?.publishContextArray.map(({ contextName }) => contextName);

const isReady = async (handle: string) =>
  (await admin().call('getAssets', { companyHandle, assetHandleArray: [handle] })).assetArray?.[0]
    ?.readyForPublish;

describe('setAssetPublishState', () => {
  it('marks an asset in every context, and removes the mark', async () => {
    expect(await contextsOf(red)).toEqual([]);
    await admin().call('setAssetPublishState', {
      companyHandle,
      assetHandle: red,
      publishState: 'MarkedForPublish',
    });
    expect(await contextsOf(red)).toEqual(ALL);
    expect(await isReady(red)).toBe(true);
    await admin().call('setAssetPublishState', {
      companyHandle,
      assetHandle: red,
      publishState: 'NotMarkedForPublish',
    });
    expect(await contextsOf(red)).toEqual([]);
    expect(await isReady(red)).toBe(false);
  });

  it('marks it only in the named contexts', async () => {
    await admin().call('setAssetPublishState', {
      companyHandle,
      assetHandle: red,
      publishState: 'MarkedForPublish',
      contextHandleArray: [SERVING, VIDEO],
    });
    expect(await contextsOf(red)).toEqual(['ImageServing', 'Video']);
    // A state for all contexts replaces those of single ones.
    await admin().call('setAssetPublishState', {
      companyHandle,
      assetHandle: red,
      publishState: 'MarkedForPublish',
    });
    expect(await contextsOf(red)).toEqual(ALL);
  });

  it.each([
    [{ publishState: 'Perhaps' }, 30001, 'publishState'],
    [{ assetHandle: 'a|77' }, 30001, 'assetHandle'],
    [{ contextHandleArray: ['pc|1'] }, 30001, 'contextHandleArray[0]'],
  ])('refuses %j', async (wrong, code, path) => {
    const fault = await admin().fault('setAssetPublishState', {
      companyHandle,
      assetHandle: red,
      publishState: 'MarkedForPublish',
      ...wrong,
    });
    expect(fault.code).toBe(code);
    expect(fault.reason).toContain(path);
  });

  it('refuses what is in the trash', async () => {
    expect(
      await admin().fault('setAssetPublishState', {
        companyHandle,
        assetHandle: trashed,
        publishState: 'MarkedForPublish',
      }),
    ).toMatchObject({ code: 30000 });
  });
});

describe('setAssetsPublishState', () => {
  it('sets each asset separately: failures do not affect others', async () => {
    const answer = await admin().call('setAssetsPublishState', {
      companyHandle,
      publishStateUpdateArray: [
        { assetHandle: red, publishState: 'MarkedForPublish' },
        { assetHandle: 'a|77', publishState: 'MarkedForPublish' },
        { assetHandle: trashed, publishState: 'MarkedForPublish' },
        { assetHandle: blue, publishState: 'Perhaps' },
      ],
    });
    expect(answer).toMatchObject({
      successCount: 1,
      warningCount: 0,
      errorCount: 3,
      errorDetailArray: [
        { assetHandle: 'a|77', code: 30001 },
        { assetHandle: trashed, code: 30000 },
        { assetHandle: blue, code: 30001 },
      ],
    });
    expect(await isReady(red)).toBe(true);
    expect(await isReady(blue)).toBe(false);
  });

  it('lets the last state of an asset count', async () => {
    await admin().call('setAssetsPublishState', {
      companyHandle,
      publishStateUpdateArray: [
        { assetHandle: red, publishState: 'MarkedForPublish' },
        { assetHandle: red, publishState: 'NotMarkedForPublish' },
      ],
    });
    expect(await isReady(red)).toBe(false);
  });

  it('does nothing for nothing', async () => {
    expect(
      await admin().call('setAssetsPublishState', { companyHandle, publishStateUpdateArray: [] }),
    ).toEqual({
      successCount: 0,
      warningCount: 0,
      errorCount: 0,
    });
  });
});

describe('setAssetsContextState', () => {
  it('counts every pair of an asset and a context', async () => {
    const answer = await admin().call('setAssetsContextState', {
      companyHandle,
      assetsContextStateUpdateArray: [red, blue].map((assetHandle) => ({
        assetHandle,
        contextStateUpdateArray: [
          { contextHandle: SERVING, publishState: 'MarkedForPublish' },
          { contextHandle: RENDERING, publishState: 'NotMarkedForPublish' },
          { contextHandle: VIDEO, publishState: 'MarkedForPublish' },
          { contextHandle: 'pc|3003', publishState: 'MarkedForPublish' },
        ],
      })),
    });
    expect(answer).toEqual({ successCount: 8, warningCount: 0, errorCount: 0 });
    expect(await contextsOf(blue)).toEqual(['ImageServing', 'ServerDirectory', 'Video']);
    expect(await isReady(blue)).toBe(false);
  });

  it('reports the pairs that failed, and sets the others', async () => {
    const answer = await admin().call('setAssetsContextState', {
      companyHandle,
      assetsContextStateUpdateArray: [
        {
          assetHandle: red,
          contextStateUpdateArray: [
            { contextHandle: SERVING, publishState: 'MarkedForPublish' },
            { contextHandle: 'pc|9', publishState: 'MarkedForPublish' },
          ],
        },
        {
          assetHandle: 'a|77',
          contextStateUpdateArray: [{ contextHandle: SERVING, publishState: 'MarkedForPublish' }],
        },
      ],
    });
    expect(answer).toMatchObject({ successCount: 1, errorCount: 2 });
    expect(answer.errorDetailArray?.map(({ assetHandle, code }) => [assetHandle, code])).toEqual([
      [red, 30001],
      ['a|77', 30001],
    ]);
    expect(await contextsOf(red)).toEqual(['ImageServing']);
  });
});

describe('publish contexts', () => {
  it('are listed, all of them or those of one type', async () => {
    const { publishContextArray } = await admin().call('getPublishContexts', { companyHandle });
    expect(publishContextArray.map(({ contextName }) => contextName)).toEqual(ALL);
    expect(await admin().call('getPublishContexts', { companyHandle, contextType: 'Video' })).toEqual({
      publishContextArray: [{ contextHandle: VIDEO, contextName: 'Video', contextType: 'Video' }],
    });
    expect(await admin().call('getActivePublishContexts', { companyHandle })).toEqual({ contextArray: ALL });
    for (const contextType of ['Nowhere', 'video', '']) {
      expect(await admin().fault('getPublishContexts', { companyHandle, contextType })).toMatchObject({
        code: 30001,
        reason: expect.stringContaining('contextType'),
      });
    }
  });

  it('of unknown assets are a fault', async () => {
    const fault = await admin().fault('batchGetAssetPublishContexts', {
      companyHandle,
      assetHandleArray: [red, 'a|77'],
    });
    expect(fault.code).toBe(30001);
    expect(fault.reason).toContain('assetHandleArray[1]');
  });

  it.each([
    ['getImageServingPublishSettings', 'setImageServingPublishSettings', SERVING, VIDEO],
    ['getImageRenderingPublishSettings', 'setImageRenderingPublishSettings', RENDERING, SERVING],
  ] as const)('have settings: %s, %s', async (get, set, own, other) => {
    expect(await admin().call(get, { companyHandle })).toEqual({ publishSettingArray: [] });
    const publishSettingArray = [
      { name: 'b', value: '1' },
      { name: 'a', handle: red },
    ];
    await admin().call(set, { companyHandle, publishSettingArray });
    expect(await admin().call(get, { companyHandle, contextHandle: own })).toEqual({ publishSettingArray });
    // Setting replaces them.
    await admin().call(set, { companyHandle, contextHandle: own, publishSettingArray: [{ name: 'c' }] });
    expect(await admin().call(get, { companyHandle })).toEqual({ publishSettingArray: [{ name: 'c' }] });
    expect(await admin().fault(get, { companyHandle, contextHandle: other })).toMatchObject({ code: 30001 });
    expect(
      await admin().fault(set, { companyHandle, publishSettingArray: [{ name: 'x' }, { name: 'x' }] }),
    ).toMatchObject({ code: 30001 });
  });
});

describe('what was published', () => {
  it('is nothing for an asset that never was', async () => {
    expect(await admin().call('getAssetPublishHistory', { companyHandle, assetHandle: red })).toEqual({
      pubHistoryArray: [],
    });
    expect(
      await admin().fault('getAssetPublishHistory', { companyHandle, assetHandle: 'a|77' }),
    ).toMatchObject({
      code: 30001,
    });
  });

  it('is listed once for each server and context, with the latest time', async () => {
    const snapshot = await server.snapshot();
    const row = (id: number, context_name: string, published_at: string) => ({
      id,
      asset_id: Number(red.slice(2)),
      context_name,
      server_name: 'one',
      published_at,
      user_email: 'admin@example.com',
    });
    await server.restore({
      ...snapshot,
      tables: {
        ...snapshot.tables,
        publish_history: [
          row(1, 'ImageServing', '2026-01-01T00:00:00Z'),
          row(2, 'ImageServing', '2026-01-03T00:00:00Z'),
          row(3, 'Video', '2026-01-02T00:00:00Z'),
        ],
      },
    });
    expect(await admin().call('getAssetPublishHistory', { companyHandle, assetHandle: red })).toEqual({
      pubHistoryArray: [
        { serverName: 'one', contextName: 'ImageServing', lastPublished: '2026-01-03T00:00:00.000Z' },
        { serverName: 'one', contextName: 'Video', lastPublished: '2026-01-02T00:00:00.000Z' },
      ],
    });
  });

  describe('is forgotten by forceRepublishAssets', () => {
    const versionAfter = async (input: object) => {
      const snapshot = await server.snapshot();
      await server.restore({
        ...snapshot,
        tables: {
          ...snapshot.tables,
          publications: [
            {
              company_id: 6,
              context_id: 3002,
              asset_id: Number(red.slice(2)),
              catalog_id: 'red',
              file: 'x',
              media_type: 'image/tiff',
              version: 5,
              published_at: '2026-01-01T00:00:00Z',
            },
          ],
        },
      });
      const answer = await admin().call('forceRepublishAssets', {
        companyHandle,
        assetHandleArray: [red, 'a|77'],
        ...input,
      });
      expect(answer).toMatchObject({ successCount: 1, errorCount: 1 });
      return (await server.snapshot()).tables['publications']?.[0]?.['version'];
    };

    it('so that the next publish sends the asset again', async () => {
      expect(await versionAfter({})).toBe(0);
      expect(await versionAfter({ republishFiles: false, resyncCatalog: true })).toBe(0);
    });

    it('unless neither files nor the catalog are wanted', async () => {
      expect(await versionAfter({ republishFiles: false })).toBe(5);
    });
  });
});
