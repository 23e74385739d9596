// Wrong names and values of options, as a caller without a compiler may pass them to any method: hence the casts to `never`.
import { ConfigError, createIpsClient, type IpsClient, type IpsClientOptions } from '@ips-sdk/client';
import { createRecorder, replayRecording } from '@ips-sdk/client/recorder';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { describe, expect, it } from 'vitest';
import { startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, collect } from './support/clients.js';

const GOOD = { region: 'na', auth: { user: 'ann@example.com', password: 's3cret-word' } } as const;
const made = (options: object) => () => createIpsClient({ ...GOOD, ...options } as IpsClientOptions);

/** Values that no option of any kind takes. */
const STRANGE = [null, Number.NaN, 5n, Symbol('x')];

const NAMES = [
  ...['region', 'stage', 'endpoint', 'uploadEndpoint', 'auth', 'app', 'company', 'companyHandle', 'locale'],
  ...['soapVersion', 'dialect', 'headerForm', 'contract', 'validate', 'namespace', 'unknownElements'],
  ...['timeout', 'retry', 'concurrency', 'validation', 'gzip', 'strictAnswers', 'longs', 'limits', 'tls'],
  ...['hooks', 'recorder', 'historySize'],
];

describe('every option of a client', () => {
  it.each(NAMES)('is checked: %s', (option) => {
    for (const value of STRANGE) {
      expect(made({ [option]: value })).toThrow(ConfigError);
      expect(made({ [option]: value })).toThrow(new RegExp(`^${option}: expected .*, found `));
    }
  });

  it.each<[options: object, message: string]>([
    [{ soapVersion: 1.2 }, 'soapVersion: expected "1.1" or "1.2", found 1.2'],
    [{ dialect: 'Plain' }, 'dialect: expected "soap" or "plain", found "Plain"'],
    [{ validation: 'Strict' }, 'validation: expected "off", "lenient" or "strict", found "Strict"'],
    [{ region: 'toString' }, 'region: expected "na", "emea" or "apac", found "toString"'],
    [{ endpoint: null }, 'endpoint: expected a non-empty string, found null'],
    [{ endpoint: '' }, 'endpoint: expected a non-empty string, found ""'],
    [
      { uploadEndpoint: 'ann:s3cret@host' },
      'uploadEndpoint: expected an http or https URL, found another string',
    ],
    [{ retry: 5 }, 'retry: expected an object, found 5'],
    [{ retry: true }, 'retry: expected false or an object, found true'],
    [{ retry: { retries: 1.5 } }, 'retry.retries: expected a whole number from 0, found 1.5'],
    [
      { retry: { minDelay: Number.POSITIVE_INFINITY } },
      'retry.minDelay: expected a finite number of milliseconds from 0, found Infinity',
    ],
    [{ timeout: '60s' }, 'timeout: expected a number of milliseconds above 0, found "60s"'],
    [{ timeout: -1 }, 'timeout: expected a number of milliseconds above 0, found -1'],
    [{ concurrency: 2.5 }, 'concurrency: expected a whole number from 1, found 2.5'],
    [{ historySize: -1 }, 'historySize: expected a whole number from 0, found -1'],
    [{ gzip: 'false' }, 'gzip: expected true or false, found "false"'],
    [{ limits: { maxDeph: 5 } }, 'limits.maxDeph: unknown option; did you mean maxDepth?'],
    [{ limits: [] }, 'limits: expected an object, found an array'],
    [{ limits: { maxText: '1' } }, 'limits.maxText: expected a whole number from 1, found "1"'],
    [
      { tls: { dangerouslyTrustAnyCertificate: 'false' } },
      'tls.dangerouslyTrustAnyCertificate: expected true or false, found "false"',
    ],
    [{ tls: { passphrase: 12345 } }, 'tls.passphrase: expected a string, found a number'],
    [{ hooks: { onRetry: 'log' } }, 'hooks.onRetry: expected a function, found "log"'],
    [{ app: { name: 'Importer' } }, 'app.version: expected a non-empty string, found undefined'],
    [
      { recorder: () => undefined },
      'recorder: expected a recorder, such as that of createRecorder, found a function',
    ],
    [{ app: undefined, limits: undefined, enpoint: 'x' }, 'enpoint: unknown option; did you mean endpoint?'],
  ])('has a message with path, expectation and value: %o', (options, message) => {
    expect(made(options)).toThrow(
      new ConfigError(message.split(': ')[0] ?? '', message.split(': ').slice(1).join(': ')),
    );
  });

  it('takes what means no limit', () => {
    const endless = Number.POSITIVE_INFINITY;
    expect(
      made({
        timeout: endless,
        concurrency: endless,
        historySize: endless,
        retry: { retries: endless, maxDelay: endless },
      }),
    ).not.toThrow();
  });
});

const bad = { nmae: 1 } as never;

describe('the options of a method', () => {
  const jobOf = (ips: IpsClient) => ips.jobs.get('j|6|Nightly|');
  it.each<
    [method: string, call: (ips: IpsClient, options: never) => unknown, wrong: object, setting: string]
  >([
    [
      'call',
      (ips, options) => ips.stopJob({ jobHandle: 'j|6|x|' }, options),
      { validation: 'Off' },
      'validation',
    ],
    ['callRaw', (ips, options) => ips.callRaw('stopJob', {}, options), { onAnswer: 1 }, 'onAnswer'],
    ['preview', (ips, options) => ips.preview('getActiveJobs', {}, options), { locale: 1 }, 'locale'],
    [
      'stream',
      (ips, options) => collect(ips.stream('searchAssets', {}, options)),
      { path: 'assetArray' },
      'path',
    ],
    ['paginate', (ips, options) => collect(ips.paginate('getUsers', {}, options)), { timeout: 0 }, 'timeout'],
    [
      'batch',
      (ips, options) => ips.batch('deleteAssets', { assetHandleArray: [] }, options),
      { chunkSize: '5' },
      'chunkSize',
    ],
    ['walkFolders', (ips, options) => collect(ips.walkFolders(options)), { depth: -1 }, 'depth'],
    ['publish', (ips, options) => ips.publish({}, options), { call: { retry: 'no' } }, 'call.retry'],
    [
      'exportAssets',
      (ips, options) => ips.exportAssets([], options),
      { wait: { timeout: '1m' } },
      'wait.timeout',
    ],
    [
      'download',
      (ips, options) => ips.download('https://www.example.com/x', options),
      { signal: {} },
      'signal',
    ],
    ['uploadUrls', (ips, options) => ips.uploadUrls([], options), { concurrency: 0 }, 'concurrency'],
    [
      'uploadFiles',
      (ips, options) => ips.uploadFiles([], options),
      { filesPerRequest: 0.5 },
      'filesPerRequest',
    ],
    ['findFiles', (ips, options) => ips.findFiles([], options), { filter: '*.psd' }, 'filter'],
    ['invalidateCdn', (ips, options) => ips.invalidateCdn([], options), { rootId: 6 }, 'rootId'],
    ['cdn.urls, its selection', (ips, options) => ips.cdn.urls(options), { assets: 'red' }, 'assets'],
    ['cdn.urls, its options', (ips, options) => ips.cdn.urls({ assets: [] }, options), { retry: 1 }, 'retry'],
    [
      'cdn.invalidate',
      (ips, options) => ips.cdn.invalidate({ assets: [] }, options),
      { rootId: '' },
      'rootId',
    ],
    [
      'jobs.submit',
      (ips, options) => ips.jobs.submit('exportJob', {} as never, options),
      { name: '' },
      'name',
    ],
    [
      'jobs.active',
      (ips, options) => ips.jobs.active(options),
      { includeWaitingJobs: 'no' },
      'includeWaitingJobs',
    ],
    ['jobs.scheduled', (ips, options) => ips.jobs.scheduled(options), { originalName: 5 }, 'originalName'],
    ['jobs.history', (ips, options) => collect(ips.jobs.history(options)), { from: 'yesterday' }, 'from'],
    ['jobs.list', (ips, options) => ips.jobs.list(options), { only: 'Active' }, 'only'],
    [
      'job.watch',
      (ips, options) => collect(jobOf(ips).watch(options)),
      { maxOutage: Number.NaN },
      'maxOutage',
    ],
    ['job.wait', (ips, options) => jobOf(ips).wait(options), { lostAfter: '3s' }, 'lostAfter'],
    ['job.log', (ips, options) => collect(jobOf(ips).log(options)), { signal: 1 }, 'signal'],
    ['job.stop', (ips, options) => jobOf(ips).stop(options), { timeout: 'long' }, 'timeout'],
    [
      'createRecorder',
      async (_, options) => createRecorder('/nowhere', options),
      { key: new Uint8Array(3) },
      'key',
    ],
    [
      'replayRecording',
      (_, options) =>
        replayRecording(
          { manifest: {} as never, exchanges: [] },
          { endpoint: 'http://127.0.0.1/', auth: { user: 'a', password: '' }, ...(options as object) },
        ),
      { timeout: -5 },
      'timeout',
    ],
  ])('are checked by name and value: %s', async (_, call, wrong, setting) => {
    const service = await startService({});
    const ips = clientOf(service);
    const errorFrom = async (options: object): Promise<unknown> => {
      try {
        await call(ips, options as never);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const [known = ''] = setting.split('.');
    expect(await errorFrom(wrong)).toMatchObject({ name: 'ConfigError', setting });
    const misspelled = `${known.slice(0, -1)}`;
    expect(await errorFrom({ [misspelled]: 1 })).toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(new RegExp(`^${misspelled}: unknown option; did you mean `)) as string,
    });
    expect(await errorFrom(bad)).toMatchObject({ name: 'ConfigError' });
    expect(service.requests).toEqual([]);
  });

  it('are checked for smart crops', async () => {
    const service = await startService({});
    const ips = createIpsClient({ ...GOOD, contract: of2019, region: undefined, endpoint: service.endpoint });
    await expect(ips.smartCrops.list('a|1', { timeout: -1 })).rejects.toThrow(/^timeout: expected /);
    await expect(ips.smartCrops.update([], { chunkSize: 0 })).rejects.toThrow(/^chunkSize: expected /);
    await expect(ips.smartCrops.copy([], ips, { chunkSize: 0 })).rejects.toThrow(/^chunkSize: expected /);
    expect(service.requests).toEqual([]);
  });

  it('may be undefined, as may their values', async () => {
    const service = await startService({ getActiveJobs: () => ({ jobArray: [] }) });
    const ips = clientOf(service);
    expect(await ips.getActiveJobs({}, { timeout: undefined, other: undefined } as never)).toEqual({
      jobArray: [],
    });
    expect(await ips.jobs.active({ originalName: undefined })).toEqual([]);
  });
});

it('a name of any length is answered with the names that exist', () => {
  expect(made({ ['x'.repeat(1_000_000)]: 1 })).toThrow(/unknown option; expected one of region, stage/);
});
