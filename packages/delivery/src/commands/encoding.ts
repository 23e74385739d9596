import type { Command } from '../command.js';
import { FLAG, listOf, oneOf, whole } from './grammars.js';

/** Commands about how the answer is encoded. */
export const encodingCommands: Readonly<
  Record<
    | 'fmt'
    | 'qlt'
    | 'jpegSize'
    | 'pscan'
    | 'quantize'
    | 'resMode'
    | 'icc'
    | 'iccEmbed'
    | 'printRes'
    | 'pathEmbed'
    | 'xmpEmbed',
    Command
  >
> = {
  fmt: {
    scope: 'request',
    summary: 'Format of the image, its kind of pixels and its compression',
    value: listOf({
      format: oneOf(
        [
          'jpeg',
          'pjpeg',
          'png',
          'png-alpha',
          'png8',
          'png8-alpha',
          'gif',
          'gif-alpha',
          'tif',
          'tif-alpha',
          'webp',
          'webp-alpha',
          'avif',
          'avif-alpha',
          'heic',
          'jpeg2000',
          'jpeg2000-alpha',
          'jpegxr',
          'jpegxr-alpha',
          'pdf',
          'eps',
          'swf',
          'swf-alpha',
          'swf3',
          'swf3-alpha',
          'f4m',
          'm3u8',
        ],
        { jpg: 'jpeg', tiff: 'tif', 'tiff-alpha': 'tif-alpha' },
      ),
      'pixelType?': oneOf(['rgb', 'gray', 'cmyk']),
      'compression?': oneOf(['none', 'lzw', 'zip', 'jpeg', 'lossy', 'lossless']),
    }),
    default: 'jpeg,rgb,none',
    step: 19,
    support: 'part',
    note: 'heic, jpeg2000, jpegxr, swf, f4m and m3u8 are refused with an error. PDFs and EPS files have one page, as large as `printRes` says; EPS files contain no profile.',
    source: 'r-is-http-fmt.md',
    example: 'wid=120&fmt=png-alpha',
  },
  qlt: {
    scope: 'request',
    summary: 'Quality from 1 to 100, and whether a JPEG keeps the full resolution of its chroma',
    value: listOf({ quality: whole(1, 100), 'fullChroma?': FLAG }),
    default: 'JpegQuality of the company; 80,0 if unset',
    step: 19,
    support: 'full',
    source: 'r-is-http-qlt.md',
    example: 'wid=120&qlt=20',
  },
  jpegSize: {
    scope: 'request',
    summary: 'Most kilobytes of a JPEG: the quality is lowered until it fits',
    value: { kind: 'number', min: 0, max: 1_000_000, unit: 'kilobytes' },
    default: '0',
    step: 19,
    support: 'full',
    source: 'r-jpegsize.md',
    example: 'wid=300&qlt=90&jpegSize=3',
  },
  pscan: {
    scope: 'request',
    summary: 'Number of scans of a progressive JPEG',
    value: oneOf(['auto', '3', '4', '5']),
    default: 'auto',
    step: 19,
    support: 'part',
    ignoredValues: ['3', '4', '5'],
    note: 'The encoder chooses the number of scans of `fmt=pjpeg`, whatever the request.',
    source: 'r-pscan.md',
    example: 'wid=120&fmt=pjpeg&pscan=auto',
  },
  quantize: {
    scope: 'request',
    summary: 'Palette, dithering and number of colors of GIF and 8-bit PNG',
    value: listOf(
      {
        palette: oneOf(['adaptive', 'web', 'mac']),
        'dither?': oneOf(['diffuse', 'off']),
        'colors?': whole(2, 256),
      },
      { kind: 'text', what: 'colors such as ffcc00', pattern: /^(?:[0-9a-f]{6})?$/i },
    ),
    default: 'adaptive,diffuse,256',
    step: 19,
    support: 'full',
    note: 'Colors that are listed are in the palette, the others follow from the image. `web` has 216 colors, `mac` 256, whatever the number; formats with alpha take `mac` as `adaptive`.',
    source: 'r-is-http-quantize.md',
    example: 'wid=120&fmt=gif&quantize=adaptive,off,4',
  },
  resMode: {
    scope: 'request',
    summary: 'How pixels are interpolated where an image is scaled',
    value: oneOf(['bilin', 'bicub', 'sharp2', 'bisharp', 'trilin'], { sharp: 'sharp2' }),
    default: 'ResMode of the company; sharp2 if unset',
    step: 12,
    support: 'part',
    note: '`bilin` and `trilin` use a linear kernel, `bicub` a cubic one, the others Lanczos. The kernels of the service are not published.',
    source: 'r-is-http-resmode.md',
    example: 'wid=120&resMode=bilin',
  },
  icc: {
    scope: 'request',
    summary: 'Color profile of the answer',
    value: listOf({
      profile: { kind: 'text', what: 'a color profile' },
      'intent?': oneOf(['perceptual', 'relative', 'saturation', 'absolute']),
      'blackPoint?': FLAG,
      'dither?': FLAG,
    }),
    step: 18,
    support: 'part',
    note: 'The name of a published ICC profile, or `sRGB`. Without a kind of pixels in `fmt`, the answer has that of the profile; another one is an error. The intent is always perceptual, without dithering.',
    source: 'r-icc.md',
    example: 'wid=120&icc=sRGB&iccEmbed=1',
  },
  iccEmbed: {
    scope: 'request',
    summary: 'Whether the answer contains its color profile',
    value: FLAG,
    default: '0',
    step: 19,
    support: 'full',
    note: 'RGB answers are sRGB. Formats that cannot contain a profile ignore it.',
    source: 'r-iccembed.md',
    example: 'wid=120&iccEmbed=1',
  },
  printRes: {
    scope: 'request',
    summary: 'Print resolution of the answer in pixels per inch; its pixels stay the same',
    value: { kind: 'number', above: 0, max: 100_000, unit: 'pixels per inch' },
    default: 'that of the source',
    step: 19,
    support: 'full',
    source: 'r-printres.md',
    example: 'wid=120&printRes=300',
  },
  pathEmbed: {
    scope: 'request',
    summary: 'Whether the answer contains the Photoshop paths of layer 0',
    value: FLAG,
    default: '0',
    step: 19,
    support: 'none',
    source: 'r-pathembed.md',
  },
  xmpEmbed: {
    scope: 'request',
    summary: 'Whether the answer contains the XMP packet of layer 0',
    value: FLAG,
    default: '0',
    step: 19,
    support: 'full',
    note: 'The packet of the asset as it is, in JPEG and TIFF.',
    source: 'r-xmpembed.md',
    example: 'wid=120&xmpEmbed=1',
  },
};
