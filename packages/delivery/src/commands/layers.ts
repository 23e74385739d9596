import type { Command } from '../command.js';
import {
  COLOR,
  FLAG,
  FRACTION,
  listOf,
  marginsOf,
  OBJECT,
  oneOf,
  PIXELS,
  pairOf,
  whole,
} from './grammars.js';

const LENGTH = { kind: 'number', integer: true, min: 0, max: 1_000_000, unit: 'pixels' } as const;
const PART = { kind: 'number', min: 0, max: 100 } as const;

/** Commands about layers: what they show, where they are, and how they are blended. */
export const layerCommands: Readonly<
  Record<
    | 'layer'
    | 'effect'
    | 'src'
    | 'mask'
    | 'maskUse'
    | 'color'
    | 'bgColor'
    | 'opac'
    | 'blendMode'
    | 'hide'
    | 'size'
    | 'sizeN'
    | 'pos'
    | 'posN'
    | 'origin'
    | 'originN'
    | 'anchor'
    | 'anchorN'
    | 'extend'
    | 'extendN'
    | 'map'
    | 'mapA',
    Command
  >
> = {
  layer: {
    scope: 'layer',
    summary:
      'Starts the commands of a layer: by number, with or without a name, by a name, or `comp` for the composite',
    value: { kind: 'text', what: 'a number from 0, a name, or comp' },
    default: 'comp',
    step: 7,
    support: 'full',
    source: 'r-layer.md',
    example: 'layer=1&src=Sale&size=60,60&pos=40,20',
  },
  effect: {
    scope: 'layer',
    summary:
      'Starts the commands of an effect of the layer, such as a shadow: below it if negative, above it if positive',
    value: whole(-1000, 1000),
    step: 8,
    support: 'part',
    note: 'Effects take `color`, `opac`, `blendMode`, `maskUse`, `op_grow`, `op_blur`, `op_noise` and `pos`. `$shadow$` and `$glow$` have the values that Photoshop offers: those of the service are not published. They grow and blur as `op_grow` and `op_blur` do.',
    source: 'r-effect.md',
    example: 'size=120,60&extend=10,10,20,20&effect=-1&$shadow$&color=50,143,254&scl=1',
  },
  src: {
    scope: 'layer',
    summary: 'The image that the layer shows: an object, or a nested request `is{…}`',
    value: OBJECT,
    default: 'the object of the path, for layer 0',
    step: 4,
    support: 'part',
    note: 'Of nested requests, only `is`: no rendering server, no FXG, no foreign URLs.',
    source: 'r-src.md',
    example: 'layer=1&src=is{Sale?size=200,200}&size=60,60',
  },
  mask: {
    scope: 'source',
    summary: 'The image whose alpha, or else whose brightness, masks the layer',
    value: OBJECT,
    step: 5,
    support: 'part',
    note: 'As `src`. The mask is scaled to the size of the source.',
    source: 'r-mask.md',
    example: 'mask=Circle&fmt=png-alpha&wid=120',
  },
  maskUse: {
    scope: 'source',
    summary: 'Whether the mask counts as it is, inverted, or not at all',
    value: oneOf(['norm', 'invert', 'off']),
    default: 'norm',
    step: 5,
    support: 'full',
    source: 'r-maskuse.md',
    example: 'mask=Circle&maskUse=invert&wid=120',
  },
  color: {
    scope: 'layer',
    summary:
      'The color of a layer that has neither image nor text, or the fill behind one before it is rotated',
    value: COLOR,
    step: 5,
    support: 'full',
    source: 'r-color-commandref.md',
    example: 'layer=1&color=ff8000&size=80,40',
  },
  bgColor: {
    scope: 'layer',
    summary: 'The fill behind the layer after it is rotated and extended',
    value: COLOR,
    step: 5,
    support: 'full',
    source: 'r-bgcolor.md',
    example: 'size=120,120&extend=10,10,10,10&bgColor=ff0000&scl=1',
  },
  opac: {
    scope: 'layer',
    summary: 'Opacity of the layer in percent, and of what fills it',
    value: listOf({ opacity: whole(0, 100), 'fill?': whole(0, 100) }),
    default: '100,100',
    comp: 'composite',
    step: 5,
    support: 'full',
    source: 'r-opac.md',
    example: 'opac=40&wid=120&bgc=000000',
  },
  blendMode: {
    scope: 'layer',
    summary: 'How the layer is blended with those below it',
    value: oneOf(['norm', 'dissolve', 'lighten', 'darken', 'mult', 'screen']),
    default: 'norm',
    comp: 'ignored',
    step: 8,
    support: 'part',
    ignoredValues: ['dissolve'],
    note: '`dissolve` is treated as `norm`. Layer 0 ignores it.',
    source: 'r-blendmode.md',
    example: 'layer=1&color=ffcc00&size=200,200&blendMode=mult',
  },
  hide: {
    scope: 'layer',
    summary: 'Hides the layer',
    value: FLAG,
    default: '0',
    step: 8,
    support: 'full',
    source: 'r-hide.md',
    example: 'layer=1&src=Sale&hide=1',
  },
  size: {
    scope: 'layer',
    summary:
      'Size of the layer: the largest that an image has with its own ratio, the exact one of a color, the box of a text',
    value: pairOf(LENGTH),
    pair: 'sizeN',
    default: '0,0',
    step: 5,
    support: 'full',
    note: 'A part of 0 follows from the other. It enlarges, too.',
    source: 'r-size-reference.md',
    example: 'size=120,120&scl=1',
  },
  sizeN: {
    scope: 'layer',
    summary: 'As `size`, in fractions of layer 0',
    value: pairOf(PART),
    pair: 'size',
    comp: 'ignored',
    step: 5,
    support: 'full',
    source: 'r-size-reference.md',
    example: 'layer=1&src=Sale&sizeN=0.5,0.5',
  },
  pos: {
    scope: 'layer',
    summary: 'Position of the origin of the layer, from the origin of layer 0, in pixels',
    value: pairOf(PIXELS),
    pair: 'posN',
    default: '0,0',
    comp: 'ignored',
    step: 7,
    support: 'full',
    source: 'r-pos.md',
    example: 'layer=1&src=Sale&size=60,60&pos=100,50',
  },
  posN: {
    scope: 'layer',
    summary: 'As `pos`, in fractions of the size of layer 0',
    value: pairOf(FRACTION),
    pair: 'pos',
    comp: 'ignored',
    step: 7,
    support: 'full',
    source: 'r-pos.md',
    example: 'layer=1&src=Sale&size=60,60&posN=0.25,0.25',
  },
  origin: {
    scope: 'layer',
    summary: 'The point of the layer to place, in pixels from its top left corner',
    value: pairOf(PIXELS),
    pair: 'originN',
    step: 7,
    support: 'full',
    source: 'r-origin.md',
    example: 'origin=0,0&layer=1&src=Sale&size=60,60&origin=0,0',
  },
  originN: {
    scope: 'layer',
    summary: 'As `origin`, in fractions of the layer from its center: -0.5,-0.5 is the top left corner',
    value: pairOf(FRACTION),
    pair: 'origin',
    default: 'the anchor, else the center',
    step: 7,
    support: 'full',
    source: 'r-origin.md',
    example: 'originN=0.5,0.5&layer=1&src=Sale&size=60,60&originN=0.5,0.5',
  },
  anchor: {
    scope: 'source',
    summary:
      'The point of the source around which it is rotated, and which becomes its origin, in pixels from the top left corner',
    value: pairOf(PIXELS),
    pair: 'anchorN',
    step: 5,
    support: 'full',
    source: 'r-anchor.md',
    example: 'layer=1&src=Sale&anchor=0,0&size=60,60',
  },
  anchorN: {
    scope: 'source',
    summary: 'As `anchor`, in fractions of the source from its center',
    value: pairOf(FRACTION),
    pair: 'anchor',
    default: 'the center',
    step: 5,
    support: 'full',
    source: 'r-anchor.md',
    example: 'layer=1&src=Sale&anchorN=-0.5,-0.5&size=60,60',
  },
  extend: {
    scope: 'layer',
    summary: 'Pixels to add on the left, top, right and bottom after rotating; negative ones crop',
    value: marginsOf(PIXELS),
    pair: 'extendN',
    default: '0,0,0,0',
    step: 5,
    support: 'full',
    source: 'r-extend.md',
    example: 'size=120,120&extend=0,0,40,0&bgColor=00aaff&scl=1',
  },
  extendN: {
    scope: 'layer',
    summary: 'As `extend`, in fractions of the rectangle after rotating',
    value: marginsOf(FRACTION),
    pair: 'extend',
    step: 5,
    support: 'full',
    source: 'r-extend.md',
    example: 'size=120,120&extendN=0.1,0.1,0.1,0.1&bgColor=00aaff&scl=1',
  },
  map: {
    scope: 'layer',
    summary: 'Areas of the layer with links, for `req=map`',
    value: { kind: 'text', what: 'AREA elements' },
    comp: 'composite',
    step: 5,
    support: 'full',
    note: 'In pixels of the layer after rotating and extending; outside of layers, in those of layer 0 and behind all others. Without another command, `req=map` answers the saved areas as they are. Nested requests have none.',
    source: 'r-map.md',
    example: 'map=%3CAREA shape=%22rect%22 coords=%220,0,9,9%22%3E&req=map',
  },
  mapA: {
    scope: 'layer',
    summary: 'As `map`, in coordinates of the source',
    value: { kind: 'text', what: 'AREA elements' },
    step: 5,
    support: 'full',
    note: 'Ignored beside `map`. With a perspective, a layer has no areas of its source.',
    source: 'r-map.md',
    example: 'layer=0&mapA=%3CAREA shape=%22rect%22 coords=%220,0,40,20%22%3E&wid=100&req=map',
  },
};
