import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames, shuffled } from '../../../scripts/testing/arbitrary.js';
import { codec, type EncodeRequestOptions, WireError } from '../src/index.js';

const encode = (operation: string, input: object, options?: EncodeRequestOptions) =>
  codec.encodeRequest(operation as never, input as never, options);
const body = (xml: string) => /<soapenv:Body>(.*)<\/soapenv:Body>/s.exec(xml)?.[1];
const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';

const job = {
  companyHandle: 'c|6',
  jobName: 'Spring <shoes> & "boots"',
  uploadUrlsJob: {
    urlArray: [{ sourceUrl: 'https://www.example.com/a.tif?x=1&y=<2>', destPath: 'MyCompany/a.tif' }],
    overwrite: true,
    readyForPublish: false,
    createMask: false,
    emailSetting: 'None',
  },
};

/** The error of encoding, as code and message. */
function errorOf(operation: string, input: object, options?: EncodeRequestOptions): [string, string] {
  try {
    encode(operation, input, options);
  } catch (error) {
    if (error instanceof WireError) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
}

describe('encoding a request', () => {
  it('writes elements in the order of the contract, arrays as items, text escaped', () => {
    expect(body(encode('submitJob', job))).toBe(
      `<submitJobParam xmlns="${NS}"><companyHandle>c|6</companyHandle><jobName>Spring &lt;shoes&gt; &amp; "boots"</jobName>` +
        '<uploadUrlsJob><urlArray><items><sourceUrl>https://www.example.com/a.tif?x=1&amp;y=&lt;2&gt;</sourceUrl>' +
        '<destPath>MyCompany/a.tif</destPath></items></urlArray><overwrite>true</overwrite><readyForPublish>false</readyForPublish>' +
        '<createMask>false</createMask><emailSetting>None</emailSetting></uploadUrlsJob></submitJobParam>',
    );
  });

  it('writes the same bytes whatever the order of keys, at every level, header too', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...operationNames)
          .chain((name) => fc.tuple(fc.constant(name), arbitraryOf(contract.operations[name]?.input ?? ''))),
        arbitraryOf('AuthHeader'),
        fc.constantFrom('versioned' as const, 'unversioned' as const),
        fc.integer(),
        ([name, input], header, headerForm, seed) => {
          const options = { header, headerForm };
          const mixed = { header: shuffled(header, seed) as object, headerForm };
          expect(encode(name, shuffled(input, seed) as object, mixed)).toBe(encode(name, input, options));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves out the schema that a message names for editors, and only there', () => {
    const stop = { companyHandle: 'c|6', jobHandle: 'j|6|x|' };
    expect(encode('stopJob', { ...stop, $schema: './stopJobParam.json' })).toBe(encode('stopJob', stop));
    const inside = { ...job, uploadUrlsJob: { ...job.uploadUrlsJob, $schema: 'x' } };
    expect(errorOf('submitJob', inside)[0]).toBe('unknown-field');
  });

  it('writes dates with an offset, from a Date and from text', () => {
    const at = (execTime: unknown) =>
      /<execTime>(.*)<\/execTime>/.exec(encode('submitJob', { ...job, execTime }))?.[1];
    expect(at(new Date('2014-04-03T22:00:00-07:00'))).toBe('2014-04-04T05:00:00.000Z');
    expect(at('2014-04-03T22:00:00.5-07:00')).toBe('2014-04-03T22:00:00.5-07:00');
  });

  it('writes numbers, bigints and bytes', () => {
    const condition = {
      field: 'FileSize',
      op: 'Equals',
      longVal: 2n ** 62n,
      doubleVal: Number.POSITIVE_INFINITY,
    };
    const search = encode('searchAssets', {
      companyHandle: 'c|6',
      includeSubfolders: true,
      systemFieldConditionArray: [condition],
    });
    expect(search).toContain('<longVal>4611686018427387904</longVal><doubleVal>INF</doubleVal>');
    const packet = { companyHandle: 'c|6', assetHandle: 'a|1', compressedPacket: new Uint8Array([1, 2, 3]) };
    expect(encode('updateXMPPacket', packet)).toContain('<compressedPacket>AQID</compressedPacket>');
  });

  it('writes the header in either namespace, and an older or newer version of the service', () => {
    const header = { user: 'ann@example.com', password: 'p&w', appName: 'A', appVersion: '1' };
    const fields =
      '<user>ann@example.com</user><password>p&amp;w</password><appName>A</appName><appVersion>1</appVersion></authHeader>';
    const stop = { companyHandle: 'c|6', jobHandle: 'j|6|x|' };
    expect(encode('stopJob', stop, { header })).toContain(`<authHeader xmlns="${NS}">${fields}`);
    expect(encode('stopJob', stop, { header, headerForm: 'unversioned' })).toContain(
      `<authHeader xmlns="http://www.scene7.com/IpsApi/xsd">${fields}`,
    );
    const beta = 'http://www.scene7.com/IpsApi/xsd/2017-10-29-beta';
    expect(encode('stopJob', stop, { header, namespace: beta }).split(`xmlns="${beta}"`)).toHaveLength(3);
  });

  it('writes SOAP 1.1, SOAP 1.2 and the plain form', () => {
    const stop = { companyHandle: 'c|6', jobHandle: 'j|6|x|' };
    const message = `<stopJobParam xmlns="${NS}"><companyHandle>c|6</companyHandle><jobHandle>j|6|x|</jobHandle></stopJobParam>`;
    const envelope = (namespace: string) =>
      `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${namespace}"><soapenv:Header/><soapenv:Body>${message}</soapenv:Body></soapenv:Envelope>`;
    expect(encode('stopJob', stop)).toBe(envelope('http://schemas.xmlsoap.org/soap/envelope/'));
    expect(encode('stopJob', stop, { soapVersion: '1.2' })).toBe(
      envelope('http://www.w3.org/2003/05/soap-envelope'),
    );
    expect(encode('stopJob', stop, { dialect: 'plain' })).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><Request xmlns="${NS}">${message}</Request>`,
    );
  });
});

describe('what cannot be encoded', () => {
  it.each([
    [
      'an unknown field',
      { ...job, exectime: 1 },
      ['unknown-field', 'submitJobParam.exectime: submitJobParam has no such field in contract 2014-04-03'],
    ],
    [
      'an unknown nested field',
      { ...job, uploadUrlsJob: { ...job.uploadUrlsJob, urls: [] } },
      [
        'unknown-field',
        'submitJobParam.uploadUrlsJob.urls: UploadUrlsJob has no such field in contract 2014-04-03',
      ],
    ],
    [
      'a missing field',
      { companyHandle: 'c|6' },
      ['missing-field', 'submitJobParam.jobName: the field is required'],
    ],
    [
      'a wrong type',
      { ...job, jobName: 5 },
      ['bad-value', 'submitJobParam.jobName: found 5, expected a string'],
    ],
    [
      'null',
      { ...job, jobName: null },
      ['bad-value', 'submitJobParam.jobName: found null, expected a string'],
    ],
    [
      'an object for an array',
      { ...job, uploadUrlsJob: { ...job.uploadUrlsJob, urlArray: {} } },
      ['bad-value', 'submitJobParam.uploadUrlsJob.urlArray: found an object, expected an array'],
    ],
    [
      'a hole in an array',
      { ...job, uploadUrlsJob: { ...job.uploadUrlsJob, urlArray: [undefined] } },
      ['bad-value', 'submitJobParam.uploadUrlsJob.urlArray[0]: found undefined, expected an object'],
    ],
    [
      'an invalid Date',
      { ...job, execTime: new Date(Number.NaN) },
      [
        'bad-value',
        'submitJobParam.execTime: found an invalid Date, expected a valid Date in the years 1 to 9999',
      ],
    ],
    [
      'a date without offset',
      { ...job, execTime: '2014-04-03T22:00:00' },
      [
        'bad-value',
        'submitJobParam.execTime: found "2014-04-03T22:00:00", expected a date and time with an offset, such as Z or -07:00',
      ],
    ],
    [
      'a day alone',
      { ...job, execTime: '2014-04-03' },
      [
        'bad-value',
        'submitJobParam.execTime: found "2014-04-03", expected a Date, or a date and time such as 2014-04-03T09:30:00-07:00',
      ],
    ],
    [
      'a character that XML forbids',
      { ...job, description: 'a\u0000' },
      ['bad-character', 'submitJobParam.description: U+0000 at 1 cannot be written in XML'],
    ],
    [
      'an unpaired surrogate',
      { ...job, description: '\ud800' },
      ['bad-character', 'submitJobParam.description: an unpaired surrogate cannot be written in XML'],
    ],
  ])('%s', (_name, input, expected) => expect(errorOf('submitJob', input)).toEqual(expected));

  it('integers out of range, unsafe or broken', () => {
    const target = {
      companyHandle: 'c|6',
      assetHandle: 'a|1',
      name: 'x',
      xPosition: 0,
      yPosition: 0,
      width: 1,
      height: 1,
    };
    expect(errorOf('saveZoomTarget', { ...target, width: 2 ** 31 })[1]).toBe(
      'saveZoomTargetParam.width: found 2147483648, expected a whole number from -2147483648 to 2147483647',
    );
    expect(errorOf('saveZoomTarget', { ...target, width: 1.5 })[1]).toBe(
      'saveZoomTargetParam.width: found 1.5, expected a whole number',
    );
    const search = (longVal: unknown) =>
      errorOf('searchAssets', {
        companyHandle: 'c|6',
        includeSubfolders: true,
        systemFieldConditionArray: [{ field: 'FileSize', op: 'Equals', longVal }],
      })[0];
    expect([search(2 ** 53), search(2n ** 64n), search('5'), search(2 ** 53 - 1)]).toEqual([
      'unsafe-integer',
      'bad-value',
      'bad-value',
      'none',
    ]);
  });

  it('arrays with too few or too many entries', () => {
    const urls = (length: number) =>
      errorOf('cdnCacheInvalidation', {
        companyHandle: 'c|6',
        urlArray: Array.from({ length }, () => 'https://x.example'),
      });
    expect([urls(0)[1], urls(1)[0], urls(1000)[0], urls(1001)[1]]).toEqual([
      'cdnCacheInvalidationParam.urlArray: found 0 entries, expected at least 1',
      'none',
      'none',
      'cdnCacheInvalidationParam.urlArray: found 1001 entries, expected at most 1000',
    ]);
  });

  it('an unknown operation', () => {
    for (const name of ['submitJabs', '__proto__', 'constructor'])
      expect(errorOf(name, {})[0]).toBe('unknown-name');
  });

  it('a value that holds itself', () => {
    const folder: Record<string, unknown> = {};
    folder['subfolderArray'] = [folder];
    expect(() => codec.encodeResponse('getFolderTree', { folders: folder })).toThrow(
      /nested too deeply, or contains itself/,
    );
  });

  it('dates and bytes that an object only inherits', () => {
    expect(errorOf('submitJob', { ...job, execTime: Object.create(new Date(0)) })).toEqual([
      'bad-value',
      'submitJobParam.execTime: found an invalid Date, expected a valid Date in the years 1 to 9999',
    ]);
    const compressedPacket = Object.create(new Uint8Array(1));
    const packet = { companyHandle: 'c|6', assetHandle: 'a|1', compressedPacket };
    expect(errorOf('updateXMPPacket', packet)[1]).toMatch(/found an object, expected bytes or base64 text$/);
  });

  it('inherited properties', () => {
    const inherited = Object.create({ jobName: 'x' }) as object;
    expect(errorOf('submitJob', Object.assign(inherited, { companyHandle: 'c|6' }))[0]).toBe('missing-field');
  });

  it('and an error never shows a password', () => {
    const [, message] = errorOf(
      'stopJob',
      { companyHandle: 'c|6', jobHandle: 'x' },
      { header: { password: 12345, appName: 'A', appVersion: '1' } },
    );
    expect(message).toBe('authHeader.password: found a secret, expected a string');
  });
});
