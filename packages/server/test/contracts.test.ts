// Requests in other contracts than the default one, and in namespaces that no contract has.
import { type Operations as Operations2013, contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { codec, createCodec, IpsFault } from '@ips-sdk/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect, post } from './support/call.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const UPLOAD = '/scene7/UploadFile';
const older = createCodec(of2013);
const companyHandle = 'c|6';

let server: IpsServer;
beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant' });
});
afterAll(() => server.stop());

const header = () => ({
  user: server.admin.email,
  password: server.admin.password,
  appName: 'tests',
  appVersion: '1',
});

/** Calls in the contract of 2013, and reads the answer in strict mode. */
async function call<Name extends keyof Operations2013 & string>(
  operation: Name,
  input: Operations2013[Name]['input'],
): Promise<Operations2013[Name]['output']> {
  const xml = older.encodeRequest(operation, input, { header: header() });
  const { body } = await post(server.url, xml);
  return older.decodeResponse(operation, body, { strict: true }).value;
}

async function faultOf(xml: string, at: { readonly url: string } = server): Promise<IpsFault> {
  const { body } = await post(at.url, xml);
  try {
    codec.decodeResponse('stopJob', body);
  } catch (error) {
    if (error instanceof IpsFault) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

describe('a request in the contract of 2013', () => {
  it('is answered in it: without the fields that it lacks', async () => {
    await call('submitJob', {
      companyHandle,
      jobName: 'Old',
      execTime: '2099-01-01T00:00:00Z',
      optimizeImagesJob: { emailSetting: 'None' },
    });
    const { jobArray } = await call('getScheduledJobs', { companyHandle });
    expect(jobArray.map(({ name }) => name)).toEqual(['Old']);
    const { companyInfo } = await call('getCompanyInfo', { companyHandle });
    expect(companyInfo).toEqual({
      companyHandle,
      name: 'Sample Company',
      rootPath: 'SampleCompany/',
      expires: expect.any(String),
    });
  });

  it('knows users by their default role', async () => {
    const user = { firstName: 'Ann', lastName: 'A', password: 'p4ssword-1', isValid: true };
    const add = (email: string, defaultRole: string) =>
      call('addUser', {
        ...user,
        email,
        defaultRole,
        passwordExpires: '2099-01-01T00:00:00Z',
        membershipArray: [{ companyHandle, role: 'IpsUser', isActive: true }],
      });
    const ann = await add('ann@example.com', 'IpsUser');
    const boss = await add('boss@example.com', 'IpsAdmin');
    const role = async (userHandle: string) =>
      (await call('getUserInfo', { userHandle })).userInfo?.defaultRole;
    expect(await role(ann.userHandle)).toBe('IpsUser');
    expect(await role(boss.userHandle)).toBe('IpsAdmin');
    const now = connect(server);
    expect((await now.call('getUserInfo', { userHandle: boss.userHandle })).userInfo).toMatchObject({
      isIpsAdmin: true,
    });
  });

  it('invalidates URLs of the delivery network, and gets counts', async () => {
    const urlArray = [
      'https://s7d1.scene7.com/is/image/SampleCompany/a',
      'https://s7d1.scene7.com/is/image/SampleCompany/b',
    ];
    expect(await call('cdnCacheInvalidation', { companyHandle, urlArray })).toEqual({
      successCount: 2,
      warningCount: 0,
      errorCount: 0,
    });
  });

  it('uploads files', async () => {
    const servlet = createCodec({ ...of2013, messages: { ...codec.contract.messages, ...of2013.messages } });
    const form = new FormData();
    form.append('auth', older.encodeMessage('AuthHeader', header()));
    const uploadParams = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
    const params = { companyHandle, jobName: 'Upload', destFolder: 'SampleCompany/', uploadParams };
    form.append('uploadParams', servlet.encodeMessage('UploadPostParam', params));
    form.append('file1', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']), 'a.svg');
    const response = await fetch(`${server.url}${UPLOAD}`, { method: 'POST', body: form });
    const body = await response.text();
    expect(body).toContain(`<uploadPostReturn xmlns="${XSD}/2013-02-15">`);
    expect(servlet.decodeMessage('UploadPostReturn', body, { strict: true })).toEqual({
      jobHandle: expect.stringMatching(/^j\|6\|/),
    });
  });
});

describe('an operation that the contract of the request lacks', () => {
  it.each([
    ['deleteAssetMetadata', '2013-02-15', '2014-04-03, 2016-01-14-beta, 2019-09-10-beta'],
    ['updateSmartCrops', '2014-04-03', '2019-09-10-beta'],
    ['updateSmartCrops', '2013-02-15', '2019-09-10-beta'],
    ['getImageServingCatalog', '2014-04-03', '2013-02-15'],
  ])('is a fault that names operation and contract: %s in %s', async (operation, version, owners) => {
    const message = `<${operation}Param xmlns="${XSD}/${version}"/>`;
    for (const xml of [message, `<Request xmlns="${XSD}/${version}">${message}</Request>`]) {
      expect(await faultOf(xml)).toMatchObject({
        code: 30003,
        reason: `the operation '${operation}' is not in the contract ${version} of the request; it is in ${owners}`,
      });
    }
  });

  it('and that no handler can have is not supported', async () => {
    const xml = `<Request xmlns="${XSD}/2013-02-15"><getImageServingCatalogParam/></Request>`;
    expect(await faultOf(xml)).toMatchObject({
      code: 30000,
      reason: "Operation 'getImageServingCatalog' of the contract 2013-02-15 is not supported by this server",
    });
  });
});

describe('the contracts of a server', () => {
  it('are those that it was given', async () => {
    const more = await createIpsServer({ contracts: [codec.contract, of2016] });
    try {
      const newer = createCodec(of2016);
      const xml = newer.encodeRequest('getCompanySettings', { companyHandle }, { header: header() });
      const { body } = await post(more.url, xml);
      expect(newer.decodeResponse('getCompanySettings', body, { strict: true }).value.settings).toMatchObject(
        {
          overwriteMode: expect.any(String),
        },
      );
      const template = newer.encodeRequest(
        'applyMetadataTemplate',
        { companyHandle, assetHandleArray: ['a|1'], templateId: '1' },
        { header: { ...header(), user: more.admin.email, password: more.admin.password } },
      );
      expect((await faultOf(template, more)).reason).toBe(
        "Operation 'applyMetadataTemplate' is not supported by this server",
      );
      // 2013 is not among them, so its namespace is one like any other.
      const plain = codec.encodeRequest(
        'getActiveJobs',
        {},
        { header: header(), namespace: `${XSD}/2013-02-15` },
      );
      expect((await post(more.url, plain)).status).toBe(200);
    } finally {
      await more.stop();
    }
  });

  it('are the only ones in strict mode', async () => {
    const strict = await createIpsServer({ contracts: [codec.contract, of2013], strictNamespaces: true });
    try {
      const xml = older.encodeRequest('getAllCompanies', { includeExpired: false }, { header: header() });
      expect((await post(strict.url, xml)).status).toBe(200);
      const other = xml.replaceAll('2013-02-15', '2011-06-29');
      expect(await faultOf(other, strict)).toMatchObject({
        code: 30003,
        reason: `the namespace ${XSD}/2011-06-29 is not ${XSD}/2014-04-03 or ${XSD}/2013-02-15`,
      });
    } finally {
      await strict.stop();
    }
  });
});
