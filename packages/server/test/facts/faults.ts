import type { Fact } from './fact.js';

/** The detail of faults of the API, as the service writes it. */
const apiFault = (code: number, reason: string): string =>
  `<ns1:ipsApiFault xmlns:ns1="http://www.scene7.com/IpsApi/xsd"><ns1:code>${code}</ns1:code><ns1:reason>${reason}</ns1:reason></ns1:ipsApiFault>`;

/** Facts about faults. */
export const faultFacts: readonly Fact[] = [
  {
    id: 'fault-of-a-business-rule',
    fact: 'Where a business rule forbids a call, the fault code is `soapenv:Server`, the fault string is the name of the element in the detail, and the code is 30000.',
    evidence: { kind: 'recording', source: 'renameAsset to a name that is in use' },
    server: async ({ asset, text, companyHandle, expect }) => {
      await asset('RuleTaken');
      const assetHandle = await asset('RuleFree');
      const answer = await text('renameAsset', {
        companyHandle,
        assetHandle,
        newName: 'RuleTaken',
        validateName: true,
      });
      expect(answer).toContain(
        '<faultcode>soapenv:Server</faultcode><faultstring>ipsApiFault</faultstring><detail><ipsApiFault ',
      );
      expect(answer).toContain('<code>30000</code>');
    },
    client: async ({ answered, faultDocument, expect }) => {
      const answer = faultDocument('soapenv:Server', 'ipsApiFault', apiFault(30000, 'No.'));
      const { ips, requests } = await answered(
        { getAssets: answer },
        { retry: { retries: 2, minDelay: 1, maxDelay: 2 } },
      );
      await expect(ips.getAssets({ assetHandleArray: ['a|1'] })).rejects.toMatchObject({
        name: 'IpsFault',
        kind: 'api',
        code: 30000,
        reason: 'No.',
        faultCode: 'soapenv:Server',
        faultString: 'ipsApiFault',
      });
      // A rule does not change by being asked again, whoever the fault code blames.
      expect(requests).toHaveLength(1);
    },
  },
  {
    id: 'name-in-use',
    fact: "renameAsset to the name of another asset returns 30000 and `Asset ID 'x' is already in use.`",
    evidence: { kind: 'recording', source: 'renameAsset to a name that is in use' },
    server: async ({ asset, fault, companyHandle, expect }) => {
      await asset('NameTaken');
      const assetHandle = await asset('NameFree');
      const rename = { companyHandle, assetHandle, newName: 'NameTaken', validateName: true };
      expect(await fault('renameAsset', rename)).toMatchObject({
        code: 30000,
        reason: "Asset ID 'NameTaken' is already in use.",
      });
    },
    client: async ({ answered, faultDocument, expect }) => {
      const reason = "Asset ID 'x' is already in use.";
      const { ips } = await answered({
        renameAsset: faultDocument('soapenv:Server', 'ipsApiFault', apiFault(30000, reason)),
      });
      const rename = ips.renameAsset({ assetHandle: 'a|1', newName: 'x', validateName: true });
      await expect(rename).rejects.toThrow(reason);
    },
  },
  {
    id: 'fault-of-bad-input',
    fact: 'For input that is missing or bad the fault code is `soapenv:Client`, and the fault string names the class of the exception.',
    evidence: { kind: 'page', source: 'c-wsdl-versions.md, its sample of a fault' },
    server: async ({ text, companyHandle, expect }) => {
      const answer = await text('stopJob', { companyHandle, jobHandle: 'j|6|No such job|' });
      expect(answer).toContain(
        '<faultcode>soapenv:Client</faultcode><faultstring>IpsApiException</faultstring>',
      );
      expect(answer).toContain('<code>30001</code>');
    },
    client: async ({ answered, faultDocument, expect }) => {
      const { ips } = await answered({
        stopJob: faultDocument(
          'soapenv:Client',
          'com.scene7.ips.api.IpsApiException',
          apiFault(30001, 'Bad handle'),
        ),
      });
      await expect(ips.stopJob({ jobHandle: 'j|6|x|' })).rejects.toMatchObject({ kind: 'api', code: 30001 });
    },
  },
  {
    id: 'fields-that-requests-lack',
    fact: 'A required field that a request lacks is an error, while one that an answer lacks is an error only to who asks for strict answers.',
    evidence: {
      kind: 'recording',
      source: 'getActiveJobs, namespace 2010-01-31, which lacks what a later contract requires',
    },
    server: async ({ server, companyHandle, expect }) => {
      const { email, password } = server.admin;
      const answer = await fetch(`${server.url}/scene7/api/IpsApiService`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml' },
        body:
          '<Request xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03">' +
          `<authHeader><user>${email}</user><password>${password}</password><appName>facts</appName><appVersion>1</appVersion></authHeader>` +
          `<stopJobParam><companyHandle>${companyHandle}</companyHandle></stopJobParam></Request>`,
      });
      expect(await answer.text()).toMatch(/<code>30002<\/code><reason>[^<]*jobHandle/);
    },
    client: async ({ answered, expect }) => {
      const job = '<jobArray><items><jobHandle>j|6||Shoes_1|1</jobHandle></items></jobArray>';
      const lenient = await answered({ getActiveJobs: job });
      expect(await lenient.ips.getActiveJobs({})).toMatchObject({
        jobArray: [{ jobHandle: 'j|6||Shoes_1|1' }],
      });
      expect(lenient.issues.map(({ code }) => code)).toContain('missing-field');
      const strict = await answered({ getActiveJobs: job }, { strictAnswers: true });
      await expect(strict.ips.getActiveJobs({})).rejects.toMatchObject({ code: 'missing-field' });
      for (const validation of ['lenient', 'strict'] as const) {
        const { ips, requests } = await answered({ stopJob: '' }, { validation });
        await expect(ips.stopJob({} as never)).rejects.toThrow('jobHandle');
        expect(requests).toEqual([]);
      }
    },
  },
  {
    id: 'fault-of-authorization',
    fact: 'Where the caller may not make a call, the fault code is `soapenv:Client` and the detail holds an authorizationFault.',
    evidence: { kind: 'page', source: 'c-wsdl-versions.md, its sample of a fault' },
    server: async ({ text, expect }) => {
      const answer = await text('getFolders', { companyHandle: 'c|4711' });
      expect(answer).toContain(
        '<faultcode>soapenv:Client</faultcode><faultstring>AuthorizationException</faultstring><detail><authorizationFault ',
      );
      expect(answer).toContain('<code>20000</code>');
    },
    client: async ({ answered, faultDocument, expect }) => {
      const detail =
        '<authorizationFault xmlns="http://www.scene7.com/IpsApi/xsd"><code>20003</code><reason>No permission</reason></authorizationFault>';
      const { ips } = await answered({
        getFolders: faultDocument('soapenv:Client', 'AuthorizationException', detail),
      });
      await expect(ips.getFolders({})).rejects.toMatchObject({ kind: 'authorization', code: 20003 });
    },
  },
  {
    id: 'tag-that-exists',
    fact: 'If a new tag already exists, the fault in the response of updateTagFieldValues contains the old value.',
    evidence: { kind: 'page', source: 'r-update-tag-field-values.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'ASSET',
        fieldType: 'MultiFixedTag',
        name: 'TagThatExists',
        initialTagValue: 'Fall',
      });
      await connection.call('addTagFieldValues', { companyHandle, fieldHandle, valueArray: ['Autumn'] });
      const answer = await connection.call('updateTagFieldValues', {
        companyHandle,
        fieldHandle,
        updateArray: [{ oldValue: 'Fall', newValue: 'Autumn' }],
      });
      expect(answer).toMatchObject({ errorCount: 1, errorDetailArray: [{ value: 'Fall', code: 30001 }] });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        updateTagFieldValues:
          '<successCount>0</successCount><warningCount>0</warningCount><errorCount>1</errorCount>' +
          '<errorDetailArray><items><value>Fall</value><code>30001</code><reason>Tag value already exists</reason></items></errorDetailArray>',
      });
      const answer = await ips.updateTagFieldValues({
        fieldHandle: 'm|6|ASSET|Collections',
        updateArray: [{ oldValue: 'Fall', newValue: 'Autumn' }],
      });
      expect(answer.errorDetailArray).toEqual([
        { value: 'Fall', code: 30001, reason: 'Tag value already exists' },
      ]);
    },
  },
];
