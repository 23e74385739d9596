import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { RecentLog } from '../src/testing/recent-log.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { distance, GREEN, look, plain, quarters, RED } from './support/pictures.js';

const companyHandle = 'c|6';

const log = new RecentLog();
let server: IpsServer;
let web: FileServer;
let admin: Connection;

beforeAll(async () => {
  const files = {
    '/shoe.png': await quarters(800, 400).png().toBuffer(),
    '/sale.png': await plain(50, 50, GREEN).png().toBuffer(),
  };
  [server, web] = await Promise.all([
    createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'Answers',
      adminApi: true,
      logger: log.logger,
    }),
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
        destPath: `Answers${path}`,
      })),
    },
  });
  await publish();
});
afterAll(async () => {
  await server?.stop();
  await web?.close();
});

let runs = 0;
const publish = () =>
  runJob(admin, companyHandle, {
    jobName: `publish ${(runs += 1)}`,
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
const get = (path: string, init?: RequestInit) => fetch(`${server.url}/is/image/Answers/${path}`, init);
const text = async (path: string) => (await get(path)).text();
const settings = (values: Record<string, string>) =>
  admin.call('setImageServingPublishSettings', {
    companyHandle,
    publishSettingArray: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
const metric = async (outcome: string): Promise<number> => {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`ips_delivery_cache_total\\{outcome="${outcome}"\\} (\\d+)`).exec(page)?.[1] ?? 0);
};

describe('facts about an image', () => {
  it('have the time of the image, so that their ETag is the same a second later', async () => {
    const facts = await text('shoe?req=imageprops');
    const [, head = ''] = /^#S7Z OK\r\n#([^\r]+)\r\n/.exec(facts) ?? [];
    const [, time = ''] = /\r\nimage\.timeStamp=([^\r]+)\r\n/.exec(facts) ?? [];
    expect(head).toBe(new Date(time).toUTCString());
  });

  it('include the user data of an image, in which two question marks end a line', async () => {
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: ['sale'] });
    const assetHandle = assetArray?.[0]?.assetHandle ?? '';
    expect(await text('sale?req=userdata')).toBe('\r\n');
    const updateArray = [{ assetHandle, userData: 'color=green??price=<9>' }];
    await admin.call('batchSetImageFields', { companyHandle, updateArray });
    expect(await text('sale?req=userdata,text')).toBe('color=green\r\nprice=<9>\r\n');
    expect(await text('sale?req=userdata,xml')).toContain(
      '<userdata>color=green\r\nprice=&lt;9&gt;</userdata>',
    );
    expect(await text('sale?req=userdata,json&handler=mine')).toBe(
      '/*jsonp*/mine({"userdata":"color=green\\r\\nprice=\\u003c9\\u003e"},"");',
    );
    expect(await text('missing?req=userdata')).toBe('\r\n');
  });

  it('come in four formats', async () => {
    const plainText = await text('shoe?req=props&wid=120&fmt=png');
    expect(plainText).toMatch(/^#S7Z OK\r\n#[^\r]+ GMT\r\n/);
    expect(plainText).toContain('\r\nimage.height=60\r\n');
    expect(await text('shoe?req=props,javascript&wid=120')).toContain("image.type='image/jpeg'\r\n");
    expect(await text('shoe?req=props,xml&wid=120')).toContain(
      '<prop-group><prop-group name="image"><property name="bgc" value="ffffff"/>',
    );
    const json = await get('shoe?req=props,json&wid=120&id=a"b&handler=mine');
    expect(json.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const [, object = '', id] = /^\/\*jsonp\*\/mine\((.*),("a\\"b")\);$/.exec(await json.text()) ?? [];
    expect(JSON.parse(object)).toMatchObject({ 'image.width': '120', 'image.mask': '0' });
    expect(id).toBe('"a\\"b"');
  });

  it('cannot break out of a script', async () => {
    const answer = await text(
      `shoe?req=props,json&id=${encodeURIComponent('</script>\u2028')}&handler=alert(1)`,
    );
    expect(answer).toMatch(/^\/\*jsonp\*\/s7jsonResponse\(/);
    expect(answer).not.toMatch(/<|\u2028/);
  });

  it('have the length of an image that is kept, and 0 before', async () => {
    expect(await text('shoe?wid=77&req=props')).toContain('image.length=0\r\n');
    const length = (await (await get('shoe?wid=77')).arrayBuffer()).byteLength;
    expect(await text('shoe?wid=77&req=props')).toContain(`image.length=${length}\r\n`);
  });

  it('are those of the source with imageprops, and of the company with catalogprops', async () => {
    const source = await text('shoe?req=imageprops&wid=5');
    for (const line of [
      'image.width=800',
      'image.mask=0',
      'image.anchor=400,200',
      'image.translatedId=Answers/shoe',
    ])
      expect(source.split('\r\n')).toContain(line);
    const catalog = await (await fetch(`${server.url}/is/image/Answers?req=catalogprops`)).text();
    expect(catalog.split('\r\n')).toContain('catalog.defaultPix=400,400');
  });

  it('name what has no effect, and how the request was understood', async () => {
    const image = await get('shoe?wid=50&pathEmbed=1&pscan=4&$Nothing$&layer=1&src=sale&textPath=M0,0');
    expect(image.headers.get('x-ips-ignored')).toBe('pathEmbed, pscan, $Nothing$, textPath');
    expect((await get('shoe?wid=50')).headers.get('x-ips-ignored')).toBeNull();
    const listed = (await text('shoe?req=debug&wid=50&flip=lr&pathEmbed=1&resMode=bilin&other=1')).split(
      '\r\n',
    );
    expect(listed).toEqual(
      expect.arrayContaining(['wid=50', 'comp.flip="lr"', 'unknown.other="1"', 'ignored=pathEmbed']),
    );
    expect(listed.find((line) => line.startsWith('partly.resMode='))).toContain('linear kernel');
  });

  it('include areas with links', async () => {
    const { assetArray } = await admin.call('searchAssets', {
      companyHandle,
      folder: 'Answers/',
      includeSubfolders: true,
    });
    const assetHandle = assetArray?.find(({ name }) => name === 'shoe')?.assetHandle ?? '';
    await admin.call('saveImageMap', {
      companyHandle,
      assetHandle,
      name: 'heel',
      shapeType: 'Rectangle',
      region: '1,2,3,4',
      action: 'https://example.com/?a=1&b="2"',
      position: 1,
      enabled: true,
    });
    expect(await text('shoe?req=map')).toBe(
      '<AREA shape="rect" coords="1,2,3,4" href="https://example.com/?a=1&amp;b=&quot;2&quot;">',
    );
    expect(await text('sale?req=map')).toBe('');
  });

  it('have areas where a request shows them', async () => {
    const link = 'href="https://example.com/?a=1&amp;b=&quot;2&quot;"';
    // 800 by 400 pixels at half of the size, then at twice of it.
    expect(await text('shoe?req=map&scl=0.5')).toBe(`<AREA shape="rect" coords="2,4,6,8" ${link}>`);
    expect(await text('shoe?req=map&scl=0.5&flip=lr')).toBe(
      `<AREA shape="rect" coords="1594,4,1598,8" ${link}>`,
    );
    expect(await text('shoe?req=map&scl=0.5&rotate=90&layer=0&extend=10,0,0,0')).toBe(
      `<AREA shape="rect" coords="812,2,816,6" ${link}>`,
    );
    expect(await text('shoe?req=map&scl=1&crop=2,2,100,100')).toBe(
      `<AREA shape="rect" coords="0,0,1,2" ${link}>`,
    );
    expect(await text('shoe?req=map&scl=1&crop=5,5,100,100')).toBe('');
    expect(await text('shoe?req=map&scl=0.2&rotate=45')).toMatch(
      /^<AREA shape="poly" coords="\d+,\d+,\d+,\d+,\d+,\d+,\d+,\d+" href/,
    );
    expect(await text('shoe?req=map&wid=800&hei=800')).toBe(
      `<AREA shape="rect" coords="1,202,3,204" ${link}>`,
    );
    const area = (text: string) => encodeURIComponent(`<area ${text}>`);
    expect(
      await text(
        `shoe?req=map&scl=1&map=${area('id=all')}&layer=1&src=sale&size=100,100&mapA=${area("shape='circle' coords=10,10,5 alt=x>y")}&pos=0,0&layer=2&text=a&size=10,10&pos=0,0&map=${area('alt="b>c"')}&layer=0&map=`,
      ),
    ).toBe(
      [
        '<area alt="b>c" shape="rect" coords="395,195,405,205">',
        `<area shape="circle" coords="370,170,10" alt=x>`,
        '<area id=all shape="rect" coords="0,0,800,400">',
      ].join('\r\n'),
    );
    expect(await text('nothing?req=map&wid=5')).toBe('');
    expect((await get('shoe?req=map&wid=5')).headers.get('cache-control')).toBe('public, max-age=36000');
  });

  it('include zoom targets', async () => {
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: ['shoe'] });
    const assetHandle = assetArray?.[0]?.assetHandle ?? '';
    await admin.call('setZoomTargets', {
      companyHandle,
      assetHandle,
      zoomTargetArray: [
        { name: 'Lace', xPosition: 10, yPosition: 20, width: 30, height: 40, userData: 'sku=<1>' },
        { name: 'Sole', xPosition: 0, yPosition: 300, width: 800, height: 100 },
      ],
    });
    const lines =
      'Target.1.label=Lace\r\nTarget.1.rect=10,20,30,40\r\nTarget.1.userData=sku=<1>\r\nTarget.2.label=Sole\r\nTarget.2.rect=0,300,800,100';
    expect(await text('shoe?req=targets')).toBe(`${lines}\r\n`);
    expect(await text('shoe?req=targets,xml')).toContain('<targets>Target.1.label=Lace\r\n');
    expect(await text('shoe?req=targets,json&id=4')).toMatch(
      /^\/\*jsonp\*\/s7jsonResponse\(\{"targets":.*,"4"\);$/,
    );
    expect(await text('sale?req=targets')).toBe('\r\n');
    expect(await text('nothing?req=targets')).toBe('\r\n');
  });

  it('are the request itself, put together, and are not kept', async () => {
    const resolved = await get('shoe?$w=40&wid=$w$0&req=resolve&.x&layer=1&src=sale');
    expect([resolved.headers.get('cache-control'), await resolved.text()]).toEqual([
      'no-store',
      '/is/image/Answers/shoe?wid=400&req=resolve&layer=1&src=sale\r\n',
    ]);
    const valid = await get('shoe?req=validate');
    expect(valid.headers.get('cache-control')).toBe('no-store');
  });

  it('have the length of an image that they keep for others', async () => {
    const [made, served] = [await metric('miss'), await metric('hit')];
    const loaded = await text('shoe?req=loadcache&wid=77&qlt=63');
    const image = await (await get('shoe?wid=77&qlt=63')).arrayBuffer();
    expect(loaded).toMatch(new RegExp(`\r\nimage\\.length=${image.byteLength}\r\n$`));
    expect([await metric('miss'), await metric('hit')]).toEqual([made + 1, served + 1]);
    expect((await get('nothing?req=loadcache')).status).toBe(403);
  });

  it('are nothing for a message, which the log has', async () => {
    const answer = await get('shoe?req=message&message=viewer%20ready');
    expect([answer.status, answer.headers.get('cache-control'), await answer.text()]).toEqual([
      200,
      'no-store',
      '',
    ]);
    expect(log.lines.join('\n')).toMatch(/message of a client of image serving .*"message":"viewer ready"/);
  });

  it('greet without an object', async () => {
    const answer = await fetch(`${server.url}/is/image`);
    expect([answer.status, (await answer.text()).split('\r\n')[0]]).toEqual([200, '#S7Z OK']);
    expect((await fetch(`${server.url}/is/image/Answers`)).status).toBe(403);
    expect((await fetch(`${server.url}/is/image/Nobody?layer=0&color=ff0000&size=9,9`)).status).toBe(403);
  });
});

describe('the settings of the company', () => {
  it('give sizes, quality, colors and times', async () => {
    await settings({
      DefaultPix: '200,0',
      MaxPix: '300,300',
      JpegQuality: '20,1',
      BkgColor: '0,255,0',
      Expiration: '2.5',
      NonImgExpiration: '0',
      DefaultThumbPix: '40,30',
      ThumbType: '1',
    });
    const image = await get('shoe');
    const shown = await look(new Uint8Array(await image.arrayBuffer()));
    expect([shown.width, shown.height, image.headers.get('cache-control')]).toEqual([
      200,
      100,
      'public, max-age=9000',
    ]);
    expect((await get('shoe?wid=301')).status).toBe(403);
    expect((await get('shoe?scl=1&rect=0,0,300,300')).status).toBe(200);
    const props = await get('shoe?req=props&wid=200&dpr=on,2');
    expect(props.headers.get('cache-control')).toBe('no-cache');
    const listed = await props.text();
    expect(listed).toContain('image.quality=20\r\n');
    // Reduced to the limit of the company, with its ratio.
    expect(listed).toContain('image.width=300\r\n');
    const filled = await look(
      new Uint8Array(await (await get('shoe?wid=100&hei=100&fmt=png')).arrayBuffer()),
    );
    expect(distance(filled.at(5, 5), GREEN)).toBe(0);
    const thumb = await look(new Uint8Array(await (await get('shoe?req=tmb&fmt=png')).arrayBuffer()));
    expect([thumb.width, thumb.height]).toEqual([40, 30]);
    expect(distance(thumb.at(2, 2), RED)).toBeLessThan(10);
    const meta = await sharp(Buffer.from(await (await get('shoe?wid=100')).arrayBuffer())).metadata();
    expect(meta.chromaSubsampling).toBe('4:4:4');
  });

  it('that cannot be understood count as unset', async () => {
    await settings({
      DefaultPix: 'wide',
      MaxPix: '-1,5',
      JpegQuality: '900',
      BkgColor: 'red',
      Expiration: '',
      ResMode: '9',
    });
    const image = await get('shoe');
    expect([
      (await look(new Uint8Array(await image.arrayBuffer()))).width,
      image.headers.get('cache-control'),
    ]).toEqual([400, 'public, max-age=36000']);
  });

  it('name an image in place of a missing one, which a request can replace or switch off', async () => {
    await settings({ DefaultImage: 'sale', DefaultExpiration: '0.5' });
    const missing = await get('nothing?wid=20&rotate=45&fmt=png');
    const shown = await look(new Uint8Array(await missing.arrayBuffer()));
    expect([shown.width, missing.headers.get('cache-control')]).toEqual([20, 'public, max-age=1800']);
    expect(distance(shown.at(1, 1), GREEN)).toBe(0);
    expect((await get('nothing?defaultImage=')).status).toBe(403);
    const other = await look(
      new Uint8Array(await (await get('nothing?defaultImage=shoe&wid=20&fmt=png')).arrayBuffer()),
    );
    expect(distance(other.at(1, 1), RED)).toBeLessThan(10);
    expect((await get('nothing?req=imageprops')).status).toBe(403);
    await settings({});
  });
});

describe('what clients and the server keep', () => {
  it('has an ETag of what the request means, not of how it is written', async () => {
    const etag = async (path: string) => (await get(path, { method: 'HEAD' })).headers.get('etag');
    expect(await etag('shoe?wid=60&qlt=50&id=1&.x=2')).toBe(await etag('SHOE?QLT=50&wid=30&wid=60&id=2'));
    expect(await etag('shoe?wid=60')).not.toBe(await etag('shoe?wid=61'));
    expect(await etag('shoe?wid=60&req=mask')).not.toBe(await etag('shoe?wid=60'));
  });

  it.each([
    ['cache=off', 'no-store'],
    ['cache=validate', 'no-cache'],
    ['cache=update', 'no-cache'],
    ['cache=on,off', 'public, max-age=36000'],
  ])('follows %s', async (cache, header) => {
    expect((await get(`shoe?wid=30&${cache}`)).headers.get('cache-control')).toBe(header);
  });

  it('is counted, and rendered once for all who ask at the same time', async () => {
    const before = { miss: await metric('miss'), hit: await metric('hit'), shared: await metric('shared') };
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('shoe?wid=311&op_blur=3')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await metric('miss')) - before.miss).toBe(1);
    expect((await metric('hit')) - before.hit + (await metric('shared')) - before.shared).toBe(19);
    await get('shoe?wid=311&op_blur=3');
    expect((await metric('miss')) - before.miss).toBe(1);
  });

  it('is dropped by cdnCacheInvalidation, whose status says when', async () => {
    await get('shoe?wid=312');
    await get('sale?wid=31');
    const before = await metric('miss');
    const { invalidationHandle } = await admin.call('cdnCacheInvalidation', {
      companyHandle,
      urlArray: ['https://images.example.com/is/image/Answers/shoe?wid=5'],
    });
    const status = await admin.call('getCdnCacheInvalidationStatus', { companyHandle, invalidationHandle });
    expect(status.status).toBe('Complete');
    await get('sale?wid=31');
    expect((await metric('miss')) - before).toBe(0);
    await get('shoe?wid=312');
    expect((await metric('miss')) - before).toBe(1);
  });

  it("with network has the quality of the client's network", async () => {
    const quality = async (headers: Record<string, string>, more = '') =>
      (await (await get(`shoe?wid=200&network=on&qlt=80&req=props${more}`, { headers })).text()).match(
        /image\.quality=(\d+)/,
      )?.[1];
    expect(await quality({})).toBe('80');
    expect(await quality({ ect: '4g', downlink: '9.5' })).toBe('80');
    expect(await quality({ ect: '3g' })).toBe('60');
    expect(await quality({ downlink: '1.2' })).toBe('60');
    expect(await quality({ 'save-data': 'on' })).toBe('40');
    expect(await quality({ ect: 'slow-2g' }, '&network=off')).toBe('80');
    const image = (headers: Record<string, string>) => get('shoe?wid=200&network=on&dpr=on,2', { headers });
    const widths = await Promise.all(
      [{}, { ect: '3g' }, { ect: '2g' }].map(async (headers) => {
        const response = await image(headers);
        return [
          response.headers.get('vary'),
          (await look(new Uint8Array(await response.arrayBuffer()))).width,
        ];
      }),
    );
    const vary = expect.stringContaining('save-data, ect, downlink');
    expect(widths).toEqual([
      [vary, 400],
      [vary, 400],
      [vary, 200],
    ]);
  });

  it('with bfc depends on what the client accepts', async () => {
    const as = (accept: string, query = 'bfc=on') => get(`shoe?wid=30&${query}`, { headers: { accept } });
    const types = await Promise.all([
      as('image/avif,image/webp'),
      as('image/webp'),
      as('*/*'),
      as('image/webp', 'bfc=on&fmt=tif'),
    ]);
    expect(types.map(({ headers }) => headers.get('content-type'))).toEqual([
      'image/avif',
      'image/webp',
      'image/jpeg',
      'image/tiff',
    ]);
    expect(types.map(({ headers }) => headers.get('vary'))).toEqual(['accept', 'accept', 'accept', null]);
  });
});
