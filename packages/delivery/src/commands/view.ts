import type { Command } from '../command.js';
import { COLOR, FLAG, FRACTION, listOf, oneOf, PIXELS, pairOf, rectangle, SIZE, SIZE_N } from './grammars.js';

const SIDE = { kind: 'number', integer: true, min: 0, max: 1_000_000, unit: 'pixels' } as const;

/** Commands about the view of the composite. */
export const viewCommands: Readonly<
  Record<'wid' | 'hei' | 'fit' | 'align' | 'scl' | 'rgn' | 'rgnN' | 'rect' | 'bgc', Command>
> = {
  wid: {
    scope: 'view',
    summary: 'Width of the answer in pixels',
    value: SIDE,
    step: 12,
    support: 'full',
    note: 'Alone, it is the exact width, even of an enlarged image. Without size, the image fits into DefaultPix of the company, 400 by 400 if unset. A value of 0 counts as none.',
    source: 'r-is-http-wid.md',
    example: 'wid=120',
  },
  hei: {
    scope: 'view',
    summary: 'Height of the answer in pixels',
    value: SIDE,
    step: 12,
    support: 'full',
    note: 'As `wid`.',
    source: 'r-is-http-hei.md',
    example: 'hei=60',
  },
  fit: {
    scope: 'view',
    summary: 'How the image is fitted into `wid` and `hei`, and whether it may be enlarged',
    value: listOf({
      mode: oneOf(['fit', 'constrain', 'crop', 'wrap', 'stretch', 'hfit', 'vfit']),
      'upscale?': FLAG,
    }),
    default: 'fit,0',
    step: 12,
    support: 'full',
    note: 'Ignored beside `scl`. Without the second part, no mode enlarges.',
    source: 'r-fit.md',
    example: 'wid=100&hei=100&fit=crop',
  },
  align: {
    scope: 'view',
    summary: 'Where the image is in a view of another shape: from -1, left or top, to 1, right or bottom',
    value: pairOf({ kind: 'number', min: -1, max: 1 }),
    default: '0,0',
    step: 13,
    support: 'full',
    source: 'r-align.md',
    example: 'wid=100&hei=100&align=0,-1&bgc=dddddd',
  },
  scl: {
    scope: 'view',
    summary: 'Divides the size of the composite; `wid` and `hei` then cut or pad',
    value: { kind: 'number', above: 0, max: 1_000_000 },
    step: 12,
    support: 'full',
    source: 'r-scl.md',
    example: 'scl=4',
  },
  rgn: {
    scope: 'view',
    summary: 'The region of the composite to scale to the view, in pixels of the composite',
    value: rectangle(PIXELS, SIZE),
    pair: 'rgnN',
    step: 11,
    support: 'full',
    note: 'It does not cut: a view of another shape shows more of the composite.',
    source: 'r-rgn.md',
    example: 'rgn=0,0,200,200&wid=100',
  },
  rgnN: {
    scope: 'view',
    summary: 'As `rgn`, in fractions of the composite',
    value: rectangle(FRACTION, SIZE_N),
    pair: 'rgn',
    step: 11,
    support: 'full',
    note: 'Not documented; an addition of this server.',
    source: 'r-rgn.md',
    example: 'rgnN=0.5,0,0.5,1&wid=60',
  },
  rect: {
    scope: 'view',
    summary:
      'The rectangle of the scaled view to answer, such as one tile; a fifth part scales the view first',
    value: listOf({
      x: PIXELS,
      y: PIXELS,
      width: SIZE,
      height: SIZE,
      'scale?': { kind: 'number', above: 0, max: 1000 },
    }),
    step: 15,
    support: 'full',
    source: 'r-rect.md',
    example: 'wid=200&rect=50,20,100,60',
  },
  bgc: {
    scope: 'view',
    summary: 'The color of what the composite does not cover',
    value: COLOR,
    step: 13,
    support: 'full',
    note: 'Its alpha is ignored. Formats with alpha stay clear. Default: BkgColor of the company, white if unset.',
    source: 'r-bgc.md',
    example: 'wid=100&hei=100&bgc=ffcc00',
  },
};
