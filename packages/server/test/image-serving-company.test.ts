// What a request takes from the company: templates, locales, a watermark, color profiles, XMP packets.
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { jpegWithBlock, pathBlock, polygon } from './support/photoshop-paths.js';
import {
  BLUE,
  type Color,
  distance,
  GREEN,
  look,
  type Picture,
  plain,
  quarters,
  RED,
  WHITE,
} from './support/pictures.js';

const companyHandle = 'c|6';

/** As the documentation's examples of templates, but for the markup of the texts. */
const TEMPLATES = {
  myTemplate1:
    'src=backgroundImage&size=1000,1000&originN=0,0&layer=1&src=$object$&size=800,800&originN=-0.5,0&posN=-0.5,0&layer=2&$text=layer+2+text+goes+here&text=$text$&rotate=-90&originN=0.5,0&posN=0.5,0',
  myTemplate2:
    '$text=layer+1+text+goes+here&layer=0&size=800,0&extend=0,100,200,100&src=$object$&originN=.5,0&layer=1&text=$text$&rotate=-90&originN=.5,0&posN=0.5,0',
  card: '$color=00ff00&layer=0&color=$color$&size=40,20',
  framed: '$frame=0000ff&layer=0&color=$frame$&size=40,40&layer=1&src=$object$',
  logo: 'layer=0&color=0000ff&size=20,20&layer=1&color=ff0000&size=10,10',
};

const PACKET =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>';

/** A profile that the image library has, as a file. */
async function profile(name: 'cmyk' | 'p3'): Promise<Buffer> {
  const tiff = await plain(2, 2, RED).withIccProfile(name).tiff().toBuffer();
  return (await sharp(tiff).metadata()).icc ?? Buffer.alloc(0);
}

let server: IpsServer;
let web: FileServer;
let admin: Connection;

beforeAll(async () => {
  const images = {
    L: quarters(1000, 500),
    backgroundImage: plain(200, 200, [250, 250, 200]),
    myImg: plain(20, 10, RED),
    myImg_D: plain(20, 10, GREEN),
    myImg_E: plain(20, 10, BLUE),
    only: plain(20, 10, WHITE),
    mark: plain(50, 50, [0, 0, 0, 255]),
    framedImg: plain(20, 10, RED),
  };
  const files: Record<string, Buffer> = {
    '/cmyk.icc': await profile('cmyk'),
    '/p3.icc': await profile('p3'),
    '/outlined.jpg': jpegWithBlock(
      await plain(100, 50, RED).jpeg().toBuffer(),
      pathBlock([
        ['Label', polygon([0.2, 0.2], [0.6, 0.2], [0.6, 1], [0.2, 1])],
        ['Rest', polygon([0, 0], [1, 0], [1, 1])],
      ]),
    ),
    '/tagged.jpg': await plain(40, 20, RED).withXmp(PACKET).jpeg().toBuffer(),
  };
  for (const [name, image] of Object.entries(images)) files[`/${name}.png`] = await image.png().toBuffer();
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'Local' }),
    serveFiles(files),
  ]);
  admin = connect(server);
  await runJob(admin, companyHandle, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: Object.keys(files).map((path) => ({
        sourceUrl: `${web.url}${path}`,
        destPath: `Local${path}`,
      })),
    },
  });
  for (const [name, urlModifier] of Object.entries(TEMPLATES)) {
    const { assetHandle } = await admin.call('createTemplate', {
      companyHandle,
      folderHandle: 'f|Local/',
      name,
      type: 'Template',
      urlModifier,
    });
    await admin.call('setAssetPublishState', {
      companyHandle,
      assetHandle,
      publishState: 'MarkedForPublish',
    });
  }
  const { assetArray } = await admin.call('searchAssets', {
    companyHandle,
    folder: 'Local/',
    includeSubfolders: true,
  });
  for (const [modified, urlModifier] of [
    ['mark', 'sizeN=0.9,0.9&opac=20'],
    ['framedImg', 'template=framed&$frame=00ff00'],
  ] as const) {
    const assetHandle = assetArray?.find(({ name }) => name === modified)?.assetHandle ?? '';
    await admin.call('setUrlModifier', { companyHandle, assetHandle, urlModifier });
  }
  await runJob(admin, companyHandle, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});
afterAll(async () => {
  await server?.stop();
  await web?.close();
});

const settings = (values: Record<string, string>) =>
  admin.call('setImageServingPublishSettings', {
    companyHandle,
    publishSettingArray: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
const get = (path: string) => fetch(`${server.url}/is/image/Local/${path}`);
const text = async (path: string) => (await get(path)).text();

async function bytesOf(path: string): Promise<Buffer> {
  const response = await get(path);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${bytes}`);
  return bytes;
}
const picture = async (path: string): Promise<Picture> => look(await bytesOf(path));

const isNear = (shown: Picture, x: number, y: number, color: Color, by = 10): void =>
  expect(distance(shown.at(x, y), color), `${shown.at(x, y)} at ${x},${y}`).toBeLessThanOrEqual(by);

/** The dark pixels of an area, which are those of a text. */
function ink(shown: Picture, left: number, top: number, width: number, height: number): number {
  let count = 0;
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) if (Math.max(...shown.at(x, y).slice(0, 3)) < 90) count += 1;
  return count;
}

describe('a template', () => {
  it('52: puts the image of the path on its background, with a text of the request', async () => {
    const shown = await picture('L?template=myTemplate1&$text=about+the+image&scl=1&fmt=png');
    expect([shown.width, shown.height]).toEqual([1000, 1000]);
    // 800 by 400 at the left, in the middle.
    isNear(shown, 5, 305, RED);
    isNear(shown, 795, 305, GREEN);
    isNear(shown, 5, 695, BLUE);
    isNear(shown, 805, 500, [250, 250, 200]);
    isNear(shown, 400, 295, [250, 250, 200]);
    expect(ink(shown, 950, 300, 50, 400)).toBeGreaterThan(20);
    const own = ink(await picture('L?template=myTemplate1&$text=i&scl=1&fmt=png'), 950, 300, 50, 400);
    expect(own).toBeLessThan(ink(shown, 950, 300, 50, 400));
  });

  it('53: follows the height of the image', async () => {
    const shown = await picture('L?template=myTemplate2&scl=1&fmt=png');
    expect([shown.width, shown.height]).toEqual([1000, 600]);
    isNear(shown, 5, 95, WHITE);
    isNear(shown, 5, 105, RED);
    isNear(shown, 795, 105, GREEN);
    isNear(shown, 805, 105, WHITE);
    isNear(shown, 5, 505, WHITE);
  });

  it('has defaults for its variables, which the request replaces, in its own path and within others', async () => {
    isNear(await picture('card?scl=1&fmt=png'), 1, 1, GREEN, 0);
    isNear(await picture('card?scl=1&fmt=png&$COLOR=ff0000'), 1, 1, RED, 0);
    isNear(await picture('L?template=card&scl=1&fmt=png&$color=0000ff'), 1, 1, BLUE, 0);
    const nested = 'L?scl=1&fmt=png&layer=1&src=is{card?scl=1}&pos=0,0';
    isNear(await picture(nested), 500, 250, GREEN, 0);
    isNear(await picture(nested.replace('?', '?$color=ff0000&')), 500, 250, RED, 0);
    isNear(await picture('L?scl=1&fmt=png&layer=1&src=is{card?scl=1&$color=0000ff}'), 500, 250, BLUE, 0);
  });

  it('that is missing, or that is no request of its own, is an error', async () => {
    for (const [path, message] of [
      ['L?template=nothing', "template: Unable to find 'nothing'"],
      ['nothing?template=myTemplate1', 'src: Unable to find'],
      ['L?layer=1&src=card', "src: found 'card', expected an image"],
    ] as const) {
      const response = await get(path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 403, 'no-store']);
      expect(await response.text()).toContain(message);
    }
    const within = await get('L?layer=1&src=is{L?template=nothing}');
    expect([within.status, await within.text()]).toEqual([
      403,
      "src: Unable to find 'nothing': no image with this name is published",
    ]);
  });

  it('draws within other requests, and within another template', async () => {
    const nested = await get('L?scl=1&fmt=png&layer=1&src=is{myImg?template=framed%26scl=1}');
    expect(nested.status).toBe(403);
    const shown = await picture('L?scl=1&fmt=png&layer=1&src=is{myImg?template=framed&scl=1}');
    // The frame is 40 by 40, with the image of 20 by 10 in its middle.
    isNear(shown, 482, 232, BLUE, 0);
    isNear(shown, 500, 250, RED, 0);
    isNear(shown, 479, 232, RED, 0);
    const green = await picture('L?scl=1&fmt=png&$frame=00ff00&layer=1&src=is{myImg?template=framed&scl=1}');
    isNear(green, 482, 232, GREEN, 0);
    expect((await get('L?layer=1&src=is{L?template=card}')).headers.get('x-ips-ignored')).toBeNull();
  });

  it('counts where the modifier of an image names it', async () => {
    const shown = await picture('framedImg?scl=1&fmt=png');
    expect([shown.width, shown.height]).toEqual([40, 40]);
    isNear(shown, 1, 1, GREEN, 0);
    isNear(shown, 20, 20, RED, 0);
    isNear(await picture('framedImg?scl=1&fmt=png&$frame=0000ff'), 1, 1, BLUE, 0);
  });
});

describe('a locale', () => {
  beforeEach(() => settings({ LocaleMap: 'en,_E,|de_de,_D,|fr,_22,|,_E,', DefaultPix: '0,0' }));

  it.each<[string, Color]>([
    ['myImg?locale=de_de', GREEN],
    ['myImg?locale=DE_DE', GREEN],
    ['myImg?locale=ja', BLUE],
    ['myImg?locale=fr', RED],
    ['only?locale=de_de', WHITE],
    ['only?locale=ja', WHITE],
    ['only?locale=de_de&layer=1&src=myImg', GREEN],
    ['only?locale=de_de&layer=1&src=is{Local/myImg}', GREEN],
    ['only?locale=de_de&defaultImage=', WHITE],
    ['nothing?locale=de_de&defaultImage=myImg', GREEN],
  ])('55: chooses the image of %s', async (path, color) => {
    isNear(await picture(`${path}&fmt=png`), 10, 5, color, 0);
  });

  it('that is unknown is an error where the map has none for others', async () => {
    await settings({ LocaleMap: 'en,_E,|de_de,_D,' });
    const response = await get('myImg?locale=ja');
    expect([response.status, await response.text()]).toEqual([
      403,
      "locale: found 'ja', expected one of en, de_de",
    ]);
    isNear(await picture('myImg?fmt=png'), 10, 5, RED, 0);
    await settings({ LocaleMap: 'en,_E,|de_de,_D,', DefaultLocale: 'en' });
    isNear(await picture('myImg?fmt=png'), 10, 5, BLUE, 0);
    isNear(await picture('myImg?locale=&fmt=png'), 10, 5, BLUE, 0);
  });

  it('has no effect without a map', async () => {
    await settings({});
    isNear(await picture('myImg?locale=de_de&fmt=png'), 10, 5, RED, 0);
  });

  it('shows which names there are', async () => {
    expect(await text('myImg?req=xlate')).toContain('xlate.translatedIds=myImg,myImg_E,myImg_D\r\n');
    expect(await text('only?req=xlate')).toContain('xlate.translatedIds=only\r\n');
  });
});

describe('a watermark', () => {
  beforeEach(() => settings({ Watermark: 'mark', DefaultPix: '0,0' }));

  it('56: covers nine tenths of the image with a fifth of its opacity, but not the fill', async () => {
    const shown = await picture('L?wid=400&hei=400&fmt=png');
    // The image is 400 by 200; the square mark is 180 high.
    isNear(shown, 200 - 95, 150, RED);
    isNear(shown, 200 - 80, 150, [204, 0, 0]);
    isNear(shown, 200 + 80, 250, [204, 204, 204]);
    isNear(shown, 190, 104, RED);
    isNear(shown, 200, 50, WHITE, 0);
    expect((await picture('L?wid=400&hei=400&fmt=png&rect=0,0,9,9')).width).toBe(9);
  });

  it('is not on thumbnails and masks', async () => {
    isNear(await picture('L?req=tmb&wid=100&hei=50&fmt=png'), 48, 10, RED, 0);
    isNear(await picture('L?req=mask&wid=100&fmt=png'), 48, 10, WHITE, 0);
  });

  it('may consist of layers, and be missing', async () => {
    await settings({ Watermark: 'logo', DefaultPix: '0,0' });
    const shown = await picture('only?scl=1&fmt=png');
    // 20 by 20 over 20 by 10: in the middle, at its own size.
    isNear(shown, 1, 1, BLUE, 0);
    isNear(shown, 10, 5, RED, 0);
    await settings({ Watermark: 'gone' });
    const response = await get('L');
    expect([response.status, await response.text()]).toEqual([
      403,
      "Watermark: Unable to find 'gone': nothing with this name is published",
    ]);
    await settings({});
  });
});

describe('a color profile', () => {
  beforeEach(() => settings({}));

  it('45: converts to its kind of pixels, and is embedded if asked for', async () => {
    const bytes = await bytesOf('L?fmt=tif&icc=cmyk&iccEmbed=1&wid=300');
    const shown = await sharp(bytes).metadata();
    expect(shown).toMatchObject({ format: 'tiff', space: 'cmyk', channels: 4, width: 300, hasProfile: true });
    expect(shown.icc).toEqual(await profile('cmyk'));
    expect((await sharp(await bytesOf('L?fmt=tif,cmyk&icc=cmyk&wid=30')).metadata()).hasProfile).toBe(false);
    const properties = await text('L?fmt=tif&icc=cmyk&iccEmbed=1&wid=300&req=props');
    expect(properties).toContain('image.pixTyp=CMYK\r\n');
    expect(properties).toContain('image.iccProfile=cmyk\r\n');
  });

  it('changes the numbers of colors, not the colors', async () => {
    const plainRed = await look(await bytesOf('L?fmt=png&wid=100'));
    const raw = await look(await bytesOf('L?fmt=png&wid=100&icc=p3'));
    isNear(plainRed, 5, 5, RED, 0);
    // Red of sRGB in Display P3.
    isNear(raw, 5, 5, [234, 51, 35], 2);
    const managed = sharp(await bytesOf('L?fmt=png&wid=100&icc=p3&iccEmbed=1'));
    isNear(await look(await managed.toColourspace('srgb').png().toBuffer()), 5, 5, RED, 3);
    expect(
      (await sharp(await bytesOf('L?wid=9&icc=sRGB%20IEC61966-2.1&iccEmbed=1')).metadata()).hasProfile,
    ).toBe(true);
  });

  it('is that of a PDF, too', async () => {
    const pdf = (await bytesOf('L?fmt=pdf,,jpeg&icc=cmyk&iccEmbed=1&wid=30')).toString('latin1');
    expect(pdf).toContain('/ColorSpace [/ICCBased 6 0 R] /Filter /DCTDecode /Decode [1 0 1 0 1 0 1 0]');
    expect(pdf).toContain('/N 4 /Alternate /DeviceCMYK');
    expect(pdf).toContain((await profile('cmyk')).subarray(0, 200).toString('latin1'));
  });

  it.each([
    ['L?icc=nothing', "icc: found 'nothing', expected the name of a published ICC profile, or sRGB"],
    ['L?icc=myImg', "icc: found 'myImg', expected the name of a published ICC profile, or sRGB"],
    ['L?icc=cmyk&fmt=tif,rgb', "icc: found 'cmyk', expected a profile for the rgb pixels that fmt asks for"],
    ['L?icc=p3&fmt=jpeg,gray', "icc: found 'p3', expected a profile for the gray pixels"],
    ['L?icc=cmyk&fmt=png', "icc: found 'cmyk', expected a profile for RGB colors"],
  ])('does not fit %s', async (path, message) => {
    const response = await get(path);
    expect([response.status, (await response.text()).slice(0, message.length)]).toEqual([403, message]);
  });
});

describe('a default image', () => {
  beforeEach(() => settings({}));

  it('does not replace what is wrong, and counts for images alone', async () => {
    const shown = await get('nothing?defaultImage=myImg&wid=40&rotate=90&fmt=png&qlt=5');
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
    const image = await look(new Uint8Array(await shown.arrayBuffer()));
    expect([image.width, image.height]).toEqual([40, 20]);
    isNear(image, 5, 5, RED, 0);
    for (const [path, message] of [
      ['nothing?defaultImage=myImg&wid=x', "wid: found 'x'"],
      ['nothing?defaultImage=myImg&fmt=heic', "fmt: this server does not write 'heic'"],
      ['nothing?defaultImage=neither', 'Unable to find /Local/nothing'],
      ['nothing?defaultImage=myImg&req=imageprops', 'Unable to find /Local/nothing'],
      ['L?defaultImage=myImg&layer=1&src=nothing', "src: Unable to find 'nothing'"],
      ['L?defaultImage=myImg&fit=crop', 'fit: found'],
    ] as const) {
      const response = await get(path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 403, 'no-store']);
      expect(await response.text()).toContain(message);
    }
  });
});

describe('a saved path', () => {
  beforeEach(() => settings({}));

  it('of the uploaded file crops and clips what is delivered', async () => {
    const label = await picture('outlined?cropPathE=Label&scl=1&fmt=png');
    expect([label.width, label.height]).toEqual([40, 40]);
    const clipped = await picture('outlined?clipPathE=Label,Rest&scl=1&fmt=png-alpha');
    expect(
      [
        [22, 45],
        [50, 15],
        [50, 5],
        [70, 15],
      ].map(([x, y]) => clipped.at(x!, y!)[3]),
    ).toEqual([0, 255, 0, 0]);
    const facts = await text('outlined?req=imageprops');
    expect(facts).toContain('image.embeddedPhotoshopPaths=1\r\n');
    expect(facts).toContain('image.photoshopPathNames=Label,Rest\r\n');
    expect(facts).toContain('image.embeddedXmpData=0\r\n');
    expect(await text('tagged?req=imageprops')).toMatch(/Paths=0\r\nimage.embeddedXmpData=1\r\n/);
  });
});

describe('an XMP packet', () => {
  it('is answered, and embedded if asked for', async () => {
    const response = await get('tagged?req=xmp');
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/xml; charset=utf-8',
      expect.stringContaining('dc:format="image/jpeg"'),
    ]);
    expect(await text('L?req=xmp')).toContain('<rdf:RDF');
    expect((await get('nothing?req=xmp')).status).toBe(403);
    const embedded = async (path: string) => (await sharp(await bytesOf(path)).metadata()).xmpAsString;
    for (const fmt of ['jpeg', 'tif'])
      expect(await embedded(`tagged?wid=20&xmpEmbed=1&fmt=${fmt}`)).toContain('dc:format="image/jpeg"');
    for (const path of ['tagged?wid=20', 'tagged?wid=20&xmpEmbed=1&fmt=png', 'L?wid=20&xmpEmbed=1'])
      expect(await embedded(path)).toBeUndefined();
    expect(await embedded('L?wid=20&layer=0&src=tagged&xmpEmbed=1')).toContain('dc:format');
    expect(await text('tagged?wid=20&xmpEmbed=1&req=props')).toContain('image.xmpEmbed=1\r\n');
    expect(await text('L?wid=20&xmpEmbed=1&req=props')).toContain('image.xmpEmbed=0\r\n');
  });
});
