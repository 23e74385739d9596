import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on assets. */
export const assetsChangedSamples: readonly DocumentedSample[] = [
  [
    'operations/r-batch-set-font-fields',
    'batchSetFontFieldsParam',
    {
      companyHandle: 'c|8',
      updateArray: [
        {
          assetHandle: 'a|161|14|44',
          fontName: 'Harbor Sans Font Name',
          postscriptName: 'Harbor Sans PostScript',
          rtfName: 'Harbor Sans RTF',
          fontFamily: 'Harbor Sans Family',
          style: 'BoldItalic',
          typeName: 'Open Type',
          type: 'OTF',
        },
      ],
    },
  ],
  [
    'operations/r-batch-set-font-fields',
    'batchSetFontFieldsReturn',
    { successCount: 1, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-batch-set-icc-profile-fields',
    'batchSetIccProfileFieldsParam',
    {
      companyHandle: 'c|8',
      updateArray: [{ assetHandle: 'a|2667|13|194', class: 'Output', colorSpace: 'CMYK', pcsType: 'Luv' }],
    },
  ],
  [
    'operations/r-batch-set-icc-profile-fields',
    'batchSetIccProfileFieldsReturn',
    { successCount: 1, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-batch-set-image-fields',
    'batchSetImageFieldsParam',
    {
      companyHandle: 'c|58',
      updateArray: [
        { assetHandle: 'a|984393|1|717679', resolution: 75, anchorX: 53, anchorY: 103, userData: 'left' },
        { assetHandle: 'a|76771|1|54066', resolution: 153, anchorX: 103, anchorY: 53, userData: 'right' },
      ],
    },
  ],
  [
    'operations/r-batch-set-image-fields',
    'batchSetImageFieldsReturn',
    { successCount: 2, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-batch-set-thumb-asset',
    'batchSetThumbAssetReturn',
    { successCount: 1, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-copy-image',
    'copyImageParam',
    {
      companyHandle: 'c|3',
      assetHandle: 'a|184|1|770',
      folderHandle: 'Bootmakers/',
      name: 'Copy_boot9',
      urlModifier: '',
    },
  ],
  ['operations/r-copy-image', 'copyImageReturn', { assetHandle: 'a|612|1|71' }],
  [
    'operations/r-create-derived-asset',
    'createDerivedAssetParam',
    {
      companyHandle: 'c|3',
      ownerHandle: 'a|612|1|71',
      folderHandle: 'Bootmakers/',
      name: 'boot-cropped',
      type: 'AdjustedView',
      urlModifier: 'edge=this',
      urlPostApplyModifier: 'layer=good',
    },
  ],
  ['operations/r-create-derived-asset', 'createDerivedAssetReturn', { assetHandle: 'a|619|10|5' }],
  [
    'operations/r-create-template',
    'createTemplateParam',
    {
      companyHandle: 'c|58',
      folderHandle: 'Bootmakers/',
      name: 'winterTemplate',
      type: 'Template',
      urlModifier: 'url=First',
      urlPostApplyModifier: 'url=Last',
    },
  ],
  ['operations/r-create-template', 'createTemplateReturn', { assetHandle: 'a|73762|2|4438' }],
  ['operations/r-delete-asset', 'deleteAssetParam', { companyHandle: '40', assetHandle: '69866|1|19438' }],
  [
    'operations/r-delete-assets',
    'deleteAssetsParam',
    { companyHandle: 'c|3', assetHandleArray: ['a|605|1|64', 'a|612|1|71'] },
  ],
  ['operations/r-delete-assets', 'deleteAssetsReturn', { successCount: 2, warningCount: 0, errorCount: 0 }],
  [
    'operations/r-empty-assets-from-trash',
    'emptyAssetsFromTrashParam',
    { companyHandle: 'c|3', assetHandleArray: ['a|605|1|64', 'a|612|1|71'] },
  ],
  [
    'operations/r-empty-assets-from-trash',
    'emptyAssetsFromTrashReturn',
    { successCount: 2, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-move-asset',
    'moveAssetParam',
    { companyHandle: '40', assetHandle: '69873|1|19445', folderHandle: 'RedShoeWorks/New Boots/' },
  ],
  [
    'operations/r-move-assets',
    'moveAssetsParam',
    {
      companyHandle: 'c|3',
      assetMoveArray: [
        { assetHandle: 'a|605|1|64', folderHandle: 'Bootmakers/incoming/' },
        { assetHandle: 'a|612|1|71', folderHandle: 'Bootmakers/incoming/' },
      ],
    },
  ],
  ['operations/r-move-assets', 'moveAssetsReturn', { successCount: 2, warningCount: 0, errorCount: 0 }],
  [
    'operations/r-rename-asset',
    'renameAssetParam',
    {
      companyHandle: '40',
      assetHandle: '69866|1|19438',
      newName: 'Renamed Winter Boots',
      validateName: true,
      renameFiles: true,
    },
    ['unknown-field renameFiles'],
  ],
  [
    'operations/r-replace-image',
    'replaceImageParam',
    { companyHandle: 'c|58', assetHandle: 'a|984393|1|717679', urlModifier: 'layer=none' },
  ],
  ['operations/r-replace-image', 'replaceImageReturn', { assetHandle: 'a|984393|1|717679' }],
  [
    'operations/r-restore-assets-from-trash',
    'restoreAssetsFromTrashParam',
    { companyHandle: 'c|3', assetHandleArray: ['a|605|1|64', 'a|612|1|71'] },
  ],
  [
    'operations/r-set-url-modifier',
    'setUrlModifierParam',
    {
      companyHandle: 'c|3',
      assetHandle: 'a|605|1|64',
      urlModifier: 'edge=that',
      urlPostApplyModifier: 'layer=goodToo',
    },
  ],
  [
    'types/r-system-field-condition',
    'SystemFieldCondition',
    { field: 'LastModified', op: 'Between', minDate: '2009-08-04T00:00:00', maxDate: '2009-12-04T00:00:00' },
    ['no-offset minDate', 'no-offset maxDate'],
  ],
];
