import { deflateSync, gzipSync } from 'node:zlib';
import type { ServerWorld } from '../facts/fact.js';
import { BLUE, plain, RED } from '../support/pictures.ts';
import { firstForm, longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';
import { uploaded } from './uploaded.ts';

/** Samples of the values of assets in metadata fields, and of XMP. */
export const metadataValueReproductions: Reproductions = {
  batchSetAssetMetadata: {
    run: async (world, send) => {
      const { asset, companyHandle, expect } = world;
      const fieldHandle = await textField(world, 'SampleBatch', 'Image');
      const images: string[] = [];
      for (const name of ['sample-batch-1', 'sample-batch-2', 'sample-batch-3', 'sample-batch-4']) {
        images.push(longForm(await asset(name)));
      }
      const answer = await send({
        companyHandle,
        updateArray: [
          { assetHandleArray: images.slice(0, 2), updateArray: [{ fieldHandle, value: '12' }] },
          { assetHandleArray: images.slice(2), updateArray: [{ fieldHandle, value: '15' }] },
        ],
      });
      expect(answer).toEqual({ successCount: 4, warningCount: 0, errorCount: 0 });
    },
  },
  deleteAssetMetadata: {
    run: async (world, send) => {
      const assetHandle = await world.asset('sample-unset');
      const fieldHandle = await textField(world, 'SampleUnset');
      await give(world, assetHandle, fieldHandle, 'linen');
      await send({ companyHandle: world.companyHandle, assetHandle, deleteArray: [{ fieldHandle }] });
    },
  },
  getDistinctMetadataValues: {
    run: async (world, send) => {
      const image = (format: string) => plain(8, 6, BLUE).withXmp(packet(`<dc:format>${format}</dc:format>`));
      await world.asset('sample-no-format');
      await uploaded(world, 'sample-format-1.jpg', await image('image/jpeg').jpeg().toBuffer());
      await uploaded(world, 'sample-format-2.jpg', await image('image/jpeg').jpeg().toBuffer(), {});
      await uploaded(world, 'sample-format-3.tif', await image('image/tiff').tiff().toBuffer());
      const { valueArray } = await send({ companyHandle: '6', metadataKey: 'dc.format' });
      world.expect(valueArray).toEqual([
        // The assets without a value.
        { value: 'N/A', count: world.expect.any(Number) },
        { value: 'image/jpeg', count: 2 },
        { value: 'image/tiff', count: 1 },
      ]);
    },
  },
  getUniqueMetadataValues: {
    run: async (world, send) => {
      const assetHandle = await world.asset('sample-unique');
      await give(world, assetHandle, await textField(world, 'SampleUnique'), '42');
      const answer = await send({ companyHandle: '6', fieldHandle: '6|ALL|SampleUnique' });
      world.expect(answer).toEqual({ values: ['42'] });
    },
  },
  setAssetMetadata: {
    run: async (world, send) => {
      const assetHandle = firstForm(await world.asset('sample-given'));
      await textField(world, 'SampleGiven');
      await send({
        companyHandle: '6',
        assetHandle,
        updateArray: [{ fieldHandle: '6|ALL|SampleGiven', value: '42' }],
      });
    },
  },
  getXMPPacket: {
    run: async (world, send) => {
      const content = await plain(8, 6, RED).withXmp(packet('<dc:format>image/jpeg</dc:format>')).jpeg();
      const assetHandle = await uploaded(world, 'sample-packet.jpg', await content.toBuffer());
      await send({ companyHandle: world.companyHandle, assetHandle });
    },
  },
  updateXMPPacket: {
    run: async (world, send) => {
      const assetHandle = await world.asset('sample-new-packet');
      // The sample has the zlib data in a gzip container, in Base64 with line breaks.
      const compressed = gzipSync(deflateSync(packet('<dc:source>Sample of a packet</dc:source>')));
      const compressedPacket = compressed.toString('base64').replaceAll(/.{76}/g, '$&\n');
      const answer = await send({ companyHandle: world.companyHandle, assetHandle, compressedPacket });
      world.expect(answer).toEqual({ success: true });
      const { totalRows } = await world.connection.call('searchAssetsByMetadata', {
        companyHandle: world.companyHandle,
        metadataConditionArray: [{ fieldHandle: 'dc.source', op: 'Equals', value: 'Sample of a packet' }],
      });
      world.expect(totalRows).toBe(1);
    },
  },
};

async function textField(
  { connection, companyHandle }: ServerWorld,
  name: string,
  assetType = 'Asset',
): Promise<string> {
  const field = { companyHandle, assetType, name, fieldType: 'String' };
  return (await connection.call('createMetadataField', field)).fieldHandle;
}

async function give(
  { connection, companyHandle }: ServerWorld,
  assetHandle: string,
  fieldHandle: string,
  value: string,
): Promise<void> {
  await connection.call('setAssetMetadata', {
    companyHandle,
    assetHandle,
    updateArray: [{ fieldHandle, value }],
  });
}

function packet(properties: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}
