import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { type CompanyService, openService, row } from './support/company-service.js';
import { account, ips, type Ran } from './support/ips.js';
import { plain } from './support/plain.js';
import { terminal } from './support/terminal.js';

let service: CompanyService & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.stop());

function run(...args: readonly string[]): Promise<Ran> {
  return ips(args, { env: account(service.endpoint) });
}

/** What a command leaves on the screen of a terminal. */
async function shown(args: readonly string[], columns: number, env = {}): Promise<string> {
  const { exit, screen } = terminal(args, { columns, env: { ...account(service.endpoint), ...env } });
  await exit;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return plain(await screen());
}

const READS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['whoami', ['whoami']],
  ['job-list', ['job', 'list']],
  ['job-get-active', ['job', 'get', 'Spring shoes']],
  ['job-get-scheduled', ['job', 'get', 'j|6|Nightly|']],
  ['job-get-completed', ['job', 'get', 'Autumn shoes']],
  ['job-log', ['job', 'log', 'Autumn shoes']],
  ['job-log-errors', ['job', 'log', 'Broken', '--errors']],
  ['job-schedule', ['job', 'schedule', '0 0 2 29 2 ? 2096', '--time-zone', 'America/Los_Angeles']],
  ['asset-search', ['asset', 'search']],
  ['asset-search-text', ['asset', 'search', 'e', '--limit', '1']],
  ['asset-list', ['asset', 'list']],
  ['job-audit', ['job', 'audit', '--from', '2014-04-01', '--to', '2014-05-01']],
  ['asset-get', ['asset', 'get', 'red', 'a|3']],
  ['folder-tree', ['folder', 'tree']],
  ['folder-list', ['folder', 'list', 'MyCompany']],
  ['cdn-status', ['cdn', 'status', 'i|6|1']],
  ['call', ['call', 'getFolderTree', '-f', 'depth=1']],
];

describe('output', () => {
  it.each(READS)('in a pipe by %s', async (name, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stderr).not.toContain('error');
    await expect(plain(stdout)).toMatchFileSnapshot(`golden/pipe/${name}.txt`);
  });

  it.each(READS)('in a terminal of 100 columns by %s', async (name, args) => {
    await expect(await shown(args, 100)).toMatchFileSnapshot(`golden/terminal-100/${name}.txt`);
  });

  it.each(READS)('as JSON by %s is JSON', async (_, args) => {
    const { code, stdout } = await run(...args, '--json');
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('fits a terminal of 60 columns, and names stay readable', async () => {
    const text = await shown(['job', 'list'], 60);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(text).toContain('Autumn shoes');
    await expect(text).toMatchFileSnapshot('golden/terminal-60/job-list.txt');
  });
});

describe('--json', () => {
  it('with fields prints only these', async () => {
    const { stdout } = await run('job', 'list', '--json', 'name,state');
    expect(JSON.parse(stdout)).toEqual([
      { name: 'Nightly', state: 'Normal' },
      { name: 'Spring shoes', state: 'Running' },
      { name: 'Autumn shoes', state: 'succeeded' },
      { name: 'Broken', state: 'completedWithErrors' },
    ]);
  });

  it('refuses an unknown field and lists the known ones', async () => {
    const { code, stderr } = await run('job', 'list', '--json', 'nmae');
    expect(code).toBe(2);
    expect(stderr).toContain('unknown field "nmae"; did you mean name?');
    expect(stderr).toContain('the fields are endDate, handle,');
  });

  it('prints an empty list', async () => {
    expect((await run('asset', 'search', 'nothing', '--json')).stdout).toBe('[]\n');
  });

  it('is indented in a terminal', async () => {
    expect(await shown(['job', 'get', 'Nightly', '--json', 'name,type'], 80)).toBe(
      '{\n  "name": "Nightly",\n  "type": "ImageServingPublish"\n}\n',
    );
  });
});

describe('--jq', () => {
  it('prints the result of jq, strings without quotes', async () => {
    expect((await run('asset', 'search', '--jq', '.[] | select(.readyForPublish) | .name')).stdout).toBe(
      'green\nblue\n',
    );
    expect((await run('asset', 'search', '--jq', '{n: length, widths: map(.imageInfo.width)}')).stdout).toBe(
      '{"n":3,"widths":[1200,1200,1200]}\n',
    );
  });

  it('refuses an invalid expression', async () => {
    const { code, stdout, stderr } = await run('asset', 'search', '--jq', '.[');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('--jq ".[": ');
  });
});

describe('--template', () => {
  it('prints a line for each row', async () => {
    const { stdout } = await run(
      'asset',
      'search',
      '--template',
      '{{name}}\\t{{imageInfo.width}} & {{folder}}',
    );
    expect(stdout).toBe(
      'red\t1200 & MyCompany/Shoes/\ngreen\t1200 & MyCompany/Shoes/\nblue\t1200 & MyCompany/Shoes/\n',
    );
  });

  it('refuses an invalid template', async () => {
    const { code, stderr } = await run('asset', 'search', '--template', '{{name');
    expect(code).toBe(2);
    expect(stderr).toContain('--template: Unclosed tag');
  });
});

describe('colors', () => {
  const csi = '\u001b[';

  it('are used in a terminal, not in a pipe', async () => {
    const { raw, exit } = terminal(['job', 'list'], { env: account(service.endpoint) });
    await exit;
    expect(raw()).toContain(`${csi}32m`);
    expect((await run('job', 'list')).stdout).not.toContain(csi);
  });

  it('are not used with NO_COLOR or in a dumb terminal', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { raw, exit } = terminal(['job', 'list'], { env: { ...account(service.endpoint), ...env } });
      await exit;
      expect(raw()).not.toContain(`${csi}32m`);
    }
  });

  it('are used in a pipe with FORCE_COLOR, also for errors', async () => {
    const { stderr } = await ips(['job', 'lits'], { env: { FORCE_COLOR: '1' } });
    expect(stderr).toContain(`${csi}31merror:`);
    const help = await ips(['--help'], { env: { FORCE_COLOR: '1' } });
    expect(help.stdout).toContain(csi);
  });
});

describe('control characters of the service', () => {
  // XML cannot carry ESC; what it can carry is C1, and the marks of direction.
  const csi = '\u001b[';
  const evil = 'a\u009b31m\u202etxt.gpj\tb\nc\\d';

  it('do not reach a terminal, in a table, in JSON, by jq and in errors', async () => {
    const own = await openService();
    try {
      own.on('getJobLogDetails', () => ({
        jobLogArray: [jobLog('x', { detailTotalRows: 1, detailArray: [row('UploadSuccess', evil)] })],
      }));
      const env = account(own.endpoint);
      for (const args of [[], ['--json'], ['--jq', '.[].logMessage'], ['--template', '{{logMessage}}']]) {
        const { raw, exit } = terminal(['job', 'log', 'x', ...args], { env: { ...env, NO_COLOR: '1' } });
        expect(await exit).toBe(0);
        expect(raw()).toContain('txt.gpj');
        expect(raw()).not.toMatch(/[\u0080-\u009f\u202e]/);
      }
      own.fails('getJobLogDetails', { kind: 'api', code: 30001, reason: 'bad \u009b31m\u202ename' });
      const { stderr } = await ips(['job', 'log', 'x'], { env });
      expect(stderr).toContain('bad \\u009b31m\\u202ename');
      expect(stderr).not.toMatch(/[\u0080-\u009f\u202e]/);
    } finally {
      await own.stop();
    }
  });

  it('do not reach a terminal from the faults of a batch, and our own colors do', async () => {
    const own = await openService();
    try {
      own.on('moveAssets', () => ({
        successCount: 0,
        warningCount: 0,
        errorCount: 1,
        warningDetailArray: [],
        errorDetailArray: [{ assetHandle: 'a|1', code: 1, reason: evil }],
      }));
      const args = ['asset', 'move', 'a|1', '--to', 'f|MyCompany/Shoes/', '--verbose'];
      const { raw, exit } = terminal(args, { env: account(own.endpoint) });
      expect(await exit).toBe(1);
      expect(raw()).toContain('txt.gpj');
      expect(raw()).not.toMatch(/[\u0080-\u009f\u202e]/);
      expect(raw()).toContain(`${csi}31m✗`);
      expect(raw()).toContain(`${csi}2m`);
      expect(raw()).not.toContain('␛[');
    } finally {
      await own.stop();
    }
  });

  it('do not break the rows of a pipe', async () => {
    const own = await openService();
    try {
      own.on('getJobLogDetails', () => ({
        jobLogArray: [
          jobLog('x', { detailTotalRows: 1, detailArray: [row('UploadSuccess', 'one\ttwo\nthree\\four')] }),
        ],
      }));
      const { stdout } = await ips(['job', 'log', 'x'], { env: account(own.endpoint) });
      expect(stdout.split('\n')).toHaveLength(2);
      expect(stdout).toContain('one\\ttwo\\nthree\\\\four');
    } finally {
      await own.stop();
    }
  });
});

describe('messages', () => {
  it('go to stderr; data goes to stdout', async () => {
    const { stdout, stderr } = await run('folder', 'create', 'MyCompany/New/');
    expect(stdout).toBe('f|MyCompany/New/\n');
    expect(stderr).toBe('✓ created MyCompany/New/\n');
  });

  it('are suppressed with --quiet, except errors', async () => {
    const quiet = await run('folder', 'create', 'MyCompany/New/', '--quiet');
    expect(quiet).toEqual({ code: 0, stdout: 'f|MyCompany/New/\n', stderr: '' });
    expect((await run('job', 'get', 'nobody', '-q')).stderr).toContain('error:');
  });

  it('have more detail with --verbose', async () => {
    const { stderr } = await run('whoami', '--verbose');
    expect(stderr).toContain('secret: from the environment');
    expect(stderr).toMatch(/getUserInfo → 200 in \d+ ms/);
  });

  it('include requests and responses with --debug-http, without secrets', async () => {
    const { stdout, stderr } = await run('job', 'stop', 'Spring shoes', '--yes', '--debug-http');
    expect(stderr).toMatch(/> POST http:\S+ \(stopJob\)/);
    expect(stderr).toContain('<jobHandle>j|6||Spring shoes_2014-04-03-12:00:00.000|1</jobHandle>');
    expect(stderr).toContain('password>[secret]</');
    expect(stdout + stderr).not.toContain('correct horse');
  });
});

it.skipIf(process.platform === 'win32')('ends quietly when nobody reads any more', async () => {
  const { spawn } = await import('node:child_process');
  const { BIN, environment, temporaryFolder } = await import('./support/ips.js');
  const home = temporaryFolder();
  const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${BIN}" call | head -1; echo done`], {
    env: environment(home),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
  expect(output).toMatch(/^getAllCompanies\t.*\ndone\n$/);
});
