// Our contract inside of the soap package, on both sides; and what soap alone makes of the same values.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as soap from 'soap';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codec, createSoapContract, IpsFault, WireError } from '../src/index.js';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
type AnyClient = soap.Client &
  Record<string, (input: unknown) => Promise<[unknown, string, unknown, string]>>;

let server: Server | undefined;
afterEach(() => server?.close());

/** Listens on loopback and answers with whatever the handler makes of a request. */
async function listen(
  handler: (xml: string, headers: Record<string, unknown>) => string | Promise<string>,
  status = 200,
): Promise<string> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void Promise.resolve(handler(Buffer.concat(chunks).toString(), request.headers)).then((text) => {
        response.writeHead(status, { 'content-type': 'text/xml;charset=utf-8' });
        response.end(text);
      });
    });
  });
  server = http;
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/scene7/services/IpsApiService`;
}

const ours = (endpoint: string, options?: soap.IOptions) =>
  new soap.Client(createSoapContract() as never, endpoint, options) as unknown as AnyClient;

const job = {
  // In an order that is not the contract's.
  uploadUrlsJob: {
    emailSetting: 'None',
    createMask: false,
    readyForPublish: true,
    overwrite: true,
    urlArray: [{ destPath: 'MyCompany/a.tif', sourceUrl: 'https://x.example/a?b=1&c=2' }],
  },
  execTime: new Date('2014-04-03T22:00:00Z'),
  jobName: 'x <y>',
  companyHandle: 'c|6',
};

describe('the contract in a soap client', () => {
  it('sends what the codec writes and answers what it reads', async () => {
    let received = '';
    const endpoint = await listen((xml) => {
      received = xml;
      return codec.encodeResponse('submitJob', { jobHandle: 'j|6|x|' });
    });
    const client = ours(endpoint);
    const [result, , , request] = (await client['submitJobAsync']?.(job)) ?? [];
    expect(result).toEqual({ jobHandle: 'j|6|x|' });
    expect(received).toBe(request);
    expect(codec.decodeRequest(received, { strict: true })).toMatchObject({
      operation: 'submitJob',
      input: { ...job, execTime: '2014-04-03T22:00:00.000Z' },
    });
  });

  it('keeps what users know of soap: headers, security, events, the action', async () => {
    let seen: Record<string, unknown> = {};
    let received = '';
    const endpoint = await listen((xml, headers) => {
      seen = headers;
      received = xml;
      return codec.encodeResponse('stopJob', {});
    });
    const client = ours(endpoint);
    client.addSoapHeader({ authHeader: { appVersion: '1', appName: 'A', password: 'p', user: 'a@b' } });
    client.addSoapHeader('<o:Extra xmlns:o="urn:o">1</o:Extra>');
    client.setSecurity(new soap.BasicAuthSecurity('a@b', 'p'));
    const events: string[] = [];
    client.on('request', () => events.push('request'));
    client.on('response', () => events.push('response'));
    await client['stopJobAsync']?.({ jobHandle: 'j|6|x|', companyHandle: 'c|6' });
    expect(events).toEqual(['request', 'response']);
    expect(seen).toMatchObject({
      soapaction: '"stopJob"',
      authorization: `Basic ${Buffer.from('a@b:p').toString('base64')}`,
    });
    expect(codec.decodeRequest(received, { strict: true }).header).toEqual({
      user: 'a@b',
      password: 'p',
      appName: 'A',
      appVersion: '1',
    });
    expect(received).toContain('<o:Extra xmlns:o="urn:o">1</o:Extra>');
  });

  it('rejects with a typed fault, where users of soap look for it too', async () => {
    const endpoint = await listen(
      () => codec.encodeFault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' }),
      500,
    );
    const error = await ours(endpoint)
      ['stopJobAsync']?.({ companyHandle: 'c|6', jobHandle: 'x' })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(IpsFault);
    expect(error).toMatchObject({
      code: 30001,
      root: { Envelope: { Body: { Fault: { detail: { apiFault: { code: 30001 } } } } } },
    });
  });

  it('rejects a value that cannot be sent, before anything is sent', async () => {
    const endpoint = await listen(() => '');
    await expect(async () =>
      ours(endpoint)['stopJobAsync']?.({ companyHandle: 'c|6', jobhandle: 'x' }),
    ).rejects.toBeInstanceOf(WireError);
  });

  it('describes all operations', () => {
    const { IpsApiService } = ours('http://127.0.0.1:1').describe() as Record<
      string,
      Record<string, Record<string, { input: object }>>
    >;
    expect(Object.keys(IpsApiService?.['IpsApiSoapPort'] ?? {})).toHaveLength(164);
    expect(IpsApiService?.['IpsApiSoapPort']?.['stopJob']?.input).toEqual({
      companyHandle: 'text',
      jobHandle: 'text',
    });
  });
});

describe('the contract in a soap server', () => {
  const service = {
    IpsApiService: {
      IpsApiSoapPort: {
        submitJob: (
          input: { jobName: string },
          _callback: unknown,
          headers: { authHeader?: { user: string } },
        ) => ({ jobHandle: `j|6|${input.jobName}|${headers.authHeader?.user ?? ''}` }),
        stopJob: () => {
          throw {
            Fault: {
              faultcode: 'soap:Client',
              faultstring: 'no',
              detail: { ipsApiFault: { code: 30001, reason: 'no' } },
            },
          };
        },
        getActiveJobs: () => ({ jobArray: [] }),
      },
    },
  };

  async function start(): Promise<string> {
    const http = createServer();
    server = http;
    new (soap as unknown as { Server: new (...args: unknown[]) => unknown }).Server(
      http,
      '/scene7/services/IpsApiService',
      service,
      createSoapContract({ wsdl: '<wsdl/>' }),
      {},
    );
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}/scene7/services/IpsApiService`;
  }
  const call = async (endpoint: string, xml: string) =>
    (await fetch(endpoint, { method: 'POST', body: xml, headers: { 'content-type': 'text/xml' } })).text();

  it('serves requests that the codec writes', async () => {
    const endpoint = await start();
    const header = { user: 'a@b', appName: 'A', appVersion: '1' };
    const submitted = await call(endpoint, codec.encodeRequest('submitJob', job, { header }));
    expect(codec.decodeResponse('submitJob', submitted, { strict: true }).value).toEqual({
      jobHandle: 'j|6|x <y>|a@b',
    });
    const active = await call(endpoint, codec.encodeRequest('getActiveJobs', {}));
    expect(codec.decodeResponse('getActiveJobs', active, { strict: true }).value).toEqual({ jobArray: [] });
    const fault = await call(
      endpoint,
      codec.encodeRequest('stopJob', { companyHandle: 'c', jobHandle: 'j' }),
    );
    expect(() => codec.decodeResponse('stopJob', fault)).toThrow('stopJob: no (30001');
    expect(await (await fetch(`${endpoint}?wsdl`)).text()).toBe('<wsdl/>');
  });

  it('serves a client of the soap package that read our WSDL', async () => {
    const client = (await soap.createClientAsync(wsdl, {
      endpoint: await start(),
    } as soap.IOptions)) as unknown as AnyClient;
    client.setEndpoint(
      `http://127.0.0.1:${(server?.address() as AddressInfo).port}/scene7/services/IpsApiService`,
    );
    const [result] =
      (await client['submitJobAsync']?.({
        companyHandle: 'c|6',
        jobName: 'x',
        optimizeImagesJob: { emailSetting: 'None' },
      })) ?? [];
    expect(result).toEqual({ jobHandle: 'j|6|x|' });
  });
});

describe('what soap alone makes of the same values', () => {
  let alone: AnyClient;
  let endpoint: string;
  let received = '';
  let answer = '';
  beforeAll(async () => {
    alone = (await soap.createClientAsync(wsdl)) as unknown as AnyClient;
  });
  const start = async () => {
    endpoint = await listen((xml) => {
      received = xml;
      return answer;
    });
    alone.setEndpoint(endpoint);
  };
  const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
  const envelope = (body: string) =>
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

  it('it sends elements in the order of the keys; ours in the order of the contract', async () => {
    await start();
    answer = codec.encodeResponse('submitJob', { jobHandle: 'j' });
    await alone['submitJobAsync']?.({ jobName: 'x', companyHandle: 'c|6' });
    expect(received.indexOf('jobName>')).toBeLessThan(received.indexOf('companyHandle>'));
    expect(() => codec.decodeRequest(received, { strict: true })).toThrow(
      /comes after elements that follow it/,
    );
    const our = codec.encodeRequest('submitJob', { jobName: 'x', companyHandle: 'c|6' });
    expect(our.indexOf('jobName>')).toBeGreaterThan(our.indexOf('companyHandle>'));
  });

  it('it sends a Date as an empty element; ours as a date', async () => {
    await start();
    answer = codec.encodeResponse('submitJob', { jobHandle: 'j' });
    await alone['submitJobAsync']?.({ companyHandle: 'c|6', jobName: 'x', execTime: new Date(0) });
    expect(received).toMatch(/<(\w+:)?execTime><\/(\w+:)?execTime>/);
    expect(
      codec.encodeRequest('submitJob', { companyHandle: 'c|6', jobName: 'x', execTime: new Date(0) }),
    ).toContain('<execTime>1970-01-01T00:00:00.000Z</execTime>');
  });

  it('it sends unknown keys; ours refuses them', async () => {
    await start();
    answer = codec.encodeResponse('submitJob', { jobHandle: 'j' });
    await alone['submitJobAsync']?.({ companyHandle: 'c|6', jobName: 'x', exectime: '1' });
    expect(received).toContain('exectime');
    expect(() =>
      codec.encodeRequest('submitJob', { companyHandle: 'c|6', jobName: 'x', exectime: '1' } as never),
    ).toThrow(/exectime/);
  });

  it('it reads an empty wrapper as null; ours as an empty array', async () => {
    await start();
    answer = envelope(`<getActiveJobsReturn xmlns="${NS}"><jobArray/></getActiveJobsReturn>`);
    const [result] = (await alone['getActiveJobsAsync']?.({})) ?? [];
    expect(result).toEqual({ jobArray: null });
    expect(codec.decodeResponse('getActiveJobs', answer).value).toEqual({ jobArray: [] });
  });

  it('it loses the offset of a date; ours keeps it', async () => {
    await start();
    answer = envelope(
      `<addCompanyReturn xmlns="${NS}"><companyInfo><companyHandle>c</companyHandle><name>n</name><rootPath>r</rootPath><expires>2014-04-03T22:00:00.000-08:00</expires></companyInfo></addCompanyReturn>`,
    );
    const [result] = (await alone['addCompanyAsync']?.({ companyName: 'n' })) as [
      { companyInfo: { expires: Date } },
    ];
    expect(result.companyInfo.expires).toEqual(new Date('2014-04-04T06:00:00.000Z'));
    expect(codec.decodeResponse('addCompany', answer).value.companyInfo.expires).toBe(
      '2014-04-03T22:00:00.000-08:00',
    );
  });

  it('it rounds longs; ours does not', async () => {
    await start();
    answer = envelope(
      `<getDiskUsageReturn xmlns="${NS}"><diskUsageArray><items><companyHandle>c</companyHandle><companyName>n</companyName><imageCount>1</imageCount><diskSpaceUsage>9007199254740993</diskSpaceUsage><lastModified>2014-04-03T00:00:00Z</lastModified></items></diskUsageArray></getDiskUsageReturn>`,
    );
    const [result] = (await alone['getDiskUsageAsync']?.({})) as [
      { diskUsageArray: { items: { diskSpaceUsage: unknown }[] } },
    ];
    const [usage] = [result.diskUsageArray.items].flat();
    expect(Number(usage?.diskSpaceUsage)).toBe(9007199254740992);
    expect(() => codec.decodeResponse('getDiskUsage', answer)).toThrow(/exceeds the safe range of a number/);
  });

  it('it takes a fault with HTTP 200 for a plain error; ours knows what it is', async () => {
    await start();
    answer = codec.encodeFault({ kind: 'authentication', code: 10001, reason: 'Invalid username/password' });
    const error = (await alone['getActiveJobsAsync']?.({}).catch((e: unknown) => e)) as Error;
    expect(error.constructor).toBe(Error);
    expect(error).not.toHaveProperty('code');
    expect(() => codec.decodeResponse('getActiveJobs', answer)).toThrow(IpsFault);
  });
});
