import type { Command } from '../command.js';
import { listOf, oneOf, PATH, whole } from './grammars.js';

/** Commands about text layers. */
export const textCommands: Readonly<
  Record<
    'text' | 'textPs' | 'textAttr' | 'textAngle' | 'textPath' | 'pathAttr' | 'textFlowPath' | 'textFlowXPath',
    Command
  >
> = {
  text: {
    scope: 'layer',
    summary: 'The text of a layer',
    value: { kind: 'text', what: 'plain text, or RTF' },
    step: 6,
    support: 'part',
    note: 'Plain text, black, 12 points, in the first font that the machine has. Of RTF: paragraphs, bold, italic, underline, sizes and colors.',
    source: 'r-text.md',
    example: 'layer=1&text=Sale&size=120,0',
  },
  textPs: {
    scope: 'layer',
    summary: 'The text of a layer, set as in Photoshop',
    value: { kind: 'text', what: 'RTF' },
    step: 6,
    support: 'none',
    source: 'r-textps.md',
  },
  textAttr: {
    scope: 'layer',
    summary: 'Resolution of text in dots per inch, smoothing and wrapping',
    value: listOf({
      dpi: whole(1, 3000),
      'antialias?': oneOf(['off', 'norm', 'crisp', 'sharp', 'strong', 'smooth']),
      'resolution?': oneOf(['fixedRes', 'autoRes', 'maxRes']),
      'wrap?': oneOf(['wrap', 'noWrap', 'nbWrap']),
    }),
    default: '72,norm,fixedRes,wrap',
    step: 6,
    support: 'part',
    note: 'Of its parts, the resolution in dots per inch and `noWrap`.',
    source: 'r-textattr.md',
    example: 'layer=1&text=Sale&textAttr=200&size=160,0',
  },
  textAngle: {
    scope: 'layer',
    summary: 'Degrees by which `textPs` is turned',
    value: { kind: 'number', min: -36_000, max: 36_000 },
    default: '0',
    step: 6,
    support: 'none',
    source: 'r-textangle.md',
  },
  textPath: {
    scope: 'layer',
    summary: 'The path on which `textPs` runs',
    value: PATH,
    step: 6,
    support: 'none',
    source: 'r-textpath.md',
  },
  pathAttr: {
    scope: 'layer',
    summary: 'Direction, beginning and end of text on a path',
    value: listOf({
      direction: oneOf(['norm', 'reverse']),
      'start?': { kind: 'number', min: 0, max: 2 },
      'end?': { kind: 'number', min: 0, max: 2 },
    }),
    default: 'norm,0,1',
    step: 6,
    support: 'none',
    source: 'r-pathattr.md',
  },
  textFlowPath: {
    scope: 'layer',
    summary: 'The shape that `textPs` fills',
    value: PATH,
    step: 6,
    support: 'none',
    source: 'r-textflowpath.md',
  },
  textFlowXPath: {
    scope: 'layer',
    summary: 'The shape that `textPs` flows around',
    value: PATH,
    step: 6,
    support: 'none',
    source: 'r-textflowxpath.md',
  },
};
