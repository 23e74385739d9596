import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '@ips-sdk/types';
import { type Layer, type Psd, writePsdBuffer } from 'ag-psd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composition } from '../src/assets/layer-commands.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { hasImageMagick } from './support/image-corpus.js';
import { messagesOf, runJob } from './support/jobs.js';
import { BLUE, type Color, distance, GREEN, look, type Picture, RED, WHITE } from './support/pictures.js';

const COMPANY = 'c|6';

let directory: string;
let server: IpsServer;
let web: FileServer;
let connection: Connection;
let jobs = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-layers-'));
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'My Shoes' }),
    serveFiles(),
  ]);
  connection = connect(server);
});

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await server?.stop();
  await web?.close();
});

interface LayerChoices {
  readonly layerNaming?: string;
  readonly anchor?: string;
  readonly createTemplate?: boolean;
  readonly extractText?: boolean;
  readonly extendLayers?: boolean;
}

interface Uploaded {
  readonly warnings: readonly string[];
  readonly failures: readonly string[];
  readonly created: readonly string[];
  readonly image: Asset;
  readonly generated: readonly Asset[];
  readonly derived: readonly Asset[];
}

/** Uploads a Photoshop file, and publishes all assets. */
async function upload(
  name: string,
  content: Buffer,
  layerOptions: LayerChoices = {},
  more: object = {},
): Promise<Uploaded> {
  jobs += 1;
  web.set(`/${name}.psd`, content);
  const log = await runJob(connection, COMPANY, {
    jobName: `up ${jobs}`,
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      photoshopOptions: {
        process: 'MaintainLayers',
        layerOptions: { createTemplate: false, extractText: false, extendLayers: false, ...layerOptions },
      },
      urlArray: [{ sourceUrl: `${web.url}/${name}.psd`, destPath: `MyShoes/${name}.psd` }],
      ...more,
    },
  });
  await runJob(connection, COMPANY, {
    jobName: `publish ${jobs}`,
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  const failures = messagesOf(log, 'UploadError');
  if (failures.length > 0)
    return { warnings: [], failures, created: [], image: {} as Asset, generated: [], derived: [] };
  const { assetArray } = await connection.call('getAssetsByName', {
    companyHandle: COMPANY,
    nameArray: [name],
  });
  const [image] = assetArray ?? [];
  if (image === undefined) throw new Error(`${name} was not stored`);
  const { generatedArray, derivedArray } = await connection.call('getAssociatedAssets', {
    companyHandle: COMPANY,
    assetHandle: handleOf(image),
  });
  const handles = (generatedArray ?? []).flatMap(({ generated: made }) => made?.assetHandle ?? []);
  const { assetArray: generated = [] } =
    handles.length === 0
      ? {}
      : await connection.call('getAssets', { companyHandle: COMPANY, assetHandleArray: handles });
  return {
    warnings: messagesOf(log, 'UploadWarning'),
    failures,
    created: messagesOf(log, 'UploadSuccess').filter((text) => text.includes('created from')),
    image,
    generated: generated.toSorted((a, b) => numberOf(a) - numberOf(b)),
    derived: derivedArray ?? [],
  };
}

const handleOf = ({ assetHandle = '' }: Asset): string => assetHandle;
const numberOf = (asset: Asset): number => Number(handleOf(asset).split('|')[1]);

const names = (assets: readonly Asset[]): (string | undefined)[] => assets.map(({ name }) => name);

async function picture(query: string): Promise<Picture> {
  const response = await fetch(`${server.url}/is/image/MyShoes/${query}`);
  if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  return look(new Uint8Array(await response.arrayBuffer()));
}

/** An area of one color. */
function area(width: number, height: number, [r, g, b, alpha = 255]: Color) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([r, g, b, alpha], at);
  return { width, height, data };
}

const layer = (
  name: string,
  left: number,
  top: number,
  size: number,
  color: Color,
  more: Partial<Layer> = {},
): Layer => ({
  name,
  left,
  top,
  imageData: area(size, size, color),
  ...more,
});

/** A file of 80 by 40 pixels. */
const file = (children: Layer[], more: Partial<Psd> = {}): Buffer =>
  writePsdBuffer({ width: 80, height: 40, imageData: area(80, 40, WHITE), children, ...more });

describe.skipIf(!hasImageMagick)('the layers of a file that ImageMagick wrote', () => {
  /** Three layers, the upper two smaller than the file and one of them beyond its edge, and how ImageMagick merges them. */
  function written(name: string, ...options: string[]): { readonly psd: Buffer; readonly merged: Buffer } {
    const path = join(directory, `${name}.psd`);
    const layers = [
      ...['(', '-size', '80x40', 'gradient:#0000ff-#ffff00', '-set', 'label', 'Ground', ')'],
      ...['(', '-size', '20x10', 'xc:#ff0000', '-set', 'label', 'Price Tag', '-repage', '+10+5', ')'],
      ...[
        '(',
        '-size',
        '30x20',
        'gradient:#00ff00-#004000',
        '-set',
        'label',
        'Corner',
        '-repage',
        '+60+25',
        ')',
      ],
    ];
    const merged = join(directory, `${name}.png`);
    execFileSync('convert', [...layers, '-background', 'none', '-layers', 'flatten', merged]);
    execFileSync('convert', [merged, ...layers, ...options, path]);
    return { psd: readFileSync(path), merged: readFileSync(merged) };
  }

  test.each([
    ['rgb8', ['-depth', '8']],
    ['rgb16', ['-depth', '16', '-compress', 'Zip']],
    ['cmyk8', ['-colorspace', 'CMYK', '-depth', '8']],
  ] as const)('become images and a view that looks like the whole: %s', async (name, options) => {
    const { psd, merged } = written(name, ...options);
    const { generated, derived, warnings, failures, created } = await upload(name, psd);
    expect([warnings, failures]).toEqual([[], []]);
    expect(names(generated)).toEqual([`${name}_Ground`, `${name}_Price Tag`, `${name}_Corner`]);
    expect(generated.map(({ type, imageInfo }) => [type, imageInfo?.width, imageInfo?.height])).toEqual([
      ['Image', 80, 40],
      ['Image', 20, 10],
      ['Image', 30, 20],
    ]);
    expect(derived.map(({ type, name: view }) => [type, view])).toEqual([['LayerView', `${name}_layers`]]);
    expect(created).toHaveLength(4);
    const view = await picture(`${name}_layers?scl=1&fmt=png-alpha`);
    // Inks without a profile are those of a press here, and the complements of red, green and blue in ImageMagick.
    const whole = name === 'cmyk8' ? await picture(`${name}?scl=1&fmt=png`) : await look(merged);
    expect([view.width, view.height]).toEqual([80, 40]);
    for (const [x, y] of [
      [1, 1],
      [9, 4],
      [10, 5],
      [29, 14],
      [30, 15],
      [59, 24],
      [60, 25],
      [79, 39],
      [40, 38],
    ] as const)
      expect(distance(view.at(x, y), whole.at(x, y)), `${x},${y}`).toBeLessThan(8);
  });
});

describe('the layers of a Photoshop file', () => {
  const two = (): Buffer =>
    file([layer('Background', 0, 0, 40, RED), layer('Tag/..\\x\u0007', 50, 10, 20, BLUE)]);

  test.each([
    ['LayerName', ['Background', 'Tag_.._x_']],
    ['AppendNumber', ['byAppendNumber_1', 'byAppendNumber_2']],
    ['AppendName', ['byAppendName_Background', 'byAppendName_Tag_.._x_']],
  ])('are named as asked: %s', async (layerNaming, expected) => {
    const { generated } = await upload(`by${layerNaming}`, two(), { layerNaming });
    expect(names(generated)).toEqual(expected);
  });

  test('may have a folder of their own', async () => {
    const { generated } = await upload('folder', two(), { layerNaming: 'Folders' });
    expect(generated.map(({ folder, fileName }) => `${folder}${fileName}`)).toEqual([
      'MyShoes/folder/Background-1.png',
      'MyShoes/folder/Tag_.._x_-1.png',
    ]);
  });

  test('with the same name get names that are free', async () => {
    const { generated } = await upload(
      'same',
      file([layer('A', 0, 0, 9, RED), layer('a', 0, 0, 9, RED), layer('', 0, 0, 9, RED)]),
    );
    expect(names(generated)).toEqual(['same_A', 'same_a-1', 'same_Layer 3']);
  });

  test.each([
    ['Northwest', 0, 0],
    ['Center', 10, 10],
    ['South', 10, 20],
    ['East', 20, 10],
  ])('are anchored, and stay in place: %s', async (anchor, x, y) => {
    const name = `anchor${anchor}`;
    const { generated } = await upload(name, two(), { anchor, createTemplate: true });
    expect([generated[1]?.imageInfo?.anchorX, generated[1]?.imageInfo?.anchorY]).toEqual([x, y]);
    const drawn = await picture(`${name}_template?scl=1&fmt=png-alpha`);
    expect(distance(drawn.at(51, 11), BLUE)).toBeLessThan(8);
    expect(distance(drawn.at(69, 29), BLUE)).toBeLessThan(8);
    expect(drawn.at(45, 20)[3]).toBe(0);
  });

  test('become a template in which an image can be replaced', async () => {
    const { generated, derived } = await upload('poster', two(), { createTemplate: true });
    expect(generated.map(({ type }) => type)).toEqual(['Image', 'Image', 'PsdTemplate']);
    expect(derived).toEqual([]);
    const drawn = await picture('poster_template?scl=1&fmt=png-alpha&layer=2&src=poster_Background');
    expect(distance(drawn.at(60, 20), RED)).toBeLessThan(8);
  });

  test('may have the size of the whole', async () => {
    const { generated } = await upload('wide', two(), { extendLayers: true });
    expect(generated.map(({ imageInfo }) => [imageInfo?.width, imageInfo?.height])).toEqual([
      [80, 40],
      [80, 40],
    ]);
    const alone = await picture(`${encodeURIComponent('wide_Tag_.._x_')}?scl=1&fmt=png-alpha`);
    expect([alone.at(49, 20)[3], alone.at(50, 20)[3], alone.at(70, 20)[3]]).toEqual([0, 255, 0]);
    const view = await picture('wide_layers?scl=1&fmt=png-alpha');
    expect([distance(view.at(60, 20), BLUE) < 8, distance(view.at(5, 5), RED) < 8]).toEqual([true, true]);
  });

  test('keep groups, opacity, hiding, masks and clipping', async () => {
    const mask = { top: 0, left: 0, bottom: 40, right: 10, imageData: area(10, 40, WHITE), defaultColor: 0 };
    const { warnings, generated } = await upload(
      'groups',
      file([
        layer('Ground', 0, 0, 40, WHITE),
        { name: 'Group', opacity: 0.5, children: [layer('Half', 0, 0, 10, RED)] },
        { name: 'Off', hidden: true, children: [layer('Never', 0, 20, 10, RED)] },
        layer('Masked', 0, 10, 20, BLUE, { mask }),
        layer('Base', 20, 0, 10, GREEN),
        layer('Clipped', 20, 0, 20, BLUE, { clipping: true }),
        layer('Dark', 0, 30, 10, [200, 200, 200], { blendMode: 'multiply' }),
        layer('Odd', 30, 30, 5, [200, 200, 200], { blendMode: 'exclusion' }),
      ]),
    );
    expect(names(generated)).toHaveLength(8);
    expect(warnings).toEqual(['MyShoes/groups.psd: the blend modes of 1 layer are treated as normal']);
    const view = await picture('groups_layers?scl=1&fmt=png-alpha');
    const near = (x: number, y: number, color: Color): void =>
      expect(distance(view.at(x, y), color), `${x},${y}`).toBeLessThan(8);
    near(5, 5, [255, 128, 128]);
    near(15, 25, WHITE);
    near(5, 15, BLUE);
    near(15, 15, WHITE);
    near(25, 5, BLUE);
    near(35, 15, WHITE);
    near(5, 35, [200, 200, 200]);
    expect(view.at(60, 20)[3]).toBe(0);
  });

  test('may keep texts as texts', async () => {
    const text = {
      text: 'Sale {50%}\nÄ',
      transform: [1, 0, 0, 1, 0, 0],
      style: { fontSize: 20, fillColor: { r: 255, g: 0, b: 0 } },
    };
    const content = file([layer('Ground', 0, 0, 40, WHITE), layer('Words', 5, 5, 30, BLUE, { text })]);
    const { derived } = await upload('words', content, { extractText: true });
    const [view] = derived;
    const { layerReferenceArray } = await connection.call('getAssociatedAssets', {
      companyHandle: COMPANY,
      assetHandle: handleOf(view ?? {}),
    });
    expect(names(layerReferenceArray ?? [])).toEqual(['words_Ground']);
    const drawn = await picture('words_layers?scl=1&fmt=png-alpha');
    const isRed = ([red, green]: readonly number[]): boolean => (red ?? 0) > 200 && (green ?? 255) < 120;
    const pixels = Array.from({ length: 1600 }, (_, at) => drawn.at(at % 40, Math.floor(at / 40)));
    expect(pixels.some(isRed)).toBe(true);
  });

  test('follow the crop of the image', async () => {
    const { image } = await upload(
      'cropped',
      two(),
      {},
      { manualCropOptions: { left: 50, right: 0, top: 10, bottom: 0 } },
    );
    expect(image.imageInfo?.width).toBe(30);
    const view = await picture('cropped_layers?scl=1&fmt=png-alpha');
    expect([view.width, view.height]).toEqual([30, 30]);
    expect(distance(view.at(1, 1), BLUE)).toBeLessThan(8);
    expect(view.at(25, 25)[3]).toBe(0);
  });

  test('are updated in place when the file is uploaded again', async () => {
    const first = await upload('again', two());
    const second = await upload(
      'again',
      file([layer('Background', 0, 0, 40, GREEN), layer('Other', 50, 10, 20, RED)]),
    );
    expect(second.generated.map(({ assetHandle }) => assetHandle)).toEqual(
      first.generated.map(({ assetHandle }) => assetHandle),
    );
    expect(second.derived.map(({ assetHandle }) => assetHandle)).toEqual(
      first.derived.map(({ assetHandle }) => assetHandle),
    );
    const view = await picture('again_layers?scl=1&fmt=png-alpha');
    expect([distance(view.at(5, 5), GREEN) < 8, distance(view.at(60, 20), RED) < 8]).toEqual([true, true]);
  });

  test('are not made without the option, nor twice by the same upload', async () => {
    const plain = await upload('unasked', two(), {}, { photoshopOptions: { process: 'None' } });
    expect([plain.generated, plain.derived]).toEqual([[], []]);
    await upload('twice', two());
    const { created, generated } = await upload('twice', two());
    expect([created.length, generated.length]).toEqual([0, 2]);
  });

  test('are made by reprocessing', async () => {
    const { image } = await upload('later', two(), {}, { photoshopOptions: { process: 'None' } });
    await runJob(connection, COMPANY, {
      jobName: 'reprocess',
      reprocessAssetsJob: {
        assetHandleArray: [handleOf(image)],
        createMask: false,
        emailSetting: 'None',
        photoshopOptions: { process: 'MaintainLayers' },
      },
    });
    const { generatedArray } = await connection.call('getAssociatedAssets', {
      companyHandle: COMPANY,
      assetHandle: handleOf(image),
    });
    expect(generatedArray).toHaveLength(2);
  });

  test.each([
    ['layerOptions/layerNaming', { layerOptions: { layerNaming: 'ByColor' } }],
    ['layerOptions/anchor', { layerOptions: { anchor: 'Up' } }],
    ['process', { process: 'Flatten' }],
  ])('are refused with an unknown option: %s', async (path, options) => {
    const job = upload('refused', two(), {}, { photoshopOptions: { process: 'MaintainLayers', ...options } });
    await expect(job).rejects.toThrow(`uploadUrlsJob/photoshopOptions/${path}`);
  });
});

test('the text of a layer is written in RTF, whatever it contains', () => {
  const shown = { left: 5, top: 6, width: 30, height: 20, opacity: 1, blendMode: 'normal', isHidden: false };
  const text = {
    text: 'Sale {50%}\\\r\u0003\u00c4\u0001\u{1f600}',
    size: 20.2,
    color: [255, 300, -1],
  } as const;
  const options = {
    naming: 'AppendName',
    anchor: 'Center',
    createTemplate: true,
    extractText: true,
    extendLayers: true,
  } as const;
  const commands = composition(
    { width: 80, height: 40 },
    [{ layer: { ...shown, number: 1, name: 'Words', text }, name: 'words', anchor: { x: 15, y: 10 } }],
    options,
    undefined,
  );
  const rtf =
    '{\\rtf1\\ansi{\\colortbl;\\red255\\green255\\blue0;}\\cf1\\fs40 Sale \\{50%\\}\\\\\\par \\par \\u196?\\u-10179?\\u-8704?}';
  expect(commands).toBe(
    `layer=0&size=80,40&color=ffffff&origin=0,0&hide=1&layer=1&text=${encodeURIComponent(rtf)}&size=30,20&origin=0,0&pos=5,6`,
  );
});

describe('a Photoshop file of a stranger', () => {
  test('with too many layers is an image without them', async () => {
    const many = Array.from({ length: 101 }, (_, at) => layer(`L${at}`, 0, 0, 1, RED));
    const { warnings, generated } = await upload('many', file(many));
    expect(warnings).toEqual([
      'MyShoes/many.psd: no images were made of its layers: the file has 101 layers with pixels; at most 100 become images',
    ]);
    expect(generated).toEqual([]);
  });

  test('with more layers than a request may name has images, and no view', async () => {
    const many = Array.from({ length: 31 }, (_, at) => layer(`L${at}`, 0, 0, 1, RED));
    const { warnings, generated, derived } = await upload('more', file(many));
    expect(warnings).toEqual([
      'MyShoes/more.psd: no view was made of its 31 layers: image serving composes at most 30',
    ]);
    expect([generated.length, derived.length]).toEqual([31, 0]);
  });

  test('with layers of many pixels is refused before they are decoded', async () => {
    const content = file([layer('A', 0, 0, 40, RED)]);
    const name = content.indexOf('8BIMnorm');
    // The box of the layer is before its five channels and their number.
    const box = content.lastIndexOf(Buffer.from([0, 0, 0, 40, 0, 0, 0, 40]), name) - 8;
    content.writeInt32BE(29_000, box + 8);
    content.writeInt32BE(29_000, box + 12);
    const { warnings } = await upload('vast', content);
    expect(warnings).toEqual([
      'MyShoes/vast.psd: no images were made of its layers: its layers have 841000000 pixels together, more than the allowed 100000000',
    ]);
  });

  test('with extended layers is measured by the size that they get', async () => {
    const children = Array.from({ length: 20 }, (_, at) => layer(`L${at}`, 0, 0, 1, RED));
    const content = writePsdBuffer({
      width: 3000,
      height: 2000,
      imageData: area(3000, 2000, WHITE),
      children,
    });
    const { warnings } = await upload('stretched', content, { extendLayers: true });
    expect(warnings[0]).toContain('its layers have 120000000 pixels together');
  });

  test('with damaged layers is an image nevertheless', async () => {
    const content = file([layer('A', 0, 0, 40, RED)]);
    content.write('XXXX', content.indexOf('8BIMnorm'), 'latin1');
    const { warnings, image } = await upload('broken', content);
    expect(image.type).toBe('Image');
    expect(warnings).toEqual([
      expect.stringMatching(/broken\.psd: no images were made of its layers: its layers are damaged: /),
    ]);
    expect(warnings[0]).not.toMatch(/\/tmp|undefined|offset/);
  });

  test('with names that look like commands and markup names only images', async () => {
    const hostile = file([
      layer('a&layer=0&src=http{//x}', 0, 0, 40, RED),
      layer('$x$ ?%zz <b>\u202e\u0000', 40, 0, 40, BLUE),
      layer('x'.repeat(250), 0, 0, 5, GREEN),
    ]);
    const { generated, warnings } = await upload('names', hostile);
    expect([warnings, generated.length]).toEqual([[], 3]);
    const view = await picture('names_layers?scl=1&fmt=png-alpha');
    for (const [x, color] of [
      [20, RED],
      [60, BLUE],
      [2, GREEN],
    ] as const)
      expect(distance(view.at(x, 2), color), String(color)).toBeLessThan(8);
  });
});
