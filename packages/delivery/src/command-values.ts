import type { Color } from './color.js';

/** How an image is fitted into `wid` and `hei`. */
export type FitMode = 'fit' | 'constrain' | 'crop' | 'wrap' | 'stretch' | 'hfit' | 'vfit';

/** What a request asks for: an image, or facts about it. */
export type RequestKind =
  | 'img'
  | 'tmb'
  | 'mask'
  | 'props'
  | 'imageprops'
  | 'catalogprops'
  | 'exists'
  | 'validate'
  | 'resolve'
  | 'loadcache'
  | 'message'
  | 'saveToFile'
  | 'imageset'
  | 'set'
  | 'mbrSet'
  | 'map'
  | 'targets'
  | 'userdata'
  | 'xlate'
  | 'xmp'
  | 'contents'
  | 'debug';

/** A format of delivered images. */
export type ImageFormat =
  | 'jpeg'
  | 'pjpeg'
  | 'png'
  | 'png-alpha'
  | 'png8'
  | 'png8-alpha'
  | 'gif'
  | 'gif-alpha'
  | 'tif'
  | 'tif-alpha'
  | 'webp'
  | 'webp-alpha'
  | 'avif'
  | 'avif-alpha'
  | 'heic'
  | 'jpeg2000'
  | 'jpeg2000-alpha'
  | 'jpegxr'
  | 'jpegxr-alpha'
  | 'pdf'
  | 'eps'
  | 'swf'
  | 'swf-alpha'
  | 'swf3'
  | 'swf3-alpha'
  | 'f4m'
  | 'm3u8';

/** A rectangle: left, top, width, height. */
export type Rectangle = readonly [left: number, top: number, width: number, height: number];

/** A point or a size: horizontal, vertical. */
export type Pair = readonly [x: number, y: number];

/** Left, top, right, bottom. */
export type Margins = readonly [left: number, top: number, right: number, bottom: number];

/** The corners of an image: top left, top right, bottom right, bottom left. */
export type Corners = readonly [
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  x3: number,
  y3: number,
  x4: number,
  y4: number,
  option?: string | undefined,
];

/** Amount, radius in pixels, threshold in levels, and whether only the brightness is sharpened. */
export type Sharpening = readonly [
  amount: number,
  radius?: number | undefined,
  threshold?: number | undefined,
  monochrome?: boolean | undefined,
];

/** The values of the commands. A command with several parts has an array, in which a missing part is `undefined`. */
export interface CommandValues {
  // View.
  wid: number;
  hei: number;
  fit: readonly [mode: FitMode, upscale?: boolean | undefined];
  align: Pair;
  scl: number;
  rgn: Rectangle;
  rgnN: Rectangle;
  rect: readonly [left: number, top: number, width: number, height: number, scale?: number | undefined];
  bgc: Color;
  // Request.
  req: readonly [kind: RequestKind, format?: string | undefined, encoding?: string | undefined];
  fmt: readonly [
    format: ImageFormat,
    pixelType?: 'rgb' | 'gray' | 'cmyk' | undefined,
    compression?: 'none' | 'lzw' | 'zip' | 'jpeg' | 'lossy' | 'lossless' | undefined,
  ];
  qlt: readonly [quality: number, fullChroma?: boolean | undefined];
  jpegSize: number;
  pscan: 'auto' | '3' | '4' | '5';
  quantize: readonly [
    palette: 'adaptive' | 'web' | 'mac',
    dither?: 'diffuse' | 'off' | undefined,
    colors?: number | undefined,
    ...forced: string[],
  ];
  resMode: 'bilin' | 'bicub' | 'sharp2' | 'bisharp' | 'trilin';
  icc: readonly [
    profile: string,
    intent?: 'perceptual' | 'relative' | 'saturation' | 'absolute' | undefined,
    blackPoint?: boolean | undefined,
    dither?: boolean | undefined,
  ];
  iccEmbed: boolean;
  printRes: number;
  pathEmbed: boolean;
  xmpEmbed: boolean;
  bfc: 'on' | 'off';
  dpr: readonly [state: 'on' | 'off', ratio?: number | undefined];
  network: 'on' | 'off';
  cache: readonly [client: 'on' | 'off' | 'validate' | 'update', server?: 'on' | 'off' | undefined];
  defaultImage: string;
  id: string;
  imageSet: string;
  locale: string;
  template: string;
  effectMask: boolean;
  type: string;
  // Layers.
  layer: string;
  effect: number;
  src: string;
  mask: string;
  maskUse: 'norm' | 'invert' | 'off';
  color: Color;
  bgColor: Color;
  opac: readonly [opacity: number, fill?: number | undefined];
  blendMode: 'norm' | 'dissolve' | 'lighten' | 'darken' | 'mult' | 'screen';
  hide: boolean;
  size: Pair;
  sizeN: Pair;
  pos: Pair;
  posN: Pair;
  origin: Pair;
  originN: Pair;
  anchor: Pair;
  anchorN: Pair;
  extend: Margins;
  extendN: Margins;
  map: string;
  mapA: string;
  // Source and geometry.
  crop: Rectangle;
  cropN: Rectangle;
  cropPathE: string;
  scale: number;
  res: number;
  flip: 'lr' | 'ud' | 'lrud';
  rotate: number;
  perspective: Corners;
  perspectiveN: Corners;
  clipPath: string;
  clipPathE: string;
  clipXPath: string;
  clipXPathE: string;
  // Operations.
  op_blur: number;
  op_brightness: number;
  op_contrast: number;
  op_colorbalance: readonly [red: number, green: number, blue: number];
  op_colorize: readonly [color: Color, mode?: 'off' | 'norm' | undefined, contrast?: number | undefined];
  op_hue: number;
  op_saturation: number;
  op_invert: boolean;
  op_noise: readonly [
    amount: number,
    kind?: 'uniform' | 'gaussian' | undefined,
    monochrome?: boolean | undefined,
  ];
  op_sharpen: boolean;
  op_usm: Sharpening;
  op_usmR: Sharpening;
  op_grow: number;
  op_growMask: number;
  op_growMaskR: number;
  // Text.
  text: string;
  textPs: string;
  textAttr: readonly [
    dpi: number,
    antialias?: 'off' | 'norm' | 'crisp' | 'sharp' | 'strong' | 'smooth' | undefined,
    resolution?: 'fixedRes' | 'autoRes' | 'maxRes' | undefined,
    wrap?: 'wrap' | 'noWrap' | 'nbWrap' | undefined,
  ];
  textAngle: number;
  textPath: string;
  pathAttr: readonly [direction: 'norm' | 'reverse', start?: number | undefined, end?: number | undefined];
  textFlowPath: string;
  textFlowXPath: string;
}

/** The name of a command, as it is documented. Requests may write it in any case. */
export type CommandName = keyof CommandValues;

/** The values of those commands that a request gives. */
export type GivenValues = { readonly [Name in CommandName]?: CommandValues[Name] };
