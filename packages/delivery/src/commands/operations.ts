import type { Command, Grammar } from '../command.js';
import { COLOR, FLAG, listOf, oneOf, whole } from './grammars.js';

const PERCENT = whole(-100, 100);

const SHARPENING: Grammar = listOf({
  amount: { kind: 'number', min: 0, max: 5 },
  'radius?': { kind: 'number', min: 0, max: 250, unit: 'pixels' },
  'threshold?': whole(0, 255),
  'monochrome?': FLAG,
});

const CURVE = 'The curve of the service is not published.';

/** Operations on the pixels of a layer, or of the composite. */
export const operationCommands: Readonly<
  Record<
    | 'op_blur'
    | 'op_brightness'
    | 'op_contrast'
    | 'op_colorbalance'
    | 'op_colorize'
    | 'op_hue'
    | 'op_saturation'
    | 'op_invert'
    | 'op_noise'
    | 'op_sharpen'
    | 'op_usm'
    | 'op_usmR'
    | 'op_grow'
    | 'op_growMask'
    | 'op_growMaskR',
    Command
  >
> = {
  op_blur: {
    scope: 'layer',
    summary: 'Blurs by a radius in pixels of the composite',
    value: { kind: 'number', min: 0, max: 100, unit: 'pixels' },
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: 'A Gaussian blur whose deviation is half of the radius. The one of the service is not published.',
    source: 'r-op-blur.md',
    example: 'op_blur=8&wid=120',
  },
  op_brightness: {
    scope: 'layer',
    summary: 'Brightens or darkens by percent of the full range',
    value: PERCENT,
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: `Adds to each component. ${CURVE}`,
    source: 'r-op-brightness.md',
    example: 'op_brightness=30&wid=120',
  },
  op_contrast: {
    scope: 'layer',
    summary: 'Changes the contrast around 50 % gray',
    value: PERCENT,
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: `-100 is gray, 100 twice the contrast. ${CURVE}`,
    source: 'r-op-contrast.md',
    example: 'op_contrast=50&wid=120',
  },
  op_colorbalance: {
    scope: 'layer',
    summary: 'Adds to red, green and blue by percent of the full range',
    value: listOf({ red: PERCENT, green: PERCENT, blue: PERCENT }),
    default: '0,0,0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: CURVE,
    source: 'r-op-colorbalance.md',
    example: 'op_colorbalance=30,0,-30&wid=120',
  },
  op_colorize: {
    scope: 'layer',
    summary: 'Colors by brightness: dark stays dark, light stays light, and the middle gets a color',
    value: listOf({ color: COLOR, 'mode?': oneOf(['off', 'norm']), 'contrast?': whole(0, 100) }),
    comp: 'composite',
    also: ['colorize', 'op_colorise'],
    step: 9,
    support: 'part',
    note: `Only with three bytes in hexadecimal or a word for the color, because commas separate the parts. With norm, the median of the brightness becomes 50 %. ${CURVE}`,
    source: 'r-op-colorize.md',
    example: 'op_colorize=cc6600&wid=120',
  },
  op_hue: {
    scope: 'layer',
    summary: 'Turns the hue by degrees',
    value: { kind: 'number', integer: true, min: -180, max: 180, unit: 'degrees' },
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: 'In HSL. The color space of the service is not published.',
    source: 'r-op-hue.md',
    example: 'op_hue=120&wid=120',
  },
  op_saturation: {
    scope: 'layer',
    summary: 'Changes the saturation: -100 is gray',
    value: PERCENT,
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: CURVE,
    source: 'r-op-saturation.md',
    example: 'op_saturation=-100&wid=120',
  },
  op_invert: {
    scope: 'layer',
    summary: 'Inverts each component',
    value: FLAG,
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'full',
    source: 'r-op-invert.md',
    example: 'op_invert=1&wid=120',
  },
  op_noise: {
    scope: 'layer',
    summary: 'Adds noise in percent, uniform or Gaussian, in color or in gray',
    value: listOf({
      amount: whole(0, 100),
      'kind?': oneOf(['uniform', 'gaussian']),
      'monochrome?': FLAG,
    }),
    default: '0,uniform,0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: 'The same request always has the same noise.',
    source: 'r-op-noise.md',
    example: 'op_noise=30,gaussian,1&wid=120',
  },
  op_sharpen: {
    scope: 'layer',
    summary: 'Sharpens slightly; outside of a layer, the scaled view',
    value: FLAG,
    default: '0',
    comp: 'composite',
    step: 14,
    support: 'part',
    note: 'A kernel of three by three pixels. The one of the service is not published.',
    source: 'r-op-sharpen.md',
    example: 'wid=120&op_sharpen=1',
  },
  op_usm: {
    scope: 'layer',
    summary: 'Unsharp mask for the full size; its radius is scaled down with the image',
    value: SHARPENING,
    default: '0,0,0,0',
    comp: 'composite',
    step: 14,
    support: 'full',
    source: 'r-op-usm.md',
    example: 'wid=120&op_usm=3,8,0,0',
  },
  op_usmR: {
    scope: 'layer',
    summary: 'Unsharp mask with the radius as it is',
    value: SHARPENING,
    default: '0,0,0,0',
    comp: 'composite',
    step: 14,
    support: 'full',
    source: 'r-op-usmr.md',
    example: 'wid=120&op_usmR=2,2,0,0',
  },
  op_grow: {
    scope: 'layer',
    summary: 'Grows light areas by pixels of the composite, or dark ones if negative',
    value: PERCENT,
    default: '0',
    comp: 'composite',
    step: 9,
    support: 'part',
    note: 'By squares. The shape at the service is not published.',
    source: 'r-op-grow.md',
    example: 'op_grow=3&wid=120',
  },
  op_growMask: {
    scope: 'layer',
    summary: 'Grows the mask of a layer by pixels of the full size, or shrinks it',
    value: PERCENT,
    default: '0',
    comp: 'layer 0',
    step: 5,
    support: 'part',
    note: 'As `op_grow`.',
    source: 'r-op-growmask.md',
    example: 'mask=Circle&op_growMask=-20&wid=120',
  },
  op_growMaskR: {
    scope: 'layer',
    summary: 'As `op_growMask`, with pixels as they are',
    value: PERCENT,
    default: '0',
    comp: 'layer 0',
    step: 5,
    support: 'part',
    note: 'As `op_grow`.',
    source: 'r-op-growmaskr.md',
    example: 'mask=Circle&op_growMaskR=5&wid=120',
  },
};
