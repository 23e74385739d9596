// Requests of strangers who mean harm.
import { connect as connectSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { quarters } from './support/pictures.js';

const companyHandle = 'c|6';

let server: IpsServer;
let web: FileServer;

beforeAll(async () => {
  const files = { '/shoe.png': await quarters(400, 400).png().toBuffer() };
  [server, web] = await Promise.all([
    createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'Hostile',
      imagePresets: {
        loop: '$loop$',
        twice: '$twice2$&$twice2$',
        twice2: '$twice$',
        long: `text=${'x'.repeat(30_000)}`,
      },
    }),
    serveFiles(files),
  ]);
  const admin = connect(server);
  await runJob(admin, companyHandle, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: [{ sourceUrl: `${web.url}/shoe.png`, destPath: 'Hostile/shoe.png' }],
    },
  });
  for (const [name, urlModifier] of [
    ['mirror', 'layer=0&color=ff0000&size=9,9&layer=1&src=is{mirror?scl=1}'],
    ['itself', 'template=itself&layer=0&color=00ff00&size=9,9'],
  ] as const) {
    const { assetHandle } = await admin.call('createTemplate', {
      companyHandle,
      folderHandle: 'f|Hostile/',
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
  await runJob(admin, companyHandle, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});
afterAll(async () => {
  await server?.stop();
  await web?.close();
});

/** A response to a request line that is sent as it is. */
async function raw(line: string, headers = ''): Promise<{ status: number; head: string; body: string }> {
  const { hostname, port } = new URL(server.url);
  const socket = connectSocket(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(`${line} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n${headers}\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  const text = Buffer.concat(chunks).toString('latin1');
  const [head = '', ...body] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') };
}
const shoe = (query: string): string => `GET /is/image/Hostile/shoe?${query}`;
const nested = (depth: number): string =>
  Array.from({ length: depth }).reduce<string>((inner) => `is{shoe?layer=1&src=${inner}&size=9,9}`, 'shoe');

describe('a hostile request is refused with its reason, and is not cached', () => {
  it.each([
    // Numbers.
    ['wid=NaN', 'wid'],
    ['wid=Infinity', 'wid'],
    ['wid=1e999', 'wid'],
    ['wid=0x10', 'wid'],
    ['wid=1e9', "wid: found '1e9', expected a number of pixels of at most 1000000"],
    ['wid=999999', 'too large'],
    ['wid=9007199254740993', 'at most 1000000'],
    ['scl=1e-300', 'scl|too large'],
    ['scl=0.0001', 'too large'],
    ['scl=-1', 'scl'],
    ['dpr=on,1e9&wid=9', 'dpr'],
    ['rect=0,0,1000000,1000000', 'too large'],
    ['rotate=1e308', 'rotate'],
    ['crop=0,0,0,0', 'crop'],
    ['extend=1000000,1000000,1000000,1000000&scl=1', 'too large'],
    ['scale=1000&scl=1', 'too large|takes work'],
    ['op_blur=1e5', 'op_blur'],
    [
      'wid=5000&hei=5000&fit=fit,1&op_blur=100&op_usm=5,250&op_grow=100&op_noise=9&rotate=1&flip=lr&layer=1&src=shoe&size=9000,9000',
      'takes work',
    ],
    ['perspective=1e300,0,1,0,1,1,0,1', 'perspective'],
    ['perspectiveN=NaN,0,1,0,1,1,0,1', 'perspectiveN'],
    ['effect=-1&color=0,0,0&op_grow=101', 'op_grow'],
    ['effect=-1.5', 'effect'],
    // Loops and depth.
    [`layer=1&src=${nested(7)}`, 'requests within each other|sources'],
    [Array.from({ length: 49 }, (_, index) => `layer=${index + 1}&src=shoe`).join('&'), 'sources|images'],
    [
      Array.from({ length: 99 }, (_, index) => `layer=${index + 1}&color=0,0,0&size=9,9`).join('&'),
      'at most 50',
    ],
    ['$long$&$long$&$long$', 'at most 65536'],
    ['template=mirror', 'within each other|sources'],
    // Other hosts.
    ['layer=1&src=(http://127.0.0.1:1/)', 'src'],
    ['layer=1&src={http://169.254.169.254/latest}', 'src'],
    ['layer=1&src=http://127.0.0.1:1/a.png', 'Unable to find'],
    ['layer=1&src=ir{Hostile/shoe}', 'src'],
    ['layer=1&src=fxg(shoe)', 'src'],
    ['mask=file:///etc/passwd', 'Unable to find'],
    ['layer=1&src=../../etc/passwd', 'Unable to find'],
    ['icc=../../etc/passwd', 'icc'],
    ['icc=/etc/passwd', 'icc'],
    ['template=../shoe', 'template'],
    ['layer=1&text=%3Cimage%20href=%22file:///etc/passwd%22/%3E&src=%00', 'src'],
    // Encodings.
    ['wid=%', 'wid'],
    ['wid=%zz', 'wid'],
    ['wid=%2531%2530', 'wid'],
    ['wid=%00', 'wid'],
    ['wid=9%0d%0aset-cookie:a', 'wid'],
    ['clipPath=%3Cscript%3E', 'clipPath'],
    ['fmt=jpeg%00png', 'fmt'],
    ['layer=1&src=%ff%fe', 'Unable to find'],
    ['req=%3Cscript%3E', 'req'],
  ])('%s', async (query, reason) => {
    const { status, head, body } = await raw(shoe(query));
    expect([status, body]).toEqual([403, expect.stringMatching(new RegExp(reason, 'i'))]);
    expect(head).toMatch(/cache-control: no-store/i);
    expect(head).toMatch(/content-type: text\/plain/i);
    expect(head).not.toMatch(/set-cookie|etag/i);
    expect(body).not.toMatch(/\/tmp\/|node_modules|\.ts:\d/);
    // Short enough to be read.
    expect(body.length).toBeLessThan(1000);
  });
});

describe('a hostile path', () => {
  it.each([
    '/is/image/Hostile/%00',
    '/is/image/Hostile/%ff%fe',
    '/is/image/Hostile/%252e%252e%252fshoe',
    '/is/image/Hostile/..%2f..%2fetc%2fpasswd',
    '/is/image/Hostile/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    "/is/image/Hostile/';drop table assets;--",
    `/is/image/Hostile/${'a'.repeat(4000)}`,
    `/is/image/Hostile/${'a/'.repeat(2000)}`,
    '/is/image/%3Cb%3E/%22%3E',
    '/is/image/Hostile/shoe:',
    '/is/image/Hostile/shoe:constructor',
    '/is/image/__proto__/constructor',
  ])('%s finds nothing', async (path) => {
    for (const query of [
      '',
      '?req=exists,json',
      '?req=props,xml',
      '?req=set,xml&imageSet={%3Cb%3E,__proto__}',
      '?req=contents',
    ]) {
      const { status, head, body } = await raw(`GET ${path.replaceAll(' ', '%20')}${query}`);
      expect([path, query, [200, 400, 403, 404].includes(status)]).toEqual([path, query, true]);
      // A browser takes none of it for a page.
      expect(head).not.toMatch(/text\/html/i);
      expect(head).toMatch(
        status === 200
          ? /x-content-type-options: nosniff/i
          : /content-type: (?:text\/plain|application\/json)/i,
      );
      if (/json|javascript|xml/.test(head)) expect(body).not.toMatch(/<(?:b|script)>/);
    }
  });
});

describe('markup in requests for facts', () => {
  const EVIL = '%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX-Evil:%201';

  it.each([
    'props',
    'imageprops',
    'exists',
    'contents',
    'set',
    'map',
    'debug',
    'validate',
    'xlate',
    'catalogprops',
  ])('%s is data', async (kind) => {
    for (const format of ['text', 'javascript', 'xml', 'json']) {
      const { status, head, body } = await raw(
        shoe(
          `req=${kind},${format}&id=${EVIL}&handler=${EVIL}&${EVIL}=${EVIL}&$${EVIL}$&map=${EVIL}&imageSet=${EVIL}&layer=1&text=${EVIL}`,
        ),
      );
      expect([kind, format, [200, 403].includes(status)]).toEqual([kind, format, true]);
      expect(head).not.toMatch(/^x-evil/im);
      expect(head).not.toMatch(/text\/html/i);
      if (/content-type: text\/(?:xml|javascript)/i.test(head) && format !== 'text')
        expect(body).not.toContain('<script>');
    }
  });
});

describe('methods, conditions and ranges', () => {
  const get = (init: RequestInit & { query?: string }) =>
    fetch(`${server.url}/is/image/Hostile/shoe?${init.query ?? 'wid=40'}`, init);

  it('HEAD has the headers of GET, for images, facts and errors', async () => {
    for (const query of ['wid=41', 'req=props', 'wid=-1', 'icc=nothing']) {
      const [head, whole] = [await get({ method: 'HEAD', query }), await get({ query })];
      expect([query, head.status, await head.text()]).toEqual([query, whole.status, '']);
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'x-ips-ignored'])
        expect([query, name, head.headers.get(name)]).toEqual([query, name, whole.headers.get(name)]);
    }
  });

  it('OPTIONS lists methods, and others are refused', async () => {
    const options = await get({ method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([
      expect.any(Number),
      expect.stringContaining('GET'),
    ]);
    expect(options.status).toBeLessThan(300);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect([method, (await get({ method })).status]).toEqual([method, 405]);
  });

  it('conditions and ranges are those of the picture, however they are written', async () => {
    const whole = await get({});
    const etag = whole.headers.get('etag') ?? '';
    const size = (await whole.arrayBuffer()).byteLength;
    const status = async (headers: Record<string, string>, query?: string) =>
      (await get({ headers, ...(query === undefined ? {} : { query }) })).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': `"a", W/${etag}` })).toBe(304);
    expect(await status({ 'if-none-match': '*' })).toBe(304);
    expect(await status({ 'if-none-match': '"' })).toBe(200);
    expect(await status({ 'if-match': '"other"' })).toBe(412);
    // An error is never taken for the picture.
    expect(await status({ 'if-none-match': '*' }, 'wid=-1')).toBe(403);
    expect(await status({ 'if-none-match': etag }, 'icc=nothing')).toBe(403);
    expect(await status({ range: 'bytes=0-9' })).toBe(206);
    expect(await status({ range: `bytes=${size}-` })).toBe(416);
    expect(await status({ range: 'bytes=-0' })).toBe(416);
    expect(await status({ range: 'bytes=9-1' })).toBe(200);
    expect(await status({ range: `bytes=${'0-0,'.repeat(500)}0-0` })).toBe(200);
    expect(await status({ range: 'bytes=0-9', 'if-range': '"other"' })).toBe(200);
    expect(await status({ range: 'bytes=0-99999999999999999999' })).toBe(206);
  });
});

it('presets that call themselves end', async () => {
  for (const [query, ignored] of [
    ['wid=9&$loop$', '$loop$'],
    ['wid=9&$twice2$', '$twice'],
  ] as const) {
    const { status, head } = await raw(shoe(query));
    expect([query, status]).toEqual([query, 200]);
    expect(head.toLowerCase()).toContain(`x-ips-ignored: ${ignored}`);
  }
});

it('the server still delivers', async () => {
  expect((await raw(shoe('wid=10&template=itself'))).status).toBe(200);
  expect((await raw(shoe('wid=10'))).status).toBe(200);
});
