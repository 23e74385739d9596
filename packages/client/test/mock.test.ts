// The mock client: what it answers, refuses and records, through all methods of the client.
import { createIpsClient, type IpsClient, IpsFault } from '@ips-sdk/client';
import { createMockClient, fault, type MockClient, MockError } from '@ips-sdk/client/mock';
import type { ActiveJob, JobLog } from '@ips-sdk/types';
import { contract as smartCrops } from '@ips-sdk/types/2019-09-10-beta';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { errorOf } from './support/clients.js';
import { unchecked } from './support/unchecked.js';

const NIGHTLY = 'j|1|Nightly|';
const RUN = 'j|1||Nightly_2026-01-01-00:00:00.000|1';
const COMPANY = { companyHandle: 'c|1', name: 'MyCompany', rootPath: 'MyCompany/' };
const SOON = { minDelay: 1, maxDelay: 2, lostAfter: 20 };

function running(progress: number): ActiveJob {
  return {
    companyHandle: 'c|1',
    jobHandle: RUN,
    name: 'Nightly_2026-01-01-00:00:00.000',
    originalName: 'Nightly',
    type: 'ImageServingPublish',
    state: 'Running',
    submitUserEmail: 'ann@example.com',
    serverName: 'ips-1',
    startDate: new Date().toISOString(),
    triggerTime: new Date().toISOString(),
    totalSize: 0,
    progress,
    progressMessage: '',
    lastProgressUpdate: new Date().toISOString(),
    taskProgressArray: [],
  };
}

describe('a mock client', () => {
  it('is a client for code that takes one, and sends nothing', async () => {
    const request = vi.spyOn(process.getBuiltinModule('node:https'), 'request');
    onTestFinished(() => request.mockRestore());
    const count = async (ips: IpsClient): Promise<number> => (await ips.getActiveJobs()).jobArray.length;
    const ips = createMockClient({ operations: { getActiveJobs: { jobArray: [running(40)] } } });
    expect(await count(ips)).toBe(1);
    expect(Object.getPrototypeOf(ips)).toBe(
      Object.getPrototypeOf(createIpsClient({ region: 'na', auth: { accessToken: 'a' } })),
    );
    expect(request).not.toHaveBeenCalled();
    await ips.close();
  });

  it('gives a stub the input as a service reads it, and records it', async () => {
    const stub = vi.fn(() => ({ jobHandle: NIGHTLY }));
    const ips = createMockClient({ operations: { submitJob: stub }, companyHandle: 'c|6' });
    const execTime = new Date('2026-01-01T00:00:00Z');
    const imageServingPublishJob = { publishType: 'Full', emailSetting: 'None' } as const;
    await ips.submitJob(
      unchecked({ jobName: 'Nightly', locale: undefined, execTime, imageServingPublishJob }),
    );
    const input = {
      companyHandle: 'c|6',
      jobName: 'Nightly',
      execTime: '2026-01-01T00:00:00.000Z',
      imageServingPublishJob,
    };
    const call = { operation: 'submitJob', input, files: [] };
    expect(stub).toHaveBeenCalledExactlyOnceWith(input, call);
    expect(ips.calls('submitJob')).toEqual([call]);
    expect(ips.calls()).toEqual([call]);
    expect(ips.calls('stopJob')).toEqual([]);
  });

  it('refuses an operation without a stub, and names those that have one', async () => {
    const ips = createMockClient({
      operations: { stopJob: {}, getActiveJobs: { jobArray: [] }, getUsers: [] },
    });
    const error = await errorOf(ips.searchAssets({ includeSubfolders: true }));
    expect(error).toBeInstanceOf(MockError);
    expect(error).toMatchObject({
      problem: 'no-stub',
      operation: 'searchAssets',
      message: 'searchAssets was called, but has no stub; stubbed: getActiveJobs, stopJob',
    });
    expect(await errorOf(ips.getUsers({}))).toMatchObject({ problem: 'no-stub', operation: 'getUsers' });
    expect((await errorOf(createMockClient().getActiveJobs())).message).toBe(
      'getActiveJobs was called, but has no stub; no operation is stubbed',
    );
    expect(ips.calls('searchAssets')).toHaveLength(1);
  });

  it('answers in turn, and repeats the last answer', async () => {
    const ips = createMockClient({
      operations: { getActiveJobs: [{ jobArray: [running(40)] }, fault(30000, 'busy'), { jobArray: [] }] },
    });
    const look = async (): Promise<unknown> =>
      ips.getActiveJobs().then(
        ({ jobArray }) => jobArray.length,
        ({ reason }) => reason,
      );
    expect([await look(), await look(), await look(), await look()]).toEqual([1, 'busy', 0, 0]);
    ips.on('getActiveJobs').answers({ jobArray: [] }, () => ({ jobArray: [running(1), running(2)] }));
    expect([await look(), await look(), await look()]).toEqual([0, 2, 2]);
    ips.reset();
    expect(ips.calls()).toEqual([]);
    expect([await look(), await look()]).toEqual([1, 'busy']);
    expect(() => ips.on('getActiveJobs').answers()).toThrow(
      'getActiveJobs: expected at least one answer, found none',
    );
  });

  it('throws a fault as the client does for one of the service', async () => {
    const ips = createMockClient();
    ips.on('stopJob').answers(fault(20003, 'No', { httpStatus: 403 }), () => {
      throw fault(10001, 'Wrong password');
    });
    const first = await errorOf(ips.stopJob({ jobHandle: NIGHTLY }));
    expect(first).toBeInstanceOf(IpsFault);
    expect(first).toMatchObject({
      kind: 'authorization',
      code: 20003,
      httpStatus: 403,
      operation: 'stopJob',
    });
    const second = await errorOf(ips.stopJob({ jobHandle: NIGHTLY }));
    expect(second).toMatchObject({
      kind: 'authentication',
      code: 10001,
      reason: 'Wrong password',
      httpStatus: 500,
    });
    expect(fault(47, 'Unknown').kind).toBe('api');
    expect(() => fault(-1, 'x')).toThrow('code: expected a whole number from 0 to 999999999, found -1');
    expect(() => fault(unchecked('30001'), 'x')).toThrow(/from 0 to 999999999, found "30001"$/);
    expect(() => fault(...([30001] as unknown as [number, string]))).toThrow(
      'reason: expected a string, found undefined',
    );
    expect(() => fault(30001, 'x', unchecked({ httpSatus: 403 }))).toThrow(
      'httpSatus: unknown option; did you mean httpStatus?',
    );
    expect(() => fault(30001, 'x', { kind: unchecked('apy') })).toThrow(/^kind: expected "authentication", /);
  });

  it('ends a call with any other error of its stub', async () => {
    const broken = new Error('the cable is out');
    const ips = createMockClient({
      operations: {
        stopJob: () => {
          throw broken;
        },
      },
    });
    expect(await errorOf(ips.stopJob({ jobHandle: NIGHTLY }))).toBe(broken);
  });

  it.each([
    ['a missing field', { jobArray: [{ ...running(1), progress: undefined }] }, 'jobArray[0].progress'],
    ['an unknown field', { jobArray: [], total: 1 }, 'total'],
    ['a field of another type', { jobArray: [{ ...running(1), progress: 'half' }] }, 'jobArray[0].progress'],
    ['a value of another type', 'none', ''],
    ['a text that XML does not allow', { jobArray: [{ ...running(1), name: '\0' }] }, 'jobArray[0].name'],
  ])('refuses an answer with %s, and names it', async (_, answer, path) => {
    const ips = createMockClient({ operations: { getActiveJobs: unchecked(answer) } });
    const error = await errorOf(ips.getActiveJobs());
    expect(error).toMatchObject({
      name: 'MockError',
      problem: 'bad-answer',
      operation: 'getActiveJobs',
      path,
    });
    expect(error.message).toMatch(/^getActiveJobs: the answer of its stub is invalid: /);
    expect(error.message).toContain(path);
  });

  it('refuses an input as the client does, and one that is not validated as the service does', async () => {
    const ips = createMockClient({ operations: { stopJob: {} } });
    expect((await errorOf(ips.stopJob(unchecked({ jobHandel: NIGHTLY })))).name).toBe('ValidationError');
    expect(ips.calls()).toEqual([]);
    const error = await errorOf(ips.callRaw('stopJob', { companyHandle: 'c|1', jobHandel: NIGHTLY }));
    expect(error).toMatchObject({ problem: 'bad-request', operation: 'stopJob' });
    expect(error.message).toMatch(/^stopJob: the request is invalid: .*jobHand/);
    expect(ips.calls('stopJob')).toEqual([]);
  });

  it('refuses names of operations that do not exist', () => {
    expect(() => createMockClient({ operations: unchecked({ getActiveJob: {} }) })).toThrow(
      'operations: the contract has no operation "getActiveJob"; did you mean getActiveJobs?',
    );
    const ips = createMockClient();
    expect(() => ips.on(unchecked('nothingLikeIt'))).toThrow('the contract has no operation "nothingLikeIt"');
    expect(() => ips.calls(unchecked('stopJobs'))).toThrow('did you mean stopJob?');
    expect(() => createMockClient(unchecked({ colour: 'red' }))).toThrow(
      /^colour: unknown option.*operations/,
    );
    expect(() => createMockClient(unchecked({ operation: {} }))).toThrow(
      'operation: unknown option; did you mean operations?',
    );
    expect(() => createMockClient({ operations: unchecked([]) })).toThrow(
      'operations: expected an object with stubs by the names of operations, found an array',
    );
  });

  it('refuses a download', async () => {
    const ips = createMockClient();
    expect(await errorOf(ips.download('https://ips.example.com/file.zip'))).toMatchObject({
      problem: 'not-supported',
      message: 'download: a mock client cannot request https://ips.example.com/file.zip',
    });
  });

  it.each([
    ['SOAP 1.2', { soapVersion: '1.2' }],
    ['plain XML', { dialect: 'plain' }],
    ['another address', { endpoint: 'http://ips.example.com/scene7/services/IpsApiService' }],
    ['big numbers', { longs: 'bigint' }],
  ] as const)('takes the options of a client: %s', async (_, options) => {
    const ips = createMockClient({ ...options, operations: { stopJob: [{}, fault(30001, 'Unknown')] } });
    expect(await ips.stopJob({ jobHandle: NIGHTLY })).toEqual({});
    expect(await errorOf(ips.stopJob({ jobHandle: NIGHTLY }))).toMatchObject({
      code: 30001,
      reason: 'Unknown',
    });
    expect(ips.history.map(({ status }) => status)).toEqual([200, 500]);
  });

  it('looks its company up, if it is given by name', async () => {
    const ips = createMockClient({
      company: 'MyCompany',
      operations: { getCompanyInfo: { companyInfo: { ...COMPANY, companyHandle: 'c|9' } }, stopJob: {} },
    });
    await ips.stopJob({ jobHandle: NIGHTLY });
    expect(ips.calls().map(({ operation, input }) => [operation, input])).toEqual([
      ['getCompanyInfo', { companyName: 'MyCompany' }],
      ['stopJob', { companyHandle: 'c|9', jobHandle: NIGHTLY }],
    ]);
  });

  it('ends a call that is aborted while its stub works', async () => {
    const ips = createMockClient({ operations: { stopJob: () => new Promise<never>(() => undefined) } });
    const abort = new AbortController();
    const call = ips.stopJob({ jobHandle: NIGHTLY }, { signal: abort.signal });
    await vi.waitFor(() => expect(ips.calls('stopJob')).toHaveLength(1));
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect(ips.stopJob({ jobHandle: NIGHTLY }, { timeout: 5 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('serves another version of the contract', async () => {
    const ips = createMockClient({
      contract: smartCrops,
      operations: { updateSmartCrops: { successCount: 1, warningCount: 0, errorCount: 0 } },
    });
    const cropRect = { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 };
    const updateArray = [{ ownerHandle: 'a|1', subAssetHandle: 'a|2', cropRect }];
    expect(await ips.updateSmartCrops({ updateArray })).toMatchObject({ successCount: 1 });
    expect(ips.calls('updateSmartCrops')[0]?.input).toEqual({ companyHandle: 'c|1', updateArray });
    ips.on('updateSmartCrops').answers(unchecked({ successCount: 'one' }));
    expect(await errorOf(ips.updateSmartCrops({ updateArray }))).toMatchObject({ problem: 'bad-answer' });
  });
});

describe('the methods of a mock client', () => {
  const publishing = (): MockClient =>
    createMockClient({
      operations: {
        submitJob: { jobHandle: NIGHTLY },
        getActiveJobs: [{ jobArray: [running(40)] }, { jobArray: [running(80)] }, { jobArray: [] }],
        getScheduledJobs: { jobArray: [] },
        getJobLogs: () => ({
          jobLogArray: [jobLog('Nightly', { jobHandle: RUN, endDate: new Date().toISOString() })],
        }),
        getJobLogDetails: () => ({
          jobLogArray: [
            {
              ...jobLog('Nightly', { jobHandle: RUN, endDate: new Date().toISOString() }),
              detailTotalRows: 0,
              detailArray: [],
            },
          ],
        }),
      },
    });

  it('submit a job and wait for it', async () => {
    const ips = publishing();
    const job = await ips.publish({ publishType: 'Full' }, { name: 'Nightly' });
    const seen: unknown[] = [];
    const { status } = await job.wait({
      ...SOON,
      onEvent: (event) => void seen.push(event.type === 'progress' ? event.progress : event.type),
    });
    expect(status).toBe('succeeded');
    expect(seen).toContain('done');
    expect(ips.calls('submitJob')[0]?.input).toMatchObject({ jobName: 'Nightly' });
    expect(ips.calls('getActiveJobs').length).toBeGreaterThanOrEqual(3);
  });

  it('list jobs, and fail at the first operation without a stub', async () => {
    const ips = publishing();
    expect((await ips.jobs.list()).map(({ name }) => name)).toContain('Nightly');
    ips.on('getScheduledJobs').answers(fault(20003, 'No'));
    await expect(ips.jobs.list()).rejects.toThrow('No');
  });

  it('page, batch and stream', async () => {
    const ips = createMockClient({
      operations: {
        searchAssets: ({ resultsPage = 1 }) => ({
          totalRows: 3,
          assetArray:
            resultsPage > 1
              ? []
              : [1, 2, 3].map((n) => ({
                  assetHandle: `a|${n}`,
                  type: 'Image',
                  name: `n${n}`,
                  fileName: `n${n}.tif`,
                  folder: 'MyCompany/',
                })),
        }),
        deleteAssets: ({ assetHandleArray }) => ({
          successCount: assetHandleArray.length,
          warningCount: 0,
          errorCount: 0,
        }),
      },
    });
    const names: (string | undefined)[] = [];
    for await (const { name } of ips.paginate('searchAssets', { includeSubfolders: true })) names.push(name);
    for await (const { name } of ips.stream<{ name: string }>('searchAssets', { includeSubfolders: true }))
      names.push(name);
    expect(names).toEqual(['n1', 'n2', 'n3', 'n1', 'n2', 'n3']);
    expect(await ips.batch('deleteAssets', { assetHandleArray: ['a|1', 'a|2'] })).toMatchObject({
      complete: true,
    });
  });

  it('upload files, whose names and bytes the stub gets', async () => {
    const got: string[] = [];
    const logs: JobLog[] = [];
    const row = {
      dateCreated: new Date().toISOString(),
      logType: 'UploadSuccess',
      logMessage: 'MyCompany/Shoes/red.png',
      assetName: 'red',
      assetHandle: 'a|1',
    } as const;
    const ips = createMockClient({
      operations: {
        getCompanyInfo: { companyInfo: COMPANY },
        uploadPost: ({ jobName, destFolder = '', endJob }, { files }) => {
          got.push(
            `${jobName === undefined ? 'same' : 'new'} job, folder '${destFolder}', ${endJob ? 'last' : 'open'}`,
          );
          for (const { fileName, content } of files)
            got.push(`${fileName}: ${new TextDecoder().decode(content)}`);
          if (endJob) logs.push(jobLog('Shoes', { jobHandle: RUN, endDate: new Date().toISOString() }));
          return { jobHandle: RUN };
        },
        getActiveJobs: { jobArray: [] },
        getScheduledJobs: { jobArray: [] },
        getJobLogs: () => ({ jobLogArray: logs }),
        getJobLogDetails: () => ({
          jobLogArray: logs.map((log) => ({ ...log, detailTotalRows: 1, detailArray: [row] })),
        }),
      },
    });
    const red = { content: Buffer.from('red'), destPath: 'Shoes/red.png' };
    const report = await ips.uploadFiles([red], { name: 'Shoes', wait: SOON });
    expect(report.files.map(({ status }) => status)).toEqual(['succeeded']);
    expect(got).toEqual([
      "new job, folder '', open",
      "same job, folder 'MyCompany/Shoes/', open",
      'red.png: red',
      "same job, folder '', last",
    ]);
    expect(ips.calls('uploadPost').map(({ files }) => files.length)).toEqual([0, 1, 0]);
  });

  it('fail at an upload without a stub', async () => {
    const ips = createMockClient({ operations: { getCompanyInfo: { companyInfo: COMPANY } } });
    const upload = ips.uploadFiles([{ content: Buffer.from('red'), destPath: 'red.png' }]);
    await expect(upload).rejects.toThrow('uploadPost was called, but has no stub; stubbed: getCompanyInfo');
  });

  it('go through soap, once a program has asked for it', async () => {
    const ips = createMockClient({ operations: { stopJob: {} } });
    await ips.soap;
    await ips.stopJob({ jobHandle: NIGHTLY });
    expect(ips.calls('stopJob')[0]?.input).toEqual({ companyHandle: 'c|1', jobHandle: NIGHTLY });
    const error = await errorOf(ips.getActiveJobs());
    expect(error.message).toContain('getActiveJobs was called, but has no stub');
  });
});
