import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { codec, createCodec, IpsFault } from '@ips-sdk/wire';
import * as soap from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GzipRule } from '../src/config.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { localeOf } from '../src/http/locale.js';
import { connect, post, requestXml } from './support/call.js';
import { serverForFile } from './support/shared-server.js';

const VERSIONED = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const PLAIN = '/scene7/api/IpsApiService';
let server: IpsServer;

serverForFile('instant', async (shared) => {
  server = shared;
});

const header = (more: object = {}) => ({
  user: server.admin.email,
  password: server.admin.password,
  appName: 'test',
  appVersion: '1',
  ...more,
});
const properties = (options: Parameters<typeof requestXml>[2] = {}, more: object = {}) =>
  requestXml('getSystemProperties', {}, { ...options, header: header(more) });

describe('SOAP 1.1', () => {
  it('answers an envelope with an empty header and the answer in the namespace of the request', async () => {
    const { status, headers, body } = await post(server.url, properties(), {
      operation: 'getSystemProperties',
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/xml; charset=UTF-8');
    expect(body).toContain('http://schemas.xmlsoap.org/soap/envelope/');
    expect(body).toContain(`<getSystemPropertiesReturn xmlns="${VERSIONED}">`);
  });

  it('does not depend on SOAPAction', async () => {
    for (const soapaction of ['getSystemProperties', '"getSystemProperties"', '""', 'nonsense']) {
      expect((await post(server.url, properties(), { headers: { soapaction } })).status).toBe(200);
    }
  });

  it('puts a fault into the namespace that all versions share, with its code and reason', async () => {
    const xml = requestXml('getAssetCounts', { companyHandle: 'c|99' }, { header: header() });
    const { status, body } = await post(server.url, xml);
    expect(status).toBe(500);
    expect(body).toContain('<faultstring>AuthorizationException</faultstring>');
    expect(body).toMatch(
      /<authorizationFault xmlns="http:\/\/www\.scene7\.com\/IpsApi\/xsd"><code>20000<\/code><reason>Company 'c\|99'/,
    );
  });
});

describe('SOAP 1.2', () => {
  it('is answered in SOAP 1.2', async () => {
    const { status, headers, body } = await post(server.url, properties({ soapVersion: '1.2' }), {
      headers: { 'content-type': 'application/soap+xml; charset=utf-8; action="getSystemProperties"' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/soap+xml; charset=UTF-8');
    expect(codec.decodeResponse('getSystemProperties', body, { strict: true }).soapVersion).toBe('1.2');
  });

  it('has its own form of faults', async () => {
    const xml = requestXml(
      'getAssetCounts',
      { companyHandle: 'c|99' },
      { header: header(), soapVersion: '1.2' },
    );
    const { status, body } = await post(server.url, xml, {
      headers: { 'content-type': 'application/soap+xml' },
    });
    expect(status).toBe(500);
    expect(body).toMatch(/<[\w:]*Value>[\w:]*Sender<\/[\w:]*Value>/);
    expect(() => codec.decodeResponse('getAssetCounts', body)).toThrow(IpsFault);
  });
});

describe('the service without envelopes', () => {
  it('answers the bare element', async () => {
    const { status, body } = await post(server.url, properties({ dialect: 'plain' }), { path: PLAIN });
    expect(status).toBe(200);
    expect(body).toMatch(/^<\?xml [^>]*\?><getSystemPropertiesReturn /);
  });

  it('answers a bare fault', async () => {
    const xml = requestXml(
      'getAssetCounts',
      { companyHandle: 'c|99' },
      { dialect: 'plain', header: header() },
    );
    const { status, body } = await post(server.url, xml, { path: PLAIN });
    expect(status).toBe(500);
    expect(body).toMatch(
      /^<\?xml [^>]*\?><authorizationFault xmlns="http:\/\/www\.scene7\.com\/IpsApi\/xsd">/,
    );
  });
});

describe('namespaces', () => {
  it.each([
    'http://www.scene7.com/IpsApi/xsd',
    'http://www.scene7.com/IpsApi/xsd/2008-01-15',
    `${VERSIONED}-beta`,
  ])('of any version are taken, and come back: %s', async (namespace) => {
    const { status, body } = await post(server.url, properties({ namespace }));
    expect(status).toBe(200);
    expect(body).toContain(`<getSystemPropertiesReturn xmlns="${namespace}">`);
  });

  it('of anything else are refused', async () => {
    const { status, body } = await post(
      server.url,
      properties().replaceAll('www.scene7.com', 'www.example.com'),
    );
    expect(status).toBe(500);
    expect(body).toContain('<code>30003</code>');
  });

  describe('in strict mode', () => {
    let strict: IpsServer;
    beforeAll(async () => {
      strict = await createIpsServer({ strictNamespaces: true });
    });
    afterAll(() => strict.stop());

    it('are only those of this version', async () => {
      expect((await post(strict.url, properties())).status).toBe(200);
      const other = await post(
        strict.url,
        properties({ namespace: 'http://www.scene7.com/IpsApi/xsd/2008-01-15' }),
      );
      expect(other.status).toBe(500);
      expect(other.body).toContain('<code>30003</code>');
    });
  });
});

describe('the HTTP status of faults', () => {
  it.each([200, 400, 503])('is %i when the header asks for it', async (faultHttpStatusCode) => {
    const xml = requestXml(
      'getAssetCounts',
      { companyHandle: 'c|99' },
      { header: header({ faultHttpStatusCode }) },
    );
    const { status, body } = await post(server.url, xml);
    expect(status).toBe(faultHttpStatusCode);
    expect(body).toContain('<code>20000</code>');
  });

  it('is 500 for an impossible status', async () => {
    const xml = requestXml(
      'getAssetCounts',
      { companyHandle: 'c|99' },
      { header: header({ faultHttpStatusCode: 99 }) },
    );
    expect((await post(server.url, xml)).status).toBe(500);
  });

  it('changes nothing about answers', async () => {
    expect((await post(server.url, properties({}, { faultHttpStatusCode: 418 }))).status).toBe(200);
  });
});

describe('faults about requests', () => {
  const fault = async (xml: string, headers?: Record<string, string>) => {
    const { status, body } = await post(server.url, xml, headers === undefined ? {} : { headers });
    return { status, code: Number(/<code>(\d+)<\/code>/.exec(body)?.[1]), body };
  };

  it.each([
    ['no XML', 'hello'],
    ['cut short', '<a><b>'],
    ['nothing', ''],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['another document', '<html/>'],
    [
      'an unknown operation',
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><makeCoffeeParam xmlns="${VERSIONED}"/></s:Body></s:Envelope>`,
    ],
  ])('name what cannot be read: %s', async (_what, xml) => {
    expect(await fault(xml)).toMatchObject({ status: 500, code: 30003 });
  });

  it('name a required field that is missing', async () => {
    const xml = requestXml('getAssetCounts', { companyHandle: 'c|6' }, { header: header() });
    const answer = await fault(xml.replace('<companyHandle>c|6</companyHandle>', ''));
    expect(answer).toMatchObject({ code: 30002 });
    expect(answer.body).toContain('companyHandle');
  });

  it('name a value that is not of its type', async () => {
    const xml = requestXml('getFolderTree', { companyHandle: 'c|6', depth: 1 }, { header: header() });
    const answer = await fault(xml.replace('<depth>1</depth>', '<depth>deep</depth>'));
    expect(answer).toMatchObject({ code: 30003 });
    expect(answer.body).toContain('depth');
  });

  it('say that an operation is not supported', async () => {
    const input = { companyHandle: 'c|6', assetHandleArray: ['a|1'], templateId: '1' };
    const xml = createCodec(of2016).encodeRequest('applyMetadataTemplate', input, { header: header() });
    expect(await fault(xml)).toMatchObject({ status: 500, code: 30000 });
  });

  it('come after authentication, which is checked first', async () => {
    const xml = requestXml('getAssetCounts', { companyHandle: 'c|6' }, {});
    expect(await fault(xml.replace('<companyHandle>c|6</companyHandle>', ''))).toMatchObject({ code: 10000 });
  });

  it('refuse content types other than XML, and methods other than POST', async () => {
    expect((await post(server.url, properties(), { headers: { 'content-type': 'image/png' } })).status).toBe(
      415,
    );
    const hints = [
      [server.endpoints.soap, '/scene7/webservice/IpsApi.wsdl'],
      [server.endpoints.plain, '/scene7/webservice/IpsApi.wsdl'],
      [server.endpoints.upload, 'multipart/form-data'],
    ] as const;
    for (const [endpoint, hint] of hints) {
      const answer = await fetch(endpoint);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
      expect(await answer.text()).toContain(hint);
      expect((await fetch(endpoint, { method: 'HEAD' })).status).toBe(405);
    }
  });
});

describe('text', () => {
  it('survives both ways in any declared encoding', async () => {
    const folderPath = '/Größe <&> 日本 𝄞';
    await connect(server).call('createFolder', { companyHandle: 'c|6', folderPath });
    const { folderArray } = await connect(server).call('getFolders', { companyHandle: 'c|6' });
    expect(folderArray?.map(({ path }) => path)).toContain('SampleCompany/Größe <&> 日本 𝄞/');
    const xml = requestXml('createFolder', { companyHandle: 'c|6', folderPath: '/Ä' }, { header: header() });
    const latin = Buffer.from(xml.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'), 'latin1');
    const { body } = await post(server.url, latin, { headers: { 'content-type': 'text/xml' } });
    expect(body).toContain('f|SampleCompany/Ä/');
  });

  it('that is invalid in its encoding is refused', async () => {
    const { status, body } = await post(server.url, Buffer.from([0x3c, 0xff, 0xfe]));
    expect([status, /<code>(\d+)/.exec(body)?.[1]]).toEqual([500, '30003']);
  });
});

describe('the locale of a call', () => {
  it.each([
    ['de-DE', 'fr-FR', 'de-DE'],
    ['ja', undefined, 'ja'],
    ['DE_de', undefined, 'de-DE'],
    [undefined, 'fr-CA,fr;q=0.9,en;q=0.8', 'fr-CA'],
    ['nonsense!', 'it', 'it'],
    [undefined, '*', 'en-US'],
    [undefined, undefined, 'en-US'],
  ])('with %j in the header and Accept-Language %j is %s', (header, acceptLanguage, expected) => {
    expect(localeOf(header, acceptLanguage)).toBe(expected);
  });

  it('never makes a call fail', async () => {
    for (const locale of ['de-DE', 'nonsense!', '']) {
      expect((await post(server.url, properties({}, { locale }))).status).toBe(200);
    }
  });
});

/** The answer as it came over the wire, not unpacked. */
function rawPost(url: string, xml: string, headers: Record<string, string>) {
  return new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    const outgoing = request(
      `${url}/scene7/services/IpsApiService`,
      { method: 'POST', headers: { 'content-type': 'text/xml', ...headers } },
      async (incoming) => {
        const body = Buffer.concat(await incoming.toArray());
        resolve({ encoding: incoming.headers['content-encoding'], body });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(xml);
  });
}

describe.each<[GzipRule, Record<string, boolean>]>([
  // What the header says, then what Accept-Encoding says.
  ['never', { '-/-': false, '-/gzip': false, 'true/-': false, 'true/gzip': false, 'false/gzip': false }],
  ['soap', { '-/-': false, '-/gzip': false, 'true/-': true, 'true/gzip': true, 'false/gzip': false }],
  ['accept', { '-/-': false, '-/gzip': true, 'true/-': true, 'true/gzip': true, 'false/gzip': false }],
  ['always', { '-/-': true, '-/gzip': true, 'true/-': true, 'true/gzip': true, 'false/gzip': true }],
])('gzip by the rule "%s"', (rule, expected) => {
  let own: IpsServer;
  beforeAll(async () => {
    own = await createIpsServer({ gzip: rule });
  });
  afterAll(() => own.stop());

  it.each(Object.entries(expected))('with gzipResponse/Accept-Encoding %s: %s', async (asked, compressed) => {
    const [flag, accept] = asked.split('/');
    const xml = properties({}, flag === '-' ? {} : { gzipResponse: flag === 'true' });
    const { encoding, body } = await rawPost(
      own.url,
      xml,
      accept === 'gzip' ? { 'accept-encoding': 'gzip' } : {},
    );
    expect(encoding).toBe(compressed ? 'gzip' : undefined);
    const text = (compressed ? gunzipSync(body) : body).toString('utf8');
    expect(codec.decodeResponse('getSystemProperties', text).value.propertyArray.length).toBeGreaterThan(0);
  });
});

describe('the WSDL', () => {
  const address = (text: string) =>
    [...text.matchAll(/address\s+location="([^"]*)"/g)].map(([, location]) => location);

  it('is served for each version, with the address of the request', async () => {
    for (const name of ['IpsApi.wsdl', 'IpsApi-2014-04-03.wsdl', 'IpsApi-2013-02-15.wsdl']) {
      const response = await fetch(`${server.url}/scene7/webservice/${name}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/xml');
      const addresses = address(await response.text());
      expect(addresses.length).toBeGreaterThan(0);
      expect(new Set(addresses)).toEqual(new Set([server.endpoints.soap]));
    }
  });

  it('has the address in serviceUrl', async () => {
    const url = 'https://proxy.example.com/ips?a=1&b=2';
    const response = await fetch(`${server.endpoints.wsdl}?serviceUrl=${encodeURIComponent(url)}`);
    expect(new Set(address(await response.text()))).toEqual(new Set([url.replace('&', '&amp;')]));
  });

  it('is not served for unknown versions, nor with an invalid address', async () => {
    expect((await fetch(`${server.url}/scene7/webservice/IpsApi-1999-01-01.wsdl`)).status).toBe(404);
    for (const bad of ['javascript:alert(1)', 'http://x"><y', 'ftp://x']) {
      expect((await fetch(`${server.endpoints.wsdl}?serviceUrl=${encodeURIComponent(bad)}`)).status).toBe(
        400,
      );
    }
  });

  it('makes a working client of soap', async () => {
    const client = await soap.createClientAsync(
      `${server.endpoints.wsdl}?serviceUrl=${encodeURIComponent(server.endpoints.soap)}`,
    );
    client.addSoapHeader({ authHeader: header() }, '', 'hdr', VERSIONED);
    const [answer] = await client['getCompanyInfoAsync']({ companyName: 'Sample Company' });
    expect(answer).toMatchObject({ companyInfo: { companyHandle: 'c|6', rootPath: 'SampleCompany/' } });
    await expect(client['getAssetCountsAsync']({ companyHandle: 'c|99' })).rejects.toThrow(
      /AuthorizationException/,
    );
  });
});
