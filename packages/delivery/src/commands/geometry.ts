import type { Command, Grammar } from '../command.js';
import { FRACTION, listOf, NAMES, oneOf, PATH, PIXELS, rectangle, SIZE, SIZE_N } from './grammars.js';

const corners = (value: Grammar): Grammar =>
  listOf({
    x1: value,
    y1: value,
    x2: value,
    y2: value,
    x3: value,
    y3: value,
    x4: value,
    y4: value,
    'option?': {
      kind: 'text',
      what: 'R1, R2, R3 or R3T with a number from 0 to 200',
      pattern: /^(?:|R[123]|R3T(?:1?\d{1,2}|200))$/,
    },
  });

/** Commands about the part of a source that a layer shows, and its shape. */
export const geometryCommands: Readonly<
  Record<
    | 'crop'
    | 'cropN'
    | 'cropPathE'
    | 'scale'
    | 'res'
    | 'flip'
    | 'rotate'
    | 'perspective'
    | 'perspectiveN'
    | 'clipPath'
    | 'clipPathE'
    | 'clipXPath'
    | 'clipXPathE',
    Command
  >
> = {
  crop: {
    scope: 'source',
    summary: 'The part of the source to show, in its pixels; beyond its edges it is clear',
    value: rectangle(PIXELS, SIZE),
    pair: 'cropN',
    step: 5,
    support: 'full',
    source: 'r-crop.md',
    example: 'crop=0,0,200,200&wid=100',
  },
  cropN: {
    scope: 'source',
    summary: 'As `crop`, in fractions of the source',
    value: rectangle(FRACTION, SIZE_N),
    pair: 'crop',
    default: '0,0,1,1',
    step: 5,
    support: 'full',
    source: 'r-crop.md',
    example: 'cropN=0.5,0,0.5,0.5&wid=100',
  },
  cropPathE: {
    scope: 'layer',
    summary: 'Crops to the bounding box of paths in the source',
    value: NAMES,
    comp: 'composite',
    step: 5,
    support: 'full',
    note: 'The paths that Photoshop saves in TIFF and JPEG files. Several crop to what all of their boxes have in common.',
    source: 'r-croppath.md',
    example: 'layer=0&cropPathE=Shoe&wid=120',
  },
  scale: {
    scope: 'source',
    summary: 'Factor of the full size of the source',
    value: { kind: 'number', above: 0, max: 1000 },
    step: 5,
    support: 'full',
    note: 'Ignored beside `size`.',
    source: 'r-is-http-scale.md',
    example: 'scale=0.3&scl=1',
  },
  res: {
    scope: 'source',
    summary: 'Resolution at which to show the source, by its own resolution',
    value: { kind: 'number', above: 0, max: 1_000_000 },
    step: 5,
    support: 'part',
    note: 'The resolution of the source is that of its file, 72 if unknown. Ignored beside `scale` and `size`.',
    source: 'r-res.md',
    example: 'res=24&scl=1',
  },
  flip: {
    scope: 'layer',
    summary: 'Mirrors left to right, upside down, or both',
    value: oneOf(['lr', 'ud', 'lrud'], { udlr: 'lrud' }),
    comp: 'composite',
    step: 5,
    support: 'full',
    source: 'r-flip.md',
    example: 'flip=lr&wid=120',
  },
  rotate: {
    scope: 'layer',
    summary: 'Degrees by which the layer is rotated clockwise; its box grows',
    value: { kind: 'number', min: -36_000, max: 36_000, unit: 'degrees' },
    default: '0',
    step: 5,
    support: 'full',
    source: 'r-rotate.md',
    example: 'rotate=30&wid=120&bgc=eeeeee',
  },
  perspective: {
    scope: 'layer',
    summary: 'Distorts the layer so that its corners are at four points',
    value: corners({ kind: 'number', min: -1_000_000, max: 1_000_000 }),
    pair: 'perspectiveN',
    step: 5,
    support: 'part',
    note: 'R1 takes the nearest pixel, R2 interpolates, R3 takes four samples a pixel; R3T is R3. `size` and `res` are ignored beside it, and so are origins. The corners have to be those of a convex shape.',
    source: 'r-perspective.md',
    example: 'layer=1&src=Sale&perspective=120,20,280,60,260,180,140,150',
  },
  perspectiveN: {
    scope: 'layer',
    summary: 'As `perspective`, by fractions of layer 0',
    value: corners({ kind: 'number', min: -100, max: 100 }),
    pair: 'perspective',
    step: 5,
    support: 'part',
    note: 'As `perspective`.',
    source: 'r-perspective.md',
    example: 'perspectiveN=0.2,0,0.8,0.2,1,1,0,0.8',
  },
  clipPath: {
    scope: 'layer',
    summary: 'Shows only what is inside of a path, in pixels of the layer',
    value: PATH,
    comp: 'composite',
    step: 5,
    support: 'part',
    note: 'Commands M, L, C and Z, absolute and relative. Without `size`, a layer of one color is as large as its path, whose coordinates are from the origin of layer 0; a text keeps its own size.',
    source: 'r-clippath.md',
    example: 'size=120,120&clipPath=M60,0,L120,60,60,120,0,60,Z&scl=1',
  },
  clipPathE: {
    scope: 'layer',
    summary: 'As `clipPath`, by the names of paths in the source',
    value: NAMES,
    comp: 'composite',
    step: 5,
    support: 'full',
    note: 'Outside of layers, the paths are those of the image of layer 0. With a perspective, they are an error.',
    source: 'r-clippath.md',
    example: 'clipPathE=Shoe&wid=120',
  },
  clipXPath: {
    scope: 'layer',
    summary: 'Cuts the inside of a path out of what `clipPath` shows',
    value: PATH,
    comp: 'composite',
    step: 5,
    support: 'part',
    note: 'As `clipPath`, without which, or `clipPathE`, it is ignored.',
    source: 'r-clipxpath.md',
    example: 'size=120,120&clipPath=M0,0,L120,0,120,60,0,60,Z&clipXPath=M40,10,L80,10,80,50,40,50,Z&scl=1',
  },
  clipXPathE: {
    scope: 'layer',
    summary: 'As `clipXPath`, by the names of paths in the source',
    value: NAMES,
    comp: 'composite',
    step: 5,
    support: 'full',
    note: 'Beside `clipPath` or `clipPathE`, without which it is ignored. Of several paths, what all of them have inside is cut out.',
    source: 'r-clipxpath.md',
    example: 'clipPath=M0,0,L400,0,400,200,0,200,Z&clipXPathE=Shoe&wid=120',
  },
};
