import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { ImageError, imageWork, openImage, UnsupportedImageError } from '../src/images/image-library.js';
import { withReadableImage } from '../src/images/readable-image.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { bitmapFile, documentFile, photoshopFile, photoshopHeader, tiffFile } from './support/image-files.js';
import { messagesOf, runJob } from './support/jobs.js';
import {
  BLUE,
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
const SIGNED = { 339: 2 };

const sides = (x: number) => (x < 20 ? RED : BLUE);
const drawing = (size: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 2 2"><rect width="2" height="2" fill="#0f0"/><rect width="1" height="1" fill="#f00"/></svg>`,
  );

let directory: string;
let server: IpsServer;
let web: FileServer;
let connection: Connection;
let warnings: string[];
let failures: string[];
let published: string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-formats-'));
  const files: Record<string, Buffer> = {
    'photoshop.psd': photoshopFile(40, 20, sides),
    'bitmap.bmp': bitmapFile(40, 20, sides),
    'small.svg': drawing('width="4" height="4"'),
    'huge.svg': drawing('width="90000" height="90000"'),
    'boundless.svg': drawing(''),
    'page.pdf': documentFile(20, 10),
    'poster.pdf': documentFile(200_000, 100_000),
    'signed.tif': tiffFile(4, 4, new Uint8Array(16), SIGNED),
    'print.psd': photoshopHeader(7),
    'cut.psd': photoshopHeader(3),
    'giant.bmp': Buffer.concat([
      bitmapFile(1, 1, sides).subarray(0, 18),
      Buffer.from('ffffff7fffffff7f', 'hex'),
      Buffer.alloc(40),
    ]),
  };
  files['giant.bmp']?.set([1, 0, 24, 0], 26);
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'My Shoes' }),
    serveFiles(Object.fromEntries(Object.entries(files).map(([name, content]) => [`/${name}`, content]))),
  ]);
  connection = connect(server);
  const upload = await runJob(connection, COMPANY, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: Object.keys(files).map((name) => ({
        sourceUrl: `${web.url}/${name}`,
        destPath: `MyShoes/${name}`,
      })),
    },
  });
  warnings = messagesOf(upload, 'UploadWarning');
  failures = messagesOf(upload, 'UploadError');
  const publish = await runJob(connection, COMPANY, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  published = (publish.detailArray ?? []).map(({ logMessage }) => logMessage ?? '');
});

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await server?.stop();
  await web?.close();
});

const get = (path: string): Promise<Response> => fetch(`${server.url}/is/image/MyShoes/${path}`);

async function picture(path: string): Promise<Picture> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return look(new Uint8Array(await response.arrayBuffer()));
}

async function saved(name: string, content: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

describe('an image of a format with its own decoder', () => {
  test.each(['photoshop', 'bitmap'])('is delivered: %s', async (name) => {
    const delivered = await picture(`${name}?scl=1&fmt=png`);
    expect([delivered.width, delivered.height]).toEqual([40, 20]);
    expect(distance(delivered.at(5, 5), RED)).toBeLessThan(4);
    expect(distance(delivered.at(35, 15), BLUE)).toBeLessThan(4);
  });

  test('is an error when it is damaged, and a warning when it may be sound', () => {
    expect(failures.filter((text) => text.includes('cut.psd'))).toEqual([
      expect.stringMatching(/the Photoshop file is damaged/),
    ]);
    expect(warnings.filter((text) => text.includes('print.psd'))).toEqual([
      'MyShoes/print.psd: this Photoshop file cannot be decoded: its color mode, Multichannel, is not supported: no derivatives were made',
    ]);
  });

  test('is measured before it is decoded', () => {
    expect([...warnings, ...failures].filter((text) => text.includes('giant.bmp'))).toEqual([
      expect.stringMatching(/2147483647 × 2147483647 pixels, more than the allowed/),
    ]);
  });
});

describe('a vector picture', () => {
  test.each(['small', 'huge', 'boundless'])('is drawn at the size requested: %s', async (name) => {
    const drawn = await picture(`${name}?wid=400&hei=400&fit=fit,1&fmt=png`);
    expect([drawn.width, drawn.height]).toEqual([400, 400]);
    // An enlarged picture would be blurred along this edge.
    expect(distance(drawn.at(197, 100), RED)).toBeLessThan(4);
    expect(distance(drawn.at(203, 100), GREEN)).toBeLessThan(4);
  });

  test.each(['page', 'poster'])('may be the first page of a document: %s', async (name) => {
    const drawn = await picture(`${name}?wid=400&hei=200&fit=fit,1&fmt=png`);
    expect([drawn.width, drawn.height]).toEqual([400, 200]);
    expect(distance(drawn.at(196, 104), RED)).toBeLessThan(4);
    expect(distance(drawn.at(204, 96), WHITE)).toBeLessThan(4);
  });
});

test('an image that cannot be delivered is a warning of the publish, and refused with the reason', async () => {
  const reasons: Record<string, RegExp> = {
    signed: /it has signed samples, which are not supported/,
    print: /this server did not decode the original, which is image\/vnd.adobe.photoshop/,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const rows = published.filter((text) => text.startsWith(`${name}: `));
    expect(rows).toEqual([expect.stringMatching(reason)]);
    const response = await get(name);
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(reason);
  }
});

describe('samples that the image library takes for others', () => {
  const read = (path: string, mediaType: string) =>
    withReadableImage({ path, mediaType, maxPixels: 10_000 }, async (image) => look(image.path));

  test.each([
    ['signed samples', SIGNED],
    ['32-bit samples of gray', { 258: 32 }],
    ['32-bit floating-point samples of gray', { 258: 32, 339: 3 }],
    ['YCbCr colors without JPEG compression', { 262: 6 }],
    ['its compression, Zstandard', { 259: 50000 }],
    ['its compression, number 777', { 259: 777 }],
    ['colors of model 99', { 262: 99 }],
  ])('are refused: %s', async (words, entries) => {
    const path = await saved('samples.tif', tiffFile(4, 4, new Uint8Array(64), entries));
    const refusal = read(path, 'image/tiff');
    await expect(refusal).rejects.toThrow(UnsupportedImageError);
    await expect(refusal).rejects.toThrow(words);
  });

  test('are turned where 0 is white', async () => {
    const path = await saved('white.tif', tiffFile(4, 1, Uint8Array.of(0x0f, 0x0f), { 258: 4, 262: 0 }));
    const found = await read(path, 'image/tiff');
    expect(found.at(0, 0)).toEqual([255, 255, 255, 255]);
    expect(found.at(1, 0)).toEqual([0, 0, 0, 255]);
  });

  test.each([1, 0.8, 0.45455, 0.25])('of a PNG follow the exponent that it states: %s', async (gamma) => {
    const plain = await painted(2, 1, () => [128, 64, 200])
      .png()
      .toBuffer();
    const chunk = Buffer.from('\0\0\0\x04gAMA\0\0\0\0\0\0\0\0', 'latin1');
    chunk.writeUInt32BE(gamma * 100_000, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 12)), 12);
    const content = Buffer.concat([plain.subarray(0, 33), chunk, plain.subarray(33)]);
    const found = await read(await saved('gamma.png', content), 'image/png');
    const meant = (value: number): number => 255 * (value / 255) ** (1 / (2.2 * gamma));
    expect(distance(found.at(0, 0), [meant(128), meant(64), meant(200)])).toBeLessThan(4);
  });
});

test('messages of the image library belong to the file that caused them', async () => {
  const whole = await quarters(300, 300).jpeg().toBuffer();
  const png = await quarters(300, 300).png().toBuffer();
  const bad = [whole.subarray(0, whole.length / 2), png.subarray(0, png.length / 2)];
  const work = (content: Buffer) =>
    imageWork(() => openImage(content, 1_000_000).raw().toBuffer(), undefined, 1_000_000);
  const alone: string[] = [];
  for (const content of bad) alone.push(await messageOf(work(content)));
  expect(new Set(alone).size).toBe(2);
  const together = await Promise.all(
    Array.from(
      { length: 24 },
      async (_, index) => [index % 2, await messageOf(work(bad[index % 2] ?? whole))] as const,
    ),
  );
  for (const [kind, message] of together) expect([alone[kind], 'the image is damaged']).toContain(message);
  expect(await sharp(whole).metadata()).toMatchObject({ width: 300 });
});

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ImageError ? error.message : `no words: ${error}`),
  );
