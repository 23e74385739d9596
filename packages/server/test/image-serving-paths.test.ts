// Saved paths of images and paths of requests: what they crop, what they leave visible, and the size that they give a layer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planImage } from '../src/images/render.js';
import { parseRenderRequest } from '../src/images/render-request.js';
import { difference, type Gallery, gallery, magick } from './support/golden.js';
import { distance, type Picture, painted, quarters, RED } from './support/pictures.js';

/** A path with straight lines between points in pixels of an image of 240 by 120. */
const path = (name: string, ...points: readonly (readonly [x: number, y: number])[]) => ({
  name,
  subpaths: [
    {
      closed: true,
      knots: points.map(([x, y]) => {
        const point = { x: x / 240, y: y / 120 };
        return { before: point, anchor: point, after: point };
      }),
    },
  ],
});

const PATHS = [
  path('Box', [60, 30], [180, 30], [180, 90], [60, 90]),
  path('Left', [0, 0], [120, 0], [120, 120], [0, 120]),
  path('Corner', [0, 0], [80, 0], [0, 80]),
  path('Empty'),
];

let sources: Gallery;
beforeAll(async () => {
  sources = await gallery(
    {
      main: () => painted(240, 120, (x, y) => [x, y * 2, (x + y * 3) % 256]),
      quarters: () => quarters(200, 100),
    },
    { main: PATHS },
  );
});
afterAll(() => sources.remove());

const drawn = (parameters: string, main?: string): Promise<Picture> => sources.drawn(parameters, main);
const isSame = async (one: string, other: string): Promise<void> =>
  expect(difference(await drawn(one), await drawn(other)).most, `${one} and ${other}`).toBe(0);
const alphas = (shown: Picture, ...spots: readonly (readonly [x: number, y: number])[]): number[] =>
  spots.map(([x, y]) => shown.at(x, y)[3]);

describe('a crop to saved paths', () => {
  it.each([
    ['cropPathE=Box', 'crop=60,30,120,60'],
    ['layer=0&cropPathE=Box', 'crop=60,30,120,60'],
    ['layer=0&cropPathE=Box,Left', 'crop=60,30,60,60'],
    ['cropPathE=Left,Box', 'crop=60,30,60,60'],
    ['cropPathE=Nothing,Empty', ''],
    ['layer=0&cropPathE=Nothing', ''],
    ['layer=0&crop=100,0,140,120&cropPathE=Box', 'crop=100,30,80,60'],
    ['layer=0&cropPathE=Box&wid=30', 'crop=60,30,120,60&wid=30'],
    // Names are as they were saved.
    ['cropPathE=box', ''],
  ])('%s is the same as %s', isSame);

  it('of the composite follows what happened to layer 0', async () => {
    await isSame('layer=0&rotate=90&layer=comp&cropPathE=Left', 'crop=0,0,120,120&rotate=90');
    await isSame('flip=lr&cropPathE=Left', 'crop=0,0,120,120&flip=lr');
    const shown = await drawn('layer=0&extend=10,20,0,0&layer=comp&cropPathE=Box');
    expect([shown.width, shown.height]).toEqual([120, 60]);
    expect(shown.at(0, 0)).toEqual((await drawn('')).at(60, 30));
    const layered = await drawn('cropPathE=Box&layer=1&color=ff0000&size=10,10');
    expect([layered.width, layered.height, ...layered.at(60, 30)]).toEqual([120, 60, ...RED, 255]);
  });
});

describe('clipping to saved paths', () => {
  it('leaves what is within all of them', async () => {
    const shown = await drawn('clipPathE=Box,Left');
    expect([shown.width, shown.height]).toEqual([240, 120]);
    expect(alphas(shown, [61, 31], [118, 88], [122, 60], [59, 60], [100, 29])).toEqual([255, 255, 0, 0, 0]);
    await isSame('clipPathE=Box', 'clipPath=M60,30,L180,30,180,90,60,90,Z');
    await isSame('clipPathE=Nothing', '');
  });

  it('follows cropping, scaling, mirroring, rotating and extending', async () => {
    const corner = await drawn('layer=0&clipPathE=Corner&flip=lr');
    expect(alphas(corner, [238, 1], [170, 5], [160, 60], [1, 1])).toEqual([255, 255, 0, 0]);
    const turned = await drawn('layer=0&clipPathE=Corner&rotate=90');
    expect(alphas(turned, [118, 1], [50, 1], [1, 1], [118, 70], [118, 90])).toEqual([255, 255, 0, 255, 0]);
    const extended = await drawn('layer=0&clipPathE=Corner&extend=10,20,0,0');
    expect(alphas(extended, [11, 21], [9, 25], [85, 21], [95, 21])).toEqual([255, 0, 255, 0]);
    const scaled = await drawn('layer=0&crop=20,0,220,120&size=110,60&clipPathE=Corner');
    expect(alphas(scaled, [1, 1], [26, 1], [34, 1], [1, 26], [1, 34])).toEqual([255, 255, 0, 255, 0]);
    const view = await drawn('clipPathE=Corner&wid=120');
    expect(alphas(view, [1, 1], [37, 1], [42, 1])).toEqual([255, 255, 0]);
  });

  it('cuts out what is within others, beside a path that leaves something', async () => {
    await isSame('clipXPathE=Box', '');
    const shown = await drawn('clipPathE=Left&clipXPathE=Box');
    expect(alphas(shown, [30, 60], [90, 60], [90, 10], [130, 10])).toEqual([255, 0, 255, 0]);
    await isSame('clipPathE=Left&clipXPath=M60,30,L180,30,180,90,60,90,Z', 'clipPathE=Left&clipXPathE=Box');
  });

  it('is of layers, and of sources with paths alone', async () => {
    const shown = await drawn('layer=1&src=main&clipPathE=Box&size=120,60', 'quarters');
    expect(distance(shown.at(50, 30), RED)).toBe(0);
    expect(distance(shown.at(100, 50), [127, 120, 50])).toBeLessThan(60);
    expect(difference(await drawn('clipPathE=Box', 'quarters'), await drawn('', 'quarters')).most).toBe(0);
    expect(difference(await drawn('layer=0&src=is{main?scl=1}&clipPathE=Box'), await drawn('')).most).toBe(0);
  });

  it('with a perspective, and of too many paths, is an error', async () => {
    await expect(drawn('layer=0&clipPathE=Box&perspectiveN=0,0,1,0,1,1,0,0.5')).rejects.toThrow(
      'clipPathE: found a layer with perspective',
    );
    await expect(drawn(`clipPathE=${Array(21).fill('Box').join(',')}`)).rejects.toThrow(
      'clipPathE: found 21 names, expected at most 20',
    );
  });
});

describe('a layer of one color without a size', () => {
  it('is as large as its path, which is placed from the origin of layer 0', async () => {
    const shown = await drawn(
      'layer=0&origin=100,50&layer=1&color=ff0000&clipPath=M10,-20,L30,-20,30,20,C30,30,10,30,10,20,Z',
      'quarters',
    );
    const isRed = (x: number, y: number): boolean => distance(shown.at(x, y), RED) === 0;
    expect([isRed(111, 31), isRed(128, 68), isRed(120, 76), isRed(111, 76), isRed(109, 50)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const canvas = await drawn('layer=0&color=00ff00&clipPath=m5,5,l40,0,0,20,-40,0,z', '');
    expect([canvas.width, canvas.height, ...alphas(canvas, [0, 0], [39, 19])]).toEqual([40, 20, 255, 255]);
  });

  it('cannot be rotated', async () => {
    await expect(drawn('layer=1&color=ff0000&rotate=5&clipPath=M0,0,L9,0,9,9')).rejects.toThrow(
      "rotate: found '5' for a layer that clipPath sizes",
    );
  });
});

it.skipIf(!magick)('curves are those of ImageMagick', async () => {
  // Its coordinates are those of the centers of pixels.
  const curved = 'clipPath=M10,60,C10,0,110,0,110,60,L60,110,c-20,0,-20,-10,-50,-50,Z';
  const { mean } = difference(
    await drawn(curved),
    await sources.converted([
      '(',
      '-size',
      '240x120',
      'xc:black',
      '-fill',
      'white',
      '-draw',
      "translate -0.5,-0.5 path 'M10,60 C10,0 110,0 110,60 L60,110 c-20,0 -20,-10 -50,-50 Z'",
      ')',
      '-alpha',
      'off',
      '-compose',
      'CopyOpacity',
      '-composite',
    ]),
  );
  expect(mean).toBeLessThan(1);
});

it('a part of a source has its paths at their places', async () => {
  const plan = await planImage(
    {
      main: { path: sources.pathOf('main'), maxPixels: 1e6, paths: async () => PATHS },
      part: () => ({ left: 100, top: 40, width: 140, height: 80 }),
      maxPixels: 1e6,
    },
    parseRenderRequest(['cropPathE=Box']),
  );
  expect(plan.composite).toEqual({ width: 80, height: 50 });
  await plan.close();
});
