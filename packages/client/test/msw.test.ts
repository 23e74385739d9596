// The handlers of MSW: for our client, and for programs that other people's software makes of our WSDL.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IpsFault } from '@ips-sdk/client';
import { fault, type IpsHandlerOptions, ipsHandlers, type MockOperations } from '@ips-sdk/client/msw';
import { contract } from '@ips-sdk/types/contract';
import { validate } from '@ips-sdk/validator';
import { codec } from '@ips-sdk/wire';
import fc from 'fast-check';
import { setupServer } from 'msw/node';
import * as soap from 'soap';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { arbitraryOf, operationNames } from '../../../scripts/testing/arbitrary.js';
import { clientOf, errorOf } from './support/clients.js';
import { wsdlFile } from './support/peers/peer.js';
import { unchecked } from './support/unchecked.js';

const ENDPOINT = 'https://ips.example.com/scene7/services/IpsApiService';
const PLAIN = 'https://ips.example.com/scene7/api/IpsApiService';
const UPLOAD = 'https://ips.example.com/scene7/UploadFile';
/** Inputs with rules that chance rarely obeys. */
const INPUTS: Readonly<Record<string, object>> = {
  getCompanyInfo: { companyName: 'MyCompany' },
  submitJob: {
    companyHandle: 'c|6',
    jobName: 'Nightly',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  },
  uploadPost: { companyHandle: 'c|6', jobName: 'Upload' },
};
const FOLDER = { folderPath: 'MyCompany/Shoes/' };

function listen(operations: MockOperations, options: IpsHandlerOptions = {}): void {
  const server = setupServer(...ipsHandlers(operations, options));
  server.listen({ onUnhandledRequest: 'error' });
  onTestFinished(() => server.close());
}

const createFolder: MockOperations['createFolder'] = ({ companyHandle, folderPath }) => ({
  folderHandle: `f|${companyHandle}|${folderPath}`,
});

const post = (
  url: string,
  body: string | Uint8Array<ArrayBuffer> | FormData,
  type?: string,
): Promise<Response> =>
  fetch(url, { method: 'POST', body, ...(type === undefined ? {} : { headers: { 'content-type': type } }) });

describe('handlers for MSW', () => {
  it.each([
    ['SOAP 1.1', {}],
    ['SOAP 1.2', { soapVersion: '1.2' }],
    ['plain XML', { dialect: 'plain' }],
  ] as const)('answer our client in %s', async (_, options) => {
    const stub = vi.fn(createFolder as () => { folderHandle: string });
    listen({ createFolder: stub, stopJob: [{}, fault(30001, 'Unknown job', { httpStatus: 400 })] });
    const ips = clientOf({ endpoint: ENDPOINT }, options);
    expect(await ips.createFolder(FOLDER)).toEqual({ folderHandle: 'f|c|6|MyCompany/Shoes/' });
    expect(stub.mock.calls).toEqual([
      [
        { companyHandle: 'c|6', ...FOLDER },
        { operation: 'createFolder', input: { companyHandle: 'c|6', ...FOLDER }, files: [] },
      ],
    ]);
    await ips.stopJob({ jobHandle: 'j|6|x|' });
    const error = await errorOf(ips.stopJob({ jobHandle: 'j|6|x|' }));
    expect(error).toBeInstanceOf(IpsFault);
    expect(error).toMatchObject({ code: 30001, reason: 'Unknown job', httpStatus: 400 });
  });

  it('refuse other operations, invalid requests and invalid answers with faults that say so', async () => {
    listen({
      createFolder: unchecked({ folderHandle: 7 }),
      stopJob: () => {
        throw new Error('the cable\0 is out');
      },
    });
    const ips = clientOf({ endpoint: ENDPOINT }, { retry: false });
    const refused = async (call: Promise<unknown>): Promise<unknown> => {
      const { httpStatus, code, reason, faultCode } = await errorOf(call);
      return [httpStatus, code, reason, faultCode];
    };
    expect(await refused(ips.getActiveJobs())).toEqual([
      500,
      30000,
      'getActiveJobs was called, but has no stub; stubbed: createFolder, stopJob',
      'soapenv:Server',
    ]);
    expect(await refused(ips.createFolder(FOLDER))).toEqual([
      500,
      30000,
      'createFolder: the answer of its stub is invalid: folderHandle is 7; expected a string',
      'soapenv:Server',
    ]);
    expect(await refused(ips.stopJob({ jobHandle: 'j|6|x|' }))).toEqual([
      500,
      30000,
      'the stub failed: the cable\ufffd is out',
      'soapenv:Server',
    ]);
    expect(await refused(ips.callRaw('stopJob', { companyHandle: 'c|6', jobHandel: 'j|6|x|' }))).toEqual([
      500,
      30003,
      expect.stringMatching(/^stopJob: the request is invalid: .*jobHand/),
      'soapenv:Client',
    ]);
    expect(await refused(ips.callRaw('flyToTheMoon', {}))).toEqual([
      500,
      30003,
      expect.stringContaining('flyToTheMoon'),
      'soapenv:Client',
    ]);
  });

  it.each([
    ['nothing', '', undefined],
    ['a page', '<html><body>Hello</body></html>', 'text/html'],
    ['half of a document', '<soapenv:Envelope xmlns:soapenv="http://schemas', 'text/xml'],
    ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', 'text/xml'],
    ['bytes', new Uint8Array([0xff, 0xfe, 0xfd, 0, 1]), 'application/octet-stream'],
  ])('answer %s with a fault', async (_, body, type) => {
    listen({ createFolder });
    for (const [url, dialect] of [
      [ENDPOINT, 'soap'],
      [PLAIN, 'plain'],
      [UPLOAD, 'plain'],
    ] as const) {
      const response = await post(url, body, type);
      expect(response.status).toBe(500);
      expect(response.headers.get('content-type')).toBe('text/xml; charset=UTF-8');
      const text = await response.text();
      expect(text.includes('Envelope')).toBe(dialect === 'soap');
      expect(() => codec.decodeResponse('createFolder', text)).toThrow(IpsFault);
    }
  });

  it('answer in the form of the request: version, namespace, status of faults', async () => {
    listen({ createFolder });
    const namespace = 'http://www.scene7.com/IpsApi/xsd/2010-01-31';
    const request = codec.encodeRequest(
      'createFolder',
      { companyHandle: 'c|6', ...FOLDER },
      { soapVersion: '1.2', namespace },
    );
    const response = await post(ENDPOINT, request, 'application/soap+xml; charset=utf-8');
    expect(response.headers.get('content-type')).toBe('application/soap+xml; charset=UTF-8');
    expect(codec.decodeResponse('createFolder', await response.text())).toMatchObject({
      soapVersion: '1.2',
      namespace,
    });
    const header = { user: 'ann', password: 'x', appName: 'a', appVersion: '1', faultHttpStatusCode: 200 };
    const wanted = codec.encodeRequest('stopJob', { companyHandle: 'c|6', jobHandle: 'j|6|x|' }, { header });
    expect((await post(ENDPOINT, wanted, 'text/xml')).status).toBe(200);
    const utf16 = Buffer.from(`\ufeff${request.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect((await post(ENDPOINT, utf16, 'application/soap+xml')).status).toBe(200);
  });

  it('are not made with stubs or options that do not exist', () => {
    const make = ipsHandlers as (...args: readonly unknown[]) => unknown;
    expect(() => make()).toThrow(
      'operations: expected an object with stubs by the names of operations, found undefined',
    );
    expect(() => make({}, { endpont: ENDPOINT })).toThrow('endpont: unknown option; did you mean endpoint?');
    expect(() => make({}, { uploadEndpoint: 'nonsense' })).toThrow(
      /^uploadEndpoint: expected an http or https URL/,
    );
    expect(() => make({}, { contract: {} })).toThrow(/^contract: expected a contract/);
  });

  it('answer only at their own URL, if there is one', async () => {
    listen({ stopJob: {} }, { endpoint: 'https://other.example.com/ips/services/IpsApiService' });
    const ips = clientOf({ endpoint: 'https://other.example.com/ips/services/IpsApiService' });
    await ips.stopJob({ jobHandle: 'j|6|x|' });
    await clientOf({ endpoint: 'https://other.example.com/ips' }, { dialect: 'plain' }).companyHandle();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => void vi.restoreAllMocks());
    await expect(
      clientOf({ endpoint: ENDPOINT }, { retry: false }).stopJob({ jobHandle: 'j|6|x|' }),
    ).rejects.toThrow();
    expect(() => ipsHandlers({}, { endpoint: 'nowhere' })).toThrow(
      /endpoint: expected the http or https URL/,
    );
    expect(() => ipsHandlers(unchecked({ stopJobs: {} }))).toThrow('did you mean stopJob?');
  });

  it('take uploads of our client and of any form, or refuse them in words', async () => {
    const seen: unknown[] = [];
    listen({
      uploadPost: (input, { files }) => {
        seen.push([input, files.map(({ fileName, content }) => [fileName, Buffer.from(content).toString()])]);
        return { jobHandle: 'j|6||Upload|1' };
      },
    });
    const form = new FormData();
    const params = { companyHandle: 'c|6', jobName: 'Upload', endJob: true };
    form.set('uploadParams', codec.encodeMessage('UploadPostParam', params));
    form.set('auth', '<authHeader/>');
    form.set('file1', new Blob(['red']), 'größe.png');
    const response = await post(UPLOAD, form);
    expect(codec.decodeResponse('uploadPost', await response.text()).value).toEqual({
      jobHandle: 'j|6||Upload|1',
    });
    expect(seen).toEqual([[params, [['größe.png', 'red']]]]);
    const reasonOf = async (change: (form: FormData) => void): Promise<string> => {
      const other = new FormData();
      for (const [name, value] of form) other.append(name, value);
      change(other);
      const text = await (await post(UPLOAD, other)).text();
      return (await errorOf(Promise.resolve().then(() => codec.decodeResponse('uploadPost', text))))[
        'reason'
      ] as string;
    };
    expect(await reasonOf((each) => each.delete('uploadParams'))).toBe(
      'uploadPost: the part uploadParams is missing',
    );
    expect(await reasonOf((each) => each.set('note', 'x'))).toContain('the part "note" is unknown');
    expect(await reasonOf((each) => each.set('uploadParams', '<x/>'))).toContain(
      'uploadPost: expected <uploadPostParam>',
    );
    const json = await (await post(UPLOAD, '{}', 'application/json')).text();
    expect(json).toContain('Content-Type: expected multipart/form-data, found application/json');
  });
});

describe('programs of other people', () => {
  it('soap: calls, gets values and faults', async () => {
    listen({ createFolder, getActiveJobs: { jobArray: [] } });
    const client = await soap.createClientAsync(wsdlFile, { endpoint: ENDPOINT });
    const calls = client as unknown as Record<string, (input: object) => Promise<[unknown]>>;
    const [created] = (await calls['createFolderAsync']?.({ companyHandle: 'c|6', ...FOLDER })) ?? [];
    expect(created).toEqual({ folderHandle: 'f|c|6|MyCompany/Shoes/' });
    const error = await errorOf(
      calls['stopJobAsync']?.({ companyHandle: 'c|6', jobHandle: 'j|6|x|' }) ?? Promise.resolve(),
    );
    expect(error.message).toContain(
      'stopJob was called, but has no stub; stubbed: createFolder, getActiveJobs',
    );
  });

  it('strong-soap: calls, gets values and faults', async () => {
    listen({ createFolder });
    const { soap: strong } = createRequire(import.meta.url)('strong-soap') as {
      soap: {
        createClient(
          wsdl: string,
          options: object,
          done: (error: unknown, client: StrongClient) => void,
        ): void;
      };
    };
    const client = await new Promise<StrongClient>((resolve, reject) =>
      strong.createClient(wsdlFile, { endpoint: ENDPOINT }, (error, made) =>
        error ? reject(error) : resolve(made),
      ),
    );
    client.setEndpoint(ENDPOINT);
    const call = (operation: string, message: object): Promise<unknown> =>
      new Promise((resolve, reject) =>
        client[operation]?.(message, (error: unknown, result: unknown) =>
          error ? reject(error) : resolve(result),
        ),
      );
    expect(await call('createFolder', { createFolderParam: { companyHandle: 'c|6', ...FOLDER } })).toEqual({
      folderHandle: 'f|c|6|MyCompany/Shoes/',
    });
    const refused = call('stopJob', { stopJobParam: { companyHandle: 'c|6', jobHandle: 'j|6|x|' } });
    expect((await errorOf(refused)).message).toMatch(/soapenv:Server|no stub/);
  });
});

type StrongClient = Record<string, (...args: unknown[]) => void> & { setEndpoint(url: string): void };

const hasXmllint = spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasXmllint)('by xmllint, where it is installed', () => {
  it('the answer of every operation is valid', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ips-msw-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const named = (operation: string): { input: string; output: string } => {
      const { input = '', output = '' } = contract.operations[operation] ?? {};
      return { input, output };
    };
    // Generated values have the right types, but some break rules that no schema expresses.
    const sample = (message: string, seed: number): object => {
      for (const numRuns of [4, 40, 400]) {
        const values = fc.sample(arbitraryOf(message), { numRuns, seed }) as object[];
        const valid = values.find((value) => validate(message as 'StopJobParam', value).valid);
        if (valid !== undefined) return valid;
      }
      throw new Error(`no valid ${message} was generated`);
    };
    const stubs = Object.fromEntries(
      operationNames.map((operation, seed) => [operation, sample(named(operation).output, seed)]),
    );
    listen(stubs as MockOperations);
    const files: string[] = [];
    const refused: string[] = [];
    for (const [seed, operation] of operationNames.entries()) {
      const input = INPUTS[operation] ?? sample(named(operation).input, seed);
      const request = codec.encodeRequest(operation as 'stopJob', unchecked(input));
      const response = await post(ENDPOINT, request, 'text/xml; charset=UTF-8');
      const text = await response.text();
      if (response.status !== 200) refused.push(text);
      const body = /<soapenv:Body>(.*)<\/soapenv:Body>/s.exec(text)?.[1] ?? '';
      files.push(`${operation}.xml`);
      writeFileSync(join(folder, `${operation}.xml`), `<?xml version="1.0" encoding="UTF-8"?>${body}`);
    }
    expect(refused).toEqual([]);
    const xsd = fileURLToPath(import.meta.resolve('@ips-sdk/types/xsd/ips.xsd'));
    const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, ...files], {
      cwd: folder,
      encoding: 'utf8',
    });
    const wrong = stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
    expect(wrong).toEqual([]);
    expect(stderr.match(/ validates$/gm)).toHaveLength(164);
  });
});
