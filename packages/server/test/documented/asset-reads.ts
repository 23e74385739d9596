import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { ServerWorld } from '../facts/fact.js';
import { pdfOf } from '../support/documents.ts';
import { BLUE, painted, plain, RED, WHITE } from '../support/pictures.ts';
import { firstForm, longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';
import { uploaded } from './uploaded.ts';

/** Samples of reading and finding assets. */
export const assetReadReproductions: Reproductions = {
  checkAssetNames: {
    run: async ({ asset, companyHandle, expect }, send) => {
      await asset('sample-used');
      const answer = await send({ companyHandle, assetNameArray: ['sample-unused', 'sample-used'] });
      expect(answer).toEqual({ inUseNameArray: ['sample-used'] });
    },
  },
  getAssetsByName: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const first = await asset('sample-by-name-1');
      const second = await asset('SAMPLE_BY_NAME_2');
      const { assetArray } = await send({
        companyHandle,
        nameArray: ['sample-by-name-1', 'SAMPLE_BY_NAME_2'],
        assetTypeArray: ['Image'],
      });
      expect(assetArray).toMatchObject([
        { assetHandle: first, type: 'Image', name: 'sample-by-name-1' },
        { assetHandle: second, type: 'Image', name: 'SAMPLE_BY_NAME_2' },
      ]);
    },
  },
  getAssociatedAssets: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const { document, pages } = await ripped(world, 'sample-pages');
      const containers = await send({
        companyHandle,
        assetHandle: pages[0] ?? '',
        responseFieldArray: ['containerArray/items/assetHandle'],
      });
      expect(containers).toEqual({ containerArray: [{ assetHandle: document }] });
      const generated = await send({
        companyHandle,
        assetHandle: document,
        responseFieldArray: ['generatedArray/items/originator/assetHandle'],
      });
      expect(generated).toEqual({
        generatedArray: pages.map(() => ({ originator: { assetHandle: document } })),
      });
    },
  },
  getAutoCropRect: {
    run: async (world, send) => {
      // A white margin of 4 pixels on the left, 3 above, 6 on the right and 7 below.
      const content = painted(30, 20, (x, y) => (x >= 4 && x < 24 && y >= 3 && y < 13 ? RED : WHITE));
      const assetHandle = await uploaded(world, 'sample-margin.png', await content.png().toBuffer());
      const answer = await send({
        companyHandle: world.companyHandle,
        assetHandle,
        autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.5 },
      });
      world.expect(answer).toEqual({ xOffset: 4, yOffset: 3, width: 20, height: 10 });
    },
  },
  getGenerationInfo: {
    run: async (world, send) => {
      const { document, pages } = await ripped(world, 'sample-ripped');
      const { generationArray } = await send({
        companyHandle: world.companyHandle,
        originatorHandle: longForm(document),
      });
      world.expect(generationArray).toMatchObject(
        pages.map((page) => ({
          engine: 'PostScriptRip',
          originator: { assetHandle: document, type: 'Pdf' },
          generated: { assetHandle: page, type: 'Image' },
          attributeArray: [],
        })),
      );
    },
  },
  getOriginalFilePaths: {
    run: async ({ asset, expect }, send) => {
      const assetHandleArray = [
        firstForm(await asset('Sample of a path')),
        firstForm(await asset('Sample of another')),
      ];
      expect(await send({ companyHandle: '6', assetHandleArray })).toEqual({
        originalFileArray: ['SampleCompany/Sample of a path.png', 'SampleCompany/Sample of another.png'],
      });
    },
  },
  getZipEntries: {
    run: async (world, send) => {
      const zip = new ZipFile();
      const options = { mtime: new Date(2014, 3, 3, 9, 30, 52), forceDosTimestamp: true };
      zip.addBuffer(Buffer.from('list '.repeat(200)), 'Sample_List/.hidden', options);
      zip.addBuffer(Buffer.from('more'), 'Sample_List/more.txt', options);
      zip.end();
      const assetHandle = await uploaded(world, 'sample-archive.zip', await buffer(zip.outputStream));
      const { zipArray } = await send({
        companyHandle: world.companyHandle,
        assetHandle: longForm(assetHandle),
      });
      world.expect(zipArray[0]).toMatchObject({
        name: 'Sample_List/.hidden',
        isDirectory: false,
        // The time in the archive has no zone, so it is that of the server.
        lastModified: '2014-04-03T09:30:52.000-04:00',
        uncompressedSize: 1000,
      });
    },
  },
  searchAssets: {
    run: async ({ asset, expect }, send) => {
      const assetHandle = await asset('Sample of a search');
      const { totalRows, assetArray } = await send({
        companyHandle: '6',
        includeSubfolders: true,
        assetTypeArray: ['Image'],
      });
      expect(totalRows).toBe(assetArray?.length);
      expect(assetArray).toContainEqual(
        expect.objectContaining({ assetHandle, type: 'Image', name: 'Sample of a search' }),
      );
    },
  },
  searchAssetsByMetadata: {
    run: async (world, send) => {
      const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Camera 2"><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Ann Miller</rdf:li></rdf:Alt></dc:rights><dc:subject><rdf:Bag><rdf:li>Lisbon, Portugal</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
      const content = await plain(8, 6, BLUE).withXmp(xmp).jpeg().toBuffer();
      const assetHandle = await uploaded(world, 'sample-rights-2000902.jpg', content);
      const { assetSummaryArray } = await send({
        companyHandle: world.companyHandle,
        metadataConditionArray: [
          { fieldHandle: 'name', op: 'Contains', value: '2000902' },
          { fieldHandle: 'dc.rights', op: 'Equals', value: 'Ann Miller' },
        ],
        responseMetadataArray: ['dc.subject', 'xmp.CreatorTool'],
      });
      const time = world.expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]:00$/) as string;
      world.expect(assetSummaryArray).toEqual([
        {
          assetHandle,
          type: 'Image',
          name: 'sample-rights-2000902',
          folder: 'SampleCompany/',
          filename: 'sample-rights-2000902.jpg',
          created: time,
          createUser: world.server.admin.email,
          lastModified: time,
          lastModifyUser: world.server.admin.email,
          metadataArray: [
            { name: 'dc.subject', value: 'Lisbon, Portugal', valueArray: ['Lisbon, Portugal'] },
            { name: 'xmp.CreatorTool', value: 'Camera 2' },
          ],
        },
      ]);
    },
    adds: {
      'a field of the contract that the pages do not have': [
        'assetSummaryArray/items/metadataArray/items/valueArray/items',
      ],
    },
  },
};

/** A document of three pages, without an eCatalog, and the images of its pages. */
async function ripped(world: ServerWorld, name: string): Promise<{ document: string; pages: string[] }> {
  const document = await uploaded(world, `${name}.pdf`, pdfOf([1, 0, 0], [0, 1, 0], [0, 0, 1]), {
    pdfOptions: { process: 'Rasterize', pdfCatalog: false },
  });
  const { assetArray = [] } = await world.connection.call('getAssetsByName', {
    companyHandle: world.companyHandle,
    nameArray: [1, 2, 3].map((page) => `${name}-${page}`),
  });
  return { document, pages: assetArray.map(({ assetHandle = '' }) => assetHandle) };
}
