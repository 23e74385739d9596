import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on metadata, tags and XMP. */
export const metadataSamples: readonly DocumentedSample[] = [
  [
    'operations/r-add-tag-field-values',
    'addTagFieldValuesParam',
    { companyHandle: 'c|2', fieldHandle: 'm|2|ASSET|SingleFixedTag', valueArray: ['Silk', 'Cotton'] },
  ],
  [
    'operations/r-batch-set-asset-metadata',
    'batchSetAssetMetadataParam',
    {
      companyHandle: 'c|3',
      updateArray: [
        {
          assetHandleArray: ['a|212|1|777', 'a|219|1|784'],
          updateArray: [{ fieldHandle: 'm|3|IMAGE|heelHeight', value: '300' }],
        },
        {
          assetHandleArray: ['a|135|1|756', 'a|184|1|770'],
          updateArray: [{ fieldHandle: 'm|3|IMAGE|heelHeight', value: '250' }],
        },
      ],
    },
  ],
  [
    'operations/r-batch-set-asset-metadata',
    'batchSetAssetMetadataReturn',
    { successCount: 4, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-create-metadata-field',
    'createMetadataFieldParam',
    {
      companyHandle: 'c|58',
      assetType: 'Image',
      name: 'soleMaterial',
      fieldType: 'String',
      initialTagValue: 'Winter',
      defaultValue: 'None yet',
    },
  ],
  [
    'operations/r-create-metadata-field',
    'createMetadataFieldReturn',
    { fieldHandle: 'm|58|IMAGE|soleMaterial' },
  ],
  [
    'operations/r-delete-asset-metadata',
    'deleteAssetMetadataParam',
    {
      companyHandle: 'c|718',
      assetHandle: 'a|425',
      deleteArray: [{ fieldHandle: 'm|444|ASSET|UntypedField2480001112223' }],
    },
  ],
  [
    'operations/r-delete-metadata-field',
    'deleteMetadataFieldParam',
    { companyHandle: 'c|3', fieldHandle: 'm|3|IMAGE|heelHeight' },
  ],
  [
    'operations/r-delete-tag-field-values',
    'deleteTagFieldValuesParam',
    { companyHandle: 'c|2', fieldHandle: 'm|2|ASSET|SingleFixedTag', valueArray: ['Silk', 'Cotton'] },
  ],
  ['operations/r-get-asset-metadata-fields', 'getAssetMetadataFieldsParam', { companyHandle: 'c|8' }],
  [
    'operations/r-get-distinct-metadata-values',
    'getDistinctMetadataValuesParam',
    { companyHandle: '771', metadataKey: 'dc.source' },
  ],
  [
    'operations/r-get-distinct-metadata-values',
    'getDistinctMetadataValuesReturn',
    {
      valueArray: [
        { value: 'N/A', count: 415 },
        { value: 'image/jpeg', count: 192 },
        { value: 'image/epsf', count: 4 },
        { value: 'image/tiff', count: 6 },
      ],
    },
  ],
  ['operations/r-get-metadata-fields', 'getMetadataFieldsParam', { companyHandle: '40', assetType: 'Pdf' }],
  [
    'operations/r-get-metadata-fields',
    'getMetadataFieldsReturn',
    {
      fieldArray: [
        {
          fieldHandle: '40|ALL|Leather',
          name: 'Leather',
          type: 'String',
          defaultValue: '96',
          isRequired: false,
          isUserDefined: true,
        },
      ],
    },
    ['required fieldArray[0].isEnforced', 'required fieldArray[0].isHidden'],
  ],
  [
    'operations/r-get-tag-field-values',
    'getTagFieldValuesParam',
    { companyHandle: 'c|2', fieldHandleArray: ['m|2|ASSET|SingleOpenTag', 'm|2|ASSET|SingleFixedTag'] },
  ],
  [
    'operations/r-get-tag-field-values',
    'getTagFieldValuesReturn',
    {
      fieldArray: [
        { fieldHandle: 'm|2|ASSET|SingleOpenTag', valueArray: ['Set B', 'Set A'] },
        { fieldHandle: 'm|2|ASSET|SingleFixedTag', valueArray: ['Wool', 'Suede', 'Rubber', 'Linen'] },
      ],
    },
  ],
  [
    'operations/r-get-unique-metadata-values',
    'getUniqueMetadataValuesParam',
    { companyHandle: '40', fieldHandle: '40|ALL|Leather' },
  ],
  ['operations/r-get-unique-metadata-values', 'getUniqueMetadataValuesReturn', { values: ['240'] }],
  ['operations/r-get-xmp-packet', 'getXMPPacketParam', { companyHandle: 'c|771', assetHandle: 'a|429980' }],
  [
    'operations/r-get-xmp-packet',
    'getXMPPacketReturn',
    { compressedPacket: 'H4sIAAAAAAAAAAEcAOP/eJyzqbDKLchPLcksyczPs9EvTs1JTSwpBQBtRgi8\n 7LEQnRwAAAA=' },
  ],
  [
    'operations/r-search-assets-by-metadata',
    'MetadataCondition',
    { fieldHandle: 'custom_attributes.[Season of Boots]', op: 'Equals', value: 'Winter' },
  ],
  [
    'operations/r-search-assets-by-metadata',
    'MetadataCondition',
    { fieldHandle: 'asset_id', op: 'Equals', value: '885289' },
  ],
  [
    'operations/r-search-assets-by-metadata',
    'MetadataCondition',
    { fieldHandle: 'created_at', op: 'Equals', value: 'Fri Aug 15 2014 10:03:45 GMT-0500 (CDT)' },
  ],
  [
    'operations/r-save-metadata-field',
    'saveMetadataFieldParam',
    { companyHandle: '40', assetType: 'Pdf', name: 'Leather', fieldType: 'String', defaultValue: '96' },
  ],
  ['operations/r-save-metadata-field', 'saveMetadataFieldReturn', { fieldHandle: '40|ALL|Leather' }],
  [
    'operations/r-set-asset-metadata',
    'setAssetMetadataParam',
    {
      companyHandle: '40',
      assetHandle: '69866|1|19438',
      updateArray: [{ fieldHandle: '40|ALL|Leather', value: '240' }],
    },
  ],
  [
    'operations/r-set-tag-field-values',
    'setTagFieldValuesParam',
    {
      companyHandle: 'c|2',
      fieldHandle: 'm|2|ASSET|SingleFixedTag',
      valueArray: ['Wooll', 'Suade', 'Rubber', 'Linen', 'Silk', 'Cotton'],
    },
  ],
  [
    'operations/r-update-metadata-field',
    'updateMetadataFieldParam',
    {
      companyHandle: 'c|58',
      fieldHandle: 'm|58|IMAGE|soleMaterial',
      name: 'soleMaterial2',
      defaultValue: 'None yet',
    },
  ],
  [
    'operations/r-update-metadata-field',
    'updateMetadataFieldReturn',
    { fieldHandle: 'm|58|IMAGE|soleMaterial2' },
  ],
  [
    'operations/r-update-tag-field-values',
    'updateTagFieldValuesParam',
    {
      companyHandle: 'c|2',
      fieldHandle: 'm|2|ASSET|SingleFixedTag',
      updateArray: [
        { oldValue: 'Wooll', newValue: 'Wool' },
        { oldValue: 'Suade', newValue: 'Suede' },
        { oldValue: 'Rubber', newValue: 'Linen' },
        { oldValue: 'Cotton', newValue: 'Felt' },
      ],
    },
  ],
  [
    'operations/r-update-tag-field-values',
    'updateTagFieldValuesReturn',
    {
      successCount: 2,
      warningCount: 0,
      errorCount: 2,
      errorDetailArray: [
        { value: 'Rubber', code: 30001, reason: "New tag value 'Linen' already exists." },
        { value: 'Cotton', code: 30001, reason: "Tag value 'Cotton' not found." },
      ],
    },
  ],
  [
    'operations/r-update-xmp-packet',
    'updateXMPPacketParam',
    {
      companyHandle: 'c|771',
      assetHandle: 'a|429980',
      compressedPacket: 'H4sIAAAAAAAAAAEcAOP/eJyzqbDKLchPLcksyczPs9EvTs1JTSwpBQBtRgi8\n7LEQnRwAAAA=',
    },
  ],
  ['operations/r-update-xmp-packet', 'updateXMPPacketReturn', { success: true }],
];
