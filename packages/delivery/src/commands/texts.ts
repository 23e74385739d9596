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
    note: 'Plain text, black, 12 points. Of RTF: paragraphs, alignments across and down, fonts that the machine has, bold, italic, underlined, sub- and superscript, raised and lowered, capitals, spacing, sizes and colors.',
    source: 'r-text.md',
    example: 'layer=1&text=%7B\\rtf1\\b\\fs80 Sale%7D',
  },
  textPs: {
    scope: 'layer',
    summary: 'The text of a layer, set as in Photoshop',
    value: { kind: 'text', what: 'RTF' },
    step: 6,
    support: 'part',
    note: 'As `text`, with justified paragraphs. A line that its box would cut is omitted. Without a box, an origin and an anchor, the first line ends at the origin of layer 0, on the side of its alignment. Copy fitting, paths and shapes have no effect.',
    source: 'r-textps.md',
    example: 'layer=1&textPs=%7B\\rtf1\\qj\\fs48 Shoes for every day, and some for Sundays.%7D&size=280,0',
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
    note: '`crisp`, `sharp`, `strong` and `smooth` are the same as `norm`. Lines break at blanks and hyphens as the text library has it.',
    source: 'r-textattr.md',
    example: 'layer=1&text=Sale&textAttr=200&size=160,0',
  },
  textAngle: {
    scope: 'layer',
    summary: 'Degrees by which `textPs` is turned',
    value: { kind: 'number', min: -36_000, max: 36_000 },
    default: '0',
    step: 6,
    support: 'part',
    note: 'By quarters of a circle, lines fill the turned box. By other angles, they are as long as the box is wide, and are turned around its center.',
    source: 'r-textangle.md',
    example: 'layer=1&textPs=Sale&textAngle=90&textAttr=200',
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
