// Smart crops from the upload to the image that is delivered. Requests are written by hand in the namespaces of the versions that
// have them, as programs send them; answers are read as text.
import { createIpsClient, type VersionedClientOptions } from '@ips-sdk/client';
import { type Operations as Operations2019, contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, type Credentials, connect, post } from './support/call.js';
import { endedJob, messagesOf, runJob } from './support/jobs.js';
import { BLUE, type Color, distance, look, type Picture, painted, plain, RED } from './support/pictures.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const COMPANY = 'c|6';
const GRAY: Color = [190, 190, 190];
const password = 'Sunny-Day-42';

let server: IpsServer;
let admin: Connection;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', company: 'Shoes', timeZone: 'UTC' });
  admin = connect(server);
  await server.seed({
    companies: [{ name: 'Other' }],
    users: [
      { email: 'user@example.com', password, memberships: [{ company: 'Shoes', role: 'IpsUser' }] },
      { email: 'guest@example.com', password, memberships: [{ company: 'Shoes', role: 'ImagePortalUser' }] },
      { email: 'other@example.com', password, memberships: [{ company: 'Other', role: 'IpsCompanyAdmin' }] },
    ],
  });
});
afterAll(() => server?.stop());

/** An image of one gray with a patch that draws all attention. */
const patched = (width: number, height: number, at: { x: number; y: number }, side = 60) =>
  painted(width, height, (x, y) =>
    x >= at.x && x < at.x + side && y >= at.y && y < at.y + side ? RED : GRAY,
  )
    .png()
    .toBuffer();

const header = (version: string, { email, password: secret }: Credentials): string =>
  `<authHeader xmlns="${XSD}/${version}"><user>${email}</user><password>${secret}</password>` +
  '<appName>importer</appName><appVersion>1</appVersion></authHeader>';

/** Calls an operation with a document written by hand, and returns the document that answers. */
async function send(
  operation: string,
  fields: string,
  { version = '2019-09-10-beta', as = server.admin, dialect = 'soap' } = {},
): Promise<string> {
  const message = `<${operation}Param xmlns="${XSD}/${version}"><companyHandle>${COMPANY}</companyHandle>${fields}</${operation}Param>`;
  const head = header(version, as);
  const { body } =
    dialect === 'plain'
      ? await post(server.url, `<Request xmlns="${XSD}/${version}">${head}${message}</Request>`, {
          path: '/scene7/api/IpsApiService',
        })
      : await post(
          server.url,
          `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header>${head}</soapenv:Header><soapenv:Body>${message}</soapenv:Body></soapenv:Envelope>`,
        );
  return body;
}

const cropXml = (name: string, width: number | string, height: number | string, type = 'Banner'): string =>
  `<items><name>${name}</name><width>${width}</width><height>${height}</height><type>${type}</type></items>`;

interface UploadForm {
  readonly crops?: readonly string[];
  readonly version?: string;
  readonly overwrite?: boolean;
}

let jobs = 0;

/** Posts files with smart crops in the form of 2019; returns the name of the job, or the text of the fault. */
async function upload(
  files: Readonly<Record<string, Uint8Array>>,
  { crops = [], version = '2019-09-10-beta', overwrite = true }: UploadForm = {},
): Promise<{ readonly jobName: string; readonly body: string }> {
  jobs += 1;
  const jobName = `upload ${jobs}`;
  const form = new FormData();
  form.set('auth', header(version, server.admin));
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="${XSD}/${version}"><companyHandle>${COMPANY}</companyHandle><jobName>${jobName}</jobName><endJob>true</endJob>` +
      `<uploadParams><overwrite>${overwrite}</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask>` +
      `<autoSmartCropOptionsArray>${crops.join('')}</autoSmartCropOptionsArray><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
  );
  for (const [name, content] of Object.entries(files))
    form.append('file', new Blob([new Uint8Array(content)]), `Shoes/${name}`);
  const response = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  const body = await response.text();
  if (body.includes('<jobHandle>')) await endedJob(admin, COMPANY, jobName);
  return { jobName, body };
}

async function handleOf(name: string): Promise<string> {
  const { assetArray } = await admin.call('getAssetsByName', { companyHandle: COMPANY, nameArray: [name] });
  const handle = assetArray?.[0]?.assetHandle;
  if (handle === undefined) throw new Error(`there is no asset ${name}`);
  return handle;
}

interface Crop {
  readonly handle: string;
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smart crops in an answer, by the form that is documented of it. */
function cropsIn(xml: string): Crop[] {
  const field = (text: string, name: string): string =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  const array = /<subAssetArray>([\s\S]*?)<\/subAssetArray>/.exec(xml)?.[1] ?? '';
  return [...array.matchAll(/<items>([\s\S]*?)<\/items>/g)].map(([, item = '']) => {
    expect(field(item, 'type')).toBe('SmartCrop');
    expect(item).toMatch(/<smartCrop><cropRect><leftN>.*<\/heightN><\/cropRect><\/smartCrop>/);
    return {
      handle: field(item, 'subAssetHandle'),
      name: field(item, 'name'),
      left: Number(field(item, 'leftN')),
      top: Number(field(item, 'topN')),
      width: Number(field(item, 'widthN')),
      height: Number(field(item, 'heightN')),
    };
  });
}

const listed = async (name: string): Promise<Crop[]> =>
  cropsIn(await send('getAssociatedAssets', `<assetHandle>${await handleOf(name)}</assetHandle>`));

async function cropOf(name: string, crop: string): Promise<Crop> {
  const found = (await listed(name)).find((one) => one.name === crop);
  if (found === undefined) throw new Error(`${name} has no smart crop ${crop}`);
  return found;
}

const updateXml = (owner: string, crop: string, rect: readonly (number | string)[]): string => {
  const [left, top, width, height] = rect;
  return `<items><ownerHandle>${owner}</ownerHandle><subAssetHandle>${crop}</subAssetHandle><cropRect><leftN>${left}</leftN><topN>${top}</topN><widthN>${width}</widthN><heightN>${height}</heightN></cropRect></items>`;
};

const update = (rows: readonly string[], options?: Parameters<typeof send>[2]): Promise<string> =>
  send('updateSmartCrops', `<updateArray>${rows.join('')}</updateArray>`, options);

const publish = (): Promise<unknown> =>
  runJob(admin, COMPANY, {
    jobName: `publish ${(jobs += 1)}`,
    imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
  });

const get = (path: string): Promise<Response> => fetch(`${server.url}/is/image/Shoes/${path}`);
const picture = async (path: string): Promise<Picture> =>
  look(new Uint8Array(await (await get(path)).arrayBuffer()));

describe('an upload that asks for smart crops', () => {
  it.each([
    ['wide', 800, 200, { x: 600, y: 70 }],
    ['tall', 200, 800, { x: 70, y: 100 }],
    ['left', 800, 200, { x: 10, y: 70 }],
  ])(
    'makes the largest part of the ratio, with what draws attention: %s',
    async (name, width, height, at) => {
      await upload(
        { [`${name}.png`]: await patched(width, height, at) },
        { crops: [cropXml('Banner', 100, 100)] },
      );
      const [crop, ...more] = await listed(name);
      expect(more).toEqual([]);
      expect(crop).toMatchObject({ name: 'Banner', width: 200 / width, height: 200 / height });
      const { left = Number.NaN, top = Number.NaN } = crop ?? {};
      expect(left * width).toBeLessThanOrEqual(at.x);
      expect(left * width + 200).toBeGreaterThanOrEqual(at.x + 60);
      expect(top * height).toBeLessThanOrEqual(at.y);
      expect(top * height + 200).toBeGreaterThanOrEqual(at.y + 60);
    },
  );

  it('makes the same ones of the same image', async () => {
    const file = await patched(900, 300, { x: 500, y: 100 });
    const crops = [cropXml('A', 50, 50), cropXml('B', 300, 10), cropXml('C', 1, 10000)];
    await upload({ 'first.png': file, 'second.png': file }, { crops });
    const [first, second] = [await listed('first'), await listed('second')];
    expect(first.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(second.map(({ handle: _, ...rest }) => rest)).toEqual(first.map(({ handle: _, ...rest }) => rest));
    for (const { left, top, width, height } of first) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(1);
      expect(Math.max(width, height)).toBe(1);
    }
  });

  it('says in its log of what it could make none', async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const { jobName } = await upload({ 'drawing.svg': svg }, { crops: [cropXml('Banner', 100, 50)] });
    const log = await endedJob(admin, COMPANY, jobName);
    expect(messagesOf(log, 'UploadWarning')).toEqual([
      'Shoes/drawing.svg: no smart crop was made: smart crops require an asset of type Image, not Svg',
    ]);
    expect(log).toMatchObject({ fileSuccessCount: 1, fileWarningCount: 1 });
    expect(await listed('drawing')).toEqual([]);
  });

  it('adds those that an image lacks, and makes those again whose image changed; others stay', async () => {
    const file = await patched(400, 100, { x: 300, y: 20 });
    await upload({ 'again.png': file }, { crops: [cropXml('One', 10, 10)] });
    const one = await cropOf('again', 'One');
    const owner = await handleOf('again');
    await update([updateXml(owner, one.handle, [0, 0, 0.1, 0.1])]);
    // The same again: a change by hand is not lost.
    const { jobName } = await upload({ 'again.png': file }, { crops: [cropXml('one', 10, 10)] });
    expect(messagesOf(await endedJob(admin, COMPANY, jobName), 'DuplicateSkipped')).toHaveLength(1);
    expect(await cropOf('again', 'One')).toMatchObject({ left: 0, width: 0.1 });
    await upload({ 'again.png': file }, { crops: [cropXml('Two', 20, 10)] });
    expect((await listed('again')).map(({ name }) => name)).toEqual(['One', 'Two']);
    const moved = await patched(400, 100, { x: 10, y: 20 });
    await upload({ 'again.png': moved }, { crops: [cropXml('Two', 20, 10)] });
    const [kept, made] = await listed('again');
    expect(kept).toEqual({ ...one, left: 0, top: 0, width: 0.1, height: 0.1 });
    expect(made?.left).toBeLessThanOrEqual(10 / 400);
  });

  it.each([
    ['a name that occurs twice', [cropXml('A', 1, 1), cropXml('a', 2, 2)], '[1]/name'],
    ['a name with a colon', [cropXml('a:b', 1, 1)], '[0]/name'],
    ['a name with a slash', [cropXml('../a', 1, 1)], '[0]/name'],
    ['a name that is empty', [cropXml('', 1, 1)], '[0]/name'],
    ['a long name', [cropXml('n'.repeat(101), 1, 1)], '[0]/name'],
    ['no width', [cropXml('A', 0, 1)], '[0]/width: found 0, expected a whole number from 1 to 10000'],
    ['a height above the limit', [cropXml('A', 1, 10001)], '[0]/height: found 10001'],
    ['too many pixels', [cropXml('A', 10000, 10000)], "[0]: found '10000 x 10000'"],
    ['an empty type', [cropXml('A', 1, 1, '')], '[0]/type'],
    ['a part that is missing', ['<items><name>A</name><width>1</width></items>'], '[0]/type is missing'],
    ['too many of them', Array.from({ length: 101 }, (_, n) => cropXml(`n${n}`, 1, 1)), 'at most 100'],
  ])('is refused with %s', async (_, crops, reason) => {
    const { body } = await upload({ 'refused.png': await plain(4, 4, RED).png().toBuffer() }, { crops });
    expect(body).toContain('Fault');
    expect(body).toContain('uploadPostJob/autoSmartCropOptionsArray');
    expect(body).toContain(reason);
  });

  it('makes none in a version that lacks them, whose answers have no field of theirs', async () => {
    await upload(
      { 'older.png': await plain(40, 20, BLUE).png().toBuffer() },
      { crops: [cropXml('A', 1, 1)], version: '2014-04-03' },
    );
    expect(await listed('older')).toEqual([]);
    const asset = `<assetHandle>${await handleOf('wide')}</assetHandle>`;
    for (const version of ['2014-04-03', '2013-02-15', '2016-01-14-beta']) {
      const answer = await send('getAssociatedAssets', asset, { version });
      expect(answer).toContain(`<getAssociatedAssetsReturn xmlns="${XSD}/${version}">`);
      expect(answer).not.toContain('subAsset');
    }
    // Strict decoding would fail for a field that the contract lacks.
    await admin.call('getAssociatedAssets', { companyHandle: COMPANY, assetHandle: await handleOf('wide') });
  });

  it('shows them among its details in versions that have them only', async () => {
    const form = new FormData();
    form.set('auth', header('2019-09-10-beta', server.admin));
    form.set(
      'uploadParams',
      `<uploadPostParam xmlns="${XSD}/2019-09-10-beta"><companyHandle>${COMPANY}</companyHandle><jobName>open</jobName>` +
        '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask>' +
        `<autoSmartCropOptionsArray>${cropXml('Banner', 90, 30)}</autoSmartCropOptionsArray><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
    );
    const opened = await (await fetch(server.endpoints.upload, { method: 'POST', body: form })).text();
    const handle = /<jobHandle>(.*?)<\/jobHandle>/.exec(opened)?.[1] ?? '';
    try {
      const fields = '<includeWaitingJobs>true</includeWaitingJobs>';
      const later = await send('getActiveJobs', fields);
      expect(later).toContain(
        `<autoSmartCropOptionsArray>${cropXml('Banner', 90, 30)}</autoSmartCropOptionsArray>`,
      );
      const { jobArray } = await admin.call('getActiveJobs', {
        companyHandle: COMPANY,
        includeWaitingJobs: true,
      });
      expect(jobArray?.map(({ uploadPostJob }) => uploadPostJob?.overwrite)).toEqual([true]);
    } finally {
      await admin.call('stopJob', { companyHandle: COMPANY, jobHandle: handle });
    }
  });
});

describe('updateSmartCrops', () => {
  let owner: string;
  let crop: Crop;
  let foreign: Crop;

  beforeAll(async () => {
    await upload(
      {
        'main.png': await patched(400, 200, { x: 300, y: 50 }),
        'aside.png': await plain(9, 9, BLUE).png().toBuffer(),
      },
      { crops: [cropXml('Banner', 100, 100)] },
    );
    owner = await handleOf('main');
    crop = await cropOf('main', 'Banner');
    foreign = await cropOf('aside', 'Banner');
  });

  it.each([
    ['2019-09-10-beta', 'soap'],
    ['2017-10-29-beta', 'soap'],
    ['2017-10-29-beta', 'plain'],
  ])('changes what a smart crop shows: %s, %s', async (version, dialect) => {
    const before = await admin.call('getAssets', { companyHandle: COMPANY, assetHandleArray: [owner] });
    const answer = await update([updateXml(owner, crop.handle, [0.25, 0, 0.5, 1])], { version, dialect });
    expect(answer).toContain(
      `<updateSmartCropsReturn xmlns="${XSD}/${version}"><successCount>1</successCount><warningCount>0</warningCount><errorCount>0</errorCount></updateSmartCropsReturn>`,
    );
    expect(await cropOf('main', 'Banner')).toEqual({ ...crop, left: 0.25, top: 0, width: 0.5, height: 1 });
    const after = await admin.call('getAssets', { companyHandle: COMPANY, assetHandleArray: [owner] });
    expect(after.assetArray?.[0]?.lastModified).not.toBe(before.assetArray?.[0]?.lastModified);
  });

  it('reports each row that fails, and does the others', async () => {
    const bad: readonly [row: string, reason: string][] = [
      [updateXml('a|99999', crop.handle, [0, 0, 1, 1]), 'updateArray[0]'],
      [updateXml(owner, 'sa|1|99999', [0, 0, 1, 1]), 'updateArray[1]/subAssetHandle: no object has'],
      [updateXml(owner, 'rubbish', [0, 0, 1, 1]), 'updateArray[2]/subAssetHandle: no object has'],
      [updateXml(owner, foreign.handle, [0, 0, 1, 1]), `expected a smart crop of ${owner}`],
      [updateXml(owner, crop.handle, [-0.1, 0, 1, 1]), 'updateArray[4]/cropRect/leftN: found -0.1'],
      [updateXml(owner, crop.handle, [0, 1.1, 1, 1]), 'updateArray[5]/cropRect/topN: found 1.1'],
      [updateXml(owner, crop.handle, [0, 0, 0, 1]), 'updateArray[6]/cropRect/widthN: found 0'],
      [updateXml(owner, crop.handle, [0, 0, 1, 'NaN']), 'updateArray[7]/cropRect/heightN: found NaN'],
      [updateXml(owner, crop.handle, [0, 0, 'INF', 1]), 'updateArray[8]/cropRect/widthN: found Infinity'],
      [updateXml(owner, crop.handle, [0.5, 0, 0.6, 1]), 'a rectangle that ends inside the image'],
      [updateXml(owner, crop.handle, [1, 0, 0.0000001, 1]), 'a rectangle that ends inside the image'],
    ];
    const answer = await update([
      ...bad.map(([row]) => row),
      updateXml(owner, crop.handle, [0, 0, 0.3333333, 0.6666667]),
    ]);
    expect(answer).toContain(
      `<successCount>1</successCount><warningCount>0</warningCount><errorCount>${bad.length}</errorCount>`,
    );
    const faults = [
      ...answer.matchAll(
        /<items><assetHandle>(.*?)<\/assetHandle><code>(\d+)<\/code><reason>(.*?)<\/reason><\/items>/g,
      ),
    ];
    expect(faults.map(([, handle]) => handle)).toEqual(['a|99999', ...bad.slice(1).map(() => owner)]);
    expect(faults.map(([, , code]) => code)).toEqual(bad.map(() => '30001'));
    for (const [index, [, reason]] of bad.entries()) expect(faults[index]?.[3]).toContain(reason);
    expect(await cropOf('main', 'Banner')).toMatchObject({ left: 0, width: 0.3333333, height: 0.6666667 });
    expect(await cropOf('aside', 'Banner')).toEqual(foreign);
  });

  it('cuts what rounding has put beyond the edge', async () => {
    await update([updateXml(owner, crop.handle, [0.1, 0, 0.9000000001, 1])]);
    const { left, width } = await cropOf('main', 'Banner');
    expect(left + width).toBeLessThanOrEqual(1);
  });

  it('is a fault without a field that every row needs', async () => {
    const row = `<items><ownerHandle>${owner}</ownerHandle><subAssetHandle>${crop.handle}</subAssetHandle><cropRect><leftN>0</leftN></cropRect></items>`;
    expect(await update([row])).toMatch(
      /<code>30002<\/code>\s*<reason>updateArray\[0\]\.cropRect\.topN is missing</,
    );
    expect(await send('updateSmartCrops', '')).toContain('<reason>updateArray is missing</reason>');
    expect(await update([updateXml(owner, crop.handle, ['x', 0, 1, 1])])).toContain('<code>30003</code>');
  });

  it('allows those who may change the fields of images, in their own company', async () => {
    const row = updateXml(owner, crop.handle, [0, 0, 1, 0.5]);
    const as = (email: string) => ({ as: { email, password } });
    expect(await update([row], as('user@example.com'))).toContain('<successCount>1</successCount>');
    expect(await update([row], as('guest@example.com'))).toContain('<code>20003</code>');
    expect(await update([row], as('other@example.com'))).toContain('<code>20006</code>');
    const message = `<updateSmartCropsParam xmlns="${XSD}/2019-09-10-beta"><companyHandle>c|7</companyHandle><updateArray>${row}</updateArray></updateSmartCropsParam>`;
    const other = header('2019-09-10-beta', { email: 'other@example.com', password });
    const { body } = await post(
      server.url,
      `<Request xmlns="${XSD}/2019-09-10-beta">${other}${message}</Request>`,
      {
        path: '/scene7/api/IpsApiService',
      },
    );
    expect(body).toContain('<successCount>0</successCount>');
    expect(body).toContain(`no object has the handle '${owner}'`);
  });

  it('refuses an image in the trash, whose smart crops come back with it', async () => {
    await upload(
      { 'short.png': await plain(20, 10, BLUE).png().toBuffer() },
      { crops: [cropXml('A', 1, 1)] },
    );
    const [handle, one] = [await handleOf('short'), await cropOf('short', 'A')];
    const asset = { companyHandle: COMPANY, assetHandle: handle };
    await admin.call('deleteAsset', asset);
    expect(await update([updateXml(handle, one.handle, [0, 0, 1, 1])])).toContain('is in the trash');
    await admin.call('restoreAssetsFromTrash', { companyHandle: COMPANY, assetHandleArray: [handle] });
    expect(await cropOf('short', 'A')).toEqual(one);
  });

  it('follows an image that is replaced: its smart crops stay', async () => {
    await update([updateXml(owner, crop.handle, [0, 0, 1, 0.5])]);
    await admin.call('replaceImage', {
      companyHandle: COMPANY,
      assetHandle: owner,
      urlModifier: 'wid=100',
    });
    expect(await cropOf('main', 'Banner')).toMatchObject({ handle: crop.handle, width: 1, height: 0.5 });
  });
});

describe('delivery of asset:crop', () => {
  beforeAll(async () => {
    // Blue on the right, gray elsewhere.
    const image = await painted(800, 200, (x) => (x >= 600 ? BLUE : GRAY))
      .png()
      .toBuffer();
    await upload(
      { 'shown.png': image },
      { crops: [cropXml('Main Banner', 300, 300), cropXml('Wide', 400, 50)] },
    );
    const owner = await handleOf('shown');
    await update([
      updateXml(owner, (await cropOf('shown', 'Main Banner')).handle, [0.75, 0, 0.25, 1]),
      updateXml(owner, (await cropOf('shown', 'Wide')).handle, [0, 0, 0.5, 1]),
    ]);
    await publish();
  });

  it('shows its part in its size', async () => {
    const image = await picture('shown:Main%20Banner?fmt=png');
    expect(image).toMatchObject({ width: 300, height: 300 });
    for (const [x, y] of [
      [0, 0],
      [299, 299],
      [150, 150],
    ] as const)
      expect(distance(image.at(x, y), BLUE)).toBeLessThan(12);
    expect(distance((await picture('SHOWN:main%20banner?fmt=png')).at(0, 0), BLUE)).toBeLessThan(12);
  });

  it('shows the whole part where its ratio is another one', async () => {
    const image = await picture('shown:Wide?fmt=png');
    expect(image).toMatchObject({ width: 400, height: 50 });
    // The part of 400 x 200 becomes 100 x 50, in the middle.
    expect(distance(image.at(200, 25), GRAY)).toBeLessThan(12);
    expect(distance(image.at(5, 25), [255, 255, 255])).toBeLessThan(12);
  });

  it('applies commands as to an image of its own', async () => {
    expect(await picture('shown:Main%20Banner?wid=60&fmt=png')).toMatchObject({ width: 60, height: 60 });
    expect(await picture('shown:Wide?scl=2&fmt=png')).toMatchObject({ width: 200, height: 100 });
    const half = await picture('shown:Wide?cropn=0.5,0,1,1&scl=1&fmt=png');
    // It ends where the smart crop ends.
    expect(half).toMatchObject({ width: 200, height: 200 });
    expect(distance(half.at(199, 100), GRAY)).toBeLessThan(12);
    const props = await (await get('shown:Wide?req=imageprops')).text();
    expect(props).toContain('image.width=400\r\n');
    expect(props).toContain('image.height=200\r\n');
    expect(await (await get('shown:Wide?req=props')).text()).toContain('image.height=50\r\n');
  });

  it('changes with the next publish, and its ETag with it', async () => {
    const before = await get('shown:Main%20Banner');
    const owner = await handleOf('shown');
    const { handle } = await cropOf('shown', 'Main Banner');
    await update([updateXml(owner, handle, [0, 0, 0.25, 1])]);
    expect((await get('shown:Main%20Banner')).headers.get('etag')).toBe(before.headers.get('etag'));
    await publish();
    const after = await get('shown:Main%20Banner');
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    const same = await fetch(after.url, { headers: { 'if-none-match': after.headers.get('etag') ?? '' } });
    expect(same.status).toBe(304);
    expect(distance((await picture('shown:Main%20Banner?fmt=png')).at(150, 150), GRAY)).toBeLessThan(12);
  });

  it.each([
    'shown:',
    'shown:Nothing',
    'shown:Wide:Wide',
    ':Wide',
    '::',
    'nowhere:Wide',
    'shown:__proto__',
    'shown:constructor',
    'shown:%00',
    'shown:..%2f..%2fetc%2fpasswd',
    'shown:Wide%27%20or%201=1--',
    `shown:${'x'.repeat(2000)}`,
    'shown:%F0%9F%91%9F',
    'shown%3A%25',
  ])('knows nothing by other names: %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('prefers an image with a colon in its own name', async () => {
    const owner = await handleOf('aside');
    await admin.call('renameAsset', {
      companyHandle: COMPANY,
      assetHandle: owner,
      newName: 'shown:Wide',
      validateName: true,
    });
    await publish();
    expect((await sharp(await (await get('shown:Wide?scl=1&fmt=png')).arrayBuffer()).metadata()).width).toBe(
      9,
    );
    const crop = await picture('shown:Wide:Banner?fmt=png');
    expect(crop).toMatchObject({ width: 100, height: 100 });
    expect(distance(crop.at(50, 50), BLUE)).toBeLessThan(12);
  });
});

describe('the client', () => {
  const clientOf = (company: string, options: Partial<VersionedClientOptions<Operations2019>> = {}) => {
    const client = createIpsClient({
      contract: of2019,
      endpoint: server.endpoints.soap,
      auth: { user: server.admin.email, password: server.admin.password },
      company,
      strictAnswers: true,
      retry: false,
      ...options,
    });
    onTestFinished(() => client.close());
    return client;
  };
  const asked = (...names: string[]) =>
    names.map((name) => ({ name, width: 40, height: 20, type: 'Banner' }));

  it('uploads, lists, changes and copies, in the namespaces of both versions', async () => {
    const ours = clientOf('Shoes');
    const theirs = clientOf('Other', { dialect: 'plain', namespace: `${XSD}/2017-10-29-beta` });
    const content = await patched(200, 100, { x: 20, y: 20 });
    const upload = async (client: typeof ours, folder: string, names: string[], crops: string[]) => {
      const report = await client.uploadFiles(
        names.map((name) => ({ content, destPath: `${name}.png` })),
        { destFolder: folder, job: { autoSmartCropOptionsArray: asked(...crops) } },
      );
      expect(report.ok).toBe(true);
      return new Map(
        report.files.map(({ destPath, assetHandle = '' }) => [destPath.slice(0, -4), assetHandle]),
      );
    };
    const from = await upload(ours, 'Shoes/', ['copied', 'lonely'], ['Banner', 'Tall']);
    const to = await upload(theirs, 'Other/', ['copied'], ['Banner']);
    const owner = from.get('Shoes/copied') ?? '';
    const [banner, tall] = await ours.smartCrops.list(owner);
    const rect = { leftN: 0.5, topN: 0.25, widthN: 0.5, heightN: 0.5 };
    const changes = [banner, tall].map((crop) => ({ owner, crop: crop?.handle ?? '', rect }));
    const wrong = { ...changes[0], owner, crop: 'sa|1|1', rect };
    expect(await ours.smartCrops.update([...changes, wrong])).toMatchObject({
      asked: 3,
      successCount: 2,
      errorCount: 1,
      errors: [{ assetHandle: owner, code: 30001 }],
      complete: false,
    });
    const target = to.get('Other/copied');
    expect(await ours.smartCrops.copy([owner, from.get('Shoes/lonely') ?? ''], theirs)).toEqual([
      {
        asset: owner,
        name: 'copied',
        target,
        status: 'missing-crop',
        copied: ['Banner'],
        missing: ['Tall'],
        errors: [],
      },
      expect.objectContaining({ name: 'lonely', target: undefined, status: 'missing-asset' }),
    ]);
    expect(await theirs.smartCrops.list(target ?? '')).toEqual([
      { handle: expect.any(String), name: 'Banner', rect },
    ]);
  });

  it('of the default contract asks for none', async () => {
    const ips = createIpsClient({
      endpoint: server.endpoints.soap,
      auth: { user: server.admin.email, password: server.admin.password },
      company: 'Shoes',
    });
    onTestFinished(() => ips.close());
    const job = { autoSmartCropOptionsArray: asked('Banner') };
    const upload = ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'none.png' }], { job });
    await expect(upload).rejects.toThrow(
      'autoSmartCropOptionsArray: UploadPostJob has no such field in contract 2014-04-03',
    );
    await expect(ips.smartCrops.list('a|1')).rejects.toThrow(
      '2014-04-03 has no operation "updateSmartCrops"',
    );
  });
});
