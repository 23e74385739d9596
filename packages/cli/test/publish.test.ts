// A publish behind another publish.
import { IpsFault } from '@ips-sdk/wire';
import { expect, it } from 'vitest';
import { active, type CompanyService, log, startService } from './support/company-service.js';
import { account, ips, type Ran } from './support/ips.js';
import { plain } from './support/plain.js';
import { KEYS, terminal } from './support/terminal.js';

/** A company in which publishes run until they are ended or stopped; every other job is of another kind. */
async function busy(...names: readonly string[]): Promise<{
  readonly service: CompanyService;
  readonly end: (name: string) => void;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** What changed something, in order. */
  readonly changes: () => string[];
}> {
  const service = await startService();
  const running = new Set(names);
  const ended: string[] = [];
  const logOf = (name: string) => {
    const now = new Date().toISOString();
    return log(name, { startDate: now, endDate: now });
  };
  const end = (name: string): void => {
    if (running.delete(name)) ended.push(name);
  };
  service.on('getScheduledJobs', () => ({ jobArray: [] }));
  service.on('getActiveJobs', ({ originalName, jobHandle }) => ({
    jobArray: [
      active('Uploads', 5),
      ...[...running].map((name) => active(name, 10, { type: 'ImageServingPublish' })),
    ].filter(
      (job) =>
        (originalName === undefined || job.originalName === originalName) &&
        (jobHandle === undefined || job.jobHandle === jobHandle),
    ),
  }));
  service.on('stopJob', ({ jobHandle }) => {
    const name = [...running].find((one) => jobHandle.includes(`|${one}_`));
    if (name === undefined) throw new IpsFault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' });
    end(name);
    return {};
  });
  service.on('submitJob', ({ jobName }) => {
    if (running.size > 0) throw new IpsFault({ kind: 'api', code: 30000, reason: 'A publish is running' });
    ended.push(jobName);
    return { jobHandle: `j|6|${jobName}|` };
  });
  service.on('getJobLogDetails', ({ originalName, jobHandle = '' }) => ({
    jobLogArray: ended
      .filter((name) => originalName === name || jobHandle.includes(`|${name}`))
      .map((name) => ({ ...logOf(name), detailTotalRows: 0, detailArray: [] })),
  }));
  service.on('getJobLogs', () => ({ jobLogArray: ended.map(logOf) }));
  return {
    service,
    end,
    run: (...args) =>
      ips(['publish', '--name', 'Mine', '--interval', '20ms', ...args], { env: account(service.endpoint) }),
    changes: () => service.operations().filter((name) => /^(?:stop|submit)Job$/.test(name)),
  };
}

it('--if-running wait waits for other publishes to end, and then publishes', async () => {
  const { service, end, run, changes } = await busy('Nightly', 'Weekly');
  const ran = run('--if-running', 'wait');
  while (service.operations().filter((name) => name === 'getActiveJobs').length < 4)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(changes()).toEqual([]);
  end('Nightly');
  end('Weekly');
  const { code, stdout, stderr } = await ran;
  expect(`${code} ${stderr}`).toMatch(
    /^0 waiting for another publish to end: Nightly, Weekly\n[\s\S]*submitted Mine/,
  );
  expect(stdout).toContain('status\tsucceeded');
  expect(changes()).toEqual(['submitJob']);
});

it('--if-running wait exits with 6 if the others take longer than --timeout', async () => {
  const { run, changes } = await busy('Nightly');
  const { code } = await run('--if-running', 'wait', '--timeout', '100ms');
  expect(code).toBe(6);
  expect(changes()).toEqual([]);
});

it('--if-running skip submits nothing while another one runs', async () => {
  const { run, changes, end } = await busy('Nightly');
  expect(await run('--if-running', 'skip')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'skipped; another publish is running: Nightly\n',
  });
  expect(changes()).toEqual([]);
  end('Nightly');
  expect((await run('--if-running', 'skip')).code).toBe(0);
  expect(changes()).toEqual(['submitJob']);
});

it('--if-running stop stops the others after confirmation', async () => {
  const { run, changes } = await busy('Nightly');
  const refused = await run('--if-running', 'stop');
  expect(refused.code).toBe(2);
  await expect(plain(refused.stderr)).toMatchFileSnapshot('golden/errors/usage-refuse-publish.txt');
  expect(changes()).toEqual([]);
  const dry = await run('--if-running', 'stop', '--dry-run');
  expect(dry.stdout).toMatch(/<stopJobParam[\s\S]*<submitJobParam/);
  expect(changes()).toEqual([]);
  const { code, stderr } = await run('--if-running', 'stop', '--yes');
  expect(`${code} ${stderr}`).toMatch(/^0 stopped Nightly\n[\s\S]*submitted Mine/);
  expect(changes()).toEqual(['stopJob', 'submitJob']);
});

it('prompts in a terminal before it stops another publish', async () => {
  const { service, changes } = await busy('Nightly');
  const args = ['publish', '--if-running', 'stop', '--interval', '20ms', '--name', 'Mine'];
  const no = terminal(args, { env: account(service.endpoint) });
  await no.sees(/This will stop a publish:\n {4}j\|6\|\|Nightly_\S+ {2}Nightly\n[\s\S]*Continue\?/);
  no.type(`n${KEYS.enter}`);
  expect(await no.exit).toBe(1);
  expect(changes()).toEqual([]);
  const yes = terminal(args, { env: account(service.endpoint) });
  await yes.sees(/Continue\?/);
  yes.type(`y${KEYS.enter}`);
  expect(await yes.exit).toBe(0);
  expect(await yes.sees(/Mine succeeded/)).toContain('stopped Nightly');
  expect(changes()).toEqual(['stopJob', 'submitJob']);
});

it('without --if-running, the error names the running publish', async () => {
  const { run } = await busy('Nightly');
  const { code, stderr } = await run();
  expect(code).toBe(5);
  expect(stderr).toContain('A publish is running');
  expect(stderr).toContain('try: another publish is running: Nightly; --if-running wait');
});
