// What every call passes through, whatever its transport, without a database.
import { IpsFault, WireError } from '@ips-sdk/wire';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Identity } from '../src/access/identity.js';
import type { CompanyRow } from '../src/db/rows.js';
import { SHARED_COMPANY } from '../src/db/shared-company.js';
import { FileTooLargeError } from '../src/files/file-store.js';
import { Metrics } from '../src/metrics.js';
import { type AdmissionRequest, admit, checkRequest, faultOf } from '../src/operations/admission.js';
import type { Injected } from '../src/operations/chaos.js';
import type { OperationParts } from '../src/operations/operation-parts.js';
import type { Services } from '../src/services.js';
import { noTraces, type SpanOptions, type Traces } from '../src/traces/traces.js';

const NOW = new Date('2026-01-01T00:00:00Z');

let metrics: Metrics;
/** What was logged: the message, and what it is about. */
let logged: { readonly message: string; readonly about: object }[];
/** What was done with spans. */
let spans: unknown[];
let services: Services;

beforeEach(() => {
  metrics = new Metrics();
  logged = [];
  spans = [];
  const traces: Traces = {
    ...noTraces,
    begin: (name: string, options?: SpanOptions) => {
      spans.push({ name, ...options });
      return {
        set: (attributes) => void spans.push(attributes),
        fail: (type) => void spans.push(`failed: ${type}`),
        within: (work) => work(),
        headers: () => ({}),
        end: () => void spans.push('end'),
      };
    },
  };
  const log = { error: (about: object, message: string) => logged.push({ about, message }) };
  const db = {
    // Only companies that the caller is no member of are looked up.
    select: () => ({ from: () => ({ where: async () => [] }) }),
  };
  // Admission needs nothing else.
  services = { metrics, traces, log, db } as unknown as Services;
});

describe('a call', () => {
  const none: Injected = { latency: 0, drop: false, fault: false, truncate: false, faultWithOk: false };
  const call = (work: () => Promise<string>, injected: Partial<Injected> = {}) => {
    const roll = vi.fn(() => ({ ...none, ...injected }));
    // Admission needs no jobs.
    const parts = { services, chaos: { roll } } as unknown as OperationParts;
    return { roll, result: admit(parts, 'getActiveJobs', work) };
  };
  const counted = async () =>
    (await metrics.calls.get()).values.map(({ labels, value }) => [labels.operation, labels.outcome, value]);
  const timed = async () =>
    (await metrics.callSeconds.get()).values
      .filter(({ metricName }) => metricName?.endsWith('_count'))
      .map(({ labels, value }) => [labels.operation, value]);

  it('is counted, timed and traced', async () => {
    const { roll, result } = call(async () => 'done');
    expect(await result).toEqual({ injected: none, end: 'answer', output: 'done' });
    expect(roll).toHaveBeenCalledWith('getActiveJobs');
    expect(await counted()).toEqual([['getActiveJobs', 'ok', 1]]);
    expect(await timed()).toEqual([['getActiveJobs', 1]]);
    expect(spans).toEqual([
      {
        name: 'IpsApiService/getActiveJobs',
        kind: 'server',
        attributes: { 'rpc.system.name': 'ips', 'rpc.method': 'IpsApiService/getActiveJobs' },
      },
      { 'rpc.response.status_code': 'ok' },
      'end',
    ]);
  });

  it('that is refused is counted by its code, and its span has not failed', async () => {
    const refusal = new IpsFault({ kind: 'api', code: 30001, reason: 'no', faultString: 'a' });
    const { result } = call(() => Promise.reject(refusal));
    expect(await result).toEqual({ injected: none, end: 'fault', fault: refusal });
    expect(await counted()).toEqual([['getActiveJobs', '30001', 1]]);
    expect(await timed()).toEqual([['getActiveJobs', 1]]);
    expect(spans.slice(1)).toEqual([{ 'rpc.response.status_code': '30001' }, 'end']);
  });

  it('that is refused without a code is counted as a fault', async () => {
    const { result } = call(() => Promise.reject(new IpsFault({ kind: 'soap', reason: 'no' })));
    await result;
    expect(await counted()).toEqual([['getActiveJobs', 'fault', 1]]);
  });

  it.each([
    [new TypeError('a secret'), 'TypeError'],
    ['a secret', 'unknown'],
  ])('that fails is a failure of its span, and keeps its words to the log: %s', async (error, name) => {
    const { result } = call(() => Promise.reject(error));
    expect(await result).toMatchObject({ end: 'fault', fault: { code: 30000 } });
    expect(JSON.stringify(await result)).not.toContain('secret');
    expect(spans).toContain(`failed: ${name}`);
    expect(logged).toEqual([
      {
        message: 'an operation failed unexpectedly',
        about: { err: error, operation: 'getActiveJobs' },
      },
    ]);
  });

  it.each([
    ['a wrong document', new WireError('malformed-xml', 'a')],
    ['a file that is too large', new FileTooLargeError(5)],
    ['a conflict', Object.assign(new Error('a'), { code: '23505' })],
  ])('with %s is no failure of the server', async (_what, error) => {
    await call(() => Promise.reject(error)).result;
    expect(spans.filter((each) => String(each).startsWith('failed'))).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('is dropped, answered with a fault or delayed where a test asks for it', async () => {
    const work = vi.fn(async () => 'done');
    const dropped = call(work, { drop: true });
    expect(await dropped.result).toEqual({ injected: { ...none, drop: true }, end: 'drop' });
    const failed = call(work, { fault: true });
    expect(await failed.result).toMatchObject({
      end: 'fault',
      fault: { code: 30000, reason: 'A fault requested by a test' },
    });
    expect(work).not.toHaveBeenCalled();
    expect(await counted()).toEqual([['getActiveJobs', '30000', 1]]);
    vi.useFakeTimers();
    const late = call(work, { latency: 500 });
    await vi.advanceTimersByTimeAsync(499);
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(await late.result).toMatchObject({ end: 'answer' });
    const prompt = call(work);
    expect(vi.getTimerCount()).toBe(0);
    await prompt.result;
    vi.useRealTimers();
  });
});

describe('the fault of an error', () => {
  const of = (error: unknown) => faultOf(services, 'stopJob', error);

  it('is itself if it is one', () => {
    const fault = new IpsFault({ kind: 'soap', reason: 'no' });
    expect(of(fault)).toBe(fault);
  });

  it('names what is wrong with the request', () => {
    expect(of(new WireError('malformed-xml', 'the words', 'a.b')).reason).toContain('a.b: the words');
    expect(of(new FileTooLargeError(5))).toMatchObject({
      code: 30000,
      reason: 'a file is larger than 5 bytes',
    });
    expect(logged).toEqual([]);
  });

  it('is that of an object that another call made, however deep its cause', () => {
    const conflict = Object.assign(new Error('a'), { code: '23505' });
    for (const error of [
      conflict,
      new Error('b', { cause: conflict }),
      new Error('c', { cause: new Error('b', { cause: conflict }) }),
    ])
      expect(of(error)).toMatchObject({
        code: 30001,
        reason: expect.stringContaining('another request created it'),
      });
    for (const error of [
      new Error('a', { cause: { code: '23505' } }),
      Object.assign(new Error('a'), { code: '23503' }),
      { code: '23505' },
    ])
      expect(of(error)).toMatchObject({ code: 30000 });
  });

  it('names a problem of the disk, and logs it', () => {
    const error = Object.assign(new Error('a'), { code: 'ENOSPC' });
    expect(of(error).reason).toBe(
      'Nothing was stored: the disk is full at the server; try again when that is resolved',
    );
    expect(logged).toEqual([{ message: 'the disk is full', about: { err: error, operation: 'stopJob' } }]);
  });

  it('hides what is unexpected, and logs it', () => {
    const error = new Error('a secret');
    expect(faultOf(services, undefined, error).reason).toBe(
      'An unexpected error occurred; see the server log for details',
    );
    expect(logged).toEqual([
      { message: 'an operation failed unexpectedly', about: { err: error, operation: undefined } },
    ]);
  });
});

describe('a request', () => {
  // The columns that access depends on.
  const company = { id: 6, name: 'MyCompany', expires: null } as CompanyRow;
  // The same columns, of the company that all users share.
  const shared = { ...SHARED_COMPANY, expires: null } as unknown as CompanyRow;
  // What admission reads of a caller.
  const identity = (role: Identity['memberships'][number]['role'], isIpsAdmin = false): Identity =>
    ({
      user: { id: 1, isIpsAdmin },
      memberships: [
        { company, role, isActive: true },
        { company: shared, role: 'ImagePortalUser', isActive: false },
      ],
    }) as unknown as Identity;
  const user = identity('IpsUser');
  const check = (request: Partial<AdmissionRequest> & Pick<AdmissionRequest, 'operation'>, caller = user) =>
    checkRequest(services, caller, { input: {}, issues: [], ...request }, NOW);

  it('is for the company that it names, if the caller may act there', async () => {
    const stop = { operation: 'stopJob', input: { companyHandle: 'c|6', jobHandle: 'j|6|a|' } } as const;
    expect(await check(stop)).toBe(company);
    await expect(
      check({ ...stop, input: { companyHandle: 'c|7', jobHandle: 'j|7|a|' } }),
    ).rejects.toMatchObject({ code: 20000 });
  });

  it('may be for none', async () => {
    const input = { includeExpired: true };
    expect(await check({ operation: 'getAllCompanies', input }, identity('IpsAdmin', true))).toBeUndefined();
  });

  it('may be for the shared company if it only reads', async () => {
    const handle = { companyHandle: `c|${SHARED_COMPANY.id}` };
    expect(await check({ operation: 'getActiveJobs', input: handle })).toBe(shared);
    await expect(
      check({ operation: 'stopJob', input: { ...handle, jobHandle: 'j|1|a|' } }),
    ).rejects.toMatchObject({ code: 20006 });
  });

  it('needs a role that its operation allows', async () => {
    const input = { companyHandle: 'c|6', jobHandle: 'j|6|a|' };
    expect(await check({ operation: 'stopJob', input })).toBe(company);
    await expect(check({ operation: 'stopJob', input }, identity('ImagePortalUser'))).rejects.toMatchObject({
      code: 20003,
      reason: expect.stringContaining("'stopJob'"),
    });
  });

  it('is refused for a value that could not be read, before anything else', async () => {
    const issues = [
      { code: 'namespace', path: 'a', message: 'another version' },
      { code: 'bad-value', path: 'stopJobParam.a', message: 'expected a number' },
    ] as const;
    await expect(check({ operation: 'stopJob', input: {}, issues })).rejects.toMatchObject({
      reason: expect.stringContaining('stopJobParam.a: expected a number'),
    });
    await expect(check({ operation: 'stopJob', issues: [{ ...issues[1], path: '' }] })).rejects.toMatchObject(
      { reason: expect.stringContaining('the request: expected a number') },
    );
    const input = { companyHandle: 'c|6', jobHandle: 'j|6|a|' };
    expect(await check({ operation: 'stopJob', input, issues: [issues[0]] })).toBe(company);
  });

  const job = {
    companyHandle: 'c|6',
    jobName: 'a',
    exportJob: { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' },
  };

  it('is refused by name for what is missing, wrong or contradicts itself', async () => {
    const submit = (input: object) =>
      check({ operation: 'submitJob', input }).then(
        () => 'admitted',
        ({ code, reason }: IpsFault) => [code, reason],
      );
    expect(await submit(job)).toBe('admitted');
    expect(await submit({ ...job, companyHandle: undefined })).toEqual([30002, 'companyHandle is missing']);
    expect(await submit({ companyHandle: 'c|6', jobName: 'a' })).toEqual([
      30002,
      expect.stringMatching(/^exactly one of imageServingPublishJob, .* is missing$/),
    ]);
    expect(await submit({ ...job, metadataPublishJob: {} })).toEqual([
      30001,
      expect.stringMatching(/^metadataPublishJob and exportJob are mutually exclusive/),
    ]);
    // Only its form is checked: what a value means is for the handler.
    expect(await submit({ ...job, locale: 'english' })).toBe('admitted');
    expect(await submit({ ...job, jobName: 5 })).toEqual([30001, 'jobName: found 5, expected a string']);
  });

  it('of a later version is refused for what the decoder misses in it', async () => {
    const operation = 'updateSmartCrops';
    const missing = (path: string) => ({ code: 'missing-field', path, message: 'missing' }) as const;
    const input = { companyHandle: 'c|6' };
    await expect(
      check({
        operation,
        input,
        issues: [
          { code: 'wrong-order', path: 'updateSmartCropsParam.b', message: 'order' },
          missing('authHeader.user'),
          missing('updateSmartCropsParam.a'),
        ],
      }),
    ).rejects.toMatchObject({ code: 30002, reason: 'a is missing' });
    expect(await check({ operation, input, issues: [missing('authHeader.user')] })).toBe(company);
    expect(
      await check({
        operation,
        input,
        issues: [{ code: 'wrong-order', path: 'updateSmartCropsParam.b', message: 'order' }],
      }),
    ).toBe(company);
  });
});
