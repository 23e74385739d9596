// Saved paths of images: read from Photoshop files, JPEGs and TIFFs, some of which another program wrote, and asked for as
// quadrilaterals.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { pathsOfImage } from '../src/images/paths-of-image.js';
import { photoshopPaths, quadOf } from '../src/images/photoshop-paths.js';
import { readPhotoshopBlock } from '../src/images/photoshop-resources.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { photoshopFile, photoshopHeader } from './support/image-files.js';
import { messagesOf, runJob } from './support/jobs.js';
import {
  jpegWithBlock,
  type PathXY,
  pathBlock,
  photoshopWithBlock,
  polygon,
  resource,
} from './support/photoshop-paths.js';
import { BLUE, painted, plain, RED } from './support/pictures.js';

const companyHandle = 'c|6';
/** Four corners, neither level nor in order: upper left, lower left, lower right, upper right. */
const TILTED: readonly PathXY[] = [
  [0.25, 0.125],
  [0.125, 0.75],
  [0.875, 0.875],
  [0.75, 0.25],
];
/** A circle around the middle with the radius 0.25, as four curves. */
const K = 0.138;
const CIRCLE = {
  knots: [
    [
      [0.5 - K, 0.25],
      [0.5, 0.25],
      [0.5 + K, 0.25],
    ],
    [
      [0.75, 0.5 - K],
      [0.75, 0.5],
      [0.75, 0.5 + K],
    ],
    [
      [0.5 + K, 0.75],
      [0.5, 0.75],
      [0.5 - K, 0.75],
    ],
    [
      [0.25, 0.5 + K],
      [0.25, 0.5],
      [0.25, 0.5 - K],
    ],
  ],
} as const;
/** One curve that swings below its ends: its lowest point is at three quarters of its control points. */
const SWING = {
  closed: false,
  knots: [
    [
      [0.25, 0.25],
      [0.25, 0.25],
      [0.25, 1.25],
    ],
    [
      [0.75, 1.25],
      [0.75, 0.25],
      [0.75, 0.25],
    ],
  ],
} as const;
const PATHS = pathBlock([
  ['Tilted', polygon(...TILTED)],
  ['Circle', CIRCLE],
  [Buffer.from('Gro\xa7e & <Pfad>', 'latin1'), polygon([0, 0], [1, 0], [0.5, 1])],
  ['Swing', SWING],
  [
    'Two',
    polygon([0, 0], [0.25, 0], [0.25, 0.25], [0, 0.25]),
    polygon([0.5, 0.5], [1.25, 0.5], [1, 1], [0.5, 1]),
  ],
  ['Empty'],
]);
const NAMES = ['Tilted', 'Circle', 'Große & <Pfad>', 'Swing', 'Two', 'Empty'];

let server: IpsServer;
let files: FileServer;
let admin: Connection;
beforeAll(async () => {
  const jpeg = await plain(200, 100, RED).removeAlpha().jpeg().toBuffer();
  const turned = await plain(200, 100, RED).removeAlpha().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const psd = photoshopFile(200, 100, () => RED);
  // CMYK, which this server does not decode: 2 by 2 pixels.
  const print = photoshopHeader(4).subarray(0, 34);
  files = await serveFiles({
    '/photo.jpg': jpegWithBlock(jpeg, PATHS, 100),
    '/turned.jpg': jpegWithBlock(turned, PATHS),
    '/none.jpg': jpeg,
    '/layers.psd': photoshopWithBlock(psd, PATHS),
    '/print.psd': Buffer.concat([photoshopWithBlock(print, PATHS), Buffer.alloc(6)]),
    '/none.png': await plain(4, 4, RED).png().toBuffer(),
    '/drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>'),
  });
  server = await createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true });
  admin = connect(server);
});
afterAll(async () => {
  await files.close();
  await server.stop();
});

let jobs = 0;
async function upload(name: string, more: object = {}): Promise<string> {
  jobs += 1;
  const log = await runJob(admin, companyHandle, {
    jobName: `upload ${jobs}`,
    uploadUrlsJob: {
      urlArray: [{ sourceUrl: `${files.url}/${name}`, destPath: `SampleCompany/${jobs}/${name}` }],
      overwrite: false,
      readyForPublish: false,
      createMask: false,
      emailSetting: 'None',
      ...more,
    } as never,
  });
  expect(messagesOf(log, 'UploadError')).toEqual([]);
  const { assetArray = [] } = await admin.call('searchAssets', {
    companyHandle,
    folder: `SampleCompany/${jobs}/`,
    includeSubfolders: false,
  } as never);
  return assetArray[0]?.assetHandle ?? '';
}

const namesOf = async (assetHandle: string) =>
  (await admin.call('getPhotoshopPathNames', { companyHandle, assetHandle })).pathNameArray;

/** The corners of a path as they are listed: x and y from the upper left, clockwise. */
async function quad(assetHandle: string, pathName: string): Promise<number[][]> {
  const { perspectiveQuad: found } = await admin.call('getPhotoshopPath', {
    companyHandle,
    assetHandle,
    pathName,
  });
  return [
    [found.x0, found.y0],
    [found.x1, found.y1],
    [found.x2, found.y2],
    [found.x3, found.y3],
  ];
}

const near = (...corners: readonly (readonly number[])[]) =>
  corners.map((corner) => corner.map((each) => expect.closeTo(each, 3)));

describe.each(['photo.jpg', 'layers.psd'])('%s', (name) => {
  it('has the names of its paths in their order', async () => {
    expect(await namesOf(await upload(name))).toEqual(NAMES);
  });

  it('has a path of four corners as it is, and the bounding box of others, in pixels', async () => {
    const image = await upload(name);
    expect(await quad(image, 'Tilted')).toEqual(near([50, 12.5], [150, 25], [175, 87.5], [25, 75]));
    expect(await quad(image, 'Circle')).toEqual(near([50, 25], [150, 25], [150, 75], [50, 75]));
    expect(await quad(image, 'Große & <Pfad>')).toEqual(near([0, 0], [200, 0], [200, 100], [0, 100]));
    expect(await quad(image, 'Swing')).toEqual(near([50, 25], [150, 25], [150, 100], [50, 100]));
    // Beyond the edge of the image, too.
    expect(await quad(image, 'Two')).toEqual(near([0, 0], [250, 0], [250, 100], [0, 100]));
  });

  it('refuses a path without points, and a name that it does not have', async () => {
    const assetHandle = await upload(name);
    const fault = (pathName: string) =>
      admin.fault('getPhotoshopPath', { companyHandle, assetHandle, pathName });
    expect(await fault('Empty')).toMatchObject({
      code: 30001,
      reason: "pathName: found 'Empty', expected a path with points",
    });
    for (const pathName of ['tilted', 'Tilted ', ''])
      expect(await fault(pathName)).toMatchObject({
        code: 30001,
        reason: `pathName: found '${pathName}', expected the name of a path of the image`,
      });
  });

  it('has places from the edge that a crop left', async () => {
    const crop = { left: 20, right: 10, top: 5, bottom: 0 };
    const image = await upload(name, { manualCropOptions: crop });
    expect(await quad(image, 'Tilted')).toEqual(near([30, 7.5], [130, 20], [155, 82.5], [5, 70]));
  });
});

describe('paths', () => {
  it('turn with an image that the camera held upright', async () => {
    const image = await upload('turned.jpg');
    // 100 by 200 pixels: the left edge is the upper one now.
    expect(await quad(image, 'Tilted')).toEqual(near([25, 25], [87.5, 50], [75, 150], [12.5, 175]));
    expect(await quad(image, 'Große & <Pfad>')).toEqual(near([0, 0], [100, 0], [100, 200], [0, 200]));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('follow the orientation %i as the pixels do', async (orientation) => {
    const directory = mkdtempSync(join(tmpdir(), 'ips-paths-'));
    try {
      // The upper left quarter is red in the file.
      const path = join(directory, 'image.jpg');
      const picture = painted(64, 32, (x, y) => (x < 32 && y < 16 ? RED : BLUE)).removeAlpha();
      const jpeg = await picture.withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
      const quarter = pathBlock([['Red', polygon([0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5])]]);
      writeFileSync(path, jpegWithBlock(jpeg, quarter));
      const { data, info } = await sharp(path).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const red = Array.from({ length: info.width * info.height }, (_, at) => at).filter(
        (at) => (data[at * 3] ?? 0) > 128,
      );
      const xs = red.map((at) => at % info.width);
      const ys = red.map((at) => Math.floor(at / info.width));
      const [left, right] = [Math.min(...xs), Math.max(...xs) + 1];
      const [top, bottom] = [Math.min(...ys), Math.max(...ys) + 1];
      const [found] = await pathsOfImage(path, 10_000, undefined);
      expect(found?.quad?.map(({ x, y }) => [x, y])).toEqual(
        near([left, top], [right, top], [right, bottom], [left, bottom]),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('are read from files that this server does not decode', async () => {
    const image = await upload('print.psd');
    expect(await namesOf(image)).toEqual(NAMES);
    expect(await quad(image, 'Circle')).toEqual(near([0.5, 0.5], [1.5, 0.5], [1.5, 1.5], [0.5, 1.5]));
  });

  it('are none in other files', async () => {
    for (const name of ['none.jpg', 'none.png']) expect(await namesOf(await upload(name))).toEqual([]);
  });

  it('belong to images', async () => {
    const assetHandle = await upload('drawing.svg');
    for (const fault of [
      await admin.fault('getPhotoshopPathNames', { companyHandle, assetHandle }),
      await admin.fault('getPhotoshopPath', { companyHandle, assetHandle, pathName: 'Tilted' }),
    ])
      expect(fault).toMatchObject({
        code: 30001,
        reason: `assetHandle: found '${assetHandle}', expected an asset of type Image`,
      });
  });
});

describe('a user of an image portal', () => {
  const password = 'Sunny-Day-42';

  it('needs the permission to read the image', async () => {
    await server.seed({
      users: [
        {
          email: 'portal@example.com',
          password,
          memberships: [{ company: server.company, role: 'ImagePortalUser' }],
        },
      ],
    });
    const user = connect(server, { email: 'portal@example.com', password });
    const assetHandle = await upload('photo.jpg');
    const image = { companyHandle, assetHandle };
    const denied = {
      code: 20009,
      reason: `assetHandle: missing Read permission on asset '${assetHandle}'`,
    };
    expect(await user.fault('getPhotoshopPathNames', image)).toMatchObject(denied);
    expect(await user.fault('getPhotoshopPath', { ...image, pathName: 'Tilted' })).toMatchObject(denied);
    const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
    const userHandle = userArray.find(({ email }) => email === 'portal@example.com')?.userHandle ?? '';
    const { groupHandle } = await admin.call('saveGroup', {
      companyHandle,
      name: 'Readers',
      isSystemDefined: false,
    });
    await admin.call('addGroupMembers', { companyHandle, groupHandle, userHandleArray: [userHandle] });
    await admin.call('setAssetPermissions', {
      ...image,
      permissionArray: [{ groupHandle, permissionType: 'Read', isAllowed: true, isOverride: true }],
    });
    expect(await user.call('getPhotoshopPathNames', image)).toEqual({ pathNameArray: NAMES });
    await user.call('getPhotoshopPath', { ...image, pathName: 'Tilted' });
  });
});

describe('ImageMagick', () => {
  it('writes files whose paths are found, and reads the same points', async (context) => {
    const { stdout, error } = spawnSync('convert', ['-version'], { encoding: 'utf8' });
    if (error !== undefined || !stdout.includes('ImageMagick')) context.skip('ImageMagick is not installed');
    const directory = mkdtempSync(join(tmpdir(), 'ips-paths-'));
    try {
      const path = (name: string) => join(directory, name);
      writeFileSync(path('block.8bim'), PATHS);
      for (const format of ['jpg', 'tif', 'psd']) {
        const file = path(`image.${format}`);
        execFileSync('convert', [
          '-size',
          '200x100',
          'xc:red',
          '-profile',
          `8BIM:${path('block.8bim')}`,
          file,
        ]);
        const block = await readPhotoshopBlock(file);
        expect([block?.width, block?.height]).toEqual([200, 100]);
        const paths = photoshopPaths(block?.resources ?? Buffer.alloc(0));
        expect(paths.map(({ name }) => name)).toEqual(NAMES);
        // The first path, as it draws it.
        const svg = execFileSync('identify', ['-format', '%[8BIM:1999,2998:#1]', `${file}[0]`], {
          encoding: 'utf8',
        });
        const points = [...svg.matchAll(/[ML] (-?[\d.]+)[ ,](-?[\d.]+)/g)].map(([, x, y]) => [
          Number(x),
          Number(y),
        ]);
        const ours = paths[0]?.subpaths[0]?.knots.map(({ anchor }) => [anchor.x * 200, anchor.y * 100]) ?? [];
        expect(points.slice(0, 4)).toEqual(near(...ours));
      }
      expect(readFileSync(path('image.tif')).subarray(0, 2).toString('latin1')).toMatch(/II|MM/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('a quadrilateral', () => {
  const part = fc.double({ min: -1, max: 2, noNaN: true });
  const point = fc.record({ x: part, y: part });

  it('has the corners of a convex path in one order, wherever it begins and whichever way it goes', () => {
    const corners = TILTED.map(([x, y]) => ({ x, y }));
    fc.assert(
      fc.property(fc.nat(3), fc.boolean(), (start, reverse) => {
        const turned = [...corners.slice(start), ...corners.slice(0, start)];
        const knots = (reverse ? turned.reverse() : turned).map((anchor) => ({
          before: anchor,
          anchor,
          after: anchor,
        }));
        const [upperLeft, lowerLeft, lowerRight, upperRight] = corners;
        expect(quadOf({ name: '', subpaths: [{ closed: true, knots }] }, (each) => each)).toEqual([
          upperLeft,
          upperRight,
          lowerRight,
          lowerLeft,
        ]);
      }),
    );
  });

  it('encloses every point of the curves, and touches them', () => {
    const knot = fc.record({ before: point, anchor: point, after: point });
    fc.assert(
      fc.property(fc.array(knot, { minLength: 1, maxLength: 5 }), fc.boolean(), (knots, closed) => {
        const found = quadOf({ name: '', subpaths: [{ closed, knots }] }, (each) => each);
        const [upperLeft, , lowerRight] = found ?? [];
        const xs: number[] = [];
        for (const [index, { anchor, after }] of knots.entries()) {
          const next = knots[index + 1] ?? (closed ? knots[0] : undefined);
          xs.push(anchor.x);
          if (next === undefined) continue;
          for (let step = 0; step <= 200; step += 1) {
            const at = step / 200;
            const left = 1 - at;
            xs.push(
              left ** 3 * anchor.x +
                3 * left * left * at * after.x +
                3 * left * at * at * next.before.x +
                at ** 3 * next.anchor.x,
            );
          }
        }
        expect(Math.min(...xs)).toBeGreaterThanOrEqual((upperLeft?.x ?? NaN) - 1e-9);
        expect(Math.max(...xs)).toBeLessThanOrEqual((lowerRight?.x ?? NaN) + 1e-9);
        expect(Math.min(...xs)).toBeLessThan((upperLeft?.x ?? NaN) + 1e-3);
        expect(Math.max(...xs)).toBeGreaterThan((lowerRight?.x ?? NaN) - 1e-3);
      }),
      { numRuns: casesOf(1000) },
    );
  });
});

describe('hostile resources', () => {
  it('end where they are damaged, and keep what comes before', () => {
    const names = (block: Buffer) => photoshopPaths(block).map(({ name }) => name);
    const [first = 0] = [pathBlock([['One', polygon([0, 0], [1, 0], [1, 1])]]).length];
    const endless = resource(2001, 'Endless', Buffer.alloc(8));
    endless.writeUInt32BE(0xffffffff, endless.length - 12);
    const block = pathBlock([['One', polygon([0, 0], [1, 0], [1, 1])]]);
    expect(names(Buffer.concat([block, endless]))).toEqual(['One']);
    expect(names(Buffer.concat([endless, block]))).toEqual([]);
    for (let length = 0; length < first; length += 1)
      expect(names(block.subarray(0, length)).length).toBeLessThan(2);
  });

  it('cannot make the reader fail, whatever bytes they are', () => {
    const cases = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => resource(2000, 'Any', bytes)),
      fc.uint8Array({ maxLength: 300 }).map(Buffer.from),
      fc.tuple(fc.nat(PATHS.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(PATHS);
        changed[at] = byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(cases, (block) => {
        for (const path of photoshopPaths(block)) {
          const found = quadOf(path, (each) => each);
          for (const { x, y } of found ?? [])
            expect([Number.isFinite(x), Number.isFinite(y)]).toEqual([true, true]);
        }
      }),
      { numRuns: casesOf(5000) },
    );
  });

  it('of a file that claims more than it has are none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ips-paths-'));
    try {
      const path = join(directory, 'file');
      const jpeg = await plain(8, 8, RED).removeAlpha().jpeg().toBuffer();
      const psd = photoshopWithBlock(
        photoshopFile(8, 8, () => RED),
        PATHS,
      );
      const huge = Buffer.from(psd);
      huge.writeUInt32BE(0xfffffff0, 30);
      const colors = Buffer.from(psd);
      colors.writeUInt32BE(0xfffffff0, 26);
      const tiff = Buffer.from(
        // One entry: 34377 with 4 GiB of bytes at the end of the file.
        '49492a000800000003000001030001000000080000000101030001000000080000004986070000ffffff00000001',
        'hex',
      );
      for (const content of [huge, colors, tiff, jpeg.subarray(0, 3), Buffer.from('8BPS'), Buffer.alloc(0)]) {
        writeFileSync(path, content);
        const block = await readPhotoshopBlock(path);
        expect(photoshopPaths(block?.resources ?? Buffer.alloc(0))).toEqual([]);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
