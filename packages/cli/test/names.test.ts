// Jobs, assets and companies are named on the command line by every name that they have.
import { describe, expect, it } from 'vitest';
import { isNamed } from '../src/commands/find-job.js';
import { ASSETS, active, COMPANY, log, startService } from './support/company-service.js';
import { account, ips, temporaryFolder } from './support/ips.js';

const UPLOAD = 'Boots 2014-04-03T12:00:00.000Z cb11a1b8';

/** A service that filters by the submitted name alone, with an active job and one that ended. */
async function service() {
  const own = await startService();
  const running = [active(UPLOAD, 40), active('Spring shoes', 40)];
  const ended = [log('Autumn shoes'), log('Sandals 2014-04-03T12:00:00.000Z 0123abcd')];
  own.on('getScheduledJobs', () => ({ jobArray: [] }));
  own.on('getActiveJobs', ({ originalName, jobHandle }) => ({
    jobArray: running.filter(
      (job) =>
        (originalName ?? job.originalName) === job.originalName &&
        (jobHandle ?? job.jobHandle) === job.jobHandle,
    ),
  }));
  own.on('getJobLogs', () => ({ jobLogArray: ended }));
  own.on('getJobLogDetails', ({ originalName, jobHandle }) => ({
    jobLogArray: ended
      .filter((one) => originalName === one.originalJobName || jobHandle === one.jobHandle)
      .map((one) => ({ ...one, detailTotalRows: 0, detailArray: [] })),
  }));
  return { ...own, env: account(own.endpoint) };
}

describe('a name', () => {
  const job = { name: 'Nightly_2014-04-03-02:00:00.000', originalName: 'Nightly' };
  it.each([
    [job, 'Nightly', true],
    [job, 'Nightly_2014-04-03-02:00:00.000', true],
    [job, 'Night', false],
    // The service was seen to keep the name of the run as the submitted one.
    [{ originalName: 'Nightly_2014-04-03-02:00:00' }, 'Nightly', true],
    [{ originalJobName: UPLOAD }, 'Boots', true],
    [{ jobName: `${UPLOAD}_2014-04-03-02:00:00.000` }, 'Boots', true],
    [{ originalName: 'Boots 2014' }, 'Boots', false],
  ])('of %j: %s', (one, text, expected) => {
    expect(isNamed(one, text)).toBe(expected);
  });
});

describe('a job is found', () => {
  it.each([
    ['by its submitted name', 'Spring shoes', 'active'],
    ['by the name of its run', 'Spring shoes_2014-04-03-12:00:00.000', 'active'],
    ['by the name of an upload', 'Boots', 'active'],
    ['by the name of an upload that ended', 'Sandals', 'completed'],
    ['by the name of a run that ended', 'Autumn shoes_2014-04-03-12:00:00.000', 'completed'],
  ])('%s: get', async (_, name, stage) => {
    const { env } = await service();
    const { code, stdout, stderr } = await ips(['job', 'get', name, '--jq', '.stage'], { env });
    expect([stderr, stdout, code]).toEqual(['', `${stage}\n`, 0]);
  });

  it.each([
    ['watch', 'Sandals', 'status'],
    ['wait', 'Autumn shoes_2014-04-03-12:00:00.000', 'status'],
    ['log', 'Sandals', ''],
    ['tail', 'Sandals', ''],
  ])('by %s "%s"', async (verb, name, text) => {
    const { env } = await service();
    const { code, stdout } = await ips(['job', verb, name], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(text);
  });

  it.each([
    ['stop', 'Boots', 'stopJob'],
    ['stop', 'Spring shoes_2014-04-03-12:00:00.000', 'stopJob'],
    ['pause', 'Boots', 'pauseJob'],
  ])('in order to %s "%s"', async (verb, name, operation) => {
    const own = await service();
    for (const one of ['stopJob', 'pauseJob'] as const) own.on(one, () => ({}));
    const { code } = await ips(['job', verb, name, ...(verb === 'stop' ? ['--yes'] : [])], { env: own.env });
    expect(code).toBe(0);
    expect(own.requests.at(-1)).toMatchObject({ operation });
  });

  it('by the name of its upload, with all jobs of the upload', async () => {
    const own = await service();
    const twins = ['1', '2'].map((n) => active(`Boots 2014-04-03T12:00:00.000Z 000${n}`, 0));
    let looks = 0;
    own.on('getActiveJobs', ({ originalName }) => {
      looks += 1;
      return { jobArray: originalName === undefined && looks < 4 ? twins : [] };
    });
    own.on('getJobLogDetails', ({ jobHandle }) => ({
      jobLogArray: twins
        .filter((twin) => twin.jobHandle === jobHandle)
        .map(({ originalName }) => ({ ...log(originalName), detailTotalRows: 0, detailArray: [] })),
    }));
    const args = ['job', 'watch', 'Boots', '--interval', '5ms', '--jq', '.[].name'];
    const { code, stdout } = await ips(args, { env: own.env });
    expect(stdout).toBe(twins.map(({ originalName }) => `${originalName}\n`).join(''));
    expect(code).toBe(0);
  });

  it('only if its name is unique; otherwise the handles are listed', async () => {
    const own = await service();
    const twins = ['1', '2'].map((n) => active(`Boots 2014-04-03T12:00:00.000Z 000${n}`, 0));
    own.on('getActiveJobs', ({ originalName }) => ({ jobArray: originalName === undefined ? twins : [] }));
    const { code, stderr } = await ips(['job', 'stop', 'Boots', '--yes'], { env: own.env });
    expect(code).toBe(2);
    expect(stderr).toContain('2 jobs are named "Boots":');
    for (const { jobHandle } of twins) expect(stderr).toContain(jobHandle);
    expect(own.operations()).not.toContain('stopJob');
  });
});

describe('assets in the trash', () => {
  async function withTrash() {
    const own = await startService();
    const gone = ['old', 'older'].map((name, i) => ({ ...ASSETS[0], name, assetHandle: `a|${i + 70}` }));
    own.on('searchAssets', ({ trashState, resultsPage = 1, systemFieldConditionArray = [] }) => {
      const found = gone.filter(
        ({ name }) => trashState === 'InTrash' && name === systemFieldConditionArray[0]?.value,
      );
      return { totalRows: found.length, assetArray: resultsPage === 1 ? found : [] };
    });
    own.on('getAssetsByName', () => ({ assetArray: [] }));
    for (const name of ['restoreAssetsFromTrash', 'emptyAssetsFromTrash'] as const)
      own.on(name, ({ assetHandleArray }) => ({
        successCount: assetHandleArray.length,
        warningCount: 0,
        errorCount: 0,
      }));
    return { ...own, env: account(own.endpoint) };
  }

  it('are restored and permanently deleted by name', async () => {
    const own = await withTrash();
    const restored = await ips(['asset', 'restore', 'old', 'older', 'a|9'], { env: own.env });
    expect(restored.code).toBe(0);
    expect(own.requests.at(-1)).toMatchObject({ input: { assetHandleArray: ['a|70', 'a|71', 'a|9'] } });
    const deleted = await ips(['asset', 'delete', 'old', '--forever', '--yes'], { env: own.env });
    expect(deleted.code).toBe(0);
    expect(own.requests.at(-1)).toMatchObject({
      operation: 'emptyAssetsFromTrash',
      input: { assetHandleArray: ['a|70'] },
    });
  });

  it('that do not exist are named in the error', async () => {
    const { env } = await withTrash();
    const { code, stderr } = await ips(['asset', 'restore', 'red'], { env });
    expect(code).toBe(5);
    expect(stderr).toBe(
      'error: no asset is named "red" in the trash\n' +
        '  try: ips asset search red --trash finds similar names\n',
    );
  });
});

describe('a company', () => {
  it('can be given by handle', async () => {
    const own = await startService();
    const env = { ...account(own.endpoint), IPS_COMPANY: undefined };
    const { code } = await ips(['--company', 'c|6', 'job', 'list', '--only', 'scheduled'], { env });
    expect(code).toBe(0);
    expect(own.operations()).toEqual(['getScheduledJobs']);
    expect(own.requests[0]).toMatchObject({ input: { companyHandle: 'c|6' } });
  });

  it('given by handle is saved by name', async () => {
    const own = await startService();
    own.on('getCompanyInfo', ({ companyHandle }) => ({
      companyInfo: companyHandle === 'c|6' ? COMPANY : undefined,
    }));
    const args = ['login', '--endpoint', own.endpoint, '--user', 'ann@example.com', '--company', 'c|6'];
    const { code, stderr } = await ips(args, { env: { IPS_PASSWORD: account('')['IPS_PASSWORD'] } });
    expect(code).toBe(0);
    expect(stderr).toContain('company MyCompany');
  });
});

describe('an endpoint', () => {
  it('can be a bare origin', async () => {
    const own = await startService();
    const env = { ...account(own.endpoint), IPS_ENDPOINT: new URL(own.endpoint).origin };
    expect((await ips(['whoami', '--jq', '.endpoint'], { env })).stdout).toBe(`${own.endpoint}\n`);
  });

  it('written in another way is still that of the profile, and its password is sent', async () => {
    const own = await startService();
    const login = ['login', '--endpoint', own.endpoint, '--user', 'ann@example.com', '--profile', 'a'];
    const home = temporaryFolder();
    await ips(login, { env: { HOME: home, IPS_PASSWORD: account('')['IPS_PASSWORD'] } });
    const { code, stderr } = await ips(['whoami'], {
      env: { HOME: home, IPS_PROFILE: 'a', IPS_ENDPOINT: new URL(own.endpoint).origin },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
