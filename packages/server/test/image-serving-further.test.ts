// Requests that combine commands, with pictures that follow from the documentation: by ImageMagick, or by exact colors.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderedImage } from '../src/images/encode-image.js';
import { planImage } from '../src/images/render.js';
import { parseRenderRequest } from '../src/images/render-request.js';
import { difference, type Gallery, gallery, magick } from './support/golden.js';
import {
  BLUE,
  type Color,
  distance,
  GREEN,
  look,
  type Picture,
  painted,
  plain,
  quarters,
  RED,
  WHITE,
} from './support/pictures.js';

const SOURCES = {
  main: () => painted(240, 120, (x, y) => [x, y * 2, (x + y * 3) % 256]),
  quarters: () => quarters(200, 100),
  green: () => plain(40, 20, [0, 200, 0]),
  half: () => plain(40, 40, [200, 0, 0, 128]),
  alpha: () => painted(200, 100, (x, y) => [x, y, 100, x < 100 ? 255 : 80]),
  edge: () => painted(240, 120, (x) => (x < 120 ? [80, 80, 80] : [160, 160, 160])),
  white: () => plain(300, 200, [255, 255, 255]),
};

type Name = keyof typeof SOURCES;

let sources: Gallery;
let folder: string;
beforeAll(async () => {
  sources = await gallery(SOURCES);
  folder = mkdtempSync(join(tmpdir(), 'ips-further-'));
});
afterAll(() => {
  sources.remove();
  rmSync(folder, { recursive: true, force: true });
});

const drawn = (parameters: string, main?: Name): Promise<Picture> => sources.drawn(parameters, main);

const MACROS: Readonly<Record<string, string>> = {
  big: 'wid=200&$quality$',
  quality: 'qlt=30&fmt=png',
  small: 'wid=10&hei=10',
};

/** The encoded image of a request at full size. */
async function encoded(parameters: string, main: Name = 'quarters'): Promise<RenderedImage> {
  const macro = (name: string) => MACROS[name];
  const plan = await planImage(
    { main: { path: sources.pathOf(main), maxPixels: 1e6 }, macro, maxPixels: 1e6 },
    parseRenderRequest([parameters], undefined, { macro }),
  );
  return plan.render().finally(() => plan.close());
}

describe.skipIf(!magick)('a picture is that of ImageMagick', () => {
  it.each<[Name, string, string[], number]>([
    ['main', 'crop=40,20,100,50&rotate=90', ['-crop', '100x50+40+20', '+repage', '-rotate', '90'], 0],
    // Outside of layers, flip is about the composite, which is rotated by then; within, it comes before.
    [
      'main',
      'crop=40,20,100,50&rotate=-90&flip=lr',
      ['-crop', '100x50+40+20', '+repage', '-rotate', '-90', '-flop'],
      0,
    ],
    [
      'main',
      'layer=0&crop=40,20,100,50&rotate=-90&flip=lr',
      ['-crop', '100x50+40+20', '+repage', '-flop', '-rotate', '-90'],
      0,
    ],
    [
      'main',
      'rotate=180&crop=0,0,120,60&extend=5,0,0,5&fmt=png&bgc=336699',
      [
        '-crop',
        '120x60+0+0',
        '+repage',
        '-rotate',
        '180',
        '-background',
        '#336699',
        '-gravity',
        'northeast',
        '-extent',
        '125x60',
        '-gravity',
        'north',
        '-extent',
        '125x65',
      ],
      0,
    ],
    ['alpha', 'fmt=png&bgc=0000ff80', ['-background', '#0000ff', '-flatten'], 0.5],
    [
      'alpha',
      'fmt=png&wid=100&hei=100&bgc=00ff00',
      [
        '-background',
        '#00ff00',
        '-flatten',
        '-filter',
        'Lanczos',
        '-resize',
        '100x50!',
        '-gravity',
        'center',
        '-extent',
        '100x100',
      ],
      0.5,
    ],
    [
      'main',
      'layer=1&src=half&opac=50&pos=-60,20',
      [
        '(',
        ':half',
        '-channel',
        'A',
        '-evaluate',
        'multiply',
        '0.5',
        '+channel',
        ')',
        '-geometry',
        '+40+60',
        '-composite',
      ],
      0,
    ],
    [
      'main',
      'layer=1&src=half&opac=50&blendMode=mult&origin=0,0',
      [
        '(',
        ':half',
        '-channel',
        'A',
        '-evaluate',
        'multiply',
        '0.5',
        '+channel',
        ')',
        '-compose',
        'Multiply',
        '-geometry',
        '+120+60',
        '-composite',
      ],
      0,
    ],
    [
      'main',
      'layer=1&src=green&originN=0.5,0.5&posN=0.5,0.5',
      [':green', '-geometry', '+200+100', '-composite'],
      0,
    ],
    [
      'main',
      'origin=10,10&layer=1&src=green&rotate=90&origin=0,0&pos=5,5',
      ['(', ':green', '-rotate', '90', ')', '-geometry', '+15+15', '-composite'],
      0,
    ],
    // Layers are blended by their numbers, wherever they are in the request.
    [
      'main',
      'layer=2&src=green&layer=1&src=half',
      [':half', '-geometry', '+100+40', '-composite', ':green', '-geometry', '+100+50', '-composite'],
      0,
    ],
    [
      'main',
      'layer=1&src=green&layer=2&src=half&blendMode=screen&pos=5,5',
      [
        ':green',
        '-geometry',
        '+100+50',
        '-composite',
        ':half',
        '-compose',
        'Screen',
        '-geometry',
        '+105+45',
        '-composite',
      ],
      0,
    ],
    ['main', 'wid=60&hei=60&fit=crop&dpr=on,2', ['-crop', '120x120+60+0', '+repage'], 0],
    ['main', 'crop=0,0,100,50&wid=50&dpr=on,2', ['-crop', '100x50+0+0', '+repage'], 0],
    ['main', 'wid=60&dpr=on,2', ['-filter', 'Lanczos', '-resize', '120x60!'], 4],
    [
      'main',
      'rotate=90&rgn=20,60,100,100&wid=100&hei=100',
      ['-rotate', '90', '-crop', '100x100+20+60', '+repage'],
      0,
    ],
    [
      'main',
      'extend=10,0,0,0&flip=lr&fmt=png&bgc=112233',
      ['-background', '#112233', '-gravity', 'east', '-extent', '250x120', '-flop'],
      0,
    ],
    [
      'main',
      'layer=0&extend=10,0,0,0&flip=lr&fmt=png&bgc=112233',
      ['-flop', '-background', '#112233', '-gravity', 'east', '-extent', '250x120'],
      0,
    ],
    ['main', 'layer=0&src=is{main?op_invert=1}', ['-negate'], 0],
  ])('%s with %s', async (main, parameters, options, tolerance) => {
    const { mean, most } = difference(await drawn(parameters, main), await sources.converted(options, main));
    expect(mean).toBeLessThanOrEqual(tolerance);
    if (tolerance === 0) expect(most).toBe(0);
  });
});

describe('sizes and colors follow from the documentation', () => {
  it.each<[Name, string, number, number, (readonly [x: number, y: number, color: Color])[]]>([
    ['main', 'scl=2&dpr=on,1.5', 180, 90, []],
    ['main', 'wid=60&hei=100&fit=constrain&dpr=on,3', 180, 90, []],
    ['main', 'wid=10&rect=0,0,5,5&dpr=on,2', 5, 5, []],
    ['main', 'size=480,0', 480, 240, []],
    ['main', 'scale=0.5&size=240,240', 240, 120, []],
    ['main', 'wid=1e2', 100, 50, []],
    ['main', 'wid=%2B50', 50, 25, []],
    ['main', 'wid=%2060%20', 60, 30, []],
    ['main', 'wid=10&wid=30', 30, 15, []],
    ['main', 'crop=40%2C20%2C100%2C50', 100, 50, [[0, 0, [40, 40, 100]]]],
    ['main', 'fit=crop%2C1&wid=50&hei=50', 50, 50, []],
    ['main', '&&&wid=50&&.wid=9', 50, 25, []],
    ['main', '%57id=60&wid=50&wid%3D9', 50, 25, []],
    ['main', 'cropN=0,0,0.5,1&crop=0,0,30,30', 30, 30, []],
    ['main', 'crop=0,0,30,30&cropN=0,0,.5,1', 120, 120, []],
    ['main', 'rotate=-1080', 240, 120, [[9, 9, [9, 18, 36]]]],
    [
      'main',
      'rgn=-20,-20,280,160&wid=280&fmt=png&bgc=ff0000',
      280,
      160,
      [
        [0, 0, RED],
        [19, 80, RED],
        [20, 80, [0, 120, 180]],
        [140, 80, [120, 120, 44]],
      ],
    ],
    [
      'main',
      'rgn=200,100,100,50&wid=100&fmt=png&bgc=ff0000',
      100,
      50,
      [
        [0, 0, [200, 200, 244]],
        [39, 19, [239, 238, 84]],
        [41, 10, RED],
        [10, 21, RED],
      ],
    ],
    ['main', 'rgn=1000,1000,10,10&wid=10&fmt=png&bgc=ff0000', 10, 10, [[5, 5, RED]]],
    [
      'alpha',
      'layer=0&color=0000ff&rotate=90',
      100,
      200,
      [
        [50, 10, [10, 49, 100]],
        [50, 190, [60, 15, 206]],
      ],
    ],
    ['alpha', 'layer=0&rotate=45&bgColor=00ff00', 212, 212, [[2, 2, GREEN]]],
    ['quarters', 'layer=1&src=is%7Bgreen%7D', 200, 100, [[100, 50, [0, 200, 0]]]],
    ['quarters', 'layer=1&src=is(green?rotate=90)', 200, 100, [[91, 31, [0, 200, 0]]]],
    ['quarters', '$c=00ff00&$d=$c$&bgc=$c$&wid=20&hei=20&fmt=png&id=$d$', 20, 20, [[1, 1, GREEN]]],
  ])('%s with %s is %i by %i', async (main, parameters, width, height, spots) => {
    const shown = await drawn(parameters, main);
    expect([shown.width, shown.height]).toEqual([width, height]);
    for (const [x, y, color] of spots)
      expect(distance(shown.at(x, y), color), `${shown.at(x, y)} at ${x},${y}`).toBeLessThanOrEqual(2);
  });

  it.each([
    ['wid=0x10', "wid: found '0x10', expected a number of pixels of at least 0"],
    ['wid=1e309', "wid: found '1e309', expected a number of pixels of at most 1000000"],
    ['wid=NaN', "wid: found 'NaN'"],
    ['wid=Infinity', "wid: found 'Infinity'"],
    ['wid=1_0', "wid: found '1_0'"],
    ['wid=60px', "wid: found '60px'"],
    ['wid=%D9%A5', "wid: found '٥'"],
    ['wid=1e', "wid: found '1e'"],
    ['wid=50%26hei=5', "wid: found '50&hei=5'"],
    ['scl=1e-309', 'pixels is too large'],
    ['crop=NaN,0,5,5', "crop: found 'NaN,0,5,5', expected x: a number of pixels"],
    ['crop=0,0,1e9,5', "crop: found '0,0,1e9,5', expected width: a number of pixels of at most 1000000"],
    ['$a=30&$b=$a$0&wid=$b$', "wid: found '$a$0'"],
    ['wid=$a$&$a=30', "wid: found '$a$'"],
    ['fmt=tif-alpha,,jpeg', "fmt: found 'jpeg' for tif-alpha, expected none, lzw or zip"],
    [`text=${'a'.repeat(5001)}`, 'text: found 5001 characters, expected at most 5000'],
    [`text=${'a%20'.repeat(2500)}&size=100,0&textAttr=3000`, 'text: '],
    ['text=%7B%5Crtf1%5Cql a%5Cpar%5Cqr b%7D', 'text: found paragraphs that are left and right'],
  ])('with %s there is none', async (parameters, message) => {
    await expect(drawn(parameters)).rejects.toThrow(message);
  });

  it('of macros within macros are overridden by what follows', async () => {
    expect(await encoded('$big$&wid=60')).toMatchObject({ mediaType: 'image/png', width: 60 });
    expect(await encoded('wid=60&$BIG$')).toMatchObject({ mediaType: 'image/png', width: 200 });
    expect(await encoded('$big$&$small$&hei=')).toMatchObject({ width: 10, height: 5 });
    expect(await encoded('%24big%24&fmt=gif')).toMatchObject({ mediaType: 'image/gif', width: 200 });
  });
});

it('a mask is gray, unless the request names other pixels', async () => {
  const found = async (fmt: string) => {
    const { data } = await encoded(`req=mask&scl=1${fmt}`, 'alpha');
    const shown = await look(data);
    return [(await sharp(data).metadata()).channels, shown.at(5, 5)[0], shown.at(195, 5)[1]];
  };
  expect(await found('&fmt=png')).toEqual([1, 255, 80]);
  expect(await found('&fmt=png-alpha')).toEqual([1, 255, 80]);
  expect(await found('&fmt=png,rgb')).toEqual([3, 255, 80]);
  expect((await found('&fmt=tif,cmyk'))[0]).toBe(4);
});

describe('a nested request', () => {
  it('is sharpened at the size of its view', async () => {
    const inner = await drawn('layer=0&src=is{edge?wid=48&op_usmR=2,2,0,0}', 'main');
    const outer = await drawn('wid=48&op_usmR=2,2,0,0', 'edge');
    expect(difference(inner, outer).most).toBeLessThanOrEqual(1);
    expect(inner.at(24, 10)[0]).toBeGreaterThan(170);
  });
});

describe('a text', () => {
  const rtf = (body: string): string => encodeURIComponent(`{\\rtf1${body}}`);
  /** The rectangle of dark pixels on white: left, top, right, bottom. */
  async function inkOf(parameters: string): Promise<readonly [number, number, number, number]> {
    const shown = await drawn(parameters, 'white');
    const dark: [number, number][] = [];
    for (let y = 0; y < shown.height; y += 1)
      for (let x = 0; x < shown.width; x += 1) if (shown.at(x, y)[0] < 100) dark.push([x, y]);
    if (dark.length === 0) return [0, 0, 0, 0];
    const across = dark.map(([x]) => x);
    const down = dark.map(([, y]) => y);
    return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
  }

  it('is aligned in its box, across and down', async () => {
    // The box is from 10 to 290 across and from 25 to 175 down.
    const [left] = await inkOf(`layer=1&text=${rtf('\\fs40 One word')}&size=280,150`);
    expect(left).toBeLessThan(16);
    const [, , right] = await inkOf(`layer=1&text=${rtf('\\qr\\fs40 One word')}&size=280,150`);
    expect(right).toBeGreaterThan(284);
    const center = await inkOf(`layer=1&text=${rtf('\\qc\\fs40 One word')}&size=280,150`);
    expect(Math.abs(center[0] + center[2] - 300)).toBeLessThan(8);
    const [, top] = await inkOf(`layer=1&text=${rtf('\\fs40 One word')}&size=280,150`);
    expect(top).toBeLessThan(40);
    const [, , , bottom] = await inkOf(`layer=1&text=${rtf('\\vertalb\\fs40 One word')}&size=280,150`);
    expect(bottom).toBeGreaterThan(160);
    const middle = await inkOf(`layer=1&text=${rtf('\\vertalc\\fs40 One word')}&size=280,150`);
    expect(Math.abs(middle[1] + middle[3] - 200)).toBeLessThan(16);
  });

  it('of several lines is justified, and has whole lines alone as in Photoshop', async () => {
    const words = 'Some words that are long enough for several lines of a text in a box';
    const [left, , right] = await inkOf(`layer=1&textPs=${rtf(`\\qj\\fs32 ${words}`)}&size=280,0`);
    expect([left, right]).toEqual([
      expect.toSatisfy((x: number) => x < 14),
      expect.toSatisfy((x: number) => x > 285),
    ]);
    const lines = rtf('\\fs40 one\\par two\\par three\\par four');
    const [, , , cut] = await inkOf(`layer=1&text=${lines}&size=280,33`);
    const [, , , whole] = await inkOf(`layer=1&textPs=${lines}&size=280,33`);
    // The box ends at 116.
    expect(cut).toBeGreaterThan(112);
    expect(whole).toBeLessThan(112);
  });

  it('is turned in its box, or turns it', async () => {
    const [left, top, right, bottom] = await inkOf(
      `layer=1&textPs=${rtf('\\fs40 Down we go')}&textAngle=90&originN=0,0`,
    );
    expect(bottom - top).toBeGreaterThan((right - left) * 3);
    const boxed = await inkOf(`layer=1&textPs=${rtf('\\fs40 Down we go and go')}&textAngle=90&size=100,180`);
    // Two lines, from the right edge of the box at 200.
    expect(boxed[2]).toBeGreaterThan(190);
    expect(boxed[0]).toBeGreaterThan(140);
    expect(await inkOf(`layer=1&text=Sale&textAngle=90`)).toEqual(await inkOf('layer=1&text=Sale'));
  });

  it('of Photoshop without a box has its first line over the origin, on the side of its alignment', async () => {
    const right = await inkOf(`layer=1&textPs=${rtf('\\qr\\fs40 Right')}`);
    expect(right[2]).toBeLessThanOrEqual(151);
    expect(right[2]).toBeGreaterThan(140);
    expect(right[3]).toBeLessThanOrEqual(101);
    const left = await inkOf(`layer=1&textPs=${rtf('\\fs40 Left')}&pos=0,20`);
    expect(left[0]).toBeGreaterThanOrEqual(149);
    expect(left[3]).toBeLessThanOrEqual(121);
    const centered = await inkOf(`layer=1&textPs=${rtf('\\fs40 Left')}&originN=0,0`);
    expect(centered[0]).toBeLessThan(140);
  });

  it('fills its box, or shrinks into it', async () => {
    const wide = (parameters: string) => inkOf(`layer=1&${parameters}&size=280,100`);
    const [left, top, right, bottom] = await wide('text=Sale&textAttr=1,norm,autoRes');
    expect(Math.max((right - left) / 280, (bottom - top) / 100)).toBeGreaterThan(0.85);
    const long = encodeURIComponent('A longer text that has to shrink to be in its box');
    const [, , , low] = await wide(`text=${long}&textAttr=400,norm,maxRes`);
    expect(low).toBeLessThanOrEqual(150);
    const [, , , cut] = await wide(`text=${long}&textAttr=400`);
    expect(cut).toBeGreaterThan(145);
    expect(await wide('text=Hi&textAttr=100,norm,maxRes')).toEqual(await wide('text=Hi&textAttr=100'));
  });

  it('has hard edges without smoothing', async () => {
    const colors = async (parameters: string): Promise<number> => {
      const shown = await drawn(parameters, 'white');
      const found = new Set<number>();
      for (let y = 0; y < shown.height; y += 1)
        for (let x = 0; x < shown.width; x += 1) found.add(shown.at(x, y)[0]);
      return found.size;
    };
    expect(await colors('layer=1&text=Hard&textAttr=300,off')).toBe(2);
    expect(await colors('layer=1&text=Hard&textAttr=300')).toBeGreaterThan(10);
  });
});

describe('a document', () => {
  /** The page that a program for PDFs draws. */
  async function page(parameters: string): Promise<Picture> {
    const { data, mediaType } = await encoded(`${parameters}&scl=1&printRes=72`);
    expect(mediaType).toBe('application/pdf');
    const file = join(folder, 'document.pdf');
    writeFileSync(file, data);
    execFileSync('pdftoppm', ['-r', '72', '-png', '-singlefile', file, join(folder, 'page')]);
    return look(readFileSync(join(folder, 'page.png')));
  }

  const poppler = (() => {
    try {
      execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!poppler).each<[string, Color, Color, number]>([
    ['fmt=pdf', RED, BLUE, 0],
    ['fmt=pdf,,zip&iccEmbed=1', RED, BLUE, 0],
    ['fmt=pdf,rgb,jpeg&qlt=95', RED, BLUE, 8],
    ['fmt=pdf,gray,zip', [127, 127, 127], [76, 76, 76], 3],
    // Inks of the default profile, without it.
    ['fmt=pdf,cmyk', [236, 27, 36], [48, 76, 167], 25],
    ['fmt=pdf,cmyk,jpeg&qlt=100', [236, 27, 36], [48, 76, 167], 25],
  ])('of %s is one page with the image', async (parameters, red, blue, tolerance) => {
    const shown = await page(parameters);
    expect([shown.width, shown.height]).toEqual([200, 100]);
    expect(distance(shown.at(10, 10), red)).toBeLessThanOrEqual(tolerance);
    expect(distance(shown.at(10, 90), blue)).toBeLessThanOrEqual(tolerance);
    expect(distance(shown.at(190, 90), WHITE)).toBeLessThanOrEqual(tolerance);
  });

  it('has the size that printRes says', async () => {
    const pdf = (await encoded('fmt=pdf,,zip&scl=1&printRes=300')).data.toString('latin1');
    expect(pdf).toContain('/MediaBox [0 0 48 24]');
  });

  it('in PostScript contains the pixels in hexadecimal', async () => {
    const { data, mediaType } = await encoded('fmt=eps&scl=50&printRes=36');
    expect(mediaType).toBe('image/eps');
    const text = data.toString('latin1');
    expect(text).toMatch(/^%!PS-Adobe-3\.0 EPSF-3\.0\n%%BoundingBox: 0 0 8 4\n/);
    expect(text).toContain('/DeviceRGB setcolorspace');
    const [, hex = ''] = /image\n([0-9a-f\n]+)>\n/.exec(text) ?? [];
    const pixels = Buffer.from(hex.replaceAll('\n', ''), 'hex');
    const shown = await look((await encoded('fmt=png&scl=50')).data);
    expect(pixels.length).toBe(4 * 2 * 3);
    expect([...pixels.subarray(0, 3)]).toEqual(shown.at(0, 0).slice(0, 3));
    expect([...pixels.subarray(21)]).toEqual(shown.at(3, 1).slice(0, 3));
    expect((await encoded('fmt=eps,cmyk&scl=50')).data.toString('latin1')).toContain(
      '/DeviceCMYK setcolorspace',
    );
    expect((await sharp((await encoded('fmt=tif,cmyk&scl=50')).data).metadata()).channels).toBe(4);
  });
});
