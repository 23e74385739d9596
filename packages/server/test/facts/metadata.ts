import { deflateSync, gzipSync } from 'node:zlib';
import type { Fact } from './fact.js';

/** Facts about metadata, tags and XMP. */
export const metadataFacts: readonly Fact[] = [
  {
    id: 'tags-that-cannot-be-renamed',
    fact: 'A tag that is missing, or whose new text is taken, is a row of updateTagFieldValues with the old value, 30001 and a sentence.',
    evidence: { kind: 'page', source: 'r-update-tag-field-values.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Asset',
        name: 'FactTags',
        fieldType: 'SingleFixedTag',
      });
      const field = { companyHandle, fieldHandle };
      await connection.call('setTagFieldValues', { ...field, valueArray: ['Oak', 'Pine'] });
      const answer = await connection.call('updateTagFieldValues', {
        ...field,
        updateArray: [
          { oldValue: 'Oak', newValue: 'Pine' },
          { oldValue: 'Up', newValue: 'Down' },
        ],
      });
      expect(answer.errorDetailArray).toEqual([
        { value: 'Oak', code: 30001, reason: "New tag value 'Pine' already exists." },
        { value: 'Up', code: 30001, reason: "Tag value 'Up' not found." },
      ]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        updateTagFieldValues:
          '<successCount>1</successCount><warningCount>0</warningCount><errorCount>1</errorCount><errorDetailArray><items>' +
          "<value>Oak</value><code>30001</code><reason>New tag value 'Pine' already exists.</reason></items></errorDetailArray>",
      });
      const { errorDetailArray } = await ips.updateTagFieldValues({
        fieldHandle: 'm|6|ASSET|FactTags',
        updateArray: [{ oldValue: 'Oak', newValue: 'Pine' }],
      });
      expect(errorDetailArray).toEqual([
        { value: 'Oak', code: 30001, reason: "New tag value 'Pine' already exists." },
      ]);
    },
  },
  {
    id: 'values-that-are-not-there',
    fact: 'getDistinctMetadataValues counts the assets without a value as `N/A`.',
    evidence: { kind: 'page', source: 'r-get-distinct-metadata-values.md' },
    server: async ({ asset, connection, companyHandle, expect }) => {
      await asset('WithoutLabel');
      const { valueArray } = await connection.call('getDistinctMetadataValues', {
        companyHandle,
        metadataKey: 'xmp.FactLabel',
      });
      expect(valueArray).toEqual([{ value: 'N/A', count: expect.any(Number) as number }]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getDistinctMetadataValues:
          '<valueArray><items><value>N/A</value><count>40</count></items><items><value>image/jpeg</value><count>18</count></items></valueArray>',
      });
      const { valueArray } = await ips.getDistinctMetadataValues({ metadataKey: 'dc.format' });
      expect(valueArray).toEqual([
        { value: 'N/A', count: 40 },
        { value: 'image/jpeg', count: 18 },
      ]);
    },
  },
  {
    id: 'packets-in-gzip-containers',
    fact: 'A packet of XMP is zlib data in a gzip container, in Base64 with line breaks.',
    evidence: { kind: 'page', source: 'r-get-xmp-packet.md, r-update-xmp-packet.md' },
    server: async ({ asset, connection, companyHandle, expect }) => {
      const target = { companyHandle, assetHandle: await asset('WithPacket') };
      const packet = gzipSync(
        deflateSync(
          '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
        ),
      );
      const compressedPacket = packet.toString('base64').replaceAll(/.{76}/g, '$&\n');
      expect(await connection.call('updateXMPPacket', { ...target, compressedPacket })).toEqual({
        success: true,
      });
    },
    client: { reason: 'The client gives packets as they are.' },
  },
];
