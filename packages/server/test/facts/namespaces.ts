import type { Fact, ServerWorld } from './fact.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const OF_2013 = `${XSD}/2013-02-15`;
const OF_2017 = `${XSD}/2017-10-29-beta`;

/** Facts about the namespaces of the service, each of which is a contract of its own. */
export const namespaceFacts: readonly Fact[] = [
  {
    id: 'fields-of-a-namespace',
    fact: 'A request in the namespace of 2013 is answered in it, with its fields: rows of logs have no `dateCreated`, users a `defaultRole` and no `isIpsAdmin`.',
    evidence: {
      kind: 'page',
      source: 'the WSDL of 2013-02-15 beside that of 2014-04-03; c-wsdl-versions.md',
    },
    server: async (world) => {
      const { run, upload, companyHandle, text, expect } = world;
      await run({ jobName: 'Of 2013', ...upload(['/red.png']) });
      const input = `<companyHandle>${companyHandle}</companyHandle><originalName>Of 2013</originalName>`;
      const log = await soap(world, OF_2013, 'getJobLogDetails', input);
      expect(log).toContain(`<getJobLogDetailsReturn xmlns="${OF_2013}">`);
      expect(log).toContain('<logType>FileBegin</logType>');
      expect(log).not.toContain('<dateCreated>');
      expect(await text('getJobLogDetails', { companyHandle, originalName: 'Of 2013' })).toContain(
        '<dateCreated>',
      );
      const user = await soap(world, OF_2013, 'getUserInfo', '');
      expect(user).toContain('<defaultRole>IpsAdmin</defaultRole>');
      expect(user).not.toContain('isIpsAdmin');
    },
    client: async ({ answered, expect }) => {
      const { contract } = await import('@ips-sdk/types/2013-02-15');
      const answer = (content: string) => ({
        document:
          '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
          `${content}</soapenv:Body></soapenv:Envelope>`,
      });
      const { ips, requests, issues } = await answered(
        {
          getUserInfo: answer(
            `<getUserInfoReturn xmlns="${OF_2013}"><userInfo><userHandle>u|70|ann@example.com</userHandle><firstName>Ann</firstName>` +
              '<lastName>Archer</lastName><email>ann@example.com</email><defaultRole>IpsUser</defaultRole><isValid>true</isValid>' +
              '<passwordExpires>2107-04-22T18:35:41.995Z</passwordExpires></userInfo></getUserInfoReturn>',
          ),
          getActiveJobs: answer(`<getActiveJobsReturn xmlns="${OF_2013}"><jobArray/></getActiveJobsReturn>`),
        },
        { contract, strictAnswers: true },
      );
      // In strict mode, which takes the namespace that was asked for.
      const { userInfo } = await ips.getUserInfo({});
      expect(userInfo).toMatchObject({ defaultRole: 'IpsUser' });
      expect(issues).toEqual([]);
      // A field that only the later contract has is not sent.
      expect(await ips.jobs.active()).toEqual([]);
      expect(requests[0]?.xml).toContain(`<getUserInfoParam xmlns="${OF_2013}"`);
      expect(requests.at(-1)?.xml).not.toContain('includeWaitingJobs');
    },
  },
  {
    id: 'uploads-of-a-namespace',
    fact: 'The upload servlet answers in the namespace of its parameters.',
    evidence: { kind: 'page', source: 'c-http-post.md, its sample' },
    server: async ({ server, companyHandle, expect }) => {
      const { email, password } = server.admin;
      const form = new FormData();
      form.set(
        'auth',
        `<authHeader xmlns="${XSD}"><user>${email}</user><password>${password}</password></authHeader>`,
      );
      form.set(
        'uploadParams',
        `<uploadPostParam xmlns="${OF_2013}"><companyHandle>${companyHandle}</companyHandle><jobName>Posted in 2013</jobName>` +
          '<endJob>true</endJob><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish>' +
          '<createMask>false</createMask><emailSetting>None</emailSetting></uploadParams></uploadPostParam>',
      );
      form.set('file1', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']), 'SampleCompany/of2013.svg');
      const answer = await fetch(`${server.url}/scene7/UploadFile`, { method: 'POST', body: form });
      expect(await answer.text()).toMatch(
        new RegExp(
          `<uploadPostReturn xmlns="${OF_2013}"><jobHandle>j\\|6\\|\\|Posted in 2013_[^|]+\\|\\d+</jobHandle>`,
        ),
      );
    },
    client: async ({ answered, expect }) => {
      const { contract } = await import('@ips-sdk/types/2013-02-15');
      const { ips, requests } = await answered({ getActiveJobs: '<jobArray/>' }, { contract });
      // The contract of 2013 has no message of the servlet, so a client that speaks it sends none.
      const upload = ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.svg' }], {
        destFolder: 'MyCompany/',
        wait: { minDelay: 1, maxDelay: 5, lostAfter: 50 },
      });
      await expect(upload).rejects.toThrow('2013-02-15');
      expect(requests.map(({ operation }) => operation)).not.toContain('uploadPost');
    },
  },
  {
    id: 'metadata-search-of-2017',
    fact: 'In the namespace 2017-10-29-beta searchAssetsByMetadata answers `assetSummaryArray`, of which programs read the handles.',
    evidence: { kind: 'program', source: 'four public programs, namespace 2017-10-29-beta, plain XML' },
    server: async ({ server, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Of 2017');
      const { email, password } = server.admin;
      const answer = await fetch(`${server.url}/scene7/api/IpsApiService`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml' },
        body:
          `<Request xmlns="${OF_2017}"><authHeader><user>${email}</user><password>${password}</password>` +
          '<appName>facts</appName><appVersion>1</appVersion><faultHttpStatusCode>200</faultHttpStatusCode></authHeader>' +
          `<searchAssetsByMetadataParam><companyHandle>${companyHandle}</companyHandle><metadataConditionArray><items>` +
          '<fieldHandle>name</fieldHandle><op>Equals</op><value>Of 2017</value></items></metadataConditionArray>' +
          '</searchAssetsByMetadataParam></Request>',
      });
      const text = await answer.text();
      expect(text).toContain(`<searchAssetsByMetadataReturn xmlns="${OF_2017}">`);
      expect(text).toContain(`<assetSummaryArray><items><assetHandle>${assetHandle}</assetHandle>`);
    },
    client: async ({ answered, expect }) => {
      const document =
        `<?xml version="1.0" encoding="UTF-8"?><searchAssetsByMetadataReturn xmlns="${OF_2017}"><totalRows>2</totalRows>` +
        '<assetSummaryArray><items><assetHandle>a|885289</assetHandle></items><items><assetHandle>a|885290</assetHandle>' +
        '<hue>red</hue></items></assetSummaryArray></searchAssetsByMetadataReturn>';
      const search = { metadataConditionArray: [{ fieldHandle: 'asset_id', op: 'Equals', value: '1' }] };
      const { contract: later } = await import('@ips-sdk/types/2019-09-10-beta');
      for (const contract of [undefined, later]) {
        const { ips, requests, issues } = await answered(
          { searchAssetsByMetadata: { document } },
          { dialect: 'plain', namespace: OF_2017, unknownElements: 'keep', contract },
        );
        const { totalRows, assetSummaryArray } = await ips.searchAssetsByMetadata(search);
        expect(totalRows).toBe(2);
        expect(assetSummaryArray.map(({ assetHandle }) => assetHandle)).toEqual(['a|885289', 'a|885290']);
        const { unknownElements } = await import('@ips-sdk/wire');
        expect(Reflect.get(assetSummaryArray[1] ?? {}, unknownElements)).toEqual([
          { name: 'hue', text: 'red' },
        ]);
        expect(issues.map(({ code }) => code)).toEqual(['unknown-element']);
        expect(requests[0]?.xml).toMatch(new RegExp(`^(<\\?xml[^>]*>)?<Request xmlns="${OF_2017}">`));
        // Without a contract, what is there is given as it is.
        const raw = await ips.callRaw('searchAssetsByMetadata', { companyHandle: 'c|6' });
        expect(raw.value).toMatchObject({ assetSummaryArray: [{ assetHandle: 'a|885289' }, { hue: 'red' }] });
      }
    },
  },
];

/** The answer to a request in a namespace. */
async function soap(
  { server }: ServerWorld,
  namespace: string,
  operation: string,
  input: string,
): Promise<string> {
  const { email, password } = server.admin;
  const answer = await fetch(`${server.url}/scene7/services/IpsApiService`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${operation}"` },
    body:
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header>' +
      `<authHeader xmlns="${XSD}"><user>${email}</user><password>${password}</password></authHeader></soapenv:Header>` +
      `<soapenv:Body><${operation}Param xmlns="${namespace}">${input}</${operation}Param></soapenv:Body></soapenv:Envelope>`,
  });
  return answer.text();
}
