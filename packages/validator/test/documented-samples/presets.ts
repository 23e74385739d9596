import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on image formats, viewer presets and vignette formats. */
export const presetsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-create-viewer-preset',
    'createViewerPresetParam',
    {
      companyHandle: 'c|0',
      folderHandle: 'SharedThings/',
      name: 'bootVideo9',
      type: 'VideoPlayer',
      configSettingArray: [
        { name: 'Video Bit Rate', value: '481234.7719020184' },
        { name: 'Audio Sample Rate', value: '48000' },
        { name: 'vidPaneWidth', value: '0' },
      ],
    },
  ],
  [
    'operations/r-create-viewer-preset',
    'createViewerPresetReturn',
    { viewerPresetHandle: 'a|62331|40|62331' },
  ],
  [
    'operations/r-create-vignette-publish-format',
    'createVignettePublishFormatParam',
    {
      companyHandle: 'c|58',
      name: 'winterVignette1',
      targetWidth: 1100,
      targetHeight: 700,
      createPyramid: true,
      thumbWidth: 300,
      saveAsVersion: 0,
      sizeSuffixSeparator: '-',
      sharpen: 40,
      usmAmount: 210,
      usmRadius: 1.2,
      usmThreshold: 120,
    },
  ],
  [
    'operations/r-create-vignette-publish-format',
    'createVignettePublishFormatReturn',
    { vignetteFormatHandle: 'v|58|985' },
  ],
  [
    'operations/r-delete-image-format',
    'deleteImageFormatParam',
    { companyHandle: '40', imageFormatHandle: '40|118' },
  ],
  [
    'operations/r-delete-vignette-publish-format',
    'deleteVignettePublishFormatParam',
    { companyHandle: 'c|58', vignetteFormatHandle: 'v|58|985' },
  ],
  ['operations/r-get-image-formats', 'getImageFormatsParam', { companyHandle: '40' }],
  ['operations/r-get-image-formats', 'getImageFormatsReturn', { imageFormatArray: [] }],
  ['operations/r-get-vignette-publish-formats', 'getVignettePublishFormatsParam', { companyHandle: 'c|58' }],
  [
    'operations/r-get-vignette-publish-formats',
    'getVignettePublishFormatsReturn',
    {
      vignetteFormatArray: [
        { companyHandle: 'c|58', vignetteFormatHandle: 'v|58|978', name: 'winterVignette' },
      ],
    },
    [
      'required vignetteFormatArray[0].createPyramid',
      'required vignetteFormatArray[0].saveAsVersion',
      'required vignetteFormatArray[0].sharpen',
      'required vignetteFormatArray[0].sizeSuffixSeparator',
      'required vignetteFormatArray[0].targetHeight',
      'required vignetteFormatArray[0].targetWidth',
      'required vignetteFormatArray[0].thumbWidth',
      'required vignetteFormatArray[0].usmAmount',
      'required vignetteFormatArray[0].usmRadius',
      'required vignetteFormatArray[0].usmThreshold',
    ],
  ],
  [
    'operations/r-save-image-format',
    'saveImageFormatParam',
    {
      companyHandle: '40',
      name: 'Small Boot View',
      urlModifier:
        'wid=300&hei=300&fmt=jpeg&qlt=900&op_sharpen=1& \n   resMode=sharp&op_usm=0.0,0.0,0,0&iccEmbed=1 \n   ',
    },
  ],
  ['operations/r-save-image-format', 'saveImageFormatReturn', { imageFormatHandle: '40|118' }],
  [
    'operations/r-update-vignette-publish-format',
    'updateVignettePublishFormatParam',
    {
      companyHandle: 'c|58',
      vignetteFormatHandle: 'v|58|992',
      name: 'winterVignette2',
      targetWidth: 1003,
      targetHeight: 803,
      createPyramid: false,
      thumbWidth: 103,
      saveAsVersion: 0,
      sizeSuffixSeparator: '-',
      sharpen: 53,
      usmAmount: 243,
      usmRadius: 3.131,
      usmThreshold: 153,
    },
  ],
  [
    'operations/r-update-vignette-publish-format',
    'updateVignettePublishFormatReturn',
    { vignetteFormatHandle: 'v|58|992' },
  ],
];
