import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { documentFile, tiffFile } from './support/image-files.js';
import { messagesOf, runJob } from './support/jobs.js';
import { BLUE, distance, look, painted, RED, WHITE } from './support/pictures.js';

const COMPANY = 'c|6';
const PROGRAM = Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 20\nshowpage\n%%EOF\n');

/** An EPS file behind the header that refers to its parts. */
function withPreviews(program: Buffer, previews: { readonly wmf?: Buffer; readonly tiff?: Buffer }): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32BE(0xc5d0d3c6);
  let at = header.length;
  const parts = [program, previews.wmf, previews.tiff];
  for (const [index, part] of parts.entries()) {
    if (part === undefined) continue;
    header.writeUInt32LE(at, 4 + index * 8);
    header.writeUInt32LE(part.length, 8 + index * 8);
    at += part.length;
  }
  header.writeUInt16LE(0xffff, 28);
  return Buffer.concat([header, ...parts.flatMap((part) => part ?? [])]);
}

let server: IpsServer;
let web: FileServer;
let connection: Connection;
let log: string[];
let failures: string[];

beforeAll(async () => {
  const tiff = await painted(40, 20, (x) => (x < 20 ? RED : BLUE))
    .tiff({ compression: 'lzw' })
    .toBuffer();
  const damaged = withPreviews(PROGRAM, { tiff: tiff.subarray(0, 100) });
  const pdf = documentFile(40, 20);
  const files: Record<string, Buffer> = {
    'plain.eps': PROGRAM,
    'preview.eps': withPreviews(PROGRAM, { tiff }),
    'metafile.eps': withPreviews(PROGRAM, { wmf: Buffer.alloc(100) }),
    'damaged.eps': damaged,
    'beyond.eps': damaged.subarray(0, 60),
    'signed.eps': withPreviews(PROGRAM, { tiff: tiffFile(4, 4, new Uint8Array(16), { 339: 2 }) }),
    // Longer than what is searched at a time, with the mark of the document between two such blocks.
    'document.eps': Buffer.concat([PROGRAM, Buffer.alloc(2 ** 20 - PROGRAM.length - 3, ' '), pdf, PROGRAM]),
    'both.eps': withPreviews(Buffer.concat([PROGRAM, pdf.subarray(0, 30), PROGRAM]), { tiff }),
    'old.ai': PROGRAM,
    'program.ai': Buffer.concat([PROGRAM, Buffer.alloc(4000, ' '), pdf]),
    'new.ai': pdf,
  };
  [server, web] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, company: 'My Shoes' }),
    serveFiles(Object.fromEntries(Object.entries(files).map(([name, content]) => [`/${name}`, content]))),
  ]);
  connection = connect(server);
  log = [];
  failures = [];
  // One file at a time: the image library's messages are for a file only if it worked on nothing else.
  for (const name of Object.keys(files)) {
    const upload = await runJob(connection, COMPANY, {
      jobName: `up ${name}`,
      uploadUrlsJob: {
        overwrite: true,
        createMask: false,
        emailSetting: 'None',
        readyForPublish: true,
        postScriptOptions: { process: 'Rasterize' },
        urlArray: [{ sourceUrl: `${web.url}/${name}`, destPath: `MyShoes/${name}` }],
      },
    });
    log.push(...messagesOf(upload, 'UploadWarning'));
    failures.push(...messagesOf(upload, 'UploadError'));
  }
  await runJob(connection, COMPANY, {
    jobName: 'publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
});

afterAll(async () => {
  await server?.stop();
  await web?.close();
});

const warningsOf = (name: string): string[] =>
  log.filter((text) => text.startsWith(`MyShoes/${name}: `)).map((text) => text.slice(name.length + 10));

async function delivered(name: string) {
  const response = await fetch(`${server.url}/is/image/MyShoes/${name}?scl=1&fmt=png`);
  if (response.status !== 200) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return look(new Uint8Array(await response.arrayBuffer()));
}

const NOT_RENDERED = 'this server does not render PostScript: no image was made';
const FROM_PDF = 'this server does not render PostScript: the image was made from the PDF in the file';
const FROM_PREVIEW =
  'this server does not render PostScript: the image was made from the preview in the file, which has fewer pixels';

test('no PostScript file is called damaged', () => {
  expect(failures).toEqual([]);
});

test('a program alone is kept as it is, with a warning', () => {
  for (const name of ['plain.eps', 'old.ai']) expect(warningsOf(name)).toEqual([NOT_RENDERED]);
});

test.each(['document.eps', 'program.ai'])('a PDF in the file is drawn: %s', async (name) => {
  expect(warningsOf(name)).toEqual([FROM_PDF]);
  const picture = await delivered(`${name.replace(/\..*/, '')}-1`);
  expect([picture.width, picture.height]).toEqual([40, 20]);
  expect(distance(picture.at(5, 15), RED)).toBeLessThan(4);
  expect(distance(picture.at(35, 5), WHITE)).toBeLessThan(4);
});

test('a file of Illustrator that is a PDF is drawn without a warning', async () => {
  expect(warningsOf('new.ai')).toEqual([]);
  expect((await delivered('new-1')).at(5, 15)).toEqual([255, 0, 0, 255]);
});

test.each(['preview.eps', 'both.eps'])('the preview of an EPS file is shown: %s', async (name) => {
  expect(warningsOf(name).at(-1)).toBe(FROM_PREVIEW);
  const picture = await delivered(`${name.replace(/\..*/, '')}-1`);
  expect([picture.width, picture.height]).toEqual([40, 20]);
  expect(picture.at(5, 5)).toEqual([255, 0, 0, 255]);
  expect(picture.at(35, 15)).toEqual([0, 0, 255, 255]);
});

test('what is beside the program and cannot be used is named', () => {
  const unusable: Record<string, RegExp> = {
    'metafile.eps': /^the preview in the file is a Windows metafile, which is not supported$/,
    'damaged.eps':
      /^the preview in the file cannot be used: the content is not an image that can be decoded$/,
    'signed.eps': /^the preview in the file cannot be used: .*signed samples/,
  };
  for (const [name, words] of Object.entries(unusable))
    expect(warningsOf(name)).toEqual([expect.stringMatching(words), NOT_RENDERED]);
  expect(warningsOf('both.eps')[0]).toMatch(/^the PDF in the file cannot be used: the document is damaged/);
  // A header that refers to bytes beyond the end is as good as none.
  expect(warningsOf('beyond.eps')).toEqual([NOT_RENDERED]);
});

test('without options, a file is kept as it is and nothing is searched', async () => {
  const upload = await runJob(connection, COMPANY, {
    jobName: 'again',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: [{ sourceUrl: `${web.url}/preview.eps`, destPath: 'MyShoes/kept.eps' }],
    },
  });
  expect(messagesOf(upload, 'UploadWarning')).toEqual([]);
  expect((await fetch(`${server.url}/is/image/MyShoes/kept-1`)).status).toBe(403);
});
