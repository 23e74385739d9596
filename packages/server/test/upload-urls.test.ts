import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { JobPayloads } from '@ips-sdk/types/jobs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { fetchFile } from '../src/job-kinds/fetch-file.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, messagesOf, runJob } from './support/jobs.js';
import { listedAssets, pathsOf } from './support/listed-assets.js';
import { BLUE, GREEN, plain, quarters, RED } from './support/pictures.js';

const COMPANY = 'c|6';

let server: IpsServer;
let web: FileServer;
let connection: Connection;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-upload-urls-'));
  [server, web] = await Promise.all([
    createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'Shoes',
      dataDir: directory,
      limits: { maxPixels: 20_000_000, maxFileBytes: 4_000_000, fetchTimeout: 2_000 },
    }),
    serveFiles(),
  ]);
  connection = connect(server);
});

afterAll(async () => {
  await server?.stop();
  await web?.close();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => server.reset());

type Options = Partial<Omit<JobPayloads['uploadUrlsJob'], 'urlArray'>>;

let jobs = 0;

/** Uploads files from the web server: paths there, and where they go. */
function upload(files: Readonly<Record<string, string>>, options: Options = {}) {
  jobs += 1;
  return runJob(connection, COMPANY, {
    jobName: `upload ${jobs}`,
    uploadUrlsJob: {
      urlArray: Object.entries(files).map(([path, destPath]) => ({
        sourceUrl: `${web.url}${path}`,
        destPath,
      })),
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      ...options,
    },
  });
}

const assets = () => listedAssets(connection, COMPANY, 'Shoes/');

const names = async () => pathsOf(await assets());

describe('a file that is fetched', () => {
  test('becomes an asset with its size, type and resolution, and its rows in the log', async () => {
    web.set(
      '/red.jpg?v=1&x=<2>',
      await plain(300, 200, RED).withMetadata({ density: 240 }).jpeg().toBuffer(),
    );
    web.set(
      '/red.jpg?v=1&x=%3C2%3E',
      await plain(300, 200, RED).withMetadata({ density: 240 }).jpeg().toBuffer(),
    );
    const log = await upload({ '/red.jpg?v=1&x=<2>': 'Shoes/Spring/red.jpg' });
    expect(log).toMatchObject({
      fileSuccessCount: 1,
      fileErrorCount: 0,
      totalFileCount: 1,
      transferSuccessCount: 1,
      fatalError: false,
    });
    expect(log.detailArray?.map(({ logType }) => logType)).toEqual([
      'BeginUploadUrls',
      'OriginalJobName',
      'JobClient',
      'JobType',
      'TotalFileCount',
      'FileBegin',
      'UploadSuccess',
      'EndUploadUrls',
    ]);
    const [asset] = await assets();
    expect(asset).toMatchObject({
      type: 'Image',
      name: 'red',
      fileName: 'red.jpg',
      folder: 'Shoes/Spring/',
      readyForPublish: true,
      imageInfo: {
        width: 300,
        height: 200,
        resolution: 240,
        originalFile: 'red.jpg',
        optimizedFile: 'red.tif',
      },
    });
    expect(log.detailArray?.find(({ logType }) => logType === 'UploadSuccess')).toMatchObject({
      assetName: 'red',
      assetType: 'MasterImage',
      assetHandle: asset?.assetHandle,
    });
  });

  test('has the type of its content, whatever its name', async () => {
    web.set('/png', await plain(10, 10, RED).png().toBuffer());
    web.set('/pdf', Buffer.from('%PDF-1.4\n%%EOF'));
    web.set('/mp4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'));
    web.set('/xml', Buffer.from('<?xml version="1.0"?><!-- <svg> --><catalog/>'));
    web.set('/svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'));
    web.set('/font', Buffer.from('OTTO and more'));
    const log = await upload({
      '/png': 'Shoes/a.jpg',
      '/pdf': 'Shoes/b.pdf',
      '/mp4': 'Shoes/c.mp4',
      '/xml': 'Shoes/d.svg',
      '/svg': 'Shoes/e.xml',
      '/font': 'Shoes/f.otf',
    });
    expect(messagesOf(log, 'UploadError')).toEqual([]);
    expect((await assets()).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a Image',
      'b Pdf',
      'c Video',
      'd Xml',
      'e Svg',
      'f Font',
    ]);
  });

  test('goes into the folder that the path names when it ends with a slash', async () => {
    web.set('/files/my%20shoe.png', await plain(10, 10, RED).png().toBuffer());
    await upload({ '/files/my%20shoe.png': 'Shoes/Spring/' });
    expect(await names()).toEqual(['Shoes/Spring/my shoe.png']);
  });

  test('gets the keywords of the job in addition to its own', async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>shoe</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>';
    web.set('/a.jpg', await plain(10, 10, RED).withXmp(xmp).jpeg().toBuffer());
    await upload({ '/a.jpg': 'Shoes/a.jpg' }, { xmpKeywords: 'red\\, dark, shoe,new' });
    const found = await connection.call('searchAssets', {
      companyHandle: COMPANY,
      includeSubfolders: true,
      systemFieldConditionArray: [{ field: 'Keywords', op: 'Contains', value: 'red, dark' }],
    });
    expect(found.totalRows).toBe(1);
  });
});

describe('a file that cannot be fetched', () => {
  test('is an error that says why, and the others arrive', async () => {
    web.set('/good.png', await plain(10, 10, RED).png().toBuffer());
    web.set('/gone', (_request, response) => response.writeHead(410).end());
    const log = await upload({
      '/missing.png': 'Shoes/missing.png',
      '/gone': 'Shoes/gone.png',
      '/good.png': 'Shoes/good.png',
    });
    expect(log).toMatchObject({ fileErrorCount: 2, fileSuccessCount: 1, totalFileCount: 3 });
    expect(messagesOf(log, 'UploadError').sort()).toEqual([
      'gone.png: cannot be fetched: the server responded with HTTP 410',
      'missing.png: cannot be fetched: the server responded with HTTP 404',
    ]);
  });

  test('is retried when the server is busy, but not forever', async () => {
    const content = await plain(10, 10, RED).png().toBuffer();
    let asked = 0;
    web.set('/busy.png', (_request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(503).end();
      else response.writeHead(200).end(content);
    });
    web.set('/broken.png', (_request, response) => response.writeHead(500).end());
    const log = await upload({ '/busy.png': 'Shoes/busy.png', '/broken.png': 'Shoes/broken.png' });
    expect(asked).toBe(3);
    expect(messagesOf(log, 'UploadSuccess')).toEqual(['Shoes/busy.png was processed into IPS.']);
    expect(messagesOf(log, 'UploadError')).toEqual([
      'broken.png: cannot be fetched: the server responded with HTTP 500, 3 times',
    ]);
  });

  test('is tried once where another attempt would not help, and does not keep the others from arriving', async () => {
    const asked: string[] = [];
    for (const status of [204, 206, 400, 404, 410, 501]) {
      web.set(`/${status}`, (_request, response) => {
        asked.push(String(status));
        response.writeHead(status).end(status === 206 ? 'part' : undefined);
      });
    }
    web.set('/coded', (_request, response) => {
      asked.push('coded');
      response.writeHead(200, { 'content-encoding': 'rot13' }).end('x');
    });
    web.set('/broken', (_request, response) => {
      asked.push('broken');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all');
    });
    web.set('/nonsense', (request) => {
      asked.push('nonsense');
      request.socket.end('this is not HTTP\r\n\r\n');
    });
    web.set('/good.png', await plain(10, 10, RED).png().toBuffer());
    const paths = ['204', '206', '400', '404', '410', '501', 'coded', 'broken', 'nonsense'];
    const log = await upload({
      ...Object.fromEntries(paths.map((path) => [`/${path}`, `Shoes/${path}.png`])),
      '/good.png': 'Shoes/good.png',
    });
    expect(asked.sort()).toEqual(paths.toSorted());
    expect(messagesOf(log, 'UploadError').sort()).toEqual([
      '204.png: cannot be fetched: the server responded with HTTP 204, without the file',
      '206.png: cannot be fetched: the server responded with HTTP 206, without the file',
      '400.png: cannot be fetched: the server responded with HTTP 400',
      '404.png: cannot be fetched: the server responded with HTTP 404',
      '410.png: cannot be fetched: the server responded with HTTP 410',
      '501.png: cannot be fetched: the server responded with HTTP 501',
      'broken.png: cannot be fetched: the response does not match its Content-Encoding',
      'coded.png: cannot be fetched: the response has the unknown Content-Encoding rot13',
      'nonsense.png: cannot be fetched: the response is not valid HTTP',
    ]);
    expect(messagesOf(log, 'UploadSuccess')).toEqual(['Shoes/good.png was processed into IPS.']);
  });

  test('whose URL is malformed is an error of its own', async () => {
    web.set('/good.png', await plain(10, 10, RED).png().toBuffer());
    jobs += 1;
    const log = await runJob(connection, COMPANY, {
      jobName: `upload ${jobs}`,
      uploadUrlsJob: {
        urlArray: [
          { sourceUrl: 'file:///etc/passwd', destPath: 'Shoes/a.png' },
          { sourceUrl: 'http://[', destPath: 'Shoes/b.png' },
          { sourceUrl: 'nothing', destPath: 'Shoes/' },
          { sourceUrl: `${web.url}/`, destPath: 'Shoes/' },
          { sourceUrl: `${web.url}/good.png`, destPath: 'Shoes/' },
        ],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      },
    });
    expect(messagesOf(log, 'UploadError').sort()).toEqual([
      'URL 3: cannot be fetched: not a valid URL',
      'URL 4: cannot be fetched: neither the URL nor destPath ends with a file name',
      'a.png: cannot be fetched: file URLs are not supported; expected http or https',
      'b.png: cannot be fetched: not a valid URL',
    ]);
    expect(messagesOf(log, 'UploadSuccess')).toEqual(['Shoes/good.png was processed into IPS.']);
  });

  test('has its content codings undone, and what they unpack to is bounded', async () => {
    const png = await plain(10, 10, RED).png().toBuffer();
    const coded = (coding: string, bytes: Buffer) => (_request: unknown, response: ServerResponse) =>
      void response.writeHead(200, { 'content-encoding': coding, 'content-length': bytes.length }).end(bytes);
    web.set('/twice', coded('gzip, br', brotliCompressSync(gzipSync(png))));
    web.set('/deflate', coded('deflate', deflateSync(png)));
    web.set('/same', coded('Identity', png));
    web.set('/bomb', coded('gzip', gzipSync(Buffer.alloc(8_000_000))));
    const log = await upload({
      '/twice': 'Shoes/twice.png',
      '/deflate': 'Shoes/deflate.png',
      '/same': 'Shoes/same.png',
      '/bomb': 'Shoes/bomb.png',
    });
    expect(messagesOf(log, 'UploadError')).toEqual(['bomb.png: the file has more than 4000000 bytes']);
    expect((await assets()).map(({ name, imageInfo }) => `${name} ${imageInfo?.width}`).sort()).toEqual([
      'deflate 10',
      'same 10',
      'twice 10',
    ]);
  });

  test('is tried again when its server says, unless that is too late', async () => {
    const content = await plain(10, 10, RED).png().toBuffer();
    let attempts = 0;
    web.set('/soon.png', (_request, response) => {
      attempts += 1;
      if (attempts === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.writeHead(200).end(content);
    });
    let asked = 0;
    web.set('/late.png', (_request, response) => {
      asked += 1;
      response.writeHead(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end();
    });
    const log = await upload({ '/soon.png': 'Shoes/soon.png', '/late.png': 'Shoes/late.png' });
    expect(attempts).toBe(2);
    expect(asked).toBe(1);
    expect(messagesOf(log, 'UploadError')).toEqual([
      expect.stringMatching(
        /^late\.png: cannot be fetched: the server responded with HTTP 503; Retry-After is 3\d{3} s, more than the 30 s allowed$/,
      ),
    ]);
  });

  test('is not tried again before its server says', async () => {
    const answers = [
      { 'retry-after': '7' },
      { 'retry-after': new Date(Date.now() + 20_500).toUTCString() },
      undefined,
    ];
    web.set('/busy.bin', (_request, response) => {
      const headers = answers.shift();
      if (headers === undefined) response.writeHead(200).end('there');
      else response.writeHead(503, headers).end();
    });
    const waits: number[] = [];
    const stored = await fetchFile(
      `${web.url}/busy.bin`,
      new DirectoryFileStore(join(directory, 'fetched')),
      { maxBytes: 100, timeout: 60_000, allowPrivateAddresses: true },
      new AbortController().signal,
      () => undefined,
      async (milliseconds) => waits.push(milliseconds),
    );
    expect(stored.size).toBe(5);
    expect(waits).toEqual([7000, expect.closeTo(20_000, -4)]);
  });

  test('may not be larger than allowed, whether the server says so or not', async () => {
    web.set('/said.bin', Buffer.alloc(4_000_001));
    web.set('/unsaid.bin', (_request, response) => {
      response.writeHead(200);
      for (let part = 0; part < 5; part += 1) response.write(Buffer.alloc(1_000_000));
      response.end();
    });
    const log = await upload({ '/said.bin': 'Shoes/said.jpg', '/unsaid.bin': 'Shoes/unsaid.jpg' });
    expect(messagesOf(log, 'UploadError').sort()).toEqual([
      'said.jpg: the file has more than 4000000 bytes',
      'unsaid.jpg: the file has more than 4000000 bytes',
    ]);
    expect(await readdir(join(directory, 'files', 'incoming'))).toEqual([]);
  });

  test('may not take forever, even if its server sends a byte now and then', async () => {
    web.set('/slow.jpg', (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 100);
      response.on('close', () => clearInterval(timer));
    });
    const log = await upload({ '/slow.jpg': 'Shoes/slow.jpg' });
    expect(messagesOf(log, 'UploadError')[0]).toMatch(
      /^slow\.jpg: cannot be fetched: .*within 2000 ms, 3 times$/,
    );
  });
});

describe('a file that is not what it seems', () => {
  test.each([
    [
      'text that is called an image',
      'a.jpg',
      () => Buffer.from('hello'),
      'the name ends with .jpg, but the content is not an image',
    ],
    [
      'a page of a web site',
      'a.png',
      () => Buffer.from('<!DOCTYPE html><html></html>'),
      'the name ends with .png, but the content is not an image',
    ],
    [
      'nothing at all',
      'a.tif',
      () => Buffer.alloc(0),
      'the name ends with .tif, but the content is not an image',
    ],
    ['a program', 'a.exe', () => Buffer.from('MZ\x90\0', 'latin1'), 'the file type .exe is unknown'],
  ])('%s is refused', async (_what, name, content, message) => {
    web.set('/file', content());
    const log = await upload({ '/file': `Shoes/${name}` });
    expect(messagesOf(log, 'UploadError')).toEqual([`${name}: ${message}`]);
    expect(await assets()).toEqual([]);
  });

  test.each(['jpeg', 'png', 'tiff', 'webp', 'gif'] as const)(
    'a %s that breaks off is refused',
    async (format) => {
      const noise = await quarters(400, 400).blur(9).toFormat(format).toBuffer();
      web.set('/half', noise.subarray(0, Math.floor(noise.length / 2)));
      const log = await upload({ '/half': `Shoes/half.${format}` });
      expect(messagesOf(log, 'UploadError')[0]).toMatch(
        /^half\.\w+: the (?:image is damaged|content is not an image)/,
      );
      expect(await assets()).toEqual([]);
    },
  );

  test('a PNG of a few bytes that claims to be huge is refused before it is decoded', async () => {
    const bomb = await plain(10, 10, RED).png().toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const { crc32 } = await import('node:zlib');
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    web.set('/bomb.png', bomb);
    const log = await upload({ '/bomb.png': 'Shoes/bomb.png' });
    expect(messagesOf(log, 'UploadError')).toEqual(['bomb.png: the image has more than 20000000 pixels']);
  });

  test('a PNG whose pixels really are too many is refused, small as it is', async () => {
    const bomb = await plain(5000, 5000, RED).png({ palette: true, colours: 2 }).toBuffer();
    expect(bomb.length).toBeLessThan(100_000);
    web.set('/bomb.png', bomb);
    const log = await upload({ '/bomb.png': 'Shoes/bomb.png' });
    expect(messagesOf(log, 'UploadError')).toEqual(['bomb.png: the image has more than 20000000 pixels']);
  });

  test('an SVG reaches neither files nor addresses while it is rendered', async () => {
    web.set(
      '/evil.svg',
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20"><script>fetch('${web.url}/script')</script><image xlink:href="${web.url}/tracked.png" width="20" height="20"/><image xlink:href="file:///etc/passwd" width="20" height="20"/></svg>`,
      ),
    );
    const log = await upload({ '/evil.svg': 'Shoes/evil.svg' });
    expect(messagesOf(log, 'UploadSuccess')).toEqual(['Shoes/evil.svg was processed into IPS.']);
    expect(web.requests.filter((path) => path === '/tracked.png' || path === '/script')).toEqual([]);
  });

  test('an SVG with an entity bomb does no harm', async () => {
    const entities = Array.from(
      { length: 12 },
      (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
    ).join('');
    web.set(
      '/laughs.svg',
      Buffer.from(
        `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "ha">${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e12;</text></svg>`,
      ),
    );
    const log = await upload({ '/laughs.svg': 'Shoes/laughs.svg' });
    expect(log.fatalError).toBe(false);
    expect((await assets()).map(({ type }) => type)).toEqual(['Svg']);
  });
});

describe('a file whose name is taken', () => {
  beforeEach(async () => {
    web.set('/red.png', await plain(20, 10, RED).png().toBuffer());
    web.set('/blue.png', await plain(30, 10, BLUE).png().toBuffer());
    web.set('/green.jpg', await plain(40, 10, GREEN).jpeg().toBuffer());
    await upload({ '/red.png': 'Shoes/a/shoe.png' }, { readyForPublish: false });
  });

  test('is skipped when it is the same', async () => {
    const log = await upload({ '/red.png': 'Shoes/a/shoe.png' });
    expect(log).toMatchObject({ fileDuplicateCount: 1, fileSuccessCount: 0, fileUpdateCount: 0 });
    expect(messagesOf(log, 'DuplicateSkipped')).toEqual([
      'Shoes/a/shoe.png is already in the catalog and was skipped.',
    ]);
    expect(await names()).toEqual(['Shoes/a/shoe.png']);
  });

  test('replaces the asset, which keeps its handle', async () => {
    const [before] = await assets();
    const log = await upload({ '/blue.png': 'Shoes/a/shoe.png' });
    expect(log).toMatchObject({ fileUpdateCount: 1, fileSuccessCount: 0 });
    expect(messagesOf(log, 'FileUpdated')).toEqual(['Shoes/a/shoe.png was processed into IPS.']);
    const [after] = await assets();
    expect(after).toMatchObject({
      assetHandle: before?.assetHandle,
      readyForPublish: true,
      imageInfo: { width: 30 },
    });
  });

  test('leaves the publish state if it is to be preserved', async () => {
    await upload({ '/blue.png': 'Shoes/a/shoe.png' }, { preservePublishState: true });
    expect((await assets())[0]).toMatchObject({ readyForPublish: false, imageInfo: { width: 30 } });
  });

  test('becomes an asset with another name when it may not overwrite', async () => {
    const log = await upload({ '/blue.png': 'Shoes/a/shoe.png' }, { overwrite: false });
    expect(log).toMatchObject({ fileWarningCount: 1 });
    expect((await assets()).map(({ name, fileName }) => [name, fileName])).toEqual([
      ['shoe', 'shoe.png'],
      ['shoe-1', 'shoe-1.png'],
    ]);
  });

  test.each([
    ['OverwriteFullName', { 'a/shoe.png': 'updated', 'a/shoe.jpg': 'created', 'b/shoe.png': 'created' }],
    ['OverwriteAnyExt', { 'a/shoe.png': 'updated', 'a/shoe.jpg': 'updated', 'b/shoe.png': 'created' }],
    [
      'OverwriteFullNameAnyFolder',
      { 'a/shoe.png': 'updated', 'a/shoe.jpg': 'created', 'b/shoe.png': 'updated' },
    ],
    [
      'OverwriteAnyExtAnyFolder',
      { 'a/shoe.png': 'updated', 'b/shoe.jpg': 'updated', 'b/shoe.png': 'updated' },
    ],
  ])('is told by the overwrite mode %s', async (overwriteMode, expected) => {
    await connection.call('setCompanySettings', {
      companyHandle: COMPANY,
      overwriteMode,
      retainPublishState: false,
      diskSpaceWarningMin: 0,
      emailTrashCleanupWarning: false,
    });
    for (const [path, effect] of Object.entries(expected)) {
      const snapshot = await server.snapshot();
      const log = await upload({ [path.endsWith('jpg') ? '/green.jpg' : '/blue.png']: `Shoes/${path}` });
      expect({
        path,
        updated: log.fileUpdateCount,
        created: (log.fileSuccessCount ?? 0) + (log.fileWarningCount ?? 0),
      }).toEqual({
        path,
        updated: effect === 'updated' ? 1 : 0,
        created: effect === 'created' ? 1 : 0,
      });
      expect(new Set((await assets()).map(({ name }) => name)).size).toBe((await assets()).length);
      await server.restore(snapshot);
    }
  });
});

describe('what is refused when the job is submitted', () => {
  const urls = [{ sourceUrl: 'http://example.com/a.jpg', destPath: 'Shoes/a.jpg' }];
  const base = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;
  test.each([
    ['no URLs', { urlArray: [] }, /urlArray/],
    [
      'a path that leads out',
      { urlArray: [{ sourceUrl: 'http://example.com/a', destPath: 'Shoes/../../a.jpg' }] },
      /destPath.*"\.\."/,
    ],
    [
      'two ways to crop',
      {
        urlArray: urls,
        manualCropOptions: { left: 1, right: 0, top: 0, bottom: 0 },
        autoTransparentCropOptions: { tolerance: 0 },
      },
      /manualCropOptions and autoTransparentCropOptions are mutually exclusive/,
    ],
    [
      'a tolerance beyond 1',
      {
        urlArray: urls,
        knockoutBackgroundOptions: { corner: 'UpperLeft', tolerance: 2, fillMethod: 'FloodFill' },
      },
      /tolerance: found 2, expected a number of at most 1/,
    ],
    [
      'too much sharpening',
      { urlArray: urls, unsharpMaskOptions: { amount: 6 } },
      /amount: found 6, expected a number of at most 5/,
    ],
    [
      'a profile that is not there',
      { urlArray: urls, colorManagementOptions: { colorManagement: 'Convert', outputProfileHandle: 'a|99' } },
      /outputProfileHandle: no object has the handle 'a\|99'/,
    ],
    [
      'a project that is not there',
      { urlArray: urls, projectHandleArray: ['p|6|None'] },
      /projectHandleArray/,
    ],
  ])('%s', async (_what, details, message) => {
    const fault = await connection.fault('submitJob', {
      companyHandle: COMPANY,
      jobName: 'bad',
      uploadUrlsJob: { ...base, ...details } as JobPayloads['uploadUrlsJob'],
    });
    expect(fault.reason).toMatch(message);
  });
});

test('a running job shows how many URLs it has, not which', async () => {
  const real = await createIpsServer({ allowPrivateAddresses: true, company: 'Shoes' });
  try {
    const caller = connect(real);
    let waiting: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      web.set('/hanging.jpg', () => resolve(waiting?.()));
    });
    await caller.call('submitJob', {
      companyHandle: COMPANY,
      jobName: 'hanging',
      uploadUrlsJob: {
        urlArray: [{ sourceUrl: `${web.url}/hanging.jpg`, destPath: 'Shoes/hanging.jpg' }],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      },
    });
    await asked;
    const { jobArray } = await caller.call('getActiveJobs', { companyHandle: COMPANY });
    expect(jobArray?.[0]?.uploadUrlsJob).toMatchObject({ numUrls: 1, urlArray: [] });
    await caller.call('stopJob', { companyHandle: COMPANY, jobHandle: 'j|6|hanging|' });
    const log = await endedJob(caller, COMPANY, 'hanging');
    expect(messagesOf(log, 'FileCancel')).toContain('hanging.jpg');
    expect(log).toMatchObject({ fileSuccessCount: 0, fatalError: false });
  } finally {
    await real.stop();
  }
});
