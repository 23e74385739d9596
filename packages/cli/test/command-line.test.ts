import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutCircle } from '../src/circular-hint.js';
import { explainError } from '../src/explain-error.js';
import { readLine } from '../src/globals.js';
import { wrap } from '../src/output/wrap.js';
import { type CompanyService, openService, startService } from './support/company-service.js';
import { account, BIN, environment, ips, temporaryFolder } from './support/ips.js';
import { terminal } from './support/terminal.js';

let service: CompanyService & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.stop());

describe('global options', () => {
  it.each([
    ['--json name job list --only active', 'job list --json=name --only active'],
    ['--json job list --only active', 'job list --only active --json'],
    ['job --json list', 'job list --json'],
    ['--jq .[].name job list --only active', 'job list --jq .[].name --only active'],
    ['-q --company MyCompany job --region=na list', 'job list -q --company MyCompany --region=na'],
    ['-qy job delete Nightly', 'job delete -qy Nightly'],
    ['--json job get Nightly', 'job get Nightly --json'],
    ['--json record --to x -- job list', 'record --to x --json -- job list'],
    ['job list -- --json', 'job list -- --json'],
  ])('in "ips %s" are those of "ips %s"', (line, same) => {
    expect(readLine(line.split(' ')).words.join(' ')).toBe(same);
  });

  it.each([
    ['--json', 'name', 'job', 'list', '--only', 'active'],
    ['job', '--json', 'name', 'list', '--only', 'active'],
    ['--company', 'MyCompany', '--jq', '.', 'job', 'list', '--only', 'active', '--json', 'name'],
  ])('work before and after the noun: %s %s %s', async (...args) => {
    const { code, stdout } = await ips(args, { env: account(service.endpoint) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([{ name: 'Spring shoes' }]);
  });

  it('are refused by a command that does not have them', async () => {
    const { code, stderr } = await ips(['--company', 'x', 'completion', 'bash']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--company'");
  });
});

describe('an invalid option value', () => {
  it.each([
    [
      'job list --since yesterday',
      '--since: expected a time such as 2h or 7d ago, 2014-04-03 or .*, found "yesterday"',
    ],
    ['job list --since 2014-02-30', '--since: expected a time .*, found "2014-02-30"'],
    ['job watch x --timeout 5x', '--timeout: expected a duration such as 90s, 10m, 2h or 7d, found "5x"'],
    ['job wait x --timeout 30d', '--timeout: expected at most 24d, found "30d"'],
    ['job tail x --interval soon', '--interval: expected a duration .*, found "soon"'],
    ['job schedule x --count 1.5', '--count: expected a whole number from 1 to 1000, found "1.5"'],
    [
      'job schedule x --time-zone Mars',
      '--time-zone: expected a time zone such as America/Los_Angeles, found "Mars"',
    ],
    ['job submit exportJob --at 1', '--at: expected a time such as 2014-04-03T22:00:00-07:00, found "1"'],
    ['job submit exportJob --at 2014-04-31T00:00', '--at: expected a time .*, found "2014-04-31T00:00"'],
    ['job audit --from x', '--from: expected a time .*, found "x"'],
    ['job audit --to 2014-13-01', '--to: expected a time .*, found "2014-13-01"'],
    ['asset search --limit=-1', '--limit: expected a whole number from 0, found "-1"'],
    ['folder tree --depth two', '--depth: expected a whole number from 0, found "two"'],
    ['upload x --job-size 1e3', '--job-size: expected a whole number from 1 to 1000, found "1e3"'],
    ['export x --chunk 0x10', '--chunk: expected a whole number from 1 to 500, found "0x10"'],
    ['export x --max-size 1.1GB', '--max-size: expected a size up to 1GB, such as 500MB, found "1.1GB"'],
    ['publish --interval x', '--interval: expected a duration .*, found "x"'],
    ['cdn invalidate u --timeout x', '--timeout: expected a duration .*, found "x"'],
    ['cdn invalidate --published-since x', '--published-since: expected a time .*, found "x"'],
    [
      'cdn invalidate --url-template x/<ID>',
      '--url-template: expected an http or https URL .*, found "x/<ID>"',
    ],
    [
      'smartcrop set x y --rect 0,0,2,1',
      '--rect: expected left,top,width,height as fractions .*, found "0,0,2,1"',
    ],
    ['server start --port 70000', '--port: expected a whole number from 0 to 65535, found "70000"'],
    ['server start --database-url x', '--database-url: expected a URL such as postgres://.*, found "x"'],
    ['server start --timeout x', '--timeout: expected a duration .*, found "x"'],
    ['replay x --timeout x -- job list', '--timeout: expected a duration .*, found "x"'],
    ['replay x --against ftp://y', '--against: expected server or .*, found "ftp://y"'],
    ['job list --endpoint localhost', '--endpoint: expected an http or https URL, found "localhost"'],
    ['record --to x -- job submit exportJob --at now', '--at: expected a time .*, found "now"'],
    ['job wait x --interval 0', '--interval: expected a duration above 0 such as 90s, found "0"'],
    ['job watch x --timeout 0s', '--timeout: expected a duration above 0 such as 90s, found "0s"'],
    ['export x --max-size 0', '--max-size: expected a size up to 1GB, such as 500MB, found "0"'],
    ['export x --chunk 0', '--chunk: expected a whole number from 1 to 500, found "0"'],
    ['upload x --csv nmae', '--csv: unknown field "nmae"'],
    ['publish --json stats', '--json: unknown field "stats"; did you mean status\\?'],
    ['publish --no-wait --json hndle', '--json: unknown field "hndle"; did you mean handle\\?'],
    ['call getUserInfo --json userInf', '--json: unknown field "userInf"; did you mean userInfo\\?'],
    ['asset search --csv imageInfos.width', '--csv: unknown field "imageInfos"; did you mean imageInfo\\?'],
    ['folder create MyCompany/New/ --json path', '--json: unknown field "path"'],
    ['publish --jq [', '--jq "\\[": .*syntax error.*'],
    ['publish --template {{x', '--template: .*'],
  ])('makes "ips %s" exit with 2 before it runs, and names the option', async (line, message) => {
    const { code, stdout, stderr } = await ips(line.split(' '));
    expect(stderr).toMatch(new RegExp(`^error: ${message}\n`));
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    ['job submit optimizeImagesJob --name x --at 2014-04-03T22:00:00-07:00', '2014-04-03T22:00:00-07:00'],
    ['job submit optimizeImagesJob --name x --at 2014-04-03T22:00:00', '2014-04-03T22:00:00.000Z'],
    ['job submit optimizeImagesJob --name x --at 2016-02-29', '2016-02-29T00:00:00.000Z'],
  ])('is sent with a time zone if it is valid: "ips %s"', async (line, time) => {
    const { endpoint } = await startService();
    const { stdout } = await ips([...line.split(' '), '--dry-run'], { env: account(endpoint) });
    expect(stdout).toContain(`<execTime>${time}</execTime>`);
  });
});

describe('an error of the system', () => {
  const error = (code: string, fields: object = {}): Error =>
    Object.assign(new Error(`${code}: in the words of the system`), { code, ...fields });

  it.each([
    [error('ENOSPC', { syscall: 'write' }), 1, 'cannot write: the disk is full'],
    [error('ENOSPC', { path: '/x/a.zip' }), 1, '/x/a.zip: the disk is full'],
    [error('EDQUOT'), 1, 'disk quota exceeded'],
    [error('EISDIR', { syscall: 'read' }), 2, 'expected a file, found a folder'],
    [error('EMFILE', { path: 'a.tif' }), 1, 'a.tif: too many open files'],
    [error('EPIPE', { syscall: 'write' }), 1, 'cannot write: the reader closed the pipe'],
    [error('EROFS', { path: '/x' }), 2, '/x: the file system is read-only'],
    [error('EBUSY', { path: 'x' }), 1, 'x: in use by another program'],
    [new Error('it broke', { cause: error('EACCES', { path: '/x' }) }), 2, '/x: permission denied'],
  ])('is recognized by its code: %s', (given, exitCode, message) => {
    const found = explainError(given);
    expect(found).toMatchObject({ exitCode, message });
    expect(`${found.message} ${found.hint}`).not.toMatch(/bug|mistake|in the words of the system/);
  });

  it.each([
    ['call getUserInfo --input .', '.: expected a file, found a folder'],
    ['validate .', '.: expected a file, found a folder'],
    ['upload --urls .', '.: expected a file, found a folder'],
    ['contract diff .', 'cannot read ".": it is a folder'],
    [`validate ${'a'.repeat(300)}`, 'the name is too long'],
  ])('in "ips %s" names the file once', async (line, message) => {
    const { code, stderr } = await ips(line.split(' '), { env: account(service.endpoint) });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/EISDIR|ENAMETOOLONG|bug in ips/);
  });

  it.skipIf(process.platform !== 'linux')('is reported if the output cannot be written', async () => {
    const child = spawn(process.execPath, [BIN, 'schema', 'submitJobParam'], {
      env: environment(temporaryFolder()),
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    const code = new Promise((resolve) => child.on('exit', resolve));
    expect(await text(child.stderr as NodeJS.ReadableStream)).toBe(
      'error: cannot write: the disk is full\n  try: free some space and run the command again\n',
    );
    expect(await code).toBe(1);
  });
});

describe('a hint', () => {
  it.each([
    ['run ips login', 'login', undefined],
    ['run ips login --profile x', 'login', undefined],
    ['run ips login; ips whoami shows who you are', 'whoami', 'run ips login'],
    ['run ips login, or set IPS_REGION', 'login', 'set IPS_REGION'],
    ['ips job list lists the jobs', 'job list', undefined],
    ['ips job list lists the jobs', 'job get', 'ips job list lists the jobs'],
    ['ips folder tree lists the folders', 'folder tree', undefined],
    ['ips upload --help', 'upload', 'ips upload --help'],
    ['for example ips upload photos/ --to X', 'upload', 'for example ips upload photos/ --to X'],
  ])('"%s" of ips %s does not lead in a circle', (hint, path, kept) => {
    expect(withoutCircle(hint, path.split(' '))).toBe(kept);
  });

  it('for a rejected login lists what to check', async () => {
    const { code, stderr } = await ips(
      ['login', '--endpoint', service.endpoint, '--user', 'ann@example.com', '--password-stdin'],
      { input: 'wrong\n' },
    );
    expect(code).toBe(4);
    expect(stderr).toContain('try: check the user, the password');
    expect(stderr).not.toContain('ips login');
  });
});

describe('a long message', () => {
  it('wraps between words, with indented continuation lines', () => {
    expect(wrap('error: one two three four five six', 20, 2)).toBe(
      'error: one two\n  three four five\n  six',
    );
    expect(wrap('  a list of words in lines', 22, 2)).toBe('  a list of words in\n    lines');
    expect(wrap('as it is', undefined)).toBe('as it is');
  });

  it('wraps between words in a terminal, and stays on one line in a pipe', async () => {
    const args = ['job', 'schedule', '0 9 * * 1-5'];
    const { stderr } = await ips(args);
    expect(stderr.split('\n')[0]).toMatch(/^error: .*\?$/);
    const { sees, exit } = terminal(args, { columns: 60 });
    const seen = await sees(/try:/);
    expect(await exit).toBe(2);
    const words = (text: string): string[] => text.trim().split(/\s+/);
    expect(words(seen)).toEqual(words(stderr));
    await expect(seen).toMatchFileSnapshot('golden/terminal-60/error-schedule.txt');
  });
});
