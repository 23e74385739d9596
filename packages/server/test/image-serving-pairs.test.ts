// The parameter strings of the documentation, with the effect that it states, or that its rules have on a source of a known size. The
// numbers are those of the list in docs/image-serving.md. Those that need settings of a company are in image-serving-company.test.ts.
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import {
  BLACK,
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

const COMPANY = 'c|6';

let server: IpsServer;
let web: FileServer;
let connection: Connection;

/** Sources by their names in the list: L is 1000 by 500, and so on. */
const SOURCES = {
  L: () => quarters(1000, 500),
  P: () => quarters(500, 1000),
  Q: () => quarters(1000, 1000),
  S: () => quarters(100, 50),
  E: () => quarters(800, 400),
  T: () => quarters(2000, 2400),
  H: () => quarters(816, 500),
  label: () => plain(40, 20, GREEN),
  clear: () => painted(200, 100, (x) => (x < 100 ? RED : [0, 0, 0, 0])),
};

beforeAll(async () => {
  const files = await Promise.all(
    Object.entries(SOURCES).map(
      async ([name, make]) => [`/${name}.png`, await make().png().toBuffer()] as const,
    ),
  );
  [server, web] = await Promise.all([
    createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'Pairs',
      imagePresets: { View: 'wid=240&qlt=60', Tall: 'hei=120' },
    }),
    serveFiles(Object.fromEntries(files)),
  ]);
  connection = connect(server);
  await runJob(connection, COMPANY, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: files.map(([path]) => ({ sourceUrl: `${web.url}${path}`, destPath: `Pairs${path}` })),
    },
  });
  const { assetHandle } = await connection.call('createTemplate', {
    companyHandle: COMPANY,
    folderHandle: 'f|Pairs/',
    name: 'card',
    type: 'Template',
    urlModifier: 'layer=0&color=ffffff&size=200,100&layer=1&src=L&size=100,100&pos=-50,0',
  });
  await connection.call('setAssetPublishState', {
    companyHandle: COMPANY,
    assetHandle,
    publishState: 'MarkedForPublish',
  });
  await runJob(connection, COMPANY, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});

afterAll(async () => {
  await server?.stop();
  await web?.close();
});

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${server.url}/is/image/Pairs/${path}`, init);

async function picture(path: string): Promise<Picture> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return look(new Uint8Array(await response.arrayBuffer()));
}

type Spot = readonly [x: number, y: number, color: Color];

/** Colors at places in pixels. */
function expectSpots(shown: Picture, spots: readonly Spot[], what: string): void {
  for (const [x, y, color] of spots) {
    const pixel = shown.at(x, y);
    expect(distance(pixel, color), `${what}: ${pixel} at ${x},${y}, expected ${color}`).toBeLessThanOrEqual(
      10,
    );
  }
}

describe('the documented parameters', () => {
  test.each<[number, string, string, number, number, readonly Spot[]]>([
    [
      1,
      'L',
      'wid=200&hei=200&align=0,-1',
      200,
      200,
      [
        [10, 5, RED],
        [100, 150, WHITE],
        [100, 102, WHITE],
      ],
    ],
    [
      2,
      'P',
      'wid=200&hei=200&align=0,-1',
      200,
      200,
      [
        [60, 10, RED],
        [140, 10, GREEN],
        [20, 100, WHITE],
        [180, 100, WHITE],
      ],
    ],
    [
      3,
      'Q',
      'wid=200&hei=200&align=0,-1',
      200,
      200,
      [
        [5, 5, RED],
        [195, 195, WHITE],
        [5, 195, BLUE],
      ],
    ],
    [
      4,
      'L',
      'wid=200&hei=200&align=-1,-1',
      200,
      200,
      [
        [5, 5, RED],
        [5, 150, WHITE],
      ],
    ],
    [
      5,
      'P',
      'wid=200&hei=200&align=1,-1',
      200,
      200,
      [
        [50, 10, WHITE],
        [110, 10, RED],
        [190, 10, GREEN],
      ],
    ],
    [
      6,
      'L',
      'wid=200&align=1,1',
      200,
      100,
      [
        [5, 5, RED],
        [195, 5, GREEN],
      ],
    ],
    [7, 'L', 'hei=200', 400, 200, [[5, 5, RED]]],
    [8, 'E', 'req=img&scl=8', 100, 50, [[5, 5, RED]]],
    [
      9,
      'L',
      'scl=1',
      1000,
      500,
      [
        [5, 5, RED],
        [995, 5, GREEN],
      ],
    ],
    [
      10,
      'L',
      'scl=0.5',
      2000,
      1000,
      [
        [5, 5, RED],
        [1995, 5, GREEN],
      ],
    ],
    [
      11,
      'L',
      'scl=1&wid=300&hei=200',
      300,
      200,
      [
        [5, 5, RED],
        [295, 5, GREEN],
        [5, 195, BLUE],
      ],
    ],
    [
      11,
      'L',
      'scl=1&wid=300&hei=200&align=-1,-1',
      300,
      200,
      [
        [5, 5, RED],
        [295, 195, RED],
      ],
    ],
    [12, 'L', '', 400, 200, [[5, 5, RED]]],
    [12, 'S', '', 100, 50, [[5, 5, RED]]],
    [
      13,
      'L',
      'wid=200&hei=200&fit=fit,0',
      200,
      200,
      [
        [5, 40, WHITE],
        [5, 60, RED],
        [100, 160, WHITE],
      ],
    ],
    [14, 'L', 'wid=200&hei=200&fit=constrain', 200, 100, [[5, 5, RED]]],
    [
      15,
      'L',
      'wid=200&hei=200&fit=crop',
      200,
      200,
      [
        [5, 5, RED],
        [195, 5, GREEN],
        [5, 195, BLUE],
      ],
    ],
    [16, 'L', 'wid=200&hei=200&fit=wrap', 400, 200, [[5, 5, RED]]],
    [
      17,
      'L',
      'wid=200&hei=200&fit=stretch',
      200,
      200,
      [
        [5, 5, RED],
        [5, 195, BLUE],
      ],
    ],
    [
      18,
      'L',
      'wid=200&hei=200&fit=hfit',
      200,
      200,
      [
        [5, 40, WHITE],
        [5, 60, RED],
      ],
    ],
    [
      18,
      'L',
      'wid=200&hei=200&fit=vfit',
      200,
      200,
      [
        [5, 5, RED],
        [195, 195, WHITE],
        [5, 195, BLUE],
      ],
    ],
    [19, 'S', 'wid=200&hei=200&fit=constrain,0', 100, 50, []],
    [19, 'S', 'wid=200&hei=200&fit=constrain,1', 200, 100, []],
    [
      20,
      'S',
      'wid=200&hei=200&bgc=000000',
      200,
      200,
      [
        [100, 60, BLACK],
        [60, 80, RED],
        [140, 80, GREEN],
        [40, 100, BLACK],
      ],
    ],
    [
      23,
      'L',
      'req=tmb&wid=64&hei=64',
      64,
      64,
      [
        [5, 5, WHITE],
        [5, 20, RED],
      ],
    ],
    [
      25,
      'L',
      'cropN=0.1,0,0.8,1&scl=1',
      800,
      500,
      [
        [5, 5, RED],
        [795, 5, GREEN],
      ],
    ],
    [26, 'L', 'cropN=0,0,1,0.8&scl=1', 1000, 400, [[5, 395, BLUE]]],
    [
      27,
      'L',
      'crop=-10,-10,1020,520&scl=1&bgc=ff0000',
      1020,
      520,
      [
        [5, 5, RED],
        [1015, 515, RED],
        [1005, 505, WHITE],
        [1005, 15, GREEN],
      ],
    ],
    [
      28,
      'Q',
      'cropN=.2,.3,.8,.9&extend=5,5,5,5&bgColor=255,0,0&scl=1',
      810,
      910,
      [
        [2, 400, RED],
        [400, 2, RED],
        [600, 800, RED],
        [600, 300, WHITE],
        [600, 100, GREEN],
      ],
    ],
    [
      29,
      'L',
      'size=200,0&extend=0,30,0,0&origin=0,0&layer=1&text=t&origin=0,0&scl=1',
      200,
      130,
      [
        [5, 40, RED],
        [150, 10, WHITE],
      ],
    ],
    [30, 'H', 'wid=816&dpr=on,1', 816, 500, []],
    [30, 'H', 'wid=816&dpr=on,2', 1632, 1000, []],
    [30, 'H', 'wid=816&dpr=on,3', 2448, 1500, []],
    [
      30,
      'H',
      'wid=816&dpr=on,4',
      3264,
      2000,
      [
        [5, 5, RED],
        [3255, 5, GREEN],
      ],
    ],
    [32, 'T', 'scl=1&rect=0,0,2000,600', 2000, 600, [[5, 5, RED]]],
    [32, 'T', 'scl=1&rect=0,1200,2000,600', 2000, 600, [[5, 5, BLUE]]],
    [
      36,
      'L',
      'size=300,300&originN=-0.5,-0.5&layer=1&src=label&originN=-0.5,-0.5&rotate=-30&color=ffffff40&scl=1',
      300,
      150,
      [
        [200, 10, GREEN],
        [25, 20, GREEN],
        [2, 2, RED],
      ],
    ],
    [38, 'L', '$View$', 240, 120, []],
    [38, 'L', '$view$&wid=480', 480, 240, []],
    [38, 'L', 'wid=480&$VIEW$', 240, 120, []],
    [39, 'S', 'scl=1&layer=3&src=is{Pairs/L?scl=20&src=$object$}&size=20,20', 100, 50, [[42, 21, RED]]],
    [
      41,
      'S',
      'scl=1&layer=1,image&color=ff0000&size=4,4&layer=1,image&color=00ff00',
      100,
      50,
      [[50, 25, GREEN]],
    ],
    [
      51,
      'L',
      'op_saturation=-100&wid=100',
      100,
      50,
      [
        [5, 5, [76, 76, 76]],
        [95, 5, [150, 150, 150]],
        [5, 45, [29, 29, 29]],
      ],
    ],
    [59, 'L', 'wid=100&.time=123&id=abc', 100, 50, []],
  ])('%i: %s with %s is %i by %i', async (_number, source, parameters, width, height, spots) => {
    const shown = await picture(`${source}?${parameters}&fmt=png`);
    expect([shown.width, shown.height]).toEqual([width, height]);
    expectSpots(shown, spots, parameters);
  });

  test.each([
    [21, 'L?fit=crop'],
    [22, 'L?req=tmb&fit=crop&wid=64&hei=64'],
    [41, 'L?layer=1,image&layer=2,image'],
    [41, 'L?layer=1,image&layer=picture'],
    [49, 'L?qlt=60&wid=300&jpegSize=0.1'],
  ])('%i: %s is an error that is not cached', async (_number, path) => {
    const response = await get(path);
    expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store']);
  });

  test('24: the mask at a quarter of the size', async () => {
    const mask = await picture('clear?req=mask&scl=4&fmt=png');
    expect([mask.width, mask.height]).toEqual([50, 25]);
    expectSpots(
      mask,
      [
        [5, 5, WHITE],
        [45, 5, BLACK],
      ],
      'mask',
    );
  });

  test('31: the size of the reply', async () => {
    const text = await (await get('T?scl=1&req=props')).text();
    expect(text).toMatch(/^#S7Z OK\r\n#/);
    expect(text).toContain('image.width=2000\r\n');
    expect(text).toContain('image.height=2400\r\n');
  });

  test('32: the rectangles of an image make the whole of it, without a seam', async () => {
    const whole = await picture('T?scl=1&fmt=png');
    const tiles = await Promise.all(
      [0, 600, 1200, 1800].map((y) => picture(`T?scl=1&rect=0,${y},2000,600&fmt=png`)),
    );
    for (const y of [0, 599, 600, 1199, 1200, 1201, 1799, 1800, 2399])
      for (const x of [0, 999, 1000, 1999])
        expect(tiles[Math.floor(y / 600)]!.at(x, y % 600), `${x},${y}`).toEqual(whole.at(x, y));
  });

  test('33: the opacity of a layer is the product of its two parts', async () => {
    const shown = await picture('Q?size=100,100&scl=1&layer=1&color=0,0,0&size=100,100&opac=90,70&fmt=png');
    // White under 63 % black.
    expectSpots(shown, [[95, 95, [94, 94, 94]]], 'opac');
  });

  test('34: a bluish shadow that is not cut', async () => {
    const shown = await picture(
      'Q?size=200,200&extend=0,0,10,10&effect=-1&$shadow$&color=50,143,254&scl=1&fmt=png',
    );
    expect([shown.width, shown.height]).toEqual([210, 210]);
    expectSpots(
      shown,
      [
        [199, 199, WHITE],
        [5, 5, RED],
        [205, 2, WHITE],
        [209, 209, WHITE],
      ],
      'shadow',
    );
    const [red, green, blue] = shown.at(201, 100);
    expect(blue).toBeGreaterThan(240);
    expect(red).toBeLessThan(green - 20);
    expect(green).toBeLessThan(230);
  });

  test('35: an outline of three pixels along the alpha, or within it', async () => {
    const outer = await picture(
      'clear?scl=1&effect=-1&op_grow=3&color=255,0,0,128&layer=0&extend=5,5,5,5&fmt=png-alpha',
    );
    expect([outer.at(1, 50)[3], outer.at(2, 50), outer.at(107, 50), outer.at(108, 50)[3]]).toEqual([
      0,
      [255, 0, 0, 128],
      [255, 0, 0, 128],
      0,
    ]);
    const inner = await picture('clear?scl=1&effect=1&op_grow=3&color=0,0,255,128&fmt=png-alpha');
    expectSpots(
      inner,
      [
        [0, 50, [127, 0, 128]],
        [2, 50, [127, 0, 128]],
        [3, 50, RED],
        [96, 50, RED],
        [97, 50, [127, 0, 128]],
        [50, 2, [127, 0, 128]],
      ],
      'inner',
    );
    expect(inner.at(101, 50)[3]).toBe(0);
  });

  test('37, 40: variables are put in once, and decoded', async () => {
    const text = await (await get('L?$var2=apple&$var1=my$var2$tree&layer=1&text=$var1$&req=debug')).text();
    expect(text).toContain('layer.1.text="my$var2$tree"');
    const encoded = await (
      await get('L?$text=rate%26weight%3D85%25%2027%23&layer=1&text=$text$&req=debug')
    ).text();
    expect(encoded).toContain('layer.1.text="rate&weight=85% 27#"');
  });

  test('42: a gray JPEG', async () => {
    const shown = await metadata('L?fmt=jpeg,gray&qlt=60&wid=200');
    expect(shown).toMatchObject({ format: 'jpeg', width: 200, channels: 1, space: 'b-w' });
  });

  test('43: a PNG with alpha, which a background color does not fill', async () => {
    for (const more of ['', '&bgc=00ff00']) {
      const shown = await picture(`clear?fmt=png-alpha&wid=300${more}`);
      expect([shown.format, shown.width]).toEqual(['png', 300]);
      expectSpots(shown, [[10, 10, RED]], more);
      expect(shown.at(290, 10)[3]).toBe(0);
    }
  });

  test('44: the alpha as a gray TIFF', async () => {
    expect(await metadata('clear?req=mask&fmt=tif,gray&wid=300')).toMatchObject({
      format: 'tiff',
      width: 300,
      channels: 1,
    });
  });

  test('45: a CMYK TIFF', async () => {
    expect(await metadata('L?fmt=tif,cmyk&wid=300')).toMatchObject({
      format: 'tiff',
      space: 'cmyk',
      channels: 4,
    });
  });

  test('46: a TIFF, compressed as JPEG', async () => {
    const bytes = Buffer.from(await (await get('L?fmt=tif,,jpeg&qlt=95&wid=300')).arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'tiff', space: 'srgb', width: 300 });
    // The entry of the compression, whose value 7 is JPEG.
    expect(bytes.includes(Buffer.from([0x03, 0x01, 0x03, 0, 1, 0, 0, 0, 7, 0]))).toBe(true);
    const plainBytes = Buffer.from(await (await get('L?fmt=tif&wid=30')).arrayBuffer());
    // 1 is none.
    expect(plainBytes.includes(Buffer.from([0x03, 0x01, 0x03, 0, 1, 0, 0, 0, 1, 0]))).toBe(true);
  });

  test('47: a GIF of two colors', async () => {
    const shown = await picture('L?fmt=gif-alpha&wid=100&quantize=adaptive,off,2,000000,ffffff');
    const colors = new Set(
      [
        [5, 5],
        [95, 5],
        [5, 45],
        [95, 45],
      ].map(([x, y]) => shown.at(x!, y!).join()),
    );
    expect(shown.format).toBe('gif');
    expect(colors).toEqual(new Set(['0,0,0,255', '255,255,255,255']));
  });

  test('48: WebP, lossy or lossless', async () => {
    const [lossy, lossless] = await Promise.all([
      get('L?wid=300&fmt=webp&qlt=80'),
      get('clear?fmt=webp-alpha,,lossless'),
    ]);
    expect([lossy.headers.get('content-type'), lossless.headers.get('content-type')]).toEqual([
      'image/webp',
      'image/webp',
    ]);
    const bytes = Buffer.from(await lossless.arrayBuffer());
    expect(bytes.includes('VP8L')).toBe(true);
    expect(Buffer.from(await lossy.arrayBuffer()).includes('VP8L')).toBe(false);
    expect((await look(bytes)).at(190, 50)[3]).toBe(0);
  });

  test('49: a JPEG of at most so many kilobytes', async () => {
    const bytes = async (path: string) => (await (await get(path)).arrayBuffer()).byteLength;
    const free = await bytes('L?qlt=95,1&wid=1000');
    expect(await bytes(`L?qlt=95,1&wid=1000&jpegSize=${Math.floor(free / 2048)}`)).toBeLessThanOrEqual(
      free / 2,
    );
  });

  test('50: a progressive JPEG', async () => {
    const response = await get('L?wid=300&fmt=pjpeg&pscan=4');
    expect(response.headers.get('x-ips-ignored')).toBe('pscan');
    expect((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).isProgressive).toBe(true);
  });

  test('52: a template draws its layers', async () => {
    const shown = await picture('card?fmt=png&scl=1');
    expect([shown.width, shown.height]).toEqual([200, 100]);
    expectSpots(
      shown,
      [
        [10, 10, WHITE],
        [10, 30, RED],
        [90, 30, GREEN],
        [150, 50, WHITE],
      ],
      'card',
    );
  });

  test('54: a text without an object', async () => {
    const response = await fetch(`${server.url}/is/image/Pairs?fmt=png&size=300,50&bgc=f0f0f0&text=Sale`);
    const shown = await look(new Uint8Array(await response.arrayBuffer()));
    expect([shown.width, shown.height]).toEqual([300, 50]);
    expectSpots(shown, [[290, 45, [0xf0, 0xf0, 0xf0]]], 'text');
    const dark = Array.from(
      { length: 60 * 30 },
      (_, index) => shown.at(index % 60, Math.floor(index / 60))[0],
    );
    expect(Math.min(...dark)).toBeLessThan(80);
  });

  test('57: a set of three images', async () => {
    const text = await (await get('L?imageSet={L,P,Q}&req=set,json&id=7')).text();
    const [, json = ''] = /^\/\*jsonp\*\/s7jsonResponse\((.*),"7"\);$/.exec(text) ?? [];
    const { set } = JSON.parse(json) as { set: { item: { i: { n: string }; dx: string; dy: string }[] } };
    expect(set.item.map(({ i, dx, dy }) => [i.n, dx, dy])).toEqual([
      ['L', '1000', '500'],
      ['P', '500', '1000'],
      ['Q', '1000', '1000'],
    ]);
  });

  test('58: whether there is an image, and whether a request is valid', async () => {
    expect(await (await get('L?req=exists')).text()).toContain('catalogRecord.exists=1\r\n');
    expect(await (await get('nothing?req=exists')).text()).toContain('catalogRecord.exists=0\r\n');
    expect(await (await get('nothing?req=validate&wid=5')).text()).toContain('request.isValid=1\r\n');
    expect((await get('nothing?req=validate&wid=x')).status).toBe(403);
  });

  test.each<[string, Color]>([
    ['0,100,200', [0, 100, 200]],
    ['0x010203S', [1, 2, 3]],
    ['a0b1c2d3R', [160, 177, 194]],
    ['100S', [255, 255, 255]],
    ['50,75g', [128, 128, 128]],
    ['0X70G', [112, 112, 112]],
    ['0xddeegs', [221, 221, 221]],
    ['94,11,50,33k', [10, 152, 85]],
    ['22,23,24,25,26KS', [149, 147, 145]],
    ['38393A3bK', [46, 45, 44]],
  ])('60: the background color %s', async (bgc, color) => {
    const shown = await picture(`L?wid=20&hei=20&fmt=png&bgc=${bgc}`);
    expect(shown.at(1, 1).slice(0, 3)).toEqual(color);
  });
});

async function metadata(path: string) {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  return sharp(Buffer.from(await response.arrayBuffer())).metadata();
}
