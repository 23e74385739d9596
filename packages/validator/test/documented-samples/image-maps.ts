import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on image maps, zoom targets and masks. */
export const imageMapsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-delete-image-map',
    'deleteImageMapParam',
    { companyHandle: '40', imageMapHandle: '39348|8|889' },
  ],
  [
    'operations/r-delete-zoom-target',
    'deleteZoomTargetParam',
    { companyHandle: '40', zoomTargetHandle: '39369|9|118' },
  ],
  [
    'operations/r-save-image-map',
    'saveImageMapParam',
    {
      companyHandle: '40',
      assetHandle: '69873|1|19445',
      name: 'Boot Map',
      shapeType: 'Rectangle',
      region: '0,20,0,20',
      action: 'https://www.example.com/shop/more?item=881& \n   row=1&rows=1&kind=boot',
      position: 0,
    },
    ['required enabled'],
  ],
  ['operations/r-save-image-map', 'saveImageMapReturn', { imageMapHandle: '39348|8|889' }],
  [
    'operations/r-save-zoom-target',
    'saveZoomTargetParam',
    {
      companyHandle: '40',
      assetHandle: '69880|1|19452',
      name: 'Boot Zoom',
      xPosition: 5,
      yPosition: 5,
      width: 13,
      height: 13,
      userData: 'Boot Data',
    },
  ],
  ['operations/r-save-zoom-target', 'saveZoomTargetReturn', { zoomTargetHandle: '39369|9|118' }],
  [
    'operations/r-set-image-maps',
    'setImageMapsParam',
    {
      companyHandle: 'c|3',
      assetHandle: 'a|184|1|770',
      imageMapArray: [
        { name: 'Heel2', shapeType: 'Rectangle', region: '25', action: '300', enabled: true },
        { name: 'Heel3', shapeType: 'Rectangle', region: '25', action: '300', enabled: false },
      ],
    },
  ],
  [
    'operations/r-set-zoom-targets',
    'setZoomTargetsParam',
    {
      companyHandle: 'c|3',
      assetHandle: 'a|184|1|770',
      zoomTargetArray: [
        { name: 'buckle2', xPosition: 43, yPosition: 43, width: 403, height: 403 },
        { name: 'buckle3', xPosition: 43, yPosition: 43, width: 403, height: 403 },
      ],
    },
  ],
  [
    'operations/r-set-zoom-targets',
    'setZoomTargetsReturn',
    { zoomTargetHandleArray: ['a|640|9|98', 'a|647|9|5'] },
  ],
];
