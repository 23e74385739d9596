// Random requests end in a picture of the size that was planned, or in an error that the sender can understand; nothing else, and within
// the limits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '@ips-sdk/delivery';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { ImageError } from '../src/images/image-library.js';
import { planImage } from '../src/images/render.js';
import { parseRenderRequest, RenderRequestError } from '../src/images/render-request.js';
import { painted, quarters } from './support/pictures.js';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ips-fuzz-'));
  writeFileSync(join(folder, 'main.png'), await quarters(60, 40).png().toBuffer());
  writeFileSync(
    join(folder, 'clear.png'),
    await painted(20, 30, (x, y) => [x, y, 0, (x * y) % 256])
      .png()
      .toBuffer(),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string, ...points: readonly (readonly [x: number, y: number])[]) => ({
  name,
  subpaths: [
    {
      closed: true,
      knots: points.map(([x, y]) => ({
        before: { x: x - 0.1, y },
        anchor: { x, y },
        after: { x: x + 0.1, y },
      })),
    },
  ],
});

/** Saved paths of the images: a rectangle, and a curve beyond their edges. */
const PATHS = [
  path('Box', [0.2, 0.2], [0.8, 0.2], [0.8, 0.7], [0.2, 0.7]),
  path('Curve', [-0.5, 0.5], [0.5, 0], [1.5, 0.5]),
];

const small = fc.integer({ min: -20, max: 90 });
const number = fc.oneof(
  small,
  fc.double({ min: -2, max: 120, noNaN: true }),
  fc.constantFrom(0, 1, 2, 0.5, 1e9, -1e9, 1e-9),
);
const list = (count: number) => fc.array(number, { minLength: count, maxLength: count }).map(String);
const colors = fc.constantFrom(
  'ff0000',
  '0,255,0',
  '50g',
  '0,0,0,100k',
  'ffffff80',
  '12,34,56,78',
  'red',
  '',
);
const objects = fc.constantFrom(
  'main',
  'clear',
  'nothing',
  'is{clear?rotate=30}',
  'is(main?layer=1&src=is{clear}&wid=9)',
  'ir{main}',
  '(http://example.com/)',
);
const words = fc.constantFrom(
  'fit',
  'crop,1',
  'wrap',
  'stretch,1',
  'hfit',
  'vfit',
  'lr',
  'ud',
  'lrud',
  'invert',
  'off',
  'mult',
  'screen',
  'bilin',
  'bicub',
  'png-alpha',
  'gif-alpha',
  'webp',
  'tif,cmyk,lzw',
  'jpeg,gray',
  'png8',
  'mask',
  'on,2',
  '1',
  '0',
  'M0,0,L10,0,10,10,Z',
  'M0',
  'adaptive,off,2,000000,ffffff',
);
const value = fc.oneof(
  number.map(String),
  list(2),
  list(4),
  fc.tuple(small, small, fc.nat(80), fc.nat(80)).map(String),
  colors,
  objects,
  words,
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
);

/** Values that fit a command often enough that layers are drawn, not only refused. */
const fitting: Readonly<Record<string, fc.Arbitrary<string>>> = {
  wid: fc.nat(80).map(String),
  hei: fc.nat(80).map(String),
  src: objects,
  mask: objects,
  color: colors,
  bgColor: colors,
  bgc: colors,
  size: fc.tuple(fc.nat(60), fc.nat(60)).map(String),
  extend: list(4),
  crop: fc.tuple(small, small, fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 80 })).map(String),
  rect: fc.tuple(small, small, fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 80 })).map(String),
  layer: fc.constantFrom('0', '1', '2', '3', 'comp', '1,name', 'name'),
  scl: fc.constantFrom('1', '2', '0.5', '7'),
  effect: fc.constantFrom('-1&$shadow$', '1&$glow$', '2&color=ff000080&op_grow=3', '-3', '0'),
  perspective: fc.oneof(
    list(8),
    fc.constantFrom('5,5,50,0,60,40,0,30', '-90,0,99,10,80,70,-5,60,R2', '40,0,0,0,0,40,40,40,R1'),
  ),
  rotate: fc.integer({ min: -400, max: 400 }).map(String),
  text: fc
    .oneof(
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 9 }),
      fc.constantFrom(' ', '\n', '\u200b'),
    )
    .map(encodeURIComponent),
  textPs: fc
    .constantFrom('{\\rtf1\\qj a b c}', '{\\rtf1\\qr\\fs90 x\\par y}', '', 'plain')
    .map(encodeURIComponent),
  textAngle: fc.integer({ min: -400, max: 400 }).map(String),
  textAttr: fc.constantFrom('72', '300,off', '20,norm,autoRes', '500,norm,maxRes,nbWrap', '3000,,,noWrap'),
  cropPathE: fc.constantFrom('Box', 'Curve,Box', 'Nothing', ''),
  clipPathE: fc.constantFrom('Box', 'Curve,Box', 'Nothing', ''),
  clipXPathE: fc.constantFrom('Curve', 'Box', ','),
  clipPath: fc.constantFrom('M0,0,L30,0,30,20,Z', 'm-9,5,c20,0,20,20,-9,50', 'M5,5', 'M1e3,0,L9e5,9e5,0,3'),
  quantize: fc.constantFrom('adaptive,off,3', 'web', ',,7,ff0000', 'mac,diffuse,2'),
  fmt: fc.constantFrom('png', 'png-alpha', 'jpeg', 'gif', 'webp-alpha', 'tif,,lzw', 'png8'),
};

const part = fc
  .constantFrom(...Object.keys(commands), ...Object.keys(fitting), ...Object.keys(fitting))
  .chain((name) => {
    const good = fitting[name];
    return (
      good === undefined ? value : fc.oneof({ arbitrary: good, weight: 6 }, { arbitrary: value, weight: 1 })
    ).map((written) => `${name}=${written}`);
  });
const request = fc.array(part, { maxLength: 9 }).map((parts) => parts.join('&'));

it('a request ends in a picture or in an error that can be understood', async () => {
  const counts = { pictures: 0, errors: 0 };
  await fc.assert(
    fc.asyncProperty(request, async (text) => {
      try {
        const source = (name: string) => ({
          path: join(folder, `${name}.png`),
          maxPixels: 1e6,
          paths: async () => PATHS,
        });
        const plan = await planImage(
          {
            main: source('main'),
            find: async (name) => {
              if (name !== 'main' && name !== 'clear')
                throw new RenderRequestError(`src: nothing is called '${name}'`);
              return { source: source(name), modifier: null };
            },
            maxPixels: 1e6,
          },
          // Large pictures are legal, and slow; the limit of a company makes most of them errors.
          {
            ...parseRenderRequest([text]),
            settings: { ...parseRenderRequest([]).settings, maxPix: [400, 400] },
          },
        );
        try {
          expect(plan.size.width * plan.size.height).toBeLessThanOrEqual(160_000);
          expect(plan.work).toBeLessThanOrEqual(250_000_000);
          if (plan.work > 4_000_000) return;
          const image = await plan.render();
          expect([image.width, image.height]).toEqual([plan.size.width, plan.size.height]);
          expect((await sharp(image.data).metadata()).width).toBe(plan.size.width);
          counts.pictures += 1;
        } finally {
          await plan.close();
        }
      } catch (error) {
        if (!(error instanceof RenderRequestError) && !(error instanceof ImageError)) throw error;
        expect(error.message).toMatch(/^[\w$ ]+(?:: |.* (?:too large|takes work|cannot))/);
        expect(error.message).not.toContain(folder);
        counts.errors += 1;
      }
    }),
    { numRuns: casesOf(50_000) },
  );
  // Both happen often, or the requests are not worth much.
  expect(counts.pictures).toBeGreaterThan(casesOf(50_000) / 10);
  expect(counts.errors).toBeGreaterThan(casesOf(50_000) / 10);
});
