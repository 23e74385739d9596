// Codecs for other contracts than the default one, and elements that a contract lacks.
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2014 } from '@ips-sdk/types/2014-04-03';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { describe, expect, it } from 'vitest';
import {
  codec,
  createCodec,
  type DecodeIssue,
  findMessage,
  type UnknownElement,
  unknownElements,
} from '../src/index.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const older = createCodec(of2013);
const smartCrops = createCodec(of2019);
const user = { firstName: 'Ann', lastName: 'A', email: 'a@b', password: 'p', isValid: true };

describe('a codec for another contract', () => {
  it('writes its namespace and fields, and refuses what it lacks by its name', () => {
    const xml = older.encodeRequest('addUser', { ...user, defaultRole: 'IpsUser', membershipArray: [] });
    expect(xml).toContain(`<addUserParam xmlns="${XSD}/2013-02-15">`);
    expect(xml).toContain('<defaultRole>IpsUser</defaultRole>');
    expect(() =>
      older.encodeRequest('addUser', {
        ...user,
        defaultRole: 'IpsUser',
        membershipArray: [],
        isIpsAdmin: false,
      } as never),
    ).toThrow('addUserParam.isIpsAdmin: addUserParam has no such field in contract 2013-02-15');
    expect(() => older.encodeRequest('uploadPost' as never, {} as never)).toThrow(
      'the contract 2013-02-15 has no operation "uploadPost"',
    );
  });

  it('writes the header of its contract: before 2014 there is one, in the namespace without a version', () => {
    const header = { user: 'a@b', password: 'p' };
    for (const headerForm of ['versioned', 'unversioned'] as const) {
      const xml = older.encodeRequest('getActiveJobs', {}, { header, headerForm });
      expect(xml).toContain(`<authHeader xmlns="${XSD}"><user>`);
      expect(older.decodeRequest(xml, { strict: true }).header).toEqual(header);
    }
    const named = { ...header, samlResponse: 'saml', appName: 'A', appVersion: '1' };
    const xml = createCodec(of2016).encodeRequest('getActiveJobs', {}, { header: named });
    expect(xml).toContain(`<authHeader xmlns="${XSD}/2016-01-14-beta">`);
    expect(createCodec(of2016).decodeRequest(xml, { strict: true }).header).toEqual(named);
  });

  it('accepts its namespace in strict mode, and no other', () => {
    const xml = older.encodeResponse('createFolder', { folderHandle: 'f|x/' });
    expect(older.decodeResponse('createFolder', xml, { strict: true }).value).toEqual({
      folderHandle: 'f|x/',
    });
    const expected = `found the namespace "${XSD}/2013-02-15", expected "${XSD}/2014-04-03"`;
    expect(() => codec.decodeResponse('createFolder', xml, { strict: true })).toThrow(expected);
  });

  it('accepts the namespace that was asked for in strict mode', () => {
    const namespace = `${XSD}/2017-10-29-beta`;
    const xml = codec.encodeResponse('createFolder', { folderHandle: 'f|x/' }, { namespace });
    for (const document of [xml, xml.replace('<soapenv:Body>', '<soapenv:Body><!-- slowly -->')]) {
      const options = { strict: true, namespace };
      expect(codec.decodeResponse('createFolder', document, options)).toMatchObject({ namespace });
      expect(() => codec.decodeResponse('createFolder', document, { strict: true })).toThrow('namespace');
      const other = codec.encodeResponse('createFolder', { folderHandle: 'f|x/' });
      expect(() => codec.decodeResponse('createFolder', other, options)).toThrow(`expected "${namespace}"`);
    }
  });

  it('sends and reads smart crops', () => {
    const cropRect = { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 };
    const input = {
      companyHandle: 'c|6',
      updateArray: [{ ownerHandle: 'a|1', subAssetHandle: 'a|2', cropRect }],
    };
    const xml = smartCrops.encodeRequest('updateSmartCrops', input);
    expect(smartCrops.decodeRequest(xml, { strict: true })).toMatchObject({
      operation: 'updateSmartCrops',
      input,
    });
    const subAssetArray = [
      { subAssetHandle: 'a|2', type: 'SmartCrop', name: 'Banner', smartCrop: { cropRect } },
    ];
    const answer = smartCrops.encodeResponse('getAssociatedAssets', { subAssetArray });
    expect(smartCrops.decodeResponse('getAssociatedAssets', answer).value.subAssetArray).toEqual(
      subAssetArray,
    );
  });

  it('is the default one under the name of its version', () => {
    expect(of2014).toBe(codec.contract);
  });

  it('names the element that its contract lacks', () => {
    const xml = smartCrops.encodeRequest('updateSmartCrops', { companyHandle: 'c', updateArray: [] });
    expect(() => codec.decodeRequest(xml)).toThrow(
      'the document contains no request of the contract 2014-04-03, but <updateSmartCropsParam>',
    );
  });
});

describe('findMessage', () => {
  const header = { user: 'a@b', password: 'p', appName: 'A', appVersion: '1' };
  it.each([
    ['SOAP 1.1', older.encodeRequest('getActiveJobs', {}, { header })],
    ['SOAP 1.2', older.encodeRequest('getActiveJobs', {}, { header, soapVersion: '1.2' })],
    ['plain XML', older.encodeRequest('getActiveJobs', {}, { header, dialect: 'plain' })],
    ['a bare element', older.encodeMessage('GetActiveJobsParam', {})],
    ['prefixes', `<p:getActiveJobsParam xmlns:p="${XSD}/2013-02-15"/>`],
    [
      'a long header',
      older.encodeRequest('getActiveJobs', {}, { header: { ...header, user: 'x'.repeat(10_000) } }),
    ],
  ])('finds the message in %s', (_form, xml) => {
    expect(findMessage(xml)).toEqual({ element: 'getActiveJobsParam', namespace: `${XSD}/2013-02-15` });
  });

  it.each(['', 'x', '<', '<!DOCTYPE a><a/>', '<a', '<p:a/>', '<Request xmlns="urn:x"></Request>'])(
    'finds none in %j',
    (xml) => {
      expect(findMessage(xml)).toBeUndefined();
    },
  );
});

type Kept = { readonly [unknownElements]?: readonly UnknownElement[] };

describe('elements that the contract lacks', () => {
  const xml =
    `<checkAssetNamesReturn xmlns="${XSD}/2014-04-03"><first>1</first><inUseNameArray><items>a</items><hue>red</hue></inUseNameArray>` +
    '<second><deep xmlns="urn:x"> x <deeper>y</deeper></deep><empty/></second></checkAssetNamesReturn>';

  it('are kept where that is asked for, under a symbol, and reported all the same', () => {
    const issues: DecodeIssue[] = [];
    const { value } = codec.decodeResponse('checkAssetNames', xml, {
      unknownElements: 'keep',
      onIssue: (issue) => issues.push(issue),
    });
    expect(Object.keys(value)).toEqual(['inUseNameArray']);
    expect((value as Kept)[unknownElements]).toEqual([
      { name: 'first', text: '1' },
      {
        name: 'second',
        children: [
          { name: 'deep', namespace: 'urn:x', text: 'x', children: [{ name: 'deeper', text: 'y' }] },
          { name: 'empty' },
        ],
      },
    ]);
    expect((value.inUseNameArray as Kept)[unknownElements]).toEqual([{ name: 'hue', text: 'red' }]);
    expect(issues.map(({ code }) => code)).toEqual(['unknown-element', 'unknown-element', 'unknown-element']);
    expect((codec.decodeResponse('checkAssetNames', xml).value as Kept)[unknownElements]).toBeUndefined();
    expect(() =>
      codec.decodeResponse('checkAssetNames', xml, { unknownElements: 'keep', strict: true }),
    ).toThrow('first');
  });

  it('are sent behind the known ones, in the order given, and come back the same', () => {
    const { value } = codec.decodeResponse('checkAssetNames', xml, { unknownElements: 'keep' });
    const written = codec.encodeResponse('checkAssetNames', value, { unknownElements: 'send' });
    expect(written).toContain(
      '<inUseNameArray><items>a</items><hue>red</hue></inUseNameArray><first>1</first>' +
        '<second><deep xmlns="urn:x">x<deeper>y</deeper></deep><empty/></second></checkAssetNamesReturn>',
    );
    const read = codec.decodeResponse('checkAssetNames', written, { unknownElements: 'keep' }).value;
    expect((read as Kept)[unknownElements]).toEqual((value as Kept)[unknownElements]);
  });

  it('are refused unless sending them is asked for, and when XML cannot carry them', () => {
    const input = (element: UnknownElement) => ({
      companyHandle: 'c',
      jobHandle: 'j',
      [unknownElements]: [element],
    });
    expect(() => codec.encodeRequest('stopJob', input({ name: 'reason' }))).toThrow(
      "stopJobParam: the value has elements that the contract lacks; to send them, set unknownElements: 'send'",
    );
    const send = (element: UnknownElement) =>
      codec.encodeRequest('stopJob', input(element), { unknownElements: 'send' });
    expect(() => send({ name: 'a b' })).toThrow('"a b" is not an XML name');
    expect(() => send({ name: 'a', text: '\u0000' })).toThrow('stopJobParam.a: U+0000');
    expect(send({ name: 'a', text: '<&' })).toContain('<a>&lt;&amp;</a>');
  });
});

describe('a raw message', () => {
  it('needs no contract', () => {
    const xml = codec.encodeRawRequest(
      'updateSmartCrops',
      {
        companyHandle: 'c|6',
        updateArray: [{ ownerHandle: 'a|1', cropRect: { leftN: 0.5 } }],
        left: undefined,
      },
      { namespace: `${XSD}/2019-09-10-beta` },
    );
    expect(smartCrops.decodeRequest(xml)).toMatchObject({
      operation: 'updateSmartCrops',
      namespace: `${XSD}/2019-09-10-beta`,
      input: { companyHandle: 'c|6', updateArray: [{ ownerHandle: 'a|1', cropRect: { leftN: 0.5 } }] },
    });
    const given = `<stopJobParam xmlns="${XSD}"><jobHandle>j</jobHandle></stopJobParam>`;
    expect(codec.encodeRawRequest('stopJob', given, { dialect: 'plain' })).toContain(`>${given}</Request>`);
  });

  it('is read as text, arrays and objects, and a fault is still a fault', () => {
    const answer = smartCrops.encodeResponse('updateSmartCrops', {
      successCount: 1,
      warningCount: 0,
      errorCount: 2,
      errorDetailArray: [
        { assetHandle: 'a|1', code: 1, reason: 'no' },
        { assetHandle: 'a|2', code: 1, reason: '' },
      ],
    });
    expect(codec.decodeRawResponse('updateSmartCrops', answer)).toEqual({
      element: 'updateSmartCropsReturn',
      namespace: `${XSD}/2019-09-10-beta`,
      value: {
        successCount: '1',
        warningCount: '0',
        errorCount: '2',
        errorDetailArray: [
          { assetHandle: 'a|1', code: '1', reason: 'no' },
          { assetHandle: 'a|2', code: '1', reason: '' },
        ],
      },
    });
    for (const dialect of ['soap', 'plain'] as const) {
      const fault = codec.encodeFault({ kind: 'api', code: 30001, reason: 'no' }, { dialect });
      expect(() => codec.decodeRawResponse('updateSmartCrops', fault)).toThrow('updateSmartCrops: no (30001');
    }
  });
});
