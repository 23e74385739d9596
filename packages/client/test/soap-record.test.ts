// What the soap package alone, version 1.13 with our WSDL, makes of values and answers, and what this client makes of the same ones.
// Each test shows both, so that a new version of soap that does better is noticed.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { contract } from '@ips-sdk/types/contract';
import { codec } from '@ips-sdk/wire';
import fc from 'fast-check';
import * as soap from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryOf } from '../../../scripts/testing/arbitrary.js';
import {
  createIpsClient,
  HttpError,
  type IpsClient,
  IpsFault,
  ValidationError,
  WireError,
} from '../src/index.js';
import { wsdlFile } from './support/peers/peer.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const envelope = (body: string) =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
const answerOf = (operation: string, fields: string) =>
  envelope(`<${operation}Return xmlns="${NS}">${fields}</${operation}Return>`);

let server: Server;
let answer = { status: 200, body: '' };
let received = '';
let theirs: soap.Client & Record<string, (input: unknown) => Promise<[unknown]>>;
let ours: IpsClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received = Buffer.concat(chunks).toString();
      response.writeHead(answer.status, { 'content-type': 'text/xml; charset=utf-8' });
      response.end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}/scene7/services/IpsApiService`;
  theirs = (await soap.createClientAsync(wsdlFile, {}, endpoint)) as typeof theirs;
  ours = createIpsClient({ endpoint, auth: { user: 'ann@example.com', password: 'secret' }, retry: false });
});

afterAll(async () => {
  await ours.close();
  server.closeAllConnections();
  server.close();
});

/** The value of a promise, or its error. */
const outcome = (promise: Promise<unknown> | undefined): Promise<unknown> =>
  (promise ?? Promise.reject(new Error('no such method'))).catch((error: unknown) => error);

/** The message of the request that soap sends, prefixes taken off. */
async function sentBySoap(operation: string, input: object): Promise<string> {
  received = '';
  answer = { status: 200, body: answerOf(operation, '') };
  await outcome(theirs[`${operation}Async`]?.(input));
  return message(received);
}

/** The message of the request that our client sends, or what it throws before anything is sent. */
async function sentByUs(operation: 'submitJob' | 'searchAssets', input: object): Promise<unknown> {
  received = '';
  answer = {
    status: 200,
    body: answerOf(operation, operation === 'submitJob' ? '<jobHandle>j</jobHandle>' : ''),
  };
  const result = await outcome(ours.call(operation, input as never));
  return received === '' ? result : message(received);
}

const message = (xml: string) =>
  (/<(?:\w+:)?Body>(.*)<\/(?:\w+:)?Body>/s.exec(xml)?.[1] ?? '')
    .replace(/ xmlns(:\w+)?="[^"]*"| xsi:\w+="[^"]*"/g, '')
    .replace(/(<\/?)\w+:/g, '$1');

/** What both make of one answer. */
async function read(
  operation: string,
  body: string,
  status = 200,
): Promise<{ soap: unknown; ours: unknown }> {
  answer = { status, body };
  const result = await outcome(theirs[`${operation}Async`]?.({}).then(([value]: [unknown]) => value));
  // soap asks for nothing to be there; we do, so there is something.
  const [input] = fc.sample(arbitraryOf(contract.operations[operation]?.input ?? '', 0), {
    numRuns: 1,
    seed: 1,
  });
  return {
    soap: result,
    ours: await outcome(ours.call(operation as never, input as never, { validation: 'off' })),
  };
}

/** The shortest job that there is. */
const job = { companyHandle: 'c|6', jobName: 'x', metadataPublishJob: {} };

describe('sending', () => {
  it('order: soap sends fields of a request as their keys come, we as the contract has them', async () => {
    const input = { metadataPublishJob: {}, jobName: 'x', companyHandle: 'c|6' };
    expect(await sentBySoap('submitJob', input)).toBe(
      '<submitJobParam><metadataPublishJob></metadataPublishJob><jobName>x</jobName><companyHandle>c|6</companyHandle></submitJobParam>',
    );
    expect(await sentByUs('submitJob', input)).toBe(
      '<submitJobParam><companyHandle>c|6</companyHandle><jobName>x</jobName><metadataPublishJob/></submitJobParam>',
    );
  });

  it('dates: soap sends a Date as an empty element, we as a date', async () => {
    const input = { ...job, execTime: new Date('2014-04-03T22:00:00-07:00') };
    expect(await sentBySoap('submitJob', input)).toContain('<execTime></execTime>');
    expect(await sentByUs('submitJob', input)).toContain('<execTime>2014-04-04T05:00:00.000Z</execTime>');
  });

  it('unknown keys: soap sends them, we say which one it is', async () => {
    const input = { ...job, exectime: '2014-04-03T22:00:00Z' };
    expect(await sentBySoap('submitJob', input)).toContain('<exectime>');
    const error = await sentByUs('submitJob', input);
    expect(error).toBeInstanceOf(ValidationError);
    expect(String(error)).toContain('exectime');
  });

  it('arrays: soap loses the wrapper of a plain array, we write it', async () => {
    const details = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
    const input = {
      companyHandle: 'c|6',
      jobName: 'x',
      uploadUrlsJob: { urlArray: [{ sourceUrl: 'https://x.example/a', destPath: 'a' }], ...details },
    };
    expect(await sentBySoap('submitJob', input)).toContain('<urlArray><sourceUrl>');
    expect(await sentByUs('submitJob', input)).toContain('<urlArray><items><sourceUrl>');
  });

  it('missing fields, null and wrong types: soap sends what there is, we refuse', async () => {
    expect(await sentBySoap('submitJob', {})).toBe('<submitJobParam></submitJobParam>');
    expect(await sentBySoap('submitJob', { ...job, jobName: null })).toContain('<jobName></jobName>');
    expect(await sentBySoap('submitJob', { ...job, execTime: 'tomorrow' })).toContain(
      '<execTime>tomorrow</execTime>',
    );
    for (const input of [
      {},
      { ...job, jobName: null },
      { ...job, jobName: 5 },
      { ...job, execTime: 'tomorrow' },
    ])
      expect(await sentByUs('submitJob', input)).toBeInstanceOf(ValidationError);
  });

  it('markup: what looks like CDATA goes out of soap as it is, and can add elements; we escape it', async () => {
    const jobName = '<![CDATA[]]></jobName><description>injected</description><jobName><![CDATA[]]>';
    expect(await sentBySoap('submitJob', { ...job, jobName })).toContain(
      '<description>injected</description>',
    );
    expect(await sentByUs('submitJob', { ...job, jobName })).not.toContain('<description>');
    expect(codec.decodeRequest(received).input).toEqual({ ...job, jobName });
  });

  it('characters: soap sends what no XML can hold, we refuse', async () => {
    const jobName = 'a\u0008b';
    await sentBySoap('submitJob', { ...job, jobName });
    expect(() => codec.decodeRequest(received)).toThrow(WireError);
    expect(String(await sentByUs('submitJob', { ...job, jobName }))).toContain('jobName');
    expect(received).toBe('');
  });

  it('longs: soap sends a rounded number in a form that no integer has, we refuse it, or take a bigint', async () => {
    const search = (longVal: number | bigint) => ({
      companyHandle: 'c|6',
      includeSubfolders: true,
      systemFieldConditionArray: [{ field: 'FileSize', op: 'Equals', longVal }],
    });
    const wrapped = (longVal: number | bigint) => ({
      ...search(longVal),
      systemFieldConditionArray: { items: search(longVal).systemFieldConditionArray },
    });
    expect(await sentBySoap('searchAssets', wrapped(1e21))).toContain('<longVal>1e+21</longVal>');
    expect(await sentByUs('searchAssets', search(1e21))).toBeInstanceOf(Error);
    expect(await sentByUs('searchAssets', search(2n ** 53n + 1n))).toContain(
      '<longVal>9007199254740993</longVal>',
    );
  });
});

describe('reading', () => {
  it('empty wrappers: null for soap, an empty array for us', async () => {
    expect(await read('getActiveJobs', answerOf('getActiveJobs', '<jobArray/>'))).toEqual({
      soap: { jobArray: null },
      ours: { jobArray: [] },
    });
  });

  it('answers without content: null for soap, an object for us', async () => {
    expect(await read('stopJob', answerOf('stopJob', ''))).toEqual({ soap: null, ours: {} });
  });

  it('offsets: gone with soap, which makes a Date; kept by us', async () => {
    const company = '<companyHandle>c</companyHandle><name>n</name><rootPath>r</rootPath>';
    const body = answerOf(
      'addCompany',
      `<companyInfo>${company}<expires>2014-04-03T22:00:00.000-08:00</expires></companyInfo>`,
    );
    expect(await read('addCompany', body)).toEqual({
      soap: { companyInfo: expect.objectContaining({ expires: new Date('2014-04-04T06:00:00.000Z') }) },
      ours: { companyInfo: expect.objectContaining({ expires: '2014-04-03T22:00:00.000-08:00' }) },
    });
  });

  it('longs: rounded by soap, an error with its place for us', async () => {
    const usage =
      '<companyHandle>c</companyHandle><companyName>n</companyName><imageCount>1</imageCount>' +
      '<diskSpaceUsage>9007199254740993</diskSpaceUsage><lastModified>2014-04-03T00:00:00Z</lastModified>';
    const both = await read(
      'getDiskUsage',
      answerOf('getDiskUsage', `<diskUsageArray><items>${usage}</items></diskUsageArray>`),
    );
    expect(both.soap).toMatchObject({ diskUsageArray: { items: [{ diskSpaceUsage: 9007199254740992 }] } });
    expect(both.ours).toMatchObject({
      code: 'unsafe-integer',
      path: 'getDiskUsageReturn.diskUsageArray[0].diskSpaceUsage',
    });
  });

  it('texts: trimmed by soap, as they are for us', async () => {
    const body = answerOf('checkAssetNames', '<inUseNameArray><items> a </items></inUseNameArray>');
    expect(await read('checkAssetNames', body)).toEqual({
      soap: { inUseNameArray: { items: ['a'] } },
      ours: { inUseNameArray: [' a '] },
    });
  });

  it('what is of no type: guessed by soap, left out and reported by us', async () => {
    const rectangle = '<xOffset>12abc</xOffset><yOffset>many</yOffset><width>1</width><height>1</height>';
    const both = await read('getAutoCropRect', answerOf('getAutoCropRect', rectangle));
    expect(both).toEqual({
      soap: { xOffset: 12, yOffset: Number.NaN, width: 1, height: 1 },
      ours: { width: 1, height: 1 },
    });
    const issues: string[] = [];
    await ours.getAutoCropRect(
      {
        companyHandle: 'c|6',
        assetHandle: 'a|1',
        autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0 },
      },
      { onIssue: ({ path }) => issues.push(path) },
    );
    expect(issues).toEqual(['getAutoCropRectReturn.xOffset', 'getAutoCropRectReturn.yOffset']);
  });

  it('infinity: not a number for soap, infinity for us', async () => {
    const body = answerOf('getPhotoshopPath', '<perspectiveQuad><x0>INF</x0></perspectiveQuad>');
    expect(await read('getPhotoshopPath', body)).toEqual({
      soap: { perspectiveQuad: { x0: Number.NaN } },
      ours: { perspectiveQuad: { x0: Number.POSITIVE_INFINITY } },
    });
  });

  it('an answer in a foreign namespace: taken by soap, refused by us', async () => {
    const both = await read(
      'getActiveJobs',
      answerOf('getActiveJobs', '<jobArray/>').replace(NS, 'urn:other'),
    );
    expect(both.soap).toEqual({ jobArray: null });
    expect(both.ours).toMatchObject({ name: 'WireError', code: 'namespace' });
  });

  it('an answer of another operation, and none at all: nothing for soap, an error for us', async () => {
    const other = await read('getActiveJobs', answerOf('submitJob', '<jobHandle>j</jobHandle>'));
    expect(other.soap).toBeUndefined();
    expect(other.ours).toBeInstanceOf(HttpError);
    const none = await read('getActiveJobs', '');
    expect(none.soap).toEqual({});
    expect(none.ours).toBeInstanceOf(HttpError);
  });

  it('an element called __proto__: soap breaks, we pass over it', async () => {
    const both = await read(
      'createFolder',
      answerOf('createFolder', '<__proto__><x>1</x></__proto__><folderHandle>f|a/</folderHandle>'),
    );
    expect(both.soap).toBeInstanceOf(TypeError);
    expect(both.ours).toEqual({ folderHandle: 'f|a/' });
  });
});

describe('faults', () => {
  const fault = { kind: 'authentication', code: 10001, reason: 'Invalid username/password' } as const;
  const known = { name: 'IpsFault', ...fault, codeName: 'AUTHENTICATION_FAULT_CODE_INVALID_CREDENTIALS' };

  it('without an envelope: an ordinary answer for soap, a fault for us', async () => {
    const both = await read('getActiveJobs', codec.encodeFault(fault, { dialect: 'plain' }));
    expect(both.soap).toEqual({ authenticationFault: { code: '10001', reason: fault.reason } });
    expect(both.ours).toBeInstanceOf(IpsFault);
    expect(both.ours).toMatchObject(known);
  });

  it.each([200, 500])(
    'with HTTP status %i: a plain Error with JSON in its text for soap, typed for us',
    async (status) => {
      const both = await read('getActiveJobs', codec.encodeFault(fault), status);
      expect((both.soap as Error).constructor).toBe(Error);
      expect(both.soap).not.toHaveProperty('code');
      expect((both.soap as Error).message).toContain('{"authenticationFault":{"code":"10001"');
      expect(both.ours).toBeInstanceOf(IpsFault);
      expect(both.ours).toMatchObject({ ...known, httpStatus: status });
    },
  );

  it('malformed answers: an object that is no Error for soap, an error with what came for us', async () => {
    const both = await read('getActiveJobs', answerOf('getActiveJobs', '<jobArray>').slice(0, -40));
    expect(both.soap).not.toBeInstanceOf(Error);
    expect(both.ours).toBeInstanceOf(HttpError);
  });

  it('error pages: soap says that it cannot parse, we say what the status is', async () => {
    const both = await read('getActiveJobs', '<html><body>Bad gateway</body></html>', 502);
    expect((both.soap as Error).message).toBe('Cannot parse response');
    expect(both.ours).toMatchObject({ name: 'HttpError', status: 502 });
  });
});
