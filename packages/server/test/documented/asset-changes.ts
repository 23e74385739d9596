import type { ServerWorld } from '../facts/fact.js';
import { firstForm, longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';
import { uploaded } from './uploaded.ts';

const BOTH = { successCount: 2, warningCount: 0, errorCount: 0 };
const ONE = { successCount: 1, warningCount: 0, errorCount: 0 };

/** Samples of changes to assets, and of their trash. */
export const assetChangeReproductions: Reproductions = {
  batchSetFontFields: {
    run: async (world, send) => {
      const assetHandle = longForm(
        await uploaded(world, 'sample-font.otf', Buffer.from('OTTO, a font of a sample')),
      );
      const answer = await send({
        companyHandle: world.companyHandle,
        updateArray: [
          {
            assetHandle,
            fontName: 'Sample Sans Name',
            postscriptName: 'Sample Sans PostScript',
            rtfName: 'Sample Sans RTF',
            fontFamily: 'Sample Sans Family',
            style: 'BoldItalic',
            typeName: 'Open Type',
            type: 'OTF',
          },
        ],
      });
      world.expect(answer).toEqual(ONE);
    },
  },
  batchSetIccProfileFields: {
    run: async (world, send) => {
      // What a profile is recognized by stands behind the first 36 bytes.
      const profile = Buffer.concat([Buffer.alloc(36), Buffer.from('acsp'), Buffer.alloc(88)]);
      const assetHandle = longForm(await uploaded(world, 'sample-printer.icc', profile));
      const answer = await send({
        companyHandle: world.companyHandle,
        updateArray: [{ assetHandle, class: 'Output', colorSpace: 'CMYK', pcsType: 'Luv' }],
      });
      world.expect(answer).toEqual(ONE);
    },
  },
  batchSetImageFields: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const answer = await send({
        companyHandle,
        updateArray: [
          {
            assetHandle: longForm(await asset('sample-fields-1')),
            resolution: 96,
            anchorX: 4,
            anchorY: 5,
            userData: 'left',
          },
          {
            assetHandle: longForm(await asset('sample-fields-2')),
            resolution: 300,
            anchorX: 5,
            anchorY: 4,
            userData: 'right',
          },
        ],
      });
      expect(answer).toEqual(BOTH);
    },
  },
  batchSetThumbAsset: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const assetHandle = await asset('sample-shown-as');
      const thumbAssetHandle = await asset('sample-thumb');
      expect(await send({ companyHandle, updateArray: [{ assetHandle, thumbAssetHandle }] })).toEqual(ONE);
    },
  },
  deleteAsset: {
    run: async ({ asset }, send) => {
      await send({ companyHandle: '6', assetHandle: firstForm(await asset('sample-deleted')) });
    },
  },
  deleteAssets: {
    run: async (world, send) => {
      const assetHandleArray = (await two(world, 'sample-deleted')).map(longForm);
      world.expect(await send({ companyHandle: world.companyHandle, assetHandleArray })).toEqual(BOTH);
    },
  },
  emptyAssetsFromTrash: {
    run: async (world, send) => {
      const { connection, companyHandle, expect } = world;
      const assetHandleArray = await two(world, 'sample-emptied');
      await connection.call('deleteAssets', { companyHandle, assetHandleArray });
      expect(await send({ companyHandle, assetHandleArray: assetHandleArray.map(longForm) })).toEqual(BOTH);
    },
  },
  moveAsset: {
    run: async ({ asset, connection, companyHandle }, send) => {
      const assetHandle = firstForm(await asset('sample-moved'));
      await connection.call('createFolder', { companyHandle, folderPath: 'Of a sample' });
      await send({ companyHandle: '6', assetHandle, folderHandle: 'SampleCompany/Of a sample/' });
    },
  },
  moveAssets: {
    run: async (world, send) => {
      const { connection, companyHandle, expect } = world;
      const assets = await two(world, 'sample-moved');
      await connection.call('createFolder', { companyHandle, folderPath: 'of-samples' });
      const folderHandle = 'SampleCompany/of-samples/';
      const assetMoveArray = assets.map((asset) => ({ assetHandle: longForm(asset), folderHandle }));
      expect(await send({ companyHandle, assetMoveArray })).toEqual(BOTH);
    },
  },
  renameAsset: {
    run: async ({ asset, connection, companyHandle, expect }, send) => {
      const assetHandle = await asset('sample-named');
      await send({
        companyHandle: '6',
        assetHandle: firstForm(assetHandle),
        newName: 'New name of a sample',
        validateName: true,
      });
      const { assetArray } = await connection.call('getAssets', {
        companyHandle,
        assetHandleArray: [assetHandle],
      });
      expect(assetArray?.[0]).toMatchObject({
        name: 'New name of a sample',
        fileName: 'New name of a sample.png',
      });
      // The physical path is not affected.
      expect(
        await connection.call('getOriginalFilePaths', { companyHandle, assetHandleArray: [assetHandle] }),
      ).toEqual({ originalFileArray: ['SampleCompany/sample-named.png'] });
    },
  },
  restoreAssetsFromTrash: {
    run: async (world, send) => {
      const { connection, companyHandle, expect } = world;
      const assetHandleArray = await two(world, 'sample-restored');
      await connection.call('deleteAssets', { companyHandle, assetHandleArray });
      expect(await send({ companyHandle, assetHandleArray: assetHandleArray.map(longForm) })).toEqual(BOTH);
    },
  },
  setAssetsContextState: {
    run: async (world, send) => {
      const { connection, companyHandle, expect } = world;
      const { publishContextArray } = await connection.call('getPublishContexts', { companyHandle });
      const [one = '', other = ''] = await two(world, 'sample-context');
      const states = (marked: readonly number[]) =>
        publishContextArray.map(({ contextHandle }, index) => ({
          contextHandle,
          publishState: marked.includes(index) ? 'MarkedForPublish' : 'NotMarkedForPublish',
        }));
      const answer = await send({
        companyHandle,
        assetsContextStateUpdateArray: [
          { assetHandle: one, contextStateUpdateArray: states([1]) },
          { assetHandle: other, contextStateUpdateArray: states([0, 3]) },
        ],
      });
      // Counts pairs of assets and contexts.
      expect(answer).toEqual({ successCount: 8, warningCount: 0, errorCount: 0 });
    },
  },
};

async function two({ asset }: ServerWorld, name: string): Promise<string[]> {
  return [await asset(`${name}-1`), await asset(`${name}-2`)];
}
