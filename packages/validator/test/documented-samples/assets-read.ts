import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on assets. */
export const assetsReadSamples: readonly DocumentedSample[] = [
  [
    'operations/r-check-asset-names',
    'checkAssetNamesParam',
    { companyHandle: 'c|8', assetNameArray: ['BOOT12', 'BOOT34'] },
  ],
  ['operations/r-check-asset-names', 'checkAssetNamesReturn', { inUseNameArray: ['BOOT34'] }],
  [
    'operations/r-get-assets-by-name',
    'getAssetsByNameParam',
    { companyHandle: 'c|2', nameArray: ['B777', 'IMG_0909'], assetTypeArray: ['Image'] },
  ],
  [
    'operations/r-get-assets-by-name',
    'getAssetsByNameReturn',
    {
      assetArray: [
        { assetHandle: 'a|481', type: 'Image', name: 'B777' },
        { assetHandle: 'a|334', type: 'Image', name: 'IMG_0909' },
      ],
    },
  ],
  [
    'operations/r-get-associated-assets',
    'getAssociatedAssetsParam',
    { companyHandle: 'c|88', assetHandle: 'a|390', responseFieldArray: ['containerArray/items/assetHandle'] },
  ],
  [
    'operations/r-get-associated-assets',
    'getAssociatedAssetsParam',
    {
      companyHandle: 'c|88',
      assetHandle: 'a|250',
      responseFieldArray: ['generatedArray/items/originator/assetHandle'],
    },
  ],
  [
    'operations/r-get-associated-assets',
    'getAssociatedAssetsReturn',
    { containerArray: [{ assetHandle: 'a|460' }] },
  ],
  [
    'operations/r-get-associated-assets',
    'getAssociatedAssetsReturn',
    {
      generatedArray: [
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
        { originator: { assetHandle: 'a|250' } },
      ],
    },
  ],
  [
    'operations/r-get-auto-crop-rect',
    'getAutoCropRectParam',
    {
      companyHandle: 'c|5057',
      assetHandle: 'a|2345033',
      autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.505 },
    },
  ],
  [
    'operations/r-get-auto-crop-rect',
    'getAutoCropRectReturn',
    { xOffset: 455, yOffset: 69, width: 1274, height: 1877 },
  ],
  [
    'operations/r-get-generation-info',
    'getGenerationInfoParam',
    { companyHandle: 'c|3', originatorHandle: 'a|23|25|131' },
  ],
  [
    'operations/r-get-generation-info',
    'getGenerationInfoReturn',
    { generationArray: [{ engine: 'PostScriptRip', originator: {}, attributeArray: [] }] },
  ],
  [
    'operations/r-get-original-file-paths',
    'getOriginalFilePathsParam',
    { companyHandle: '40', assetHandleArray: ['69866|1|19438', '69880|1|19452'] },
  ],
  [
    'operations/r-get-original-file-paths',
    'getOriginalFilePathsReturn',
    { originalFileArray: ['RedShoeWorks/Winter Boots.jpg', 'RedShoeWorks/Summer Sandals.jpg'] },
  ],
  [
    'operations/r-get-photoshop-path-names',
    'getPhotoshopPathNamesParam',
    { companyHandle: 'c|118', assetHandle: 'a|82109' },
  ],
  [
    'operations/r-get-photoshop-path-names',
    'getPhotoshopPathNamesReturn',
    { pathNameArray: ['Boot Outline', 'Sole Outline'] },
  ],
  [
    'operations/r-get-photoshop-path',
    'getPhotoshopPathParam',
    { companyHandle: 'c|118', assetHandle: 'a|82109', pathName: 'Sole Outline' },
  ],
  [
    'operations/r-get-photoshop-path',
    'getPhotoshopPathReturn',
    {
      perspectiveQuad: {
        x0: 941.512,
        y0: 299.558,
        x1: 978.457,
        y1: 323.362,
        x2: 1130.756,
        y2: 1203,
        x3: 909.434,
        y3: 1203,
      },
    },
  ],
  [
    'operations/r-get-search-strings',
    'getSearchStringsParam',
    { companyHandle: '40', assetHandle: 'a|30|1|721' },
  ],
  [
    'operations/r-get-zip-entries',
    'getZipEntriesParam',
    { companyHandle: 'c|58', assetHandle: 'a|59572|27|14225' },
  ],
  [
    'operations/r-get-zip-entries',
    'getZipEntriesReturn',
    {
      zipArray: [
        {
          name: 'Winter_Images/.DS_Store',
          isDirectory: false,
          lastModified: '2009-05-01T15:41:52.000-07:00',
          compressedSize: 611,
          uncompressedSize: 7148,
        },
      ],
    },
  ],
  [
    'operations/r-search-assets-by-metadata',
    'searchAssetsByMetadataParam',
    {
      companyHandle: 'c|603',
      metadataConditionArray: [
        { fieldHandle: 'name', op: 'Contains', value: '2000400' },
        { fieldHandle: 'dc.rights', op: 'Equals', value: 'Ann Bea Miller' },
      ],
      responseMetadataArray: ['dc.subject', 'xmp.CreatorTool'],
    },
  ],
  [
    'operations/r-search-assets-by-metadata',
    'searchAssetsByMetadataReturn',
    {
      totalRows: 4,
      assetSummaryArray: [
        {
          assetHandle: 'a|197034',
          type: 'Image',
          name: 'boot7-2000400',
          folder: 'Bootmakers/Trial folders/',
          filename: 'boot7-2000400.jpg',
          created: '2011-11-04T07:21:24.252-08:00',
          createUser: 'ann@example.com',
          lastModified: '2011-11-04T07:21:25.487-08:00',
          lastModifyUser: 'ann@example.com',
          metadataArray: [
            { name: 'dc.subject', value: '[Winterthur, Switzerland' },
            { name: 'xmp.CreatorTool', value: 'Ver.2.0' },
          ],
        },
      ],
    },
  ],
  [
    'operations/r-search-assets',
    'searchAssetsParam',
    { companyHandle: '40', includeSubfolders: true, assetTypeArray: ['Image'] },
  ],
  [
    'operations/r-search-assets',
    'searchAssetsReturn',
    { totalRows: 213, assetArray: [{ assetHandle: '69866|1|19438', type: 'Image', name: 'Winter Boots' }] },
  ],
];
