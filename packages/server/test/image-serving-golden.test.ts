// What commands do to pixels, against ImageMagick or against colors that follow from the documentation.
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planImage } from '../src/images/render.js';
import { parseRenderRequest, RenderRequestError } from '../src/images/render-request.js';
import { difference, type Gallery, gallery, magick } from './support/golden.js';
import { type Color, distance, type Picture, painted, plain, quarters } from './support/pictures.js';

/** Sources by the names that requests use; `main` is the object of the path. */
const SOURCES = {
  main: () => painted(240, 120, (x, y) => [x, y * 2, (x + y * 3) % 256]),
  quarters: () => quarters(200, 100),
  green: () => plain(40, 20, [0, 200, 0]),
  half: () => plain(40, 40, [200, 0, 0, 128]),
  gray: () => painted(240, 120, (x) => (x < 120 ? [255, 255, 255] : [0, 0, 0])),
  edge: () => painted(240, 120, (x) => (x < 120 ? [80, 80, 80] : [160, 160, 160])),
  dot: () => painted(240, 120, (x, y) => (x === 120 && y === 60 ? [255, 255, 255] : [0, 0, 0])),
};

let sources: Gallery;

beforeAll(async () => {
  sources = await gallery(SOURCES);
});
afterAll(() => sources.remove());

const pathOf = (name: string): string => sources.pathOf(name);
const drawn = (parameters: string, main?: keyof typeof SOURCES): Promise<Picture> =>
  sources.drawn(parameters, main);

describe.skipIf(!magick)('a picture is that of ImageMagick', () => {
  // Interpolation differs between programs; geometry does not, and where nothing is interpolated, nothing differs.
  it.each<[string, string[], number]>([
    ['flip=lr', ['-flop'], 0],
    ['flip=ud', ['-flip'], 0],
    ['flip=lrud', ['-flop', '-flip'], 0],
    ['rotate=90', ['-rotate', '90'], 0],
    ['rotate=180', ['-rotate', '180'], 0],
    ['rotate=-90', ['-rotate', '-90'], 0],
    ['crop=30,20,100,50', ['-crop', '100x50+30+20', '+repage'], 0],
    ['cropN=0.25,0.25,0.5,0.5', ['-crop', '120x60+60+30', '+repage'], 0],
    [
      'crop=-10,-5,260,130',
      ['-alpha', 'set', '-background', 'none', '-gravity', 'center', '-extent', '260x130'],
      0,
    ],
    [
      'extend=3,5,7,9&bgColor=ff8000',
      ['-background', '#ff8000', '-splice', '3x5', '-gravity', 'southeast', '-splice', '7x9'],
      0,
    ],
    ['rect=10,20,50,40', ['-crop', '50x40+10+20', '+repage'], 0],
    ['op_invert=1', ['-negate'], 0],
    ['op_grow=2', ['-morphology', 'Dilate', 'Square:2'], 0],
    ['op_grow=-2', ['-morphology', 'Erode', 'Square:2'], 0],
    ['wid=120', ['-filter', 'Lanczos', '-resize', '120x60!'], 4],
    ['wid=120&resMode=bilin', ['-filter', 'Triangle', '-resize', '120x60!'], 4],
    ['wid=480', ['-filter', 'Lanczos', '-resize', '480x240!'], 6],
    ['wid=100&hei=100&fit=stretch', ['-filter', 'Lanczos', '-resize', '100x100!'], 5],
    ['size=60,60', ['-filter', 'Lanczos', '-resize', '60x30!'], 5],
    ['scale=0.5', ['-filter', 'Lanczos', '-resize', '120x60!'], 4],
    ['op_blur=8', ['-blur', '0x4'], 3],
    ['layer=1&src=green&pos=30,-20', [':green', '-geometry', '+130+30', '-composite'], 0],
    ['layer=1&src=half&pos=30,-10', [':half', '-geometry', '+130+30', '-composite'], 0.5],
    [
      'layer=1&src=quarters&blendMode=mult',
      [':quarters', '-compose', 'Multiply', '-geometry', '+20+10', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=quarters&blendMode=screen',
      [':quarters', '-compose', 'Screen', '-geometry', '+20+10', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=quarters&blendMode=darken',
      [':quarters', '-compose', 'Darken', '-geometry', '+20+10', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=quarters&blendMode=lighten',
      [':quarters', '-compose', 'Lighten', '-geometry', '+20+10', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=half&pos=30,-10&blendMode=mult',
      [':half', '-compose', 'Multiply', '-geometry', '+130+30', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=half&pos=30,-10&blendMode=screen',
      [':half', '-compose', 'Screen', '-geometry', '+130+30', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=half&pos=30,-10&blendMode=darken',
      [':half', '-compose', 'Darken', '-geometry', '+130+30', '-composite'],
      0.5,
    ],
    [
      'layer=1&src=half&pos=30,-10&blendMode=lighten',
      [':half', '-compose', 'Lighten', '-geometry', '+130+30', '-composite'],
      0.5,
    ],
    [
      'mask=gray',
      ['(', ':gray', '-alpha', 'off', ')', '-alpha', 'off', '-compose', 'CopyOpacity', '-composite'],
      0,
    ],
    [
      'mask=gray&maskUse=invert',
      [
        '(',
        ':gray',
        '-alpha',
        'off',
        '-negate',
        ')',
        '-alpha',
        'off',
        '-compose',
        'CopyOpacity',
        '-composite',
      ],
      0,
    ],
    ['fmt=png,gray', ['-grayscale', 'Rec709Luminance'], 0.5],
  ])('with %s', async (parameters, options, tolerance) => {
    const { mean, most } = difference(await drawn(parameters), await sources.converted(options));
    expect(mean).toBeLessThanOrEqual(tolerance);
    if (tolerance === 0) expect(most).toBe(0);
    // Programs round the same mixture in different ways.
    else if (tolerance < 1) expect(most).toBeLessThanOrEqual(1);
  });
});

describe('colors follow from the documentation', () => {
  const near = (shown: Picture, x: number, y: number, color: Color, by = 1) =>
    expect(distance(shown.at(x, y), color), `${shown.at(x, y)} at ${x},${y}`).toBeLessThanOrEqual(by);

  it.each<[string, Color, Color]>([
    ['op_brightness=20', [131, 131, 131], [211, 211, 211]],
    ['op_brightness=-100', [0, 0, 0], [0, 0, 0]],
    ['op_contrast=100', [33, 33, 33], [193, 193, 193]],
    ['op_contrast=-100', [128, 128, 128], [128, 128, 128]],
    ['op_colorbalance=100,0,-100', [255, 80, 0], [255, 160, 0]],
    ['op_saturation=-100', [80, 80, 80], [160, 160, 160]],
    ['op_colorize=ff0000,off', [160, 0, 0], [255, 65, 65]],
    ['opac=50', [80, 80, 80, 128], [160, 160, 160, 128]],
    ['layer=0&opac=50,50', [80, 80, 80, 64], [160, 160, 160, 64]],
    ['color=ff0000&layer=0&opac=50', [168, 40, 40], [208, 80, 80]],
    ['layer=1&color=0000ff80&size=240,120', [40, 40, 168], [80, 80, 208]],
    ['layer=1&color=ff0000&size=240,120&hide=1', [80, 80, 80], [160, 160, 160]],
    ['maskUse=invert', [80, 80, 80, 0], [160, 160, 160, 0]],
  ])('with %s', async (parameters, left, right) => {
    const shown = await drawn(parameters, 'edge');
    near(shown, 30, 60, left, 2);
    near(shown, 210, 60, right, 2);
  });

  it('turn in hue by thirds of the circle', async () => {
    const shown = await drawn('op_hue=120', 'quarters');
    near(shown, 10, 10, [0, 255, 0]);
    near(shown, 190, 10, [0, 0, 255]);
    near(shown, 10, 90, [255, 0, 0]);
  });

  it('are noisy to the degree that is asked for, and always in the same way', async () => {
    const [one, again, gray] = await Promise.all([
      drawn('op_noise=10', 'edge'),
      drawn('op_noise=10', 'edge'),
      drawn('op_noise=10,gaussian,1', 'edge'),
    ]);
    expect(difference(one, again).most).toBe(0);
    const values = Array.from(
      { length: 2000 },
      (_, index) => one.at(index % 100, Math.floor(index / 100))[0],
    );
    expect(Math.min(...values)).toBeGreaterThanOrEqual(80 - 26);
    expect(Math.max(...values)).toBeLessThanOrEqual(80 + 26);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(40);
    const [red, green, blue] = gray.at(5, 5);
    expect([green, blue]).toEqual([red, red]);
  });

  it('are sharpened by a radius that follows the scale with op_usm, and does not with op_usmR', async () => {
    const reach = async (command: string): Promise<number> => {
      const [before, after] = [await drawn('wid=48', 'edge'), await drawn(`wid=48&${command}`, 'edge')];
      return Array.from({ length: 48 }, (_, x) => Math.abs(after.at(x, 12)[0] - before.at(x, 12)[0])).filter(
        (apart) => apart > 3,
      ).length;
    };
    // Radius 10 of the full size is 2 at a fifth of it.
    expect(await reach('op_usm=1,10,0,0')).toBe(await reach('op_usmR=1,2,0,0'));
    expect(await reach('op_usmR=1,10,0,0')).toBeGreaterThan((await reach('op_usm=1,10,0,0')) + 8);
    // Parts that are left out are 0: no radius, no effect.
    expect(await reach('op_usm=5')).toBe(0);
    expect(await reach('op_sharpen=1')).toBeGreaterThan(0);
  });

  it('of a mask grow and shrink', async () => {
    const shown = async (command: string) => drawn(`mask=gray&${command}`, 'main');
    expect((await shown('op_growMask=0')).at(125, 60)[3]).toBe(0);
    expect((await shown('op_growMask=10')).at(125, 60)[3]).toBe(255);
    expect((await shown('op_growMask=-10')).at(115, 60)[3]).toBe(0);
    expect((await drawn('mask=gray&wid=120&op_growMask=10', 'main')).at(66, 30)[3]).toBeLessThan(3);
    expect((await drawn('mask=gray&wid=120&op_growMaskR=10', 'main')).at(66, 30)[3]).toBe(255);
  });

  it('are clipped to a path, with another cut out', async () => {
    const shown = await drawn(
      'clipPath=M20,20,L100,20,100,100,20,100,Z&clipXPath=m40,40,l20,0,0,20,-20,0,z',
      'edge',
    );
    const alpha = [
      [10, 60],
      [30, 60],
      [50, 50],
      [90, 90],
      [110, 60],
    ].map(([x, y]) => shown.at(x!, y!)[3]);
    expect(alpha).toEqual([0, 255, 0, 255, 0]);
    const curve = await drawn('clipPath=M0,0,C0,60,60,120,120,120,L0,120,Z&wid=120', 'edge');
    expect([curve.at(2, 55)[3], curve.at(55, 2)[3]]).toEqual([255, 0]);
    await expect(drawn('clipPath=M0,0,X5')).rejects.toThrow(RenderRequestError);
    await expect(drawn('clipPath=%3Csvg%3E')).rejects.toThrow(/clipPath: found '/);
  });

  it('are found where layers are placed', async () => {
    const at = async (parameters: string, x: number, y: number) =>
      distance((await drawn(parameters, 'quarters')).at(x, y), [0, 200, 0]) <= 12;
    // Center on center, then by origins and anchors.
    expect(await at('layer=1&src=green', 100, 50)).toBe(true);
    expect(await at('origin=0,0&layer=1&src=green&origin=0,0', 1, 1)).toBe(true);
    expect(await at('layer=1&src=green&posN=0.4,0.4', 199, 99)).toBe(true);
    expect(await at('layer=1&src=green&anchor=0,0', 139, 69)).toBe(true);
    expect(await at('layer=1&src=green&anchorN=0.5,0.5', 61, 31)).toBe(true);
    expect(await at('layer=1&src=green&originN=0.5,-0.5', 61, 69)).toBe(true);
    expect(await at('layer=1&src=green&anchor=0,0&rotate=180', 61, 31)).toBe(true);
    expect(await at('layer=1&src=green&sizeN=1,1', 1, 99)).toBe(true);
    expect(await at('layer=1&src=green&rotate=90', 91, 31)).toBe(true);
    expect(await at('layer=1&src=is{green?rotate=90}&rotate=-90', 81, 41)).toBe(true);
    expect(await at('layer=1&src=green&pos=500,0', 199, 50)).toBe(false);
  });

  it('of text are those of its markup', async () => {
    const rtf = encodeURIComponent(
      '{\\rtf1{\\colortbl;\\red255\\green0\\blue0;}\\cf1\\fs96\\b Hi\\par {\\i there}\\u8364?}',
    );
    const shown = await drawn(`layer=0&color=ffffff&size=240,120&layer=1&text=${rtf}&originN=0,0`, 'main');
    const pixels = Array.from({ length: 240 * 120 }, (_, index) =>
      shown.at(index % 240, Math.floor(index / 240)),
    );
    expect(pixels.some(([red, green]) => red > 200 && green < 60)).toBe(true);
  });
});

describe('a palette', () => {
  const colorsOf = async (parameters: string, main: keyof typeof SOURCES = 'main'): Promise<Set<string>> => {
    const shown = await drawn(`${parameters}&scl=1`, main);
    const colors = new Set<string>();
    for (let y = 0; y < shown.height; y += 1)
      for (let x = 0; x < shown.width; x += 1)
        colors.add(shown.at(x, y)[3] === 0 ? 'clear' : shown.at(x, y).join());
    return colors;
  };

  it.each([
    ['fmt=png8&quantize=adaptive,off,8', 8],
    ['fmt=png8&quantize=adaptive,diffuse,5', 5],
    ['fmt=gif&quantize=adaptive,off,3', 3],
    ['fmt=gif-alpha&quantize=adaptive,diffuse,100', 100],
    ['fmt=png8-alpha&quantize=,,11', 11],
  ])('has as many colors as %s asks for', async (parameters, most) => {
    const { size } = await colorsOf(parameters);
    expect(size).toBeLessThanOrEqual(most);
    expect(size).toBeGreaterThanOrEqual(most * 0.9);
  });

  it('contains the listed colors, and others of the image', async () => {
    const colors = await colorsOf('fmt=png8&quantize=adaptive,off,6,00ff00,ff00ff', 'quarters');
    expect(colors).toEqual(new Set(['255,0,0,255', '0,255,0,255', '0,0,255,255', '255,255,255,255']));
    const forced = await colorsOf('fmt=png8&quantize=adaptive,off,3,0000f0', 'quarters');
    expect(forced.has('0,0,240,255')).toBe(true);
    expect(forced.size).toBe(3);
  });

  it('of the web or of old Macs has their steps, whatever the number', async () => {
    const steps = (colors: Set<string>) =>
      [...colors].flatMap((color) => color.split(',').slice(0, 3).map(Number));
    const web = await colorsOf('fmt=png8&quantize=web,diffuse,4');
    expect(steps(web).filter((part) => part % 51 !== 0)).toEqual([]);
    expect(web.size).toBeGreaterThan(20);
    const mac = await colorsOf('fmt=gif&quantize=mac,off', 'edge');
    expect(mac).toEqual(new Set(['85,85,85,255', '153,153,153,255']));
  });

  it('keeps what is clear, and half of it where the format can', async () => {
    expect(await colorsOf('fmt=png8-alpha&quantize=adaptive,off,2&layer=0&extend=5,0,0,0', 'half')).toEqual(
      new Set(['clear', '200,0,0,128']),
    );
    expect(await colorsOf('fmt=gif-alpha&quantize=adaptive,off,4&opac=50', 'half')).toEqual(
      new Set(['clear']),
    );
  });
});

describe('a picture of every format', () => {
  it.each([
    ['jpeg', 'jpeg', 'srgb'],
    ['pjpeg,gray', 'jpeg', 'b-w'],
    ['jpeg,cmyk', 'jpeg', 'cmyk'],
    ['png8', 'png', 'srgb'],
    ['png8-alpha', 'png', 'srgb'],
    ['gif-alpha', 'gif', 'srgb'],
    ['tif-alpha,,zip', 'tiff', 'srgb'],
    ['avif-alpha,,lossless', 'heif', 'srgb'],
    ['webp-alpha', 'webp', 'srgb'],
  ])('%s', async (fmt, format, space) => {
    const plan = await planImage(
      { main: { path: pathOf('half'), maxPixels: 1e6 }, maxPixels: 1e6 },
      parseRenderRequest([`fmt=${fmt}&iccEmbed=1&printRes=150`]),
    );
    const { data } = await plan.render().finally(() => plan.close());
    const { hasProfile, density, ...found } = await sharp(data).metadata();
    expect(found).toMatchObject({ format, space, width: 40 });
    if (/^(?:jpeg|png8$|tif)/.test(fmt)) expect([hasProfile, Math.round(density ?? 0)]).toEqual([true, 150]);
  });
});
