import { longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';

const folderHandle = 'SampleCompany/';

/** Samples of assets that are made of others, and of their commands. */
export const derivedAssetReproductions: Reproductions = {
  copyImage: {
    run: async ({ asset, companyHandle }, send) => {
      const assetHandle = longForm(await asset('sample-copied'));
      await send({ companyHandle, assetHandle, folderHandle, name: 'Copy_of_sample', urlModifier: '' });
    },
  },
  createDerivedAsset: {
    run: async ({ asset, companyHandle }, send) => {
      await send({
        companyHandle,
        ownerHandle: longForm(await asset('sample-owner')),
        folderHandle,
        name: 'SampleView',
        type: 'AdjustedView',
        // Arbitrary, as those of the page.
        urlModifier: 'paint=red',
        urlPostApplyModifier: 'mood=bright',
      });
    },
  },
  createTemplate: {
    run: ({ companyHandle }, send) =>
      send({
        companyHandle,
        folderHandle,
        name: 'SampleTemplate',
        type: 'Template',
        urlModifier: 'paint=red',
        urlPostApplyModifier: 'mood=bright',
      }),
  },
  replaceImage: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const assetHandle = await asset('sample-replaced');
      const answer = await send({
        companyHandle,
        assetHandle: longForm(assetHandle),
        urlModifier: 'mood=none',
      });
      expect(answer).toEqual({ assetHandle });
    },
  },
  setUrlModifier: {
    run: async ({ asset, companyHandle }, send) => {
      await send({
        companyHandle,
        assetHandle: longForm(await asset('sample-modified')),
        urlModifier: 'paint=blue',
        urlPostApplyModifier: 'mood=calm',
      });
    },
  },
};
