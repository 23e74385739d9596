import {
  ConnectionError,
  createIpsClient,
  HttpError,
  IpsFault,
  TimeoutError,
  ValidationError,
} from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';
import {
  fault,
  hangUp,
  lacking,
  partly,
  raw,
  silence,
  startService,
  zipped,
} from '../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { clientOf, collect, errorOf, PASSWORD } from './support/clients.js';

const FOLDER = { folderHandle: 'f|MyCompany/Shoes/' };
const STOP = { jobHandle: 'j|6|Nightly|' };

describe('a call', () => {
  it('sends credentials, application and company, and answers what the service answers', async () => {
    const service = await startService({ createFolder: () => FOLDER });
    const ips = clientOf(service, { locale: 'de-DE' });
    expect(await ips.createFolder({ folderPath: 'MyCompany/Shoes/' })).toEqual(FOLDER);
    const [request] = service.requests;
    expect(request?.input).toEqual({ companyHandle: 'c|6', folderPath: 'MyCompany/Shoes/' });
    expect(request?.decoded.header).toEqual({
      user: 'ann@example.com',
      password: PASSWORD,
      locale: 'de-DE',
      appName: 'Tests',
      appVersion: '1.0',
      gzipResponse: true,
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'text/xml; charset=UTF-8',
      soapaction: '"createFolder"',
      'accept-encoding': 'gzip',
    });
    expect(request?.headers['user-agent']).toMatch(/^ips-sdk-client\/\d+\.\d+\.\d+ \(Tests\/1\.0\)$/);
  });

  it('is made by name too', async () => {
    const service = await startService({ createFolder: () => FOLDER });
    expect(await clientOf(service).call('createFolder', { folderPath: 'MyCompany/Shoes/' })).toEqual(FOLDER);
    const error = await errorOf(clientOf(service).call('noSuchOperation' as 'stopJob', STOP));
    expect(error).toMatchObject({ name: 'WireError', code: 'unknown-name' });
  });

  it('speaks SOAP 1.2, the plain dialect, other versions and the unversioned header', async () => {
    const service = await startService({ stopJob: () => ({}) });
    await clientOf(service, { soapVersion: '1.2' }).stopJob(STOP);
    await clientOf(service, { dialect: 'plain' }).stopJob(STOP);
    const namespace = 'http://www.scene7.com/IpsApi/xsd/2013-02-15';
    await clientOf(service, { namespace, headerForm: 'unversioned' }).stopJob(STOP);
    const [soap12, plain, old] = service.requests;
    expect(soap12?.decoded.soapVersion).toBe('1.2');
    expect(soap12?.headers['content-type']).toBe('application/soap+xml; charset=UTF-8; action="stopJob"');
    expect(plain?.decoded.soapVersion).toBeUndefined();
    expect(plain?.xml).toContain('<Request ');
    expect(old?.decoded.namespace).toBe(namespace);
    expect(old?.xml).toContain('<authHeader xmlns="http://www.scene7.com/IpsApi/xsd">');
  });

  it('looks its company up once, also when many calls begin together', async () => {
    const companyInfo = { companyHandle: 'c|21', name: 'My Company', rootPath: 'MyCompany/' };
    const service = await startService({
      getCompanyInfo: () => ({ companyInfo }),
      stopJob: () => ({}),
      getActiveJobs: () => ({ jobArray: [] }),
    });
    const ips = clientOf(service, { company: 'My Company', companyHandle: undefined });
    await Promise.all([ips.stopJob(STOP), ips.stopJob(STOP), ips.getActiveJobs()]);
    expect(service.operations().filter((name) => name === 'getCompanyInfo')).toHaveLength(1);
    expect(service.requests[0]?.input).toEqual({ companyName: 'My Company' });
    expect(service.requests.slice(1).map(({ input }) => input['companyHandle'])).toEqual([
      'c|21',
      'c|21',
      'c|21',
    ]);
    await ips.stopJob({ ...STOP, companyHandle: 'c|7' });
    expect(service.requests.at(-1)?.input['companyHandle']).toBe('c|7');
  });

  it('looks its company up again when that failed', async () => {
    let tries = 0;
    const companyInfo = { companyHandle: 'c|21', name: 'My Company', rootPath: 'MyCompany/' };
    const service = await startService({
      getCompanyInfo: () => {
        tries += 1;
        return tries === 1
          ? fault({ kind: 'authorization', code: 20000, reason: 'no such company' })
          : { companyInfo };
      },
      stopJob: () => ({}),
    });
    const ips = clientOf(service, { company: 'My Company', companyHandle: undefined });
    expect(await errorOf(ips.stopJob(STOP))).toBeInstanceOf(IpsFault);
    await ips.stopJob(STOP);
    expect(tries).toBe(2);
  });

  it('is checked before it is sent', async () => {
    const service = await startService({ stopJob: () => ({}), removeCompanyMembership: () => ({}) });
    const error = await errorOf(clientOf(service).stopJob({ jobHandle: 5 } as never));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toContain('jobHandle');
    const unknown = await errorOf(clientOf(service).stopJob({ ...STOP, handle: 'x' } as never));
    expect(unknown).toBeInstanceOf(ValidationError);
    const missing = await errorOf(clientOf(service, { companyHandle: undefined }).stopJob(STOP));
    expect(missing.message).toContain('companyHandle');
    // The contract would allow it, and the service would remove all users from the company.
    const everybody = await errorOf(
      clientOf(service).removeCompanyMembership({ companyHandleArray: ['c|6'] }),
    );
    expect(everybody).toBeInstanceOf(ValidationError);
    expect(everybody.message).toContain('userHandle is missing');
    // Without validation the codec is still there.
    expect(await errorOf(clientOf(service, { validation: 'off' }).stopJob({} as never))).toMatchObject({
      name: 'WireError',
      code: 'missing-field',
    });
    expect(service.requests).toEqual([]);
  });

  it('reports unusual values, and refuses them in strict mode', async () => {
    const service = await startService({ getJobLogs: () => ({ jobLogArray: [] }) });
    const warnings: string[] = [];
    const ips = clientOf(service, { hooks: { onWarning: ({ path }) => void warnings.push(path) } });
    await ips.getJobLogs({ sortBy: 'Colour' });
    expect(warnings).toEqual([expect.stringContaining('sortBy')]);
    expect(await errorOf(ips.getJobLogs({ sortBy: 'Colour' }, { validation: 'strict' }))).toBeInstanceOf(
      ValidationError,
    );
  });

  it('delivers an answer that lacks required fields, and reports it; strict answers fail', async () => {
    const folders = { path: 'MyCompany/', lastModified: '2014-04-03T00:00:00Z', hasSubfolders: false };
    const service = await startService({
      submitJob: () => lacking({ jobHandle: 'j|6|x|' }, 'jobHandle'),
      getFolderTree: () => ({ folders }),
    });
    const issues: string[] = [];
    const ips = clientOf(service, {
      hooks: { onIssue: ({ operation, code }) => void issues.push(`${operation} ${code}`) },
    });
    const input = {
      jobName: 'x',
      exportJob: { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' },
    };
    expect(await ips.submitJob(input)).toEqual({});
    expect(issues).toEqual(['submitJob missing-field']);
    expect(await errorOf(clientOf(service, { strictAnswers: true }).submitJob(input))).toMatchObject({
      name: 'WireError',
      code: 'missing-field',
    });
  });

  it('goes through whatever its hooks throw', async () => {
    const service = await startService({ createFolder: () => FOLDER });
    const warnings: string[] = [];
    const listener = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listener);
    const fail = (): never => {
      throw new Error('the hook is broken');
    };
    const ips = clientOf(service, { hooks: { onRequest: fail, onExchange: fail } });
    expect(await ips.createFolder({ folderPath: 'MyCompany/Shoes/' })).toEqual(FOLDER);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listener);
    expect(warnings).toEqual(['the hook is broken', 'the hook is broken']);
  });

  it('shows what it would send without sending it', async () => {
    const service = await startService();
    const xml = await clientOf(service).preview('stopJob', STOP);
    expect(xml).toContain('<jobHandle>j|6|Nightly|</jobHandle>');
    expect(service.requests).toEqual([]);
  });
});

describe('credentials', () => {
  it('travel as token or HTTP Basic', async () => {
    const service = await startService({ stopJob: () => ({}) });
    await clientOf(service, { auth: { accessToken: 'tok' } }).stopJob(STOP);
    await clientOf(service, { auth: { basic: { user: 'ann', password: 'p:w' } } }).stopJob(STOP);
    expect(service.requests[0]?.decoded.header).toMatchObject({ accessToken: 'tok' });
    expect(service.requests[1]?.headers.authorization).toBe(
      `Basic ${Buffer.from('ann:p:w').toString('base64')}`,
    );
    expect(service.requests[1]?.decoded.header).not.toHaveProperty('password');
  });

  it('are asked for with each request, and once more when the service refuses them', async () => {
    const service = await startService({
      stopJob: (_, { decoded }) =>
        decoded.header?.['accessToken'] === 'new'
          ? {}
          : fault({ kind: 'authentication', code: 10001, reason: 'Invalid username/password' }),
    });
    const asked: (number | undefined)[] = [];
    const ips = clientOf(service, {
      auth: ({ rejected }) => {
        asked.push(rejected?.code);
        return { accessToken: rejected ? 'new' : 'old' };
      },
    });
    await ips.stopJob(STOP);
    expect(asked).toEqual([undefined, 10001]);
    const stubborn = clientOf(service, { auth: () => ({ accessToken: 'old' }) });
    expect(await errorOf(stubborn.stopJob(STOP))).toMatchObject({ name: 'IpsFault', code: 10001 });
  });

  it('of a provider that hangs are not waited for without end', async () => {
    const service = await startService();
    const ips = clientOf(service, { auth: () => new Promise(() => undefined), retry: false });
    expect(await errorOf(ips.stopJob(STOP, { timeout: 20 }))).toBeInstanceOf(TimeoutError);
  });

  it('in the URL of the endpoint are refused, without being shown', async () => {
    const make = (): unknown =>
      createIpsClient({ endpoint: `https://ann:${'s3cret'}@www.example.com/x`, auth: { accessToken: 't' } });
    expect(make).toThrow(/basic/);
    expect(make).not.toThrow(/s3cret/);
  });
});

describe('what goes wrong', () => {
  it.each([200, 500])('is a fault with the meaning of its code, with HTTP status %i', async (status) => {
    const service = await startService({
      stopJob: () => fault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' }, status),
    });
    const error = await errorOf(clientOf(service).stopJob(STOP));
    expect(error).toBeInstanceOf(IpsFault);
    expect(error).toMatchObject({
      kind: 'api',
      code: 30001,
      codeName: 'IPS_API_FAULT_CODE_INVALID_PARAMETER',
      operation: 'stopJob',
      httpStatus: status,
    });
  });

  it('is a fault in the plain dialect and in SOAP 1.2', async () => {
    const { codec } = await import('@ips-sdk/wire');
    const details = { kind: 'authorization', code: 20003, reason: 'not allowed' } as const;
    const service = await startService({
      stopJob: (_, { decoded }) =>
        raw(
          codec.encodeFault(
            details,
            decoded.soapVersion === undefined ? { dialect: 'plain' } : { soapVersion: '1.2' },
          ),
          500,
        ),
    });
    for (const options of [{ dialect: 'plain' }, { soapVersion: '1.2' }] as const) {
      expect(await errorOf(clientOf(service, options).stopJob(STOP))).toMatchObject({
        kind: 'authorization',
        code: 20003,
      });
    }
  });

  it('is an HTTP error when something in between answers', async () => {
    const page = '<html><head><title>403 Forbidden</title></head><body>Request blocked.</body></html>';
    const service = await startService({
      stopJob: () => raw(page, 403, { 'Content-Type': 'text/html' }),
      deleteJob: () => raw('', 204),
      pauseJob: () => raw(page),
    });
    const ips = clientOf(service);
    const error = await errorOf(ips.stopJob(STOP));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 403, operation: 'stopJob', body: page });
    expect(error.message).toBe(
      `stopJob: HTTP status 403 from ${service.endpoint}, 403 Forbidden Request blocked.`,
    );
    expect(error).toMatchObject({ url: service.endpoint });
    expect(await errorOf(ips.deleteJob(STOP))).toMatchObject({ name: 'HttpError', status: 204 });
    expect(await errorOf(ips.pauseJob(STOP))).toMatchObject({ name: 'HttpError', status: 200 });
  });

  it('is never a redirection that is followed with the password', async () => {
    const service = await startService({ stopJob: () => raw('', 302, { Location: 'http://127.0.0.1:1/' }) });
    expect(await errorOf(clientOf(service).stopJob(STOP))).toMatchObject({ name: 'HttpError', status: 302 });
  });

  it('is a timeout when no answer comes, or only its beginning', async () => {
    const output = { jobArray: [] };
    const service = await startService({
      stopJob: () => silence,
      getActiveJobs: () => partly(output, 40, 'hangs'),
    });
    const ips = clientOf(service, { retry: false });
    expect(await errorOf(ips.stopJob(STOP, { timeout: 30 }))).toMatchObject({
      name: 'TimeoutError',
      timeout: 30,
    });
    expect(await errorOf(ips.getActiveJobs({}, { timeout: 30 }))).toBeInstanceOf(TimeoutError);
  });

  it('is the reason of the signal that ends it, before, while it waits for its turn, and while it is on its way', async () => {
    const service = await startService({ stopJob: () => silence });
    const ips = clientOf(service, { concurrency: 1 });
    const reason = new Error('changed my mind');
    expect(await errorOf(ips.stopJob(STOP, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const first = new AbortController();
    const second = new AbortController();
    const running = errorOf(ips.stopJob(STOP, { signal: first.signal }));
    const waiting = errorOf(ips.stopJob(STOP, { signal: second.signal }));
    second.abort(reason);
    expect(await waiting).toBe(reason);
    first.abort(reason);
    expect(await running).toBe(reason);
    expect(service.requests.length).toBeLessThanOrEqual(1);
  });

  it('is a connection error when no server listens or the connection breaks', async () => {
    const service = await startService({
      stopJob: () => hangUp,
      getActiveJobs: () => partly({ jobArray: [] }, 40, 'breaks'),
    });
    const nobody = clientOf({ endpoint: 'http://127.0.0.1:1/scene7/services/IpsApiService' });
    expect(await errorOf(nobody.stopJob(STOP))).toMatchObject({
      name: 'ConnectionError',
      code: 'ECONNREFUSED',
      notSent: true,
    });
    expect(await errorOf(clientOf(service).stopJob(STOP))).toMatchObject({
      name: 'ConnectionError',
      notSent: false,
    });
    expect(await errorOf(clientOf(service).getActiveJobs())).toMatchObject({ name: 'ConnectionError' });
  });

  it('is reported for XML that ends too early or is not text', async () => {
    const service = await startService({
      stopJob: () =>
        raw(
          '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><stopJobRet',
        ),
      pauseJob: () => raw(Buffer.from([0x3c, 0xff, 0xfe, 0x3e])),
    });
    expect(await errorOf(clientOf(service).stopJob(STOP))).toMatchObject({
      name: 'HttpError',
      status: 200,
      cause: { code: 'malformed-xml' },
    });
    expect(await errorOf(clientOf(service).pauseJob(STOP))).toMatchObject({
      name: 'WireError',
      code: 'encoding',
    });
  });
});

describe('another attempt', () => {
  /** Answers twice in a bad way, and then no more. */
  const flaky = (answer: () => object) => {
    let calls = 0;
    const next = (): object | undefined => {
      calls += 1;
      return calls <= 2 ? answer() : undefined;
    };
    return Object.assign(next, { calls: () => calls });
  };

  it.each([
    ['a broken connection', () => hangUp],
    ['status 503', () => raw('busy', 503)],
  ])('is made after %s for operations that are safe to repeat only', async (_, answer) => {
    const safe = flaky(answer as () => object);
    const unsafe = flaky(answer as () => object);
    const service = await startService({
      getJobLogs: () => safe() ?? { jobLogArray: [] },
      submitJob: () => unsafe(),
    });
    const retries: number[] = [];
    const ips = clientOf(service, { hooks: { onRetry: ({ attempt }) => void retries.push(attempt) } });
    expect(await ips.getJobLogs()).toEqual({ jobLogArray: [] });
    expect(retries).toEqual([1, 2]);
    const job = { jobName: 'x', exportJob: { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' } };
    await errorOf(ips.submitJob(job));
    expect(unsafe.calls()).toBe(1);
  });

  it('is not made after a fault, nor after retry: false', async () => {
    const service = await startService({
      getJobLogs: () => fault({ kind: 'api', code: 30000, reason: 'oops' }),
      getActiveJobs: () => raw('busy', 503),
    });
    const ips = clientOf(service);
    await errorOf(ips.getJobLogs());
    await errorOf(ips.getActiveJobs({}, { retry: false }));
    expect(service.requests).toHaveLength(2);
    await errorOf(ips.getActiveJobs());
    expect(service.requests).toHaveLength(5);
  });

  it('waits as long as the service asks, unless that is longer than the longest wait', async () => {
    let calls = 0;
    const service = await startService({
      submitJob: () => (calls++ === 0 ? raw('later', 429, { 'Retry-After': '1' }) : { jobHandle: 'j|6|x|' }),
      getJobLogs: () => raw('later', 503, { 'Retry-After': '3600' }),
    });
    const waits: number[] = [];
    const ips = clientOf(service, {
      retry: { minDelay: 1, maxDelay: 2000 },
      hooks: { onRetry: ({ delay }) => void waits.push(delay) },
    });
    // A request that was turned away for its number was not served, so even one that is not safe to repeat is.
    await ips.submitJob({
      jobName: 'x',
      exportJob: { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' },
    });
    expect(waits).toEqual([1000]);
    expect(await errorOf(ips.getJobLogs())).toMatchObject({ status: 503, retryAfter: 3_600_000 });
  });
});

describe('connections', () => {
  it('stay open for further calls', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const ips = clientOf(service);
    for (let i = 0; i < 3; i += 1) await ips.stopJob(STOP);
    expect(service.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('are as many as calls may be on their way at once', async () => {
    let now = 0;
    let most = 0;
    const service = await startService({
      stopJob: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
        return {};
      },
    });
    const ips = clientOf(service, { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => ips.stopJob(STOP)));
    expect(most).toBe(3);
  });

  it('carry compressed answers, and say so when one is cut off', async () => {
    const output = { jobLogArray: [] };
    const service = await startService({
      getJobLogs: () => zipped(output),
      getActiveJobs: () => zipped({ jobArray: [] }, 20),
    });
    expect(await clientOf(service).getJobLogs()).toEqual(output);
    expect(await errorOf(clientOf(service).getActiveJobs())).toMatchObject({
      name: 'ConnectionError',
      notSent: false,
    });
    await clientOf(service, { gzip: false }).getJobLogs();
    expect(service.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
    expect(service.requests.at(-1)?.decoded.header).not.toHaveProperty('gzipResponse');
  });

  it('deliver answers item by item, and end with the reader', async () => {
    const log = (i: number) => jobLog(`run ${i}`, { jobHandle: `j|6||run ${i}|${i}` });
    const output = { jobLogArray: Array.from({ length: 5000 }, (_, i) => log(i)) };
    const service = await startService({
      getJobLogs: () => zipped(output),
      getJobLogDetails: () => partly(output, 30_000, 'hangs'),
    });
    const ips = clientOf(service);
    let items = 0;
    const path = ['jobLogArray'];
    for await (const item of ips.stream<{ jobName: string }>('getJobLogs', {}, { path })) {
      expect(item.jobName).toBe(`run ${items}`);
      items += 1;
    }
    expect(items).toBe(5000);
    for await (const _ of ips.stream('getJobLogs', {}, { path })) break;
    // What stops coming is not waited for without end.
    const reading = async (): Promise<void> => {
      for await (const _ of ips.stream('getJobLogDetails', { companyHandle: 'c|6' }, { path, timeout: 50 }));
    };
    expect(await errorOf(reading())).toBeInstanceOf(TimeoutError);
  });

  it('that deliver items fail as others do', async () => {
    let calls = 0;
    const service = await startService({
      getJobLogs: () => {
        calls += 1;
        return calls === 1
          ? raw('busy', 503)
          : fault({ kind: 'api', code: 30000, reason: 'oops' }, calls === 2 ? 500 : 200);
      },
      getActiveJobs: () => zipped({ jobArray: [] }, 20),
      getScheduledJobs: () => partly({ jobArray: [] }, 40, 'breaks'),
    });
    const ips = clientOf(service);
    expect(await errorOf(collect(ips.stream('getJobLogs', {})))).toBeInstanceOf(IpsFault);
    expect(await errorOf(collect(ips.stream('getJobLogs', {})))).toBeInstanceOf(IpsFault);
    expect(calls).toBe(3);
    expect(await errorOf(collect(ips.stream('getActiveJobs', {})))).toBeInstanceOf(ConnectionError);
    expect(await errorOf(collect(ips.stream('getScheduledJobs', {})))).toBeInstanceOf(ConnectionError);
    const ended = new AbortController();
    const reading = async (): Promise<void> => {
      service.on('getActiveJobs', () => partly({ jobArray: [] }, 40, 'hangs'));
      for await (const _ of ips.stream('getActiveJobs', {}, { signal: ended.signal }));
    };
    const error = errorOf(reading());
    setTimeout(() => ended.abort(new Error('enough')), 20);
    expect((await error).message).toBe('enough');
  });
});
