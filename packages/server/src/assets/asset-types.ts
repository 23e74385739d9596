import type { Asset } from '@ips-sdk/types';

/** The names of an asset's details. */
export type InfoField = Extract<keyof Asset, `${string}Info`>;

/** Where the details of an asset of a type are. Types that are not here have none. */
const INFO_FIELDS: Readonly<Record<string, InfoField>> = {
  Image: 'imageInfo',
  AdjustedView: 'layerViewInfo',
  LayerView: 'layerViewInfo',
  Template: 'templateInfo',
  Watermark: 'watermarkInfo',
  RenderScene: 'renderSceneInfo',
  Vignette: 'vignetteInfo',
  Cabinet: 'cabinetInfo',
  WindowCovering: 'windowCoveringInfo',
  WindowsCovering: 'windowCoveringInfo',
  IccProfile: 'iccProfileInfo',
  Font: 'fontInfo',
  Xsl: 'xslInfo',
  ViewerPreset: 'viewerPresetInfo',
  ViewerSwf: 'viewerSwfInfo',
  Xml: 'xmlInfo',
  Svg: 'svgInfo',
  Fxg: 'fxgInfo',
  PDFSettings: 'pdfSettingsInfo',
  Zip: 'zipInfo',
  Video: 'videoInfo',
  Aco: 'acoInfo',
  Pdf: 'pdfInfo',
  PsdTemplate: 'psdInfo',
  Flash: 'flashInfo',
  InDesign: 'inDesignInfo',
  PostScript: 'postScriptInfo',
  Illustrator: 'illustratorInfo',
  Word: 'wordInfo',
  Excel: 'excelInfo',
  PowerPoint: 'powerPointInfo',
  Rtf: 'rtfInfo',
  Mask: 'maskInfo',
  PremiereExpressRemix: 'premiereExpressRemixInfo',
  PremierExpressRemix: 'premiereExpressRemixInfo',
  CuePoint: 'cuePointInfo',
  Audio: 'audioInfo',
  AssetSet: 'assetSetInfo',
  MasterVideo: 'masterVideoInfo',
  AnimatedGif: 'animatedGifInfo',
  Swc: 'swcInfo',
  Css: 'cssInfo',
  Javascript: 'javascriptInfo',
  VideoCaption: 'videoCaptionInfo',
};

/** Which field of an asset holds the details of its type. */
export const infoFieldOf = (type: string): InfoField | undefined =>
  Object.hasOwn(INFO_FIELDS, type) ? INFO_FIELDS[type] : undefined;

/** Types whose assets have other assets as members. */
export const SET_TYPES: ReadonlySet<string> = new Set([
  'ImageSet',
  'RenderSet',
  'SpinSet',
  'Catalog',
  'ColorSwatch',
]);

/** Types whose assets can stand as the thumbnail of another one. */
export const THUMB_TYPES: ReadonlySet<string> = new Set([
  'Image',
  'AdjustedView',
  'Mask',
  'Template',
  'PsdTemplate',
]);

/** Types whose assets are delivered as images. */
export const IMAGE_BASED_TYPES: ReadonlySet<string> = new Set([
  ...THUMB_TYPES,
  'LayerView',
  'Watermark',
  'AnimatedGif',
]);

/**
 * Types whose names are ids in the catalogs of image serving and image rendering, where each must be the only one of its
 * name.
 */
export const CATALOG_TYPES: ReadonlySet<string> = new Set([
  'Image',
  'AdjustedView',
  'LayerView',
  'Mask',
  'Template',
  'PsdTemplate',
  'Watermark',
  'AnimatedGif',
  'ImageSet',
  'RenderSet',
  'SpinSet',
  'Catalog',
  'ColorSwatch',
  'AssetSet',
  'Vignette',
  'Cabinet',
  'WindowCovering',
  'RenderScene',
  'Svg',
  'Pdf',
  'Font',
  'IccProfile',
]);
