import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on publishing. */
export const publishSamples: readonly DocumentedSample[] = [
  [
    'operations/r-batch-get-asset-publish-contexts',
    'batchGetAssetPublishContextsParam',
    { companyHandle: 'c|118', assetHandleArray: ['a|89060', 'a|89067'] },
  ],
  [
    'operations/r-batch-get-asset-publish-contexts',
    'batchGetAssetPublishContextsReturn',
    {
      assetPublishContextsArray: [
        {
          assetHandle: 'a|89060',
          publishContextArray: [
            { contextHandle: 'pc|1025', contextName: 'ImageServing', contextType: 'ImageServing' },
          ],
        },
        {
          assetHandle: 'a|89067',
          publishContextArray: [
            { contextHandle: 'pc|1039', contextName: 'Video', contextType: 'Video' },
            { contextHandle: 'pc|1018', contextName: 'ImageRendering', contextType: 'ImageRendering' },
          ],
        },
      ],
    },
  ],
  [
    'operations/r-get-asset-publish-history',
    'getAssetPublishHistoryParam',
    { companyHandle: 'c|3', assetHandle: 'a|135|1|756' },
  ],
  ['operations/r-get-asset-publish-history', 'getAssetPublishHistoryReturn', { pubHistoryArray: [] }],
  ['operations/r-get-publish-contexts', 'getPublishContextsParam', { companyHandle: 'c|118' }],
  [
    'operations/r-get-publish-contexts',
    'getPublishContextsReturn',
    {
      publishContextArray: [
        { contextHandle: 'pc|1018', contextName: 'ImageRendering', contextType: 'ImageRendering' },
        { contextHandle: 'pc|1025', contextName: 'ImageServing', contextType: 'ImageServing' },
        { contextHandle: 'pc|1032', contextName: 'ServerDirectory', contextType: 'ServerDirectory' },
        { contextHandle: 'pc|1039', contextName: 'Video', contextType: 'Video' },
      ],
    },
  ],
  [
    'operations/r-set-asset-publish-state',
    'setAssetPublishStateParam',
    { companyHandle: '40', assetHandle: '69880|1|19452', publishState: 'NotMarkedForPublish' },
  ],
  [
    'operations/r-set-asset-context-state',
    'setAssetsContextStateParam',
    {
      companyHandle: 'c|118',
      assetsContextStateUpdateArray: [
        {
          assetHandle: 'a|89060',
          contextStateUpdateArray: [
            { contextHandle: 'pc|1018', publishState: 'NotMarkedForPublish' },
            { contextHandle: 'pc|1025', publishState: 'MarkedForPublish' },
            { contextHandle: 'pc|1032', publishState: 'NotMarkedForPublish' },
            { contextHandle: 'pc|1039', publishState: 'NotMarkedForPublish' },
          ],
        },
        {
          assetHandle: 'a|89067',
          contextStateUpdateArray: [
            { contextHandle: 'pc|1018', publishState: 'MarkedForPublish' },
            { contextHandle: 'pc|1025', publishState: 'NotMarkedForPublish' },
            { contextHandle: 'pc|1032', publishState: 'NotMarkedForPublish' },
            { contextHandle: 'pc|1039', publishState: 'MarkedForPublish' },
          ],
        },
      ],
    },
  ],
  [
    'operations/r-set-asset-context-state',
    'setAssetsContextStateReturn',
    { successCount: 8, warningCount: 0, errorCount: 0 },
  ],
];
