import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import {
  BLUE,
  type Color,
  distance,
  GREEN,
  look,
  type Picture,
  painted,
  quarters,
  RED,
  WHITE,
} from './support/pictures.js';

const COMPANY = 'c|6';

let server: IpsServer;
let web: FileServer;
let connection: Connection;

beforeAll(async () => {
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'My Shoes' }),
    serveFiles({
      '/quarters.png': await quarters(800, 400).png().toBuffer(),
      '/photo.jpg': await quarters(1200, 900).jpeg({ quality: 95 }).withMetadata({ density: 300 }).toBuffer(),
      '/clear.png': await painted(100, 100, (x) => (x < 50 ? RED : [0, 0, 0, 0]))
        .png()
        .toBuffer(),
      '/edge.png': await painted(100, 100, (x) => (x < 50 ? [100, 100, 100] : [150, 150, 150]))
        .png()
        .toBuffer(),
      '/private.png': await quarters(10, 10).png().toBuffer(),
    }),
  ]);
  connection = connect(server);
  const urlArray = ['quarters.png', 'photo.jpg', 'clear.png', 'edge.png'].map((name) => ({
    sourceUrl: `${web.url}/${name}`,
    destPath: `MyShoes/${name}`,
  }));
  const options = { overwrite: true, createMask: false, emailSetting: 'None' } as const;
  await runJob(connection, COMPANY, {
    jobName: 'up',
    uploadUrlsJob: { ...options, urlArray, readyForPublish: true },
  });
  await runJob(connection, COMPANY, {
    jobName: 'more',
    uploadUrlsJob: {
      ...options,
      urlArray: [{ sourceUrl: `${web.url}/private.png`, destPath: 'MyShoes/private.png' }],
      readyForPublish: false,
    },
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
  fetch(`${server.url}/is/image/MyShoes/${path}`, init);

async function picture(path: string): Promise<Picture> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return look(new Uint8Array(await response.arrayBuffer()));
}

/** The colors of a picture at places that are given in parts of its width and height. */
function expectColors(
  shown: Picture,
  expected: readonly (readonly [x: number, y: number, color: Color])[],
): void {
  for (const [x, y, color] of expected) {
    const pixel = shown.at(Math.floor(x * (shown.width - 1)), Math.floor(y * (shown.height - 1)));
    expect(distance(pixel, color), `${pixel} at ${x},${y}, expected ${color}`).toBeLessThanOrEqual(12);
  }
}

const QUARTERS = [
  [0.2, 0.2, RED],
  [0.8, 0.2, GREEN],
  [0.2, 0.8, BLUE],
  [0.8, 0.8, WHITE],
] as const;

describe('the size of a delivered image', () => {
  test.each([
    ['', 400, 200],
    ['scl=1', 800, 400],
    ['scl=4', 200, 100],
    ['scl=0.5', 1600, 800],
    ['wid=100', 100, 50],
    ['hei=100', 200, 100],
    ['wid=1000', 1000, 500],
    ['wid=300&hei=300', 300, 300],
    ['wid=300&hei=300&fit=fit,1', 300, 300],
    ['wid=300&hei=300&fit=constrain', 300, 150],
    ['wid=300&hei=300&fit=crop', 300, 300],
    ['wid=300&hei=300&fit=wrap', 600, 300],
    ['wid=300&hei=300&fit=stretch', 300, 300],
    ['wid=300&hei=300&fit=hfit', 300, 300],
    ['wid=300&hei=300&fit=vfit', 300, 300],
    ['wid=2000&hei=2000&fit=constrain,0', 800, 400],
    ['wid=2000&hei=2000&fit=constrain,1', 2000, 1000],
    ['crop=0,0,400,200&scl=1', 400, 200],
    ['cropN=0.5,0,0.5,0.5&scl=1', 400, 200],
    ['wid=400&hei=200&rgn=10,20,30,40', 400, 200],
    ['rgn=10,20,30,40&scl=1', 30, 40],
    ['wid=400&rgnN=0.5,0.5,0.5,0.5', 400, 200],
    ['wid=400&rect=10,20,30,40', 30, 40],
    ['wid=300&rect=0,0,30,40,2', 30, 40],
    ['WID=120', 120, 60],
    ['wid=100&wid=200', 200, 100],
    ['unknown=1&.comment&wid=100', 100, 50],
  ])('with "%s" is %i by %i', async (commands, width, height) => {
    const shown = await picture(`quarters?${commands}`);
    expect([shown.width, shown.height]).toEqual([width, height]);
  });
});

describe('what a delivered image shows', () => {
  test.each(['', 'wid=50', 'scl=1', 'wid=300&hei=300&fit=stretch', 'wid=333'])(
    'is the whole image with "%s"',
    async (commands) => {
      expectColors(await picture(`quarters?fmt=png&${commands}`), QUARTERS);
      expectColors(await picture(`photo?${commands}`), QUARTERS);
    },
  );

  test('is surrounded by the background where it does not fill the size', async () => {
    expectColors(await picture('quarters?wid=300&hei=300&bgc=ff8000&fmt=png'), [
      [0.5, 0.05, [255, 128, 0]],
      [0.5, 0.95, [255, 128, 0]],
      [0.2, 0.35, RED],
      [0.8, 0.35, GREEN],
    ]);
    expectColors(await picture('quarters?wid=300&hei=300&fmt=png'), [[0.5, 0.05, WHITE]]);
  });

  test('is aligned in the size', async () => {
    expectColors(await picture('quarters?wid=300&hei=300&bgc=000000&align=0,-1&fmt=png'), [
      [0.2, 0.1, RED],
      [0.5, 0.95, [0, 0, 0]],
    ]);
  });

  test('is cropped at the sides where it has to fill the size', async () => {
    // Of 800 by 400 the middle 400 remain: half red, half green.
    expectColors(await picture('quarters?wid=300&hei=300&fit=crop&fmt=png'), QUARTERS);
    expectColors(await picture('quarters?wid=300&hei=300&fit=crop&align=-1,0&fmt=png'), [
      [0.2, 0.2, RED],
      [0.9, 0.2, RED],
    ]);
  });

  test('is the part that crop names, in pixels of the source', async () => {
    expectColors(await picture('quarters?crop=400,0,400,200&wid=100&fmt=png'), [
      [0.1, 0.1, GREEN],
      [0.9, 0.9, GREEN],
    ]);
    expectColors(await picture('quarters?cropN=0,0.5,0.5,0.5&wid=100&fmt=png'), [
      [0.1, 0.1, BLUE],
      [0.9, 0.9, BLUE],
    ]);
    expectColors(await picture('quarters?crop=-400,0,800,400&scl=1&bgc=123456&fmt=png'), [
      [0.2, 0.5, [0x12, 0x34, 0x56]],
      [0.8, 0.2, RED],
    ]);
  });

  test('is the region that rgn names, in pixels of the image, and what the size shows beside it', async () => {
    expectColors(await picture('quarters?rgn=400,0,200,200&wid=100&fmt=png'), [
      [0.1, 0.1, GREEN],
      [0.9, 0.9, GREEN],
    ]);
    expectColors(await picture('quarters?rgn=400,0,200,200&wid=200&hei=100&fmt=png&align=1,0'), [
      [0.1, 0.1, RED],
      [0.9, 0.9, GREEN],
    ]);
    expectColors(await picture('quarters?rgn=700,0,200,200&wid=100&bgc=123456&fmt=png'), [
      [0.2, 0.5, GREEN],
      [0.8, 0.5, [0x12, 0x34, 0x56]],
    ]);
  });

  test('is the rectangle that rect names, in pixels of the scaled image', async () => {
    expectColors(await picture('quarters?wid=400&rect=200,0,100,100&fmt=png'), [
      [0.1, 0.1, GREEN],
      [0.9, 0.9, GREEN],
    ]);
    expectColors(await picture('quarters?wid=400&rect=-50,0,100,100&bgc=123456&fmt=png'), [
      [0.2, 0.5, [0x12, 0x34, 0x56]],
      [0.8, 0.5, RED],
    ]);
    expectColors(await picture('quarters?wid=400&rect=400,0,100,100,2&fmt=png'), [[0.5, 0.5, GREEN]]);
  });

  test('is sharper with op_usm', async () => {
    const sharper = await picture('edge?scl=1&fmt=png&op_usm=2,2,0,0');
    expect(sharper.at(50, 50)[0]).toBeGreaterThan((await picture('edge?scl=1&fmt=png')).at(50, 50)[0] + 5);
  });
});

describe('the format of a delivered image', () => {
  test.each([
    ['', 'image/jpeg', 'jpeg'],
    ['fmt=jpg', 'image/jpeg', 'jpeg'],
    ['fmt=png', 'image/png', 'png'],
    ['fmt=png-alpha', 'image/png', 'png'],
    ['fmt=webp', 'image/webp', 'webp'],
    ['fmt=avif', 'image/avif', 'heif'],
    ['fmt=tif', 'image/tiff', 'tiff'],
    ['fmt=gif', 'image/gif', 'gif'],
  ])('with "%s" is %s', async (commands, mediaType, format) => {
    const response = await get(`quarters?${commands}`);
    expect(response.headers.get('content-type')).toBe(mediaType);
    const shown = await look(new Uint8Array(await response.arrayBuffer()));
    expect(shown.format).toBe(format);
    expectColors(shown, QUARTERS);
  });

  test('is transparent where the source is, if the format allows it', async () => {
    expect((await picture('clear?fmt=png-alpha')).at(80, 50)[3]).toBe(0);
    expect((await picture('clear?fmt=webp-alpha')).at(80, 50)[3]).toBe(0);
    expectColors(await picture('clear?fmt=png'), [
      [0.9, 0.5, WHITE],
      [0.1, 0.5, RED],
    ]);
    expectColors(await picture('clear?bgc=0,0,255'), [[0.9, 0.5, BLUE]]);
  });

  test('has the requested quality', async () => {
    const sizes = await Promise.all(
      ['5', '95,1'].map(
        async (quality) => (await (await get(`photo?scl=1&qlt=${quality}`)).arrayBuffer()).byteLength,
      ),
    );
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
    const full = await sharp(Buffer.from(await (await get('photo?qlt=90,1')).arrayBuffer())).metadata();
    expect(full.chromaSubsampling).toBe('4:4:4');
  });
});

describe('properties', () => {
  test('of the source are text', async () => {
    const response = await get('photo?req=imageprops&wid=10');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    for (const line of [
      'image.width=1200',
      'image.height=900',
      'image.printRes=300',
      'image.mask=0',
      'image.pixTyp=RGB',
    ])
      expect(text.split('\r\n')).toContain(line);
  });

  test('of the reply are those of what the request would get', async () => {
    const text = await (await get('photo?req=props,text&wid=120&fmt=png')).text();
    expect(text.split('\r\n')).toEqual(
      expect.arrayContaining(['image.width=120', 'image.height=90', 'image.type=image/png']),
    );
  });
});

describe('a request', () => {
  test('is answered 304 while the image is the same', async () => {
    const first = await get('quarters?wid=50');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toMatch(/max-age=\d+/);
    const again = await get('quarters?wid=50', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('quarters?wid=51', { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  test('by HEAD has the headers only', async () => {
    const response = await get('quarters?wid=50', { method: 'HEAD' });
    expect([
      response.status,
      response.headers.get('content-type'),
      (await response.arrayBuffer()).byteLength,
    ]).toEqual([200, 'image/jpeg', 0]);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });

  test('finds company and image regardless of case', async () => {
    expect((await fetch(`${server.url}/is/image/myshoes/QUARTERS?wid=9`)).status).toBe(200);
  });

  test.each([
    ['nothing of this name', '/is/image/MyShoes/nothing'],
    ['an image that is not published', '/is/image/MyShoes/private'],
    ['another company', '/is/image/Other/quarters'],
    ['a path that leads out', '/is/image/MyShoes/..%2f..%2fetc%2fpasswd'],
    ['quotes and percent signs', '/is/image/MyShoes/%27%20or%201=1%20--%25'],
  ])('for %s is refused in plain words', async (_what, path) => {
    const response = await fetch(`${server.url}${path}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store']);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^Unable to find /);
  });

  test.each([
    ['wid=-5', "wid: found '-5', expected a number of pixels of at least 0"],
    ['wid=abc', "wid: found 'abc', expected a number of pixels"],
    ['hei=10001', 'an image of 20002 × 10001 pixels is too large'],
    ['wid=9000&hei=9000', 'an image of 9000 × 9000 pixels is too large'],
    ['scl=0.001', 'pixels is too large: at most'],
    ['scl=0', "scl: found '0', expected a number above 0"],
    ['fit=squeeze', "fit: found 'squeeze', expected mode: fit, constrain"],
    ['fmt=exe', "fmt: found 'exe', expected format: jpeg, pjpeg"],
    ['qlt=101', "qlt: found '101', expected quality: a number from 1 to 100"],
    ['crop=1,2,3', "crop: found '1,2,3', expected x,y,width,height as numbers"],
    ['fit=crop', "fit: found 'crop' without wid and hei"],
    ['req=tmb&fit=crop&wid=64&hei=64', "fit: found 'crop' with req=tmb"],
    ['fmt=tif-alpha,,jpeg', "fmt: found 'jpeg' for tif-alpha, expected none, lzw or zip"],
    ['fmt=heic', "fmt: this server does not write 'heic'"],
    ['req=saveToFile', "req: this server does not answer 'saveToFile'"],
    ['layer=1&src=nothing', "src: Unable to find 'nothing'"],
    ['layer=1', 'layer: layer 1 has neither src, text nor color'],
    ['bgc=red', "bgc: found 'red', expected a color"],
    ['align=2,0', "align: found '2,0'"],
    ['op_usm=9', "op_usm: found '9'"],
    ['req=everything', "req: found 'everything'"],
    ['wid=%zz', 'wid: '],
  ])('with "%s" is refused in plain words', async (commands, message) => {
    const response = await get(`quarters?${commands}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store']);
    expect(response.headers.get('etag')).toBeNull();
    expect(await response.text()).toContain(message);
  });
});

test('the modifiers of an asset count before and after those of the request', async () => {
  const { assetArray } = await connection.call('searchAssets', {
    companyHandle: COMPANY,
    folder: 'MyShoes/',
    includeSubfolders: true,
  });
  const handle = assetArray?.find(({ name }) => name === 'edge')?.assetHandle ?? '';
  await connection.call('setUrlModifier', {
    companyHandle: COMPANY,
    assetHandle: handle,
    urlModifier: 'wid=40&fmt=png',
    urlPostApplyModifier: 'hei=20&fit=stretch',
  });
  await runJob(connection, COMPANY, {
    jobName: 'publish again',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  expect(await picture('edge')).toMatchObject({ format: 'png', width: 40, height: 20 });
  expect(await picture('edge?wid=50&hei=30&fmt=webp')).toMatchObject({
    format: 'webp',
    width: 50,
    height: 20,
  });
});
