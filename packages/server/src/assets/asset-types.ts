import type { Asset } from '@ips-sdk/types';

/** The fields that hold an asset's details. */
export type InfoField = Extract<keyof Asset, `${string}Info`>;

/** The field that holds the details of each type. Other types have none. */
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

/** The field that holds the details of a type. */
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

/** Types whose assets can be the thumbnail of another asset. */
export const THUMB_TYPES: ReadonlySet<string> = new Set([
  'Image',
  'AdjustedView',
  'Mask',
  'Template',
  'PsdTemplate',
]);

/**
 * Types whose assets are shown in a set without a separate thumbnail. Others, such as templates, have one.
 */
export const IMAGE_BASED_TYPES: ReadonlySet<string> = new Set(['Image', 'AdjustedView', 'LayerView']);

/**
 * Types whose names are IDs in the catalogs of image serving and image rendering, and therefore must be unique.
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
  'ViewerPreset',
]);
