/** The names of asset types in job logs. */
const LOG_FILE_TYPES: Readonly<Record<string, string>> = {
  Image: 'MasterImage',
  AnimatedGif: 'MasterImage',
  Mask: 'Mask',
  Vignette: 'Vignette',
  ImageMap: 'ImageMap',
  IccProfile: 'IccProfile',
  Font: 'Font',
  Xsl: 'Xsl',
  Cabinet: 'Cabinet',
  WindowCovering: 'WindowCovering',
  Video: 'Video',
  MasterVideo: 'Video',
  ViewerSwf: 'ViewerSwf',
  Template: 'Template',
  Catalog: 'Catalog',
  Xml: 'Xml',
  ImageSet: 'ImageSet',
  RenderSet: 'RenderSet',
  SpinSet: 'SpinSet',
  Svg: 'Svg',
  Watermark: 'Watermark',
  Pdf: 'Pdf',
  Aco: 'Aco',
  PsdTemplate: 'PsdTemplate',
  Zip: 'Zip',
};

/** The name of an asset's file in job logs: one of the Job Log File Types. */
export const logFileTypeOf = (assetType: string): string =>
  Object.hasOwn(LOG_FILE_TYPES, assetType) ? (LOG_FILE_TYPES[assetType] ?? 'NoType') : 'NoType';
