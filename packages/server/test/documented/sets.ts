import type { ServerWorld } from '../facts/fact.js';
import { firstForm, longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';

/** Samples of sets. */
export const setReproductions: Reproductions = {
  createAssetSet: {
    run: async ({ connection, companyHandle, expect }, send) => {
      await connection.call('createFolder', { companyHandle, folderPath: 'SampleSets' });
      const { assetHandle } = await send({
        companyHandle,
        folderHandle: 'f|SampleCompany/SampleSets/',
        name: 'sampleAssetSet',
        subType: 'MixedMedia',
      });
      expect(assetHandle).toMatch(/^a\|\d+$/);
    },
  },
  createImageSet: {
    run: (_world, send) =>
      send({
        companyHandle: '6',
        folderHandle: 'SampleCompany/',
        name: 'Sample of a set',
        type: 'ImageSet',
      }),
  },
  getImageSetMembers: {
    run: async (world, send) => {
      const answer = await send({
        companyHandle: '6',
        assetHandle: firstForm(await imageSet(world, 'SampleEmpty')),
      });
      world.expect(answer).toEqual({ memberArray: [] });
    },
  },
  setAssetSetDefinition: {
    run: async (world, send) => {
      const { connection, companyHandle } = world;
      const one = longForm(await world.asset('sample-defined-1'));
      const two = longForm(await world.asset('sample-defined-2'));
      const set = longForm(await imageSet(world, 'SampleDefined'));
      const assetHandle = longForm(await assetSet(world, 'SampleDefinition'));
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Asset',
        name: 'SampleDay',
        fieldType: 'Date',
      });
      await send({
        companyHandle,
        assetHandle,
        setDefinition: [
          `\${getCatalogId([${one}])};\${getCatalogId([${one}])};1;first,`,
          `\${getCatalogId([${two}])};\${getCatalogId([${two}])};1,\${getCatalogId([${set}])};`,
          `\${getCatalogId([${set}])};1,\${getFilePath([${one}])};\${getCatalogId([ ${two}])};`,
          // The page writes the name of the function in two ways.
          `2;\${getMetadata([${two}], [${fieldHandle}])}`,
        ].join(' \n   '),
      });
    },
  },
  setImageSetMembers: {
    run: async (world, send) => {
      const assetHandle = firstForm(await imageSet(world, 'SampleFilled'));
      const member = firstForm(await world.asset('sample-member'));
      await send({
        companyHandle: '6',
        assetHandle,
        memberArray: [{ assetHandle: member, pageReset: true }],
      });
    },
  },
  updateAssetSet: {
    run: async (world, send) => {
      const part = (handle: string) =>
        `\${getCatalogId([${handle}])};\${getCatalogId([${handle}])};advanced_image;`;
      const assetHandle = await assetSet(world, 'SampleRedefined');
      const images: string[] = [];
      for (const name of ['sample-part-1', 'sample-part-2', 'sample-part-3']) {
        images.push(await world.asset(name));
      }
      await send({
        companyHandle: world.companyHandle,
        assetHandle,
        setDefinition: images.map(part).join(','),
        thumbAssetHandle: images[0],
      });
    },
  },
  updateImageSet: {
    run: async (world, send) => {
      const assetHandle = await imageSet(world, 'SampleChanged');
      const members: string[] = [];
      for (const name of ['sample-page-1', 'sample-page-2', 'sample-page-3']) {
        members.push(await world.asset(name));
      }
      await send({
        companyHandle: world.companyHandle,
        assetHandle,
        memberArray: members.map((member) => ({ assetHandle: member, pageReset: false })),
        thumbAssetHandle: members[2],
      });
    },
  },
};

async function imageSet({ connection, companyHandle }: ServerWorld, name: string): Promise<string> {
  const place = { companyHandle, folderHandle: 'f|SampleCompany/' };
  return (await connection.call('createImageSet', { ...place, name, type: 'ImageSet' })).assetHandle;
}

async function assetSet({ connection, companyHandle }: ServerWorld, name: string): Promise<string> {
  const place = { companyHandle, folderHandle: 'f|SampleCompany/' };
  return (await connection.call('createAssetSet', { ...place, name, subType: 'MixedMedia' })).assetHandle;
}
