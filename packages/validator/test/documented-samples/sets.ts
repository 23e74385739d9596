// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation is that of the service

import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on image sets and asset sets. */
export const setsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-create-asset-set',
    'createAssetSetParam',
    { companyHandle: 'c|8', folderHandle: 'f|bootco/Sets/', name: 'winterAssetSet', subType: 'MediaSet' },
  ],
  [
    'operations/r-create-asset-set',
    'CreateAssetSetParam',
    {
      companyHandle: 'c|8',
      folderHandle: 'f|bootco/Sets/',
      name: 'winterAssetSet',
      subType: 'MediaSet',
      setDefinition:
        '${getCatalogId([a|1659|22|1659])};${getThumbCatalogId([a|1659|22|1659])};1,${getFilePath([a|263|19|19])};${getMetadata([a|263|19|19], [m|8|ASSET|SharedSeasonField])}',
    },
  ],
  ['operations/r-create-asset-set', 'createAssetSetReturn', { assetHandle: 'a|2618|44|2618' }],
  [
    'operations/r-create-image-set',
    'createImageSetParam',
    { companyHandle: '40', folderHandle: 'RedShoeWorks/Catalogs/', name: 'Boot Set', type: 'ImageSet' },
  ],
  ['operations/r-create-image-set', 'createImageSetReturn', { assetHandle: '80198|22|898' }],
  [
    'operations/r-get-image-set-members',
    'getImageSetMembersParam',
    { companyHandle: '40', assetHandle: '39376|22|500' },
  ],
  ['operations/r-get-image-set-members', 'getImageSetMembersReturn', { memberArray: [] }],
  [
    'operations/r-set-asset-set-definition',
    'setAssetSetDefinitionParam',
    {
      companyHandle: 'c|8',
      assetHandle: 'a|2625|44|2625',
      setDefinition:
        '${getCatalogId([a|882|1|8243])};${getCatalogId([a|882|1|8243])};1;img1, \n   ${getCatalogId([a|435|1|175])};${getCatalogId([a|435|1|175])};1,${getCatalogId([a|1659|22|1659])}; \n   ${getCatalogId([a|1659|22|1659])};1,${getFilePath([a|7263|19|19])};${getCatalogId([ a|175|1|42])}; \n   2;${getMetadata([a7263|19|19], [m|1|ASSET|SharedSeasonField])}',
    },
  ],
  [
    'operations/r-set-image-set-members',
    'setImageSetMembersParam',
    {
      companyHandle: '40',
      assetHandle: '39446|22|514',
      memberArray: [{ assetHandle: '69873|1|19445', pageReset: true }],
    },
  ],
  [
    'operations/r-update-asset-set',
    'updateAssetSetParam',
    {
      companyHandle: 'c|16',
      assetHandle: 'a|756',
      setDefinition:
        '${getCatalogId([a|425])};${getCatalogId([a|425])};advanced_image;,${getCatalogId([a|556])};${getCatalogId([a|556])};advanced_image;,${getCatalogId([a|542])};${getCatalogId([a|542])};advanced_image;',
      thumbAssetHandle: 'a|425',
    },
  ],
  ['operations/r-update-asset-set', 'updateAssetSetReturn', {}],
  [
    'operations/r-update-image-set',
    'updateImageSetParam',
    {
      companyHandle: 'c|16',
      assetHandle: 'a|678',
      memberArray: [
        { assetHandle: 'a|629', pageReset: false },
        { assetHandle: 'a|636', pageReset: false },
        { assetHandle: 'a|643', pageReset: false },
      ],
      thumbAssetHandle: 'a|643',
    },
  ],
  ['operations/r-update-image-set', 'updateImageSetReturn', {}],
];
