// Clients for other versions of the contract, and calls without one.
import { createIpsClient, ValidationError } from '@ips-sdk/client';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { createCodec, type DecodeIssue, type UnknownElement, unknownElements } from '@ips-sdk/wire';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { fault, raw, startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const older = createCodec(of2013);
const smartCrops = createCodec(of2019);

const options = {
  auth: { user: 'ann@example.com', password: PASSWORD },
  companyHandle: 'c|6',
  retry: false,
} as const;

/** A service that answers one text to everything, and keeps the last request. */
async function answering(...texts: string[]) {
  const service = await startService({});
  const requests: string[] = [];
  service.onPath(new URL(service.endpoint).pathname, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'text/xml;charset=utf-8' });
    response.end(texts[Math.min(requests.length, texts.length) - 1]);
  });
  return { endpoint: service.endpoint, requests };
}

describe('a client for another contract', () => {
  it('speaks it: namespace, header, fields, and its answers in strict mode', async () => {
    const { endpoint, requests } = await answering(older.encodeResponse('getUsers', { userArray: [] }));
    const ips = createIpsClient({ ...options, contract: of2013, endpoint, strictAnswers: true });
    onTestFinished(() => ips.close());
    expect(await ips.getUsers({ companyHandleArray: ['c|6'] })).toEqual({ userArray: [] });
    expect(requests[0]).toContain(`<getUsersParam xmlns="${XSD}/2013-02-15">`);
    expect(requests[0]).toContain(`<authHeader xmlns="${XSD}">`);
    expect(older.decodeRequest(requests[0] ?? '', { strict: true }).operation).toBe('getUsers');
  });

  it('sends nothing that the contract lacks, and says so by its name', async () => {
    const { endpoint, requests } = await answering('');
    const ips = createIpsClient({ ...options, contract: of2013, endpoint });
    onTestFinished(() => ips.close());
    expect(await errorOf(ips.getActiveJobs({ includeWaitingJobs: true } as never))).toMatchObject({
      code: 'unknown-field',
      message:
        'getActiveJobsParam.includeWaitingJobs: getActiveJobsParam has no such field in contract 2013-02-15',
    });
    expect(await errorOf(ips.call('deleteAssetMetadata' as 'stopJob', { jobHandle: 'j' }))).toMatchObject({
      code: 'unknown-name',
      message: 'the contract 2013-02-15 has no operation "deleteAssetMetadata"',
    });
    expect(requests).toEqual([]);
  });

  it('has methods for its own operations, typed by it', async () => {
    const { endpoint, requests } = await answering(
      smartCrops.encodeResponse('updateSmartCrops', { successCount: 1, warningCount: 0, errorCount: 0 }),
    );
    const ips = createIpsClient({ ...options, contract: of2019, endpoint });
    onTestFinished(() => ips.close());
    const cropRect = { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 };
    const updateArray = [{ ownerHandle: 'a|1', subAssetHandle: 'a|2', cropRect }];
    const { successCount } = await ips.updateSmartCrops({ updateArray });
    expectTypeOf(successCount).toEqualTypeOf<number>();
    expect(successCount).toBe(1);
    expect(smartCrops.decodeRequest(requests[0] ?? '', { strict: true }).input).toEqual({
      companyHandle: 'c|6',
      updateArray,
    });
    const old = createIpsClient({ ...options, contract: of2013, endpoint });
    expectTypeOf<'deleteAssetMetadata' extends keyof typeof old ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<'getImageServingCatalog' extends keyof typeof old ? true : false>().toEqualTypeOf<true>();
    expect('updateSmartCrops' in clientOf({ endpoint })).toBe(false);
  });

  it('validates by a function that is given, and by nothing but the codec otherwise', async () => {
    const { endpoint, requests } = await answering(older.encodeResponse('stopJob', {}));
    const seen: string[] = [];
    const validate = (message: string, input: object) => {
      seen.push(message);
      const jobHandle = (input as { jobHandle: string }).jobHandle;
      const issue = { code: 'pattern', path: 'jobHandle', value: jobHandle, expected: 'j|', message: 'no' };
      // The code of an issue is one of the validator's; this function has its own reasons.
      return { errors: jobHandle.startsWith('j|') ? [] : [issue as never], warnings: [] };
    };
    const ips = createIpsClient({ ...options, contract: of2013, endpoint, validate });
    onTestFinished(() => ips.close());
    expect(await errorOf(ips.stopJob({ jobHandle: 'x' }))).toBeInstanceOf(ValidationError);
    expect(requests).toEqual([]);
    await ips.stopJob({ jobHandle: 'j|6' });
    expect(seen).toEqual(['StopJobParam', 'StopJobParam']);
    const unchecked = createIpsClient({ ...options, contract: of2013, endpoint });
    onTestFinished(() => unchecked.close());
    await unchecked.stopJob({ jobHandle: '' });
    expect(requests).toHaveLength(2);
  });

  it('goes through the soap package too', async () => {
    const { endpoint, requests } = await answering(older.encodeResponse('stopJob', {}));
    const ips = createIpsClient({ ...options, contract: of2013, endpoint });
    onTestFinished(() => ips.close());
    await ips.soap;
    expect(await ips.stopJob({ jobHandle: 'j|6' })).toEqual({});
    expect(requests[0]).toContain(`xmlns="${XSD}/2013-02-15"`);
    expect(requests[0]).toContain(`<authHeader xmlns="${XSD}">`);
  });
});

describe('a namespace that was asked for', () => {
  it('is accepted in strict mode', async () => {
    const namespace = `${XSD}/2017-10-29-beta`;
    const issues: DecodeIssue[] = [];
    const service = await startService({
      stopJob: () => raw(smartCrops.encodeResponse('stopJob', {}, { namespace })),
    });
    const hooks = { onIssue: (issue: DecodeIssue) => void issues.push(issue) };
    const ips = clientOf(service, { namespace, strictAnswers: true, hooks });
    expect(await ips.stopJob({ jobHandle: 'j|6' })).toEqual({});
    expect(issues).toEqual([]);
  });
});

describe('elements that the contract lacks', () => {
  it('are kept, and sent with validation off only', async () => {
    const { endpoint, requests } = await answering(
      `<stopJobReturn xmlns="${XSD}/2014-04-03"><hue>red</hue></stopJobReturn>`,
    );
    const ips = clientOf({ endpoint }, { unknownElements: 'keep' });
    const input = { jobHandle: 'j|6', [unknownElements]: [{ name: 'reason', text: 'late' }] };
    expect(await errorOf(ips.stopJob(input))).toMatchObject({
      name: 'ValidationError',
      issues: [{ code: 'unknown-field' }],
    });
    await ips.stopJob({ jobHandle: 'j|6' });
    const answer = await ips.stopJob(input, { validation: 'off' });
    expect((answer as { [unknownElements]?: UnknownElement[] })[unknownElements]).toEqual([
      { name: 'hue', text: 'red' },
    ]);
    expect(requests.at(-1)).toContain('</jobHandle><reason>late</reason></stopJobParam>');
  });
});

describe('a raw call', () => {
  it('sends an object or XML as it is, and answers text', async () => {
    const { endpoint, requests } = await answering(
      smartCrops.encodeResponse('updateSmartCrops', { successCount: 1, warningCount: 0, errorCount: 0 }),
    );
    const ips = clientOf({ endpoint }, { namespace: `${XSD}/2019-09-10-beta` });
    const answer = await ips.callRaw('updateSmartCrops', { companyHandle: 'c|6', updateArray: [] });
    expect(answer).toMatchObject({
      element: 'updateSmartCropsReturn',
      value: { successCount: '1', warningCount: '0', errorCount: '0' },
    });
    expect(answer.xml).toContain('<successCount>1</successCount>');
    expect(smartCrops.decodeRequest(requests[0] ?? '', { strict: true }).header).toMatchObject({
      user: 'ann@example.com',
    });
    const xml = `<s:x xmlns:s="urn:x"/>`;
    await ips.callRaw('x', xml);
    expect(requests[1]).toContain(`<soapenv:Body>${xml}</soapenv:Body>`);
    expect(ips.history.map(({ operation }) => operation)).toEqual(['updateSmartCrops', 'x']);
  });

  it('throws faults, and is repeated only where the contract allows it', async () => {
    let calls = 0;
    const failing = () => {
      calls += 1;
      return raw('<html>busy</html>', 503);
    };
    const service = await startService({
      getActiveJobs: failing,
      submitJob: failing,
      stopJob: () => fault({ kind: 'api', code: 30001, reason: 'no' }),
    });
    const ips = clientOf(service);
    expect(await errorOf(ips.callRaw('stopJob', { jobHandle: 'j' }))).toMatchObject({ code: 30001 });
    expect(await errorOf(ips.callRaw('getActiveJobs', {}))).toMatchObject({ status: 503 });
    expect(calls).toBe(3);
    calls = 0;
    expect(await errorOf(ips.callRaw('submitJob', {}))).toMatchObject({ status: 503 });
    expect(calls).toBe(1);
  });
});
