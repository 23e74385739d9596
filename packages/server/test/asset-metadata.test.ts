import { deflateSync, gzipSync, inflateSync } from 'node:zlib';
import type { MetadataCondition, MetadataUpdate } from '@ips-sdk/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import type { IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
let server: IpsServer;
let admin: Connection;
let assets: string[];

serverForFile('instant', async (shared) => {
  server = shared;
  assets = await insertAssets(server, [
    { name: 'one' },
    { name: 'two' },
    { name: 'three' },
    { name: 'four', type: 'Video' },
    { name: 'gone', trash_state: 'InTrash' },
  ]);
  admin = connect(server);
});

const create = async (
  name: string,
  fieldType: string,
  more: { assetType?: string; defaultValue?: string; initialTagValue?: string; isHidden?: boolean } = {},
) =>
  (await admin.call('createMetadataField', { companyHandle, assetType: 'Image', name, fieldType, ...more }))
    .fieldHandle;
const handle = (index: number): string => assets[index] ?? '';
const set = (index: number, ...updateArray: MetadataUpdate[]) =>
  admin.call('setAssetMetadata', { companyHandle, assetHandle: handle(index), updateArray });
const setFault = (index: number, ...updateArray: MetadataUpdate[]) =>
  admin.fault('setAssetMetadata', { companyHandle, assetHandle: handle(index), updateArray });
const metadata = async (index: number) => {
  const { assetArray = [] } = await admin.call('getAssets', {
    companyHandle,
    assetHandleArray: [handle(index)],
  });
  return Object.fromEntries((assetArray[0]?.metadataArray ?? []).map(({ name, ...rest }) => [name, rest]));
};
const found = async (condition: MetadataCondition) =>
  (
    await admin.call('searchAssets', {
      companyHandle,
      includeSubfolders: true,
      metadataConditionArray: [condition],
    })
  ).assetArray?.map(({ name = '' }) => name);

describe('metadata fields', () => {
  it('are created, listed by type, changed and deleted', async () => {
    const season = await create('Season', 'String', { defaultValue: 'all year', isHidden: true });
    expect(season).toBe('m|6|IMAGE|Season');
    const everywhere = await create('Everywhere', 'Int', { assetType: 'Asset' });
    expect(everywhere).toBe('m|6|ASSET|Everywhere');
    const { fieldArray } = await admin.call('getMetadataFields', { companyHandle, assetType: 'Image' });
    expect(fieldArray).toEqual([
      {
        fieldHandle: season,
        name: 'Season',
        type: 'String',
        defaultValue: 'all year',
        isRequired: false,
        isUserDefined: true,
        isHidden: true,
        isEnforced: false,
      },
      expect.objectContaining({ name: 'Everywhere', type: 'Int', defaultValue: '' }),
    ]);
    const videos = await admin.call('getMetadataFields', { companyHandle, assetType: 'Video' });
    expect(videos.fieldArray.map(({ name }) => name)).toEqual(['Everywhere']);
    const grouped = await admin.call('getAssetMetadataFields', { companyHandle });
    expect(grouped.assetFieldsArray.map(({ assetType }) => assetType)).toEqual(['Image', 'Asset']);

    const renamed = await admin.call('updateMetadataField', {
      companyHandle,
      fieldHandle: season,
      name: 'Time of year',
      defaultValue: '',
    });
    expect(renamed.fieldHandle).toBe('m|6|IMAGE|Time of year');
    const saved = await admin.call('saveMetadataField', {
      companyHandle,
      fieldHandle: renamed.fieldHandle,
      assetType: 'Image',
      name: 'Time of year',
      fieldType: 'String',
      defaultValue: 'spring',
    });
    expect(saved).toEqual(renamed);
    expect(await metadata(0)).toEqual({ 'Time of year': { value: 'spring' } });
    await admin.call('deleteMetadataField', { companyHandle, fieldHandle: renamed.fieldHandle });
    await admin.call('deleteMetadataField', { companyHandle, fieldHandle: everywhere });
    expect(await metadata(0)).toEqual({});
    expect(
      await admin.fault('deleteMetadataField', { companyHandle, fieldHandle: renamed.fieldHandle }),
    ).toMatchObject({ code: 30001 });
  });

  it('are refused when they are invalid', async () => {
    await create('Taken', 'String');
    const wrong = (name: string, fieldType: string, more: object = {}) =>
      admin.fault('createMetadataField', { companyHandle, assetType: 'Image', name, fieldType, ...more });
    expect(await wrong('taken', 'String')).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('exists'),
    });
    expect(await wrong('X', 'Poem')).toMatchObject({ code: 30001 });
    expect(await wrong('', 'String')).toMatchObject({ code: 30001 });
    expect(await wrong('X', 'MultiTag', { defaultValue: 'a' })).toMatchObject({ code: 30001 });
    expect(await wrong('X', 'Int', { defaultValue: 'a' })).toMatchObject({ code: 30001 });
    expect(await wrong('X', 'Int', { initialTagValue: 'a' })).toMatchObject({ code: 30001 });
    expect(await wrong('X', 'Int', { assetType: 'Poem' })).toMatchObject({ code: 30001 });
  });
});

describe('metadata values', () => {
  it('are answered as text and in the form of their type', async () => {
    const flag = await create('Flag', 'Boolean');
    const count = await create('Count', 'Int');
    const ratio = await create('Ratio', 'Float');
    const day = await create('Day', 'Date');
    const tags = await create('Tags', 'MultiTag');
    await set(
      0,
      { fieldHandle: flag, boolVal: true },
      { fieldHandle: count, value: ' 42 ' },
      { fieldHandle: ratio, doubleVal: 0.5 },
      { fieldHandle: day, dateVal: '2014-04-03T02:00:00-07:00' },
      { fieldHandle: tags, addTagValueArray: ['a', 'b', 'a'] },
    );
    expect(await metadata(0)).toEqual({
      Flag: { value: 'true', boolVal: true },
      Count: { value: '42', longVal: 42 },
      Ratio: { value: '0.5', doubleVal: 0.5 },
      Day: { value: '2014-04-03T09:00:00.000Z', dateVal: '2014-04-03T09:00:00.000Z' },
      Tags: { value: 'a,b', valueArray: ['a', 'b'] },
    });
    await set(0, { fieldHandle: tags, addTagValueArray: ['c'], deleteTagValueArray: ['a'] });
    expect((await metadata(0))['Tags']?.valueArray).toEqual(['b', 'c']);
    await set(0, { fieldHandle: tags, setTagValueArray: [] });
    await admin.call('deleteAssetMetadata', {
      companyHandle,
      assetHandle: handle(0),
      deleteArray: [
        { fieldHandle: flag },
        { fieldHandle: count },
        { fieldHandle: ratio },
        { fieldHandle: day },
      ],
    });
    expect(await metadata(0)).toEqual({});
  });

  it('are all refused when one of them is invalid', async () => {
    const number = await create('Number', 'Int');
    const text = await create('Text', 'String');
    const one = await create('OneTag', 'SingleTag');
    const wrong = await setFault(
      0,
      { fieldHandle: text, value: 'kept?' },
      { fieldHandle: number, value: '1.5' },
    );
    expect(wrong).toMatchObject({ code: 30001, reason: expect.stringContaining('updateArray[1]/value') });
    expect(await metadata(0)).toEqual({});
    expect(await setFault(0, { fieldHandle: number })).toMatchObject({ code: 30002 });
    expect(await setFault(0, { fieldHandle: one, setTagValueArray: ['a', 'b'] })).toMatchObject({
      code: 30001,
    });
    expect(await setFault(0, { fieldHandle: text, addTagValueArray: ['a'] })).toMatchObject({ code: 30000 });
    expect(await setFault(0, { fieldHandle: 'm|6|IMAGE|Nothing', value: 'x' })).toMatchObject({
      code: 30001,
    });
    expect(await setFault(3, { fieldHandle: text, value: 'x' })).toMatchObject({ code: 30001 });
    expect(await setFault(4, { fieldHandle: text, value: 'x' })).toMatchObject({ code: 30000 });
  });

  it('are set for many assets, each asset and field with a fault of its own', async () => {
    const color = await create('Color', 'String');
    const weight = await create('Weight', 'Float');
    const result = await admin.call('batchSetAssetMetadata', {
      companyHandle,
      updateArray: [
        {
          assetHandleArray: [handle(0), handle(1), 'a|999999', handle(4)],
          updateArray: [
            { fieldHandle: color, value: `red ' " \\ %` },
            { fieldHandle: weight, value: 'heavy' },
          ],
        },
      ],
    });
    expect(result).toMatchObject({ successCount: 2, warningCount: 0, errorCount: 6 });
    expect(result.errorDetailArray?.filter(({ fieldHandle }) => fieldHandle === weight)).toHaveLength(4);
    expect(result.errorDetailArray?.map(({ code }) => code)).toEqual([
      30001, 30001, 30001, 30001, 30000, 30000,
    ]);
    expect((await metadata(1))['Color']).toEqual({ value: `red ' " \\ %` });
    const { values } = await admin.call('getUniqueMetadataValues', { companyHandle, fieldHandle: color });
    expect(values).toEqual([`red ' " \\ %`]);
    const { valueArray } = await admin.call('getDistinctMetadataValues', {
      companyHandle,
      metadataKey: 'custom_attributes.Color',
    });
    expect(valueArray).toEqual([
      { value: 'N/A', count: 2 },
      { value: `red ' " \\ %`, count: 2 },
    ]);
  });
});

describe('tag dictionaries', () => {
  it('grow, have tags renamed in place, and remove tags from assets when they shrink', async () => {
    const field = await create('Season', 'MultiFixedTag', { initialTagValue: 'none' });
    const tags = { companyHandle, fieldHandle: field };
    const dictionary = async () =>
      (await admin.call('getTagFieldValues', { companyHandle, fieldHandleArray: [field] })).fieldArray[0]
        ?.valueArray;
    expect(await dictionary()).toEqual(['none']);
    expect((await metadata(1))['Season']?.valueArray).toEqual(['none']);
    await admin.call('addTagFieldValues', { ...tags, valueArray: ['spring', 'summer', 'none', `o'tumn`] });
    expect(await dictionary()).toEqual(['none', 'spring', 'summer', `o'tumn`]);
    await set(1, { fieldHandle: field, setTagValueArray: ['spring', `o'tumn`] });
    expect(await setFault(1, { fieldHandle: field, addTagValueArray: ['winter'] })).toMatchObject({
      code: 30001,
    });

    const renamed = await admin.call('updateTagFieldValues', {
      ...tags,
      updateArray: [
        { oldValue: 'spring', newValue: 'Frühling' },
        { oldValue: 'monsoon', newValue: 'rain' },
        { oldValue: 'summer', newValue: 'none' },
      ],
    });
    expect(renamed).toMatchObject({ successCount: 1, errorCount: 2 });
    expect(renamed.errorDetailArray).toEqual([
      { value: 'monsoon', code: 30001, reason: "Tag value 'monsoon' not found." },
      { value: 'summer', code: 30001, reason: "New tag value 'none' already exists." },
    ]);
    expect((await metadata(1))['Season']?.valueArray).toEqual(['Frühling', `o'tumn`]);

    await admin.call('deleteTagFieldValues', { ...tags, valueArray: [`o'tumn`] });
    expect((await metadata(1))['Season']?.valueArray).toEqual(['Frühling']);
    await admin.call('setTagFieldValues', { ...tags, valueArray: ['a', 'b'] });
    expect((await metadata(1))['Season']).toBeUndefined();
    expect(await admin.fault('deleteTagFieldValues', { ...tags, valueArray: ['c'] })).toMatchObject({
      code: 30001,
      reason: "Tag value 'c' not found.",
    });
  });

  it('of open fields learn the tags that assets get', async () => {
    const field = await create('Words', 'MultiTag');
    await set(0, { fieldHandle: field, setTagValueArray: ['new', 'newer'] });
    const { fieldArray } = await admin.call('getTagFieldValues', {
      companyHandle,
      fieldHandleArray: [field],
    });
    expect(fieldArray).toEqual([{ fieldHandle: field, valueArray: ['new', 'newer'] }]);
    const matching = async (op: string, ...valueArray: string[]) =>
      (
        await admin.call('searchAssets', {
          companyHandle,
          includeSubfolders: true,
          tagConditionArray: [
            op === 'Matches'
              ? { fieldHandle: field, op, value: valueArray[0] }
              : { fieldHandle: field, op, valueArray },
          ],
        })
      ).assetArray?.map(({ name }) => name);
    await set(1, { fieldHandle: field, setTagValueArray: ['newer', `it's`] });
    expect(await matching('Matches', 'newer')).toEqual(['one', 'two']);
    expect(await matching('MatchesAll', 'newer', `it's`)).toEqual(['two']);
    expect(await matching('MatchesAny', 'new', `it's`, '%')).toEqual(['one', 'two']);
    expect(await matching('MatchesAny', 'ne_')).toEqual([]);
    // One value goes with Matches, several with the others, and all of them with fields for several tags.
    const single = await create('Word', 'SingleTag');
    const wrong = async (condition: object) =>
      admin.fault('searchAssets', {
        companyHandle,
        includeSubfolders: true,
        tagConditionArray: [{ fieldHandle: field, op: 'Matches', ...condition }],
      });
    for (const condition of [
      { op: 'MatchesAny', value: 'new' },
      { op: 'MatchesAll', value: 'new' },
      { op: 'MatchesAny', value: 'new', valueArray: ['new'] },
      { op: 'Matches', value: 'new', valueArray: ['new'] },
      { op: 'MatchesAll', fieldHandle: single, valueArray: ['new'] },
    ]) {
      expect(await wrong(condition)).toMatchObject({
        code: 30001,
        reason: expect.stringContaining('tagConditionArray[0]'),
      });
    }
    expect(await wrong({ op: 'MatchesAny' })).toMatchObject({ code: 30002 });
  });
});

describe('conditions on metadata', () => {
  it('find what a naive search finds, whatever the texts', async () => {
    const field = await create('Free', 'String', { defaultValue: 'Default' });
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '%', '_', '\\', `'`, '"', 'é', 'É', '本', '🦊', ' ', '$1'),
      minLength: 1,
      maxLength: 4,
    });
    const operators = ['Equals', 'NotEquals', 'Contains', 'NotContains', 'StartsWith', 'EndsWith'] as const;
    const compare = (op: string, value: string, operand: string): boolean => {
      switch (op) {
        case 'Equals':
          return value === operand;
        case 'NotEquals':
          return value !== operand;
        case 'Contains':
          return value.includes(operand);
        case 'NotContains':
          return !value.includes(operand);
        case 'StartsWith':
          return value.startsWith(operand);
        default:
          return value.endsWith(operand);
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(text, text),
        fc.array(fc.tuple(fc.constantFrom(...operators), text, fc.boolean()), { minLength: 4, maxLength: 4 }),
        async ([first, second], conditions) => {
          await set(0, { fieldHandle: field, value: first });
          await set(1, { fieldHandle: field, value: second });
          // The third has the default; the fourth is not an image and has nothing.
          const values = [first, second, 'Default', undefined];
          for (const [op, operand, caseSensitive] of conditions) {
            const folded = (each: string) => (caseSensitive ? each : each.toLowerCase());
            const expected = ['one', 'two', 'three', 'four'].filter((_, index) => {
              const value = values[index];
              return value === undefined ? op.startsWith('Not') : compare(op, folded(value), folded(operand));
            });
            const names = await found({ fieldHandle: field, op, value: operand, caseSensitive });
            expect(names?.sort()).toEqual(expected.sort());
          }
        },
      ),
      { numRuns: casesOf(40) },
    );
  });

  it('compare numbers, flags and dates as what they are', async () => {
    const size = await create('Size', 'Float');
    const sold = await create('Sold', 'Boolean', { defaultValue: 'false' });
    const since = await create('Since', 'Date');
    await set(0, { fieldHandle: size, doubleVal: 9.5 }, { fieldHandle: sold, boolVal: true });
    await set(1, { fieldHandle: size, longVal: 10 }, { fieldHandle: since, dateVal: '2020-01-01T00:00:00Z' });
    expect(await found({ fieldHandle: size, op: 'LessThan', doubleVal: 10 })).toEqual(['one']);
    expect(await found({ fieldHandle: size, op: 'Between', minDouble: 9.5, maxDouble: 10 })).toEqual([
      'one',
      'two',
    ]);
    // A value is that of the field's type, and a flag is equal or nothing.
    for (const condition of [
      { fieldHandle: size, op: 'LessThan', longVal: 10 },
      { fieldHandle: size, op: 'Between', minLong: 9, maxLong: 10 },
      { fieldHandle: sold, op: 'NotEquals', boolVal: true },
      { fieldHandle: since, op: 'Equals', doubleVal: 1 },
    ]) {
      expect(
        await admin.fault('searchAssets', {
          companyHandle,
          includeSubfolders: true,
          metadataConditionArray: [condition],
        }),
      ).toMatchObject({ code: 30001, reason: expect.stringContaining('metadataConditionArray[0]') });
    }
    expect(await found({ fieldHandle: sold, op: 'NotEquals', value: 'true' })).toContain('two');
    expect(await found({ fieldHandle: size, op: 'Equals', value: '10.0' })).toEqual(['two']);
    expect(await found({ fieldHandle: size, op: 'StartsWith', value: '9' })).toEqual(['one']);
    expect(await found({ fieldHandle: sold, op: 'Equals', boolVal: false })).toEqual(['three', 'two']);
    expect(
      await found({ fieldHandle: since, op: 'GreaterThan', dateVal: '2019-12-31T16:00:00-07:00' }),
    ).toEqual(['two']);
    const wrong = await admin.fault('searchAssets', {
      companyHandle,
      includeSubfolders: true,
      metadataConditionArray: [{ fieldHandle: sold, op: 'LessThan', boolVal: true }],
    });
    expect(wrong.reason).toContain('metadataConditionArray[0]/op');
  });
});

describe('XMP', () => {
  const packet = `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:d="http://ns.adobe.com/xap/1.0/" d:Rating="4">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Tom &amp; Jerry's</rdf:li></rdf:Alt></dc:title>
<dc:subject><rdf:Bag><rdf:li>cat</rdf:li><rdf:li>mouse</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const packed = (text: string): string => deflateSync(text).toString('base64');
  const unpacked = (compressed: string): string => inflateSync(Buffer.from(compressed, 'base64')).toString();
  const byMetadata = (condition: MetadataCondition, more: object = {}) =>
    admin.call('searchAssetsByMetadata', { companyHandle, metadataConditionArray: [condition], ...more });

  it('is written, read back, and searched by its keys', async () => {
    const target = { companyHandle, assetHandle: handle(2) };
    expect(await admin.call('updateXMPPacket', { ...target, compressedPacket: packed(packet) })).toEqual({
      success: true,
    });
    const { compressedPacket } = await admin.call('getXMPPacket', target);
    expect(unpacked(compressedPacket)).toBe(packet);
    // As in the samples of the documentation.
    const contained = gzipSync(deflateSync(packet)).toString('base64').replaceAll(/.{76}/g, '$&\n');
    expect(await admin.call('updateXMPPacket', { ...target, compressedPacket: contained })).toEqual({
      success: true,
    });
    expect(await admin.call('getXMPPacket', target)).toEqual({ compressedPacket });
    const answer = await byMetadata(
      { fieldHandle: 'dc.title', op: 'Contains', value: `JERRY'S` },
      {
        responseMetadataArray: [
          'dc.title',
          'dc.subject',
          'xmp.Rating',
          'custom_attributes.Free',
          'dc.rights',
        ],
      },
    );
    expect(answer.totalRows).toBe(1);
    expect(answer.assetSummaryArray[0]).toMatchObject({
      name: 'three',
      assetHandle: handle(2),
      filename: 'three.tif',
    });
    expect(answer.assetSummaryArray[0]?.metadataArray).toEqual([
      { name: 'dc.title', value: `Tom & Jerry's` },
      { name: 'dc.subject', value: 'cat,mouse', valueArray: ['cat', 'mouse'] },
      { name: 'xmp.Rating', value: '4' },
      { name: 'custom_attributes.Free', value: 'null' },
    ]);
    expect((await byMetadata({ fieldHandle: 'dc.subject', op: 'Equals', value: 'mouse' })).totalRows).toBe(1);
    expect((await byMetadata({ fieldHandle: 'xmp.Rating', op: 'GreaterThan', longVal: 3 })).totalRows).toBe(
      1,
    );
    expect((await byMetadata({ fieldHandle: `x'y.z"`, op: 'Equals', value: 'x' })).totalRows).toBe(0);
    const { valueArray } = await admin.call('getDistinctMetadataValues', {
      companyHandle,
      metadataKey: 'dc.subject',
    });
    expect(valueArray).toEqual([
      // The live assets without a value.
      { value: 'N/A', count: 3 },
      { value: 'cat', count: 1 },
      { value: 'mouse', count: 1 },
    ]);
  });

  it('is created from known properties when the file had none', async () => {
    const [made = ''] = await insertAssets(server, [
      { name: 'made', xmp: { 'dc.title': 'A < B', 'dc.subject': ['x', 'y'], 'odd.key': 'left out' } },
    ]);
    const { compressedPacket } = await admin.call('getXMPPacket', { companyHandle, assetHandle: made });
    const text = unpacked(compressedPacket);
    expect(text).toContain('<rdf:li xml:lang="x-default">A &lt; B</rdf:li>');
    await admin.call('updateXMPPacket', { companyHandle, assetHandle: handle(0), compressedPacket });
    const again = await byMetadata({ fieldHandle: 'dc.title', op: 'Equals', value: 'a < b' });
    expect(again.assetSummaryArray.map(({ name }) => name)).toEqual(['made', 'one']);
  });

  it('is refused when it is not a packet, too large or hostile', async () => {
    const wrong = (compressedPacket: string) =>
      admin.fault('updateXMPPacket', { companyHandle, assetHandle: handle(0), compressedPacket });
    for (const bad of [
      Buffer.from('no zlib').toString('base64'),
      packed('plain text'),
      packed('<a xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><b></a>'),
      packed(`<!DOCTYPE x [<!ENTITY e "boom">]>${packet.slice(packet.indexOf('<x:'))}`),
      packed('0'.repeat(20 * 2 ** 20)),
      gzipSync('0'.repeat(20 * 2 ** 20)).toString('base64'),
      gzipSync(deflateSync('plain text')).subarray(0, 20).toString('base64'),
    ]) {
      expect(await wrong(bad)).toMatchObject({ code: 30001 });
    }
  });

  it('filters searches, and pages them', async () => {
    const filters = { assetTypeArray: ['Video'] };
    const videos = await admin.call('searchAssetsByMetadata', { companyHandle, filters });
    expect(videos.assetSummaryArray.map(({ name }) => name)).toEqual(['four']);
    const second = await admin.call('searchAssetsByMetadata', {
      companyHandle,
      recordsPerPage: 2,
      resultsPage: 2,
    });
    expect(second.totalRows).toBe(5);
    expect(second.assetSummaryArray).toHaveLength(2);
    const bad = (condition: MetadataCondition) =>
      admin.fault('searchAssetsByMetadata', { companyHandle, metadataConditionArray: [condition] });
    expect(await bad({ fieldHandle: 'nodot', op: 'Equals', value: 'x' })).toMatchObject({ code: 30001 });
    expect(await bad({ fieldHandle: 'custom_attributes.None', op: 'Equals', value: 'x' })).toMatchObject({
      code: 30001,
    });
  });
});
