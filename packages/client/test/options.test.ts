// Options, for callers whose compiler does not check them.
import { createIpsClient, type IpsClientOptions } from '@ips-sdk/client';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { describe, expect, it } from 'vitest';
import { startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';

const GOOD = { region: 'na', auth: { user: 'ann@example.com', password: 'x' } } as const;
// What JavaScript may pass.
const made = (options: unknown) => () => createIpsClient(options as IpsClientOptions);

describe('a client', () => {
  it.each([
    ['nothing', undefined, /^createIpsClient: expected options: region .* or endpoint, and auth/],
    ['null', null, /^createIpsClient: expected options/],
    ['a text', 'na', /^createIpsClient: expected options/],
    ['an empty object', {}, /^region: expected a region or an endpoint, and auth$/],
    ['no auth', { region: 'na' }, /^auth: expected \{ user, password \}, .* found undefined$/],
    ['no place', { auth: GOOD.auth }, /^region: expected a region or an endpoint$/],
    [
      'another spelling',
      { ...GOOD, endPoint: 'https://x/' },
      /^endPoint: unknown option; did you mean endpoint\?$/,
    ],
    [
      'an unknown option',
      { ...GOOD, user: 'ann' },
      /^user: unknown option; expected one of region, stage, endpoint/,
    ],
    [
      'one inside of another',
      { ...GOOD, retry: { retrys: 3 } },
      /^retry\.retrys: unknown option; did you mean retries\?$/,
    ],
    [
      'an unknown hook',
      { ...GOOD, hooks: { onrequest() {} } },
      /^hooks\.onrequest: unknown option; did you mean onRequest\?$/,
    ],
    [
      'a password that is misspelled',
      { region: 'na', auth: { user: 'ann', passwrod: 's3cret' } },
      /^auth: expected \{ user, password \}, .* found an object with user, passwrod$/,
    ],
    [
      'auth without a password',
      { region: 'na', auth: { user: 'ann' } },
      /^auth: expected .* found an object with user$/,
    ],
    ['auth that is empty', { region: 'na', auth: {} }, /^auth: expected .* found an empty object$/],
    ['auth that is a text', { region: 'na', auth: 's3cret' }, /^auth: expected .* found a string$/],
    [
      'half of basic',
      { region: 'na', auth: { basic: { user: 'ann' } } },
      /^auth: expected .* found an object with basic$/,
    ],
    [
      'an option of Node',
      { ...GOOD, tls: { rejectUnauthorized: false } },
      /^tls\.rejectUnauthorized: unknown option/,
    ],
  ])('says what is wrong with %s', (_name, options, message) => {
    expect(made(options)).toThrow(TypeError);
    expect(made(options)).toThrow(message);
  });

  it('takes options that are undefined for options that are not there', () => {
    expect(made({ ...GOOD, enpoint: undefined, company: undefined })).not.toThrow();
  });
});

describe('a time', () => {
  it.each([Number.NaN, -1, 0, '5'])('that is %s is refused, in the client and in a call', async (timeout) => {
    expect(made({ ...GOOD, timeout })).toThrow(/^timeout: expected a number of milliseconds above 0, found /);
    const ips = createIpsClient(GOOD);
    expect(() => ips.getActiveJobs({}, { timeout } as never)).toThrow(
      /^timeout: expected a number of milliseconds above 0, found /,
    );
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 40])('of %s ms ends nothing', async (timeout) => {
    const service = await startService({ getActiveJobs: () => ({ jobArray: [] }) });
    expect(await clientOf(service, { timeout, retry: false }).getActiveJobs()).toEqual({ jobArray: [] });
    expect(await clientOf(service, { retry: false }).getActiveJobs({}, { timeout })).toEqual({
      jobArray: [],
    });
  });

  it.each([{ retries: -1 }, { minDelay: Number.NaN }, { maxDelay: '1' }])(
    'of retries is checked, too: %o',
    (retry) => {
      expect(made({ ...GOOD, retry })).toThrow(/^retry\.\w+: expected a .*number .*from 0, found /);
    },
  );
});

describe('credentials from a provider', () => {
  it('are checked before anything is sent', async () => {
    const service = await startService({});
    for (const credentials of [undefined, {}, { user: 'ann' }]) {
      const ips = clientOf(service, { auth: (() => credentials) as never });
      expect(await errorOf(ips.stopJob({ jobHandle: 'j|6|x|' }))).toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(/^auth: expected /),
      });
    }
    expect(service.requests).toEqual([]);
  });
});

describe('a call', () => {
  it('says which of its options is unknown, and sends nothing', async () => {
    const service = await startService({});
    const ips = clientOf(service);
    await expect(async () => ips.stopJob({ jobHandle: 'j|6|x|' }, { timout: 5 } as never)).rejects.toThrow(
      /^timout: unknown option; did you mean timeout\?$/,
    );
    expect(service.requests).toEqual([]);
  });

  it.each([
    ['the default contract', {}],
    ['another one', { contract: of2013 }],
  ])('names the option for the company when there is none, in %s', async (_name, more) => {
    const service = await startService({});
    const ips = clientOf(service, { companyHandle: undefined, ...more });
    const error = await errorOf(ips.stopJob({ jobHandle: 'j|6|x|' }));
    expect(error).toMatchObject({
      name: 'ValidationError',
      issues: [{ code: 'required', path: 'companyHandle' }],
    });
    expect(error.message).toBe(
      'stopJob: companyHandle is missing: set the option company of createIpsClient, or companyHandle in the input',
    );
    expect(service.requests).toEqual([]);
  });
});
