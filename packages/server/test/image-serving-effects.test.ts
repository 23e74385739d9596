// Shadows, glows and borders of layers, and layers in perspective, against ImageMagick or against pixels that follow from the documentation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RenderRequestError } from '../src/images/render-request.js';
import { difference, type Gallery, gallery, magick } from './support/golden.js';
import { BLACK, distance, painted, plain, quarters, WHITE } from './support/pictures.js';

let sources: Gallery;

const inCircle = (x: number, y: number): boolean => Math.hypot(x - 50, y - 50) <= 30;

beforeAll(async () => {
  sources = await gallery({
    main: () => painted(120, 60, (x, y) => [x * 2, y * 4, 40]),
    square: () =>
      painted(100, 100, (x, y) => (x >= 30 && x < 70 && y >= 30 && y < 70 ? [0, 0, 200] : [9, 9, 9, 0])),
    circle: () => painted(100, 100, (x, y) => (inCircle(x, y) ? [0, 0, 200] : [0, 0, 0, 0])),
    quarters: () => quarters(100, 100),
    green: () => plain(20, 20, [0, 200, 0]),
  });
});
afterAll(() => sources.remove());

const drawn = (parameters: string, main = parameters.startsWith('layer=0&color') ? '' : 'main') =>
  sources.drawn(parameters, main);

describe('effects of layers', () => {
  const BLUE = [0, 0, 200, 255];
  const HALF_RED = [255, 0, 0, 128];
  const CLEAR_ALPHA = 0;

  it('draw a border of three pixels along the alpha, outside or inside', async () => {
    const outer = await drawn('effect=-1&op_grow=3&color=255,0,0,128', 'square');
    for (const [x, y] of [
      [27, 50],
      [29, 50],
      [72, 50],
      [50, 27],
      [50, 72],
    ] as const)
      expect(outer.at(x, y), `${x},${y}`).toEqual(HALF_RED);
    for (const [x, y] of [
      [26, 50],
      [73, 50],
      [50, 26],
    ] as const)
      expect(outer.at(x, y)[3], `${x},${y}`).toBe(CLEAR_ALPHA);
    expect(outer.at(30, 50)).toEqual(BLUE);

    const inner = await drawn('effect=1&op_grow=3&color=255,0,0,128', 'square');
    for (const x of [30, 32, 67, 69])
      expect(distance(inner.at(x, 50), [128, 0, 100]), `${x}`).toBeLessThan(2);
    for (const x of [33, 66]) expect(inner.at(x, 50), `${x}`).toEqual(BLUE);
    expect(inner.at(29, 50)[3]).toBe(0);
    // An opaque image has its edges for a mask.
    const edge = await drawn('effect=1&op_grow=3&color=255,0,0', 'main');
    expect([edge.at(2, 30), edge.at(117, 30)]).toEqual([
      [255, 0, 0, 255],
      [255, 0, 0, 255],
    ]);
    expect(edge.at(3, 30)).toEqual([6, 120, 40, 255]);
  });

  it('add up their opacity with that of the layer', async () => {
    // The layer is opaque to 63 %, its effect to 45 %.
    const shown = await drawn(
      'layer=0&color=0,0,0&size=60,60&layer=1&color=255,255,255&size=20,20&opac=90,70&effect=-1&color=255,255,255&opac=50&pos=30,0',
    );
    expect(distance(shown.at(30, 30), [161, 161, 161])).toBeLessThan(2);
    expect(distance(shown.at(55, 30), [115, 115, 115])).toBeLessThan(2);
  });

  it('are cut where the layer is, unless the mask is switched off', async () => {
    const request = (mask: string) =>
      `layer=0&color=000000&size=60,60&layer=1&color=0,0,0,0&color=ffffff&opac=50&size=20,20&effect=-1&color=ff0000&pos=5,0${mask}`;
    const [cut, whole] = [await drawn(request('')), await drawn(request('&effectMask=0'))];
    expect(distance(cut.at(30, 30), [128, 128, 128])).toBeLessThan(2);
    expect(distance(whole.at(30, 30), [191, 128, 128])).toBeLessThan(3);
    // Half opaque, as its parent.
    expect(distance(cut.at(43, 30), [128, 0, 0])).toBeLessThan(2);
  });

  it('use the mask of the layer, its inverse, or its rectangle', async () => {
    const at = async (use: string) => {
      const shown = await drawn(
        `layer=0&color=ffffff&size=120,120&layer=1&src=square&effect=-1&color=000000&maskUse=${use}&effectMask=0`,
      );
      return [shown.at(15, 60), shown.at(60, 5)].map((pixel) => distance(pixel, BLACK) < 2);
    };
    expect(await at('norm')).toEqual([false, false]);
    expect(await at('invert')).toEqual([true, false]);
    expect(await at('off')).toEqual([true, false]);
  });

  it('are ordered by their numbers, and end at the next layer', async () => {
    const shown = await drawn(
      'layer=0&color=ffffff&size=60,60&layer=1&color=0000ff&size=20,20&effect=-1&color=ff0000&op_grow=3&effect=-2&color=00ff00&op_grow=6&layer=2&color=000000&size=4,4',
    );
    expect([shown.at(18, 30), shown.at(15, 30), shown.at(30, 30)]).toEqual([
      [255, 0, 0, 255],
      [0, 255, 0, 255],
      [0, 0, 0, 255],
    ]);
  });

  it('follow the scale of the view', async () => {
    const full = await drawn('effect=-1&color=ff0000&pos=20,0', 'square');
    const half = await drawn('effect=-1&color=ff0000&pos=20,0&scl=2', 'square');
    for (const pixel of [full.at(85, 50), half.at(42, 25)])
      expect(distance(pixel, [255, 0, 0])).toBeLessThanOrEqual(1);
    expect([full.at(92, 50)[3], half.at(46, 25)[3]]).toEqual([0, 0]);
  });

  it('reach outside of their layer, even from beyond the canvas', async () => {
    const shown = await drawn(
      'layer=0&color=ffffff&size=60,60&layer=1&color=0000ff&size=20,20&pos=100,0&effect=-1&color=ff0000&pos=-90,0',
    );
    expect(shown.at(40, 30)).toEqual([255, 0, 0, 255]);
  });

  it('of the composite are those of all layers together', async () => {
    const shown = await drawn(
      'size=200,200&extend=0,0,10,10&effect=-1&$shadow$&color=50,143,254&op_blur=0&opac=100&pos=8,8&blendMode=norm',
      'quarters',
    );
    expect([shown.width, shown.height]).toEqual([210, 210]);
    expect(shown.at(205, 100)).toEqual([50, 143, 254, 255]);
    expect(shown.at(205, 3)[3]).toBe(0);
    expect(shown.at(199, 199)).toEqual([255, 255, 255, 255]);
  });

  it('are dark or light without more than their names', async () => {
    const on = (background: string, effect: string) =>
      drawn(`layer=0&color=${background}&size=100,100&layer=1&src=square&effect=${effect}`);
    const shadow = await on('ffffff', '-1&$shadow$');
    expect(shadow.at(72, 60)[0]).toBeLessThan(160);
    expect(shadow.at(27, 40)[0]).toBeGreaterThan(240);
    const glow = await on('000000', '-1&$glow$');
    expect(glow.at(71, 50)[0]).toBeGreaterThan(60);
    expect(distance([...glow.at(10, 50)], BLACK)).toBe(0);
    const inside = await on('ffffff', '1&$shadow$');
    expect(inside.at(31, 31)[2]).toBeLessThan(140);
    expect(distance(inside.at(60, 60), [0, 0, 200])).toBeLessThan(3);
    expect(distance(inside.at(80, 80), WHITE)).toBe(0);
  });

  it('need a color', async () => {
    await expect(drawn('layer=1&src=green&effect=-2&op_blur=3')).rejects.toThrow(
      /^effect: effect -2 of layer 1 has no color/,
    );
    await expect(drawn('effect=1&opac=5')).rejects.toThrow(RenderRequestError);
  });

  it.skipIf(!magick)('blur as a shadow of ImageMagick does', async () => {
    const ours = await drawn('effect=-1&color=000000&opac=80&op_blur=8&pos=6,9', 'circle');
    const theirs = await sources.converted(
      // A clear canvas, the shadow, and the picture.
      [
        ...['(', '-clone', '0', '-alpha', 'transparent', ')'],
        ...['(', '-clone', '0', '-background', 'black', '-shadow', '80x4+6+9', ')'],
        ...['(', '-clone', '0', ')', '-delete', '0', '-background', 'none', '-flatten'],
      ],
      'circle',
    );
    const { mean } = difference(ours, theirs);
    expect(mean).toBeLessThanOrEqual(1.5);
  });
});

describe.skipIf(!magick)('a layer in perspective is that of ImageMagick', () => {
  const CORNERS = [
    ['20,10,100,0,119,59,0,50', '0,0 20,10 120,0 100,0 120,60 119,59 0,60 0,50'],
    ['0,0,120,0,120,60,0,60', '0,0 0,0 120,0 120,0 120,60 120,60 0,60 0,60'],
    // Beyond the canvas.
    ['-30,-10,90,20,100,50,-20,80', '0,0 -30,-10 120,0 90,20 120,60 100,50 0,60 -20,80'],
    // From behind.
    ['100,5,20,5,20,55,100,55', '0,0 100,5 120,0 20,5 120,60 20,55 0,60 100,55'],
  ] as const;

  it.each(CORNERS)('with corners %s', async (corners, points) => {
    const theirs = await sources.converted(
      ['-alpha', 'set', '-virtual-pixel', 'transparent', '-distort', 'Perspective', points],
      'main',
    );
    for (const option of ['', ',R1', ',R2', ',R3T20']) {
      const { mean } = difference(await drawn(`perspective=${corners}${option}`), theirs);
      // Edges are smoothed in different ways.
      expect(mean, option).toBeLessThanOrEqual(option === '' || option === ',R3T20' ? 2.5 : 5);
    }
  });

  it('in fractions, moved, and below another layer', async () => {
    const pixels = await drawn('layer=1&src=quarters&perspective=60,0,120,0,120,60,60,60');
    const parts = await drawn('layer=1&src=quarters&perspectiveN=0.5,0,1,0,1,1,0.5,1');
    expect(difference(pixels, parts).most).toBe(0);
    expect(distance(parts.at(65, 5), [255, 0, 0])).toBeLessThan(3);
    expect(distance(parts.at(115, 55), WHITE)).toBeLessThan(3);
    const moved = await drawn('layer=1&src=quarters&perspective=60,0,120,0,120,60,60,60&pos=-60,0');
    expect(distance(moved.at(5, 5), [255, 0, 0])).toBeLessThan(3);
    expect(moved.at(100, 30)).toEqual((await drawn('')).at(100, 30));
    const half = await drawn('layer=1&src=quarters&perspective=60,0,120,0,120,60,60,60&scl=2');
    expect(distance(half.at(32, 2), [255, 0, 0])).toBeLessThan(3);
  });
});

it.each([
  'perspective=0,0,0,0,10,10,0,10',
  'perspective=0,0,10,0,20,0,0,10',
  'perspective=0,0,10,10,10,0,0,10',
  'perspective=0,0,100,0,20,5,0,100',
  'perspectiveN=0,0,0,0,0,0,0,0',
])('%s has no picture', async (parameters) => {
  await expect(drawn(parameters)).rejects.toThrow(/^perspectiveN?: found '.*', expected the four corners/);
});

it.each([
  'perspective=0,0,10,0,10,10,0,10,R4',
  'perspective=0,0,10,0,10,10,0,10,R3T201',
  'perspective=1,2,3',
])('%s is not understood', async (parameters) => {
  await expect(drawn(parameters)).rejects.toThrow(/^perspective: found '/);
});
