// The texts of documents with their places: made at upload, by a reprocess and a rip, and compared with another reader of PDF.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchStrings } from '@ips-sdk/types';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { pageLines } from '../src/assets/page-lines.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { pdfOf, textPdf } from './support/documents.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { messagesOf, runJob } from './support/jobs.js';

const companyHandle = 'c|6';

/** Pages that are turned, moved and scaled, with fonts of two kinds. */
const PAGES = [
  { content: 'BT /F1 12 Tf 20 70 Td (Red leather shoe) Tj /F2 9 Tf 0 -30 Td (caf\\351, 12-inch) Tj ET' },
  { content: 'BT /F1 1 Tf 12 0 0 12 20 40 Tm (Scaled text) Tj ET', more: '/Rotate 90' },
  {
    content: 'BT /F1 12 Tf 0 1 -1 0 100 10 Tm (Upwards) Tj ET BT /F1 12 Tf 500 500 Td (outside) Tj ET',
    mediaBox: '10 10 210 110',
  },
  { content: 'BT /F2 20 Tf 30 30 Td (Cropped here) Tj ET', more: '/CropBox [20 10 180 90]' },
];
const document = textPdf(...PAGES);
/** 201 lines of 100 words. */
const many = textPdf({
  content: `BT /F1 1 Tf 1 410 Td ${`0 -2 Td (${'a '.repeat(100)}) Tj `.repeat(201)}ET`,
  mediaBox: '0 0 200 420',
});

let server: IpsServer;
let files: FileServer;
let admin: Connection;
beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true });
  files = await serveFiles({ '/text.pdf': document, '/plain.pdf': pdfOf([1, 0, 0]), '/many.pdf': many });
  admin = connect(server);
});
afterAll(async () => {
  await files.close();
  await server.stop();
});

let jobs = 0;
/** Uploads a document, and answers the handles of the assets with its name and of its pages. */
async function upload(name: string, pdfOptions: object, more: object = {}) {
  jobs += 1;
  const log = await runJob(admin, companyHandle, {
    jobName: `upload ${jobs}`,
    uploadUrlsJob: {
      urlArray: [{ sourceUrl: `${files.url}/${name}.pdf`, destPath: `SampleCompany/${name}.pdf` }],
      overwrite: true,
      readyForPublish: false,
      createMask: false,
      emailSetting: 'None',
      pdfOptions: {
        process: 'Rasterize',
        resolution: 72,
        colorspace: 'Auto',
        pdfCatalog: false,
        ...pdfOptions,
      },
      ...more,
    } as never,
  });
  const { assetArray = [] } = await admin.call('searchAssets', {
    companyHandle,
    includeSubfolders: true,
  });
  const handleOf = (asset: string, type: string) =>
    assetArray.find((each) => each.name === asset && each.type === type)?.assetHandle ?? '';
  return {
    log,
    pdf: handleOf(name, 'Pdf'),
    page: (number: number) => handleOf(`${name}-${number}`, 'Image'),
  };
}

const textsOf = async (assetHandle: string) =>
  (await admin.call('getSearchStrings', { companyHandle, assetHandle })).searchStringsArray;

const words = (texts: readonly SearchStrings[]) =>
  texts.map(({ searchString, keywordsArray }) => [searchString, keywordsArray.map(({ keyword }) => keyword)]);

describe('the texts of a document', () => {
  it('are its lines with their words, on the document page by page, and on each page', async () => {
    const { pdf, page } = await upload('text', { extractSearchWords: true });
    const all = await textsOf(pdf);
    expect(words(all)).toEqual([
      ['Red leather shoe', ['Red', 'leather', 'shoe']],
      ['café, 12-inch', ['café,', '12-inch']],
      ['Scaled text', ['Scaled', 'text']],
      ['Upwards', ['Upwards']],
      ['Cropped here', ['Cropped', 'here']],
    ]);
    expect(all.map(({ fontName, pointSize, status }) => [fontName, pointSize, status])).toEqual([
      ['Helvetica', '12', true],
      ['Times-Bold', '9', true],
      ['Helvetica', '12', true],
      ['Helvetica', '12', true],
      ['Times-Bold', '20', true],
    ]);
    const [, , third, fourth, fifth] = all;
    expect(await textsOf(page(1))).toEqual(all.slice(0, 2));
    expect(await textsOf(page(2))).toEqual([third]);
    expect(await textsOf(page(3))).toEqual([fourth]);
    expect(await textsOf(page(4))).toEqual([fifth]);
  });

  it('are in pixels of the pictures, so that dark pixels are where they say', async () => {
    const { pdf, page } = await upload('text', { extractSearchWords: true, resolution: 300 });
    const [red] = await textsOf(page(1));
    expect(red).toEqual((await textsOf(pdf))[0]);
    const word = red?.keywordsArray[1];
    // 45.3 points from the left at 300 pixels per inch, 36.7 points wide.
    expect(word).toMatchObject({ keyword: 'leather', x: 188, width: 154 });
  });

  it('move with a crop of the pictures, which cuts or omits them', async () => {
    const { pdf, page } = await upload(
      'text',
      { extractSearchWords: true, resolution: 72 },
      {
        manualCropOptions: { left: 50, right: 0, top: 10, bottom: 0 },
      },
    );
    const [first] = await textsOf(page(1));
    expect(words([first as SearchStrings])).toEqual([['Red leather shoe', ['leather', 'shoe']]]);
    expect(first).toMatchObject({ x: 0, y: 8, width: 62 });
    expect(first?.keywordsArray[0]).toMatchObject({ keyword: 'leather', x: 0, width: 33 });
    expect((await textsOf(pdf))[0]).toEqual(first);
  });

  it('are found without pictures of the pages, and with a thumbnail only', async () => {
    for (const process of ['None', 'Thumbnail']) {
      const { pdf } = await upload('text', { process, extractSearchWords: true, resolution: 144 });
      const all = await textsOf(pdf);
      expect(all.map(({ searchString }) => searchString)).toHaveLength(5);
      expect(all[0]?.keywordsArray[1]).toMatchObject({ keyword: 'leather', x: 90, width: 75 });
    }
  });

  it('are made by a reprocess and by a rip, and go when the pages are made again without them', async () => {
    const { pdf, page } = await upload('text', { resolution: 100 });
    expect(await textsOf(pdf)).toEqual([]);
    expect(await textsOf(page(1))).toEqual([]);
    const pdfOptions = { process: 'Rasterize', resolution: 72, colorspace: 'Auto', pdfCatalog: false };
    const options = { emailSetting: 'None', createMask: false } as const;
    const reprocess = (more: object) =>
      runJob(admin, companyHandle, {
        jobName: `reprocess ${(jobs += 1)}`,
        reprocessAssetsJob: {
          assetHandleArray: [pdf],
          ...options,
          pdfOptions: { ...pdfOptions, ...more },
        } as never,
      });
    const rip = (more: object) =>
      runJob(admin, companyHandle, {
        jobName: `rip ${(jobs += 1)}`,
        ripPdfsJob: { pdfHandleArray: [pdf], ...options, pdfOptions: { ...pdfOptions, ...more } } as never,
      });
    for (const job of [reprocess, rip]) {
      await job({ extractSearchWords: true });
      expect(await textsOf(pdf)).toHaveLength(5);
      expect(await textsOf(page(2))).toHaveLength(1);
      await job({ extractSearchWords: false });
      expect(await textsOf(pdf)).toEqual([]);
      expect(await textsOf(page(2))).toEqual([]);
    }
    // A rip makes pictures, whatever else it is asked for.
    await rip({ process: undefined, extractSearchWords: true, resolution: 90 });
    expect((await textsOf(page(1)))[0]?.keywordsArray[1]).toMatchObject({ x: 56 });
  });

  it('are not those of a picture that replaced the page, nor of a copy', async () => {
    const { pdf, page } = await upload('text', { extractSearchWords: true, resolution: 80 });
    await admin.call('replaceImage', { companyHandle, assetHandle: page(1), urlModifier: 'wid=50' });
    expect(await textsOf(page(1))).toEqual([]);
    expect(await textsOf(page(2))).toHaveLength(1);
    expect(await textsOf(pdf)).toHaveLength(5);
  });

  it('are none of other assets', async () => {
    const { page } = await upload('plain', {});
    expect(await textsOf(page(1))).toEqual([]);
    expect(await admin.fault('getSearchStrings', { companyHandle, assetHandle: 'a|999999' })).toMatchObject({
      code: 30001,
    });
  });

  it('are limited, with a warning', async () => {
    const { log, pdf } = await upload('many', { extractSearchWords: true, process: 'None' });
    const all = await textsOf(pdf);
    expect(all.flatMap(({ keywordsArray }) => keywordsArray)).toHaveLength(20_000);
    expect(messagesOf(log, 'UploadWarning')).toEqual([
      'SampleCompany/many.pdf: page 1 has more text than is kept for searches: at most 20000 words of a page, and 200000 of a document',
    ]);
  });
});

describe('pdftotext', () => {
  it('sees the words at the same places', async (context) => {
    if (spawnSync('pdftotext', ['-v']).error !== undefined) context.skip('pdftotext is not installed');
    const directory = mkdtempSync(join(tmpdir(), 'ips-text-'));
    try {
      const path = join(directory, 'text.pdf');
      writeFileSync(path, document);
      const theirs = execFileSync('pdftotext', ['-bbox', '-cropbox', path, '-'], { encoding: 'utf8' })
        .split('<page ')
        .slice(1)
        .map((page) =>
          [...page.matchAll(/<word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.+)<\/word>/g)].map(
            ([, ...fields]) => ({ word: fields[4], edges: fields.slice(0, 4).map(Number) }),
          ),
        );
      const { page } = await upload('text', { extractSearchWords: true, resolution: 72 });
      expect(theirs.map((each) => each.length)).toEqual([5, 2, 1, 2]);
      for (const [index, expected] of theirs.entries()) {
        const ours = (await textsOf(page(index + 1))).flatMap(({ keywordsArray }) => keywordsArray);
        expect(ours.map(({ keyword }) => keyword)).toEqual(expected.map(({ word }) => word));
        for (const [at, { x, y, width, height }] of ours.entries()) {
          const [xMin = 0, yMin = 0, xMax = 0, yMax = 0] = expected[at]?.edges ?? [];
          // Whole pixels, and the height of the font rather than that of its capital letters: at most a quarter more.
          const size = Math.min(xMax - xMin, yMax - yMin);
          const near = (one: number, other: number) =>
            expect(Math.abs(one - other)).toBeLessThan(1 + size / 4);
          near(x, xMin);
          near(y, yMin);
          near(x + width, xMax);
          near(y + height, yMax);
        }
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the lines of a page', () => {
  const character = fc.record({
    code: fc.oneof(
      fc.constantFrom(10, 13, 32, 0x2003, 2, 0, 0xd83d, 0xde00, 0xfffe, 0x110000),
      fc.nat(0x24f),
    ),
    box: fc.option(
      fc.tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
    ),
  });

  const row = (text: string) => ({
    codes: Uint32Array.from(text, (each) => each.charCodeAt(0)),
    boxes: Float32Array.from(
      { length: 4 * text.length },
      (_, at) => [10 * (at >> 2), 0, 10 * (at >> 2) + 9, 8][at & 3] ?? 0,
    ),
    hasMore: false,
  });

  it('show a hyphen at the end of a line, and the font without the mark of an embedded part', () => {
    const fonts = [
      { from: 0, name: 'ABCDEF+Myriad-Bold', size: 11.999 },
      { from: 6, name: 'Times', size: 8.5 },
    ];
    const { lines, words, hasMore } = pageLines({ ...row('leath\u0002\r\ner'), fonts }, 10);
    expect([words, hasMore]).toEqual([2, false]);
    expect(lines).toMatchObject([
      { text: 'leath-', x: 0, y: 0, width: 59, height: 8, font: 'Myriad-Bold', pointSize: 12 },
      { text: 'er', x: 80, y: 0, width: 19, height: 8, font: '', pointSize: 0 },
    ]);
  });

  it('end with the last word that is allowed', () => {
    const read = (maxWords: number) => pageLines({ ...row('a b c'), fonts: [] }, maxWords);
    expect(read(2)).toMatchObject({ lines: [{ text: 'a b' }], words: 2, hasMore: true });
    expect(read(3)).toMatchObject({ lines: [{ text: 'a b c' }], words: 3, hasMore: false });
    expect(read(0)).toEqual({ lines: [], words: 0, hasMore: true });
  });

  it('hold every word once, inside of its line, with text that can be stored', () => {
    fc.assert(
      fc.property(fc.array(character, { maxLength: 60 }), fc.nat(20), (characters, maxWords) => {
        const codes = Uint32Array.from(characters, ({ code }) => code);
        const boxes = Float32Array.from(
          characters.flatMap(({ box }) =>
            box === null ? [NaN, NaN, NaN, NaN] : [box[0], box[1], box[0] + box[2], box[1] + box[3]],
          ),
        );
        const read = pageLines({ codes, boxes, fonts: [], hasMore: false }, maxWords);
        const all = read.lines.flatMap((line) => line.words);
        expect(all).toHaveLength(read.words);
        expect(read.words).toBeLessThanOrEqual(maxWords);
        for (const line of read.lines) {
          expect(line.text).toBe(line.words.map(({ text }) => text).join(' '));
          for (const word of line.words) {
            expect(word.text).toMatch(/^[^\s\p{Cc}\p{Cs}]+$/u);
            expect(word.width).toBeGreaterThan(0);
            expect(word.height).toBeGreaterThan(0);
            expect(word.x).toBeGreaterThanOrEqual(line.x);
            expect(word.y).toBeGreaterThanOrEqual(line.y);
            expect(word.x + word.width).toBeLessThanOrEqual(line.x + line.width);
            expect(word.y + word.height).toBeLessThanOrEqual(line.y + line.height);
          }
        }
      }),
      { numRuns: casesOf(1000) },
    );
  });
});
