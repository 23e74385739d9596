import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutCircle } from '../src/circular-hint.js';
import { explainError } from '../src/explain-error.js';
import { readLine } from '../src/globals.js';
import { wrap } from '../src/output/wrap.js';
import { type CompanyService, openService } from './support/company-service.js';
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

  it('that a command does not have are refused', async () => {
    const { code, stderr } = await ips(['--company', 'x', 'completion', 'bash']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--company'");
  });
});

describe('a value of an option that is wrong', () => {
  it.each([
    ['job list --since yesterday', '--since: "yesterday" is not a time'],
    ['job watch x --timeout 5x', '--timeout: "5x" is not a duration'],
    ['job wait x --timeout 30d', '--timeout: "30d" is too long; expected at most 24d'],
    ['job tail x --interval soon', '--interval: "soon" is not a duration'],
    ['job schedule x --count 1.5', '--count: "1.5" is not a whole number from 1 to 1000'],
    ['asset search --limit=-1', '--limit: "-1" is not a whole number from 0'],
    ['folder tree --depth two', '--depth: "two" is not a whole number from 0'],
    ['upload x --job-size 1e3', '--job-size: "1e3" is not a whole number from 1 to 1000'],
    ['publish --interval x', '--interval: "x" is not a duration'],
    ['cdn invalidate u --timeout x', '--timeout: "x" is not a duration'],
    ['server start --port 70000', '--port: "70000" is not a whole number from 0 to 65535'],
    ['server start --timeout x', '--timeout: "x" is not a duration'],
    ['replay x --timeout x -- job list', '--timeout: "x" is not a duration'],
  ])('ends "ips %s" with 2 before it runs, and is named', async (line, message) => {
    const { code, stdout, stderr } = await ips(line.split(' '));
    expect(stderr).toContain(`error: ${message}\n`);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('an error of the system', () => {
  const error = (code: string, fields: object = {}): Error =>
    Object.assign(new Error(`${code}: in the words of the system`), { code, ...fields });

  it.each([
    [error('ENOSPC', { syscall: 'write' }), 1, 'cannot write: the disk is full'],
    [error('ENOSPC', { path: '/x/a.zip' }), 1, '/x/a.zip: the disk is full'],
    [error('EDQUOT'), 1, 'your quota on this disk is used up'],
    [error('EISDIR', { syscall: 'read' }), 2, 'found a folder; expected a file'],
    [error('EMFILE', { path: 'a.tif' }), 1, 'a.tif: too many files are open'],
    [error('EPIPE', { syscall: 'write' }), 1, 'cannot write: its reader has gone'],
    [error('EROFS', { path: '/x' }), 2, '/x: the file system is read-only'],
    [error('EBUSY', { path: 'x' }), 1, 'x: another program uses it'],
    [new Error('it broke', { cause: error('EACCES', { path: '/x' }) }), 2, '/x: permission denied'],
  ])('is recognized by its code: %s', (given, exitCode, message) => {
    const found = explainError(given);
    expect(found).toMatchObject({ exitCode, message });
    expect(`${found.message} ${found.hint}`).not.toMatch(/bug|mistake|in the words of the system/);
  });

  it.each([
    ['call getUserInfo --input .', '.: it is a folder; a file is expected'],
    ['validate .', '.: it is a folder; a file is expected'],
    ['upload --urls .', '.: it is a folder; a file is expected'],
    ['contract diff .', 'cannot read ".": it is a folder'],
    [`validate ${'a'.repeat(300)}`, 'the name is too long'],
  ])('in "ips %s" names the file once', async (line, message) => {
    const { code, stderr } = await ips(line.split(' '), { env: account(service.endpoint) });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/EISDIR|ENAMETOOLONG|bug in ips/);
  });

  it.skipIf(process.platform !== 'linux')('is told when the output cannot be written', async () => {
    const child = spawn(process.execPath, [BIN, 'schema', 'submitJobParam'], {
      env: environment(temporaryFolder()),
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    const code = new Promise((resolve) => child.on('exit', resolve));
    expect(await text(child.stderr as NodeJS.ReadableStream)).toBe(
      'error: cannot write: the disk is full\n  try: free some space, then run it again\n',
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

  it('of a login that is refused says what to check', async () => {
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
  it('breaks between words, and what follows is indented', () => {
    expect(wrap('error: one two three four five six', 20, 2)).toBe(
      'error: one two\n  three four five\n  six',
    );
    expect(wrap('  a list of words in lines', 22, 2)).toBe('  a list of words in\n    lines');
    expect(wrap('as it is', undefined)).toBe('as it is');
  });

  it('breaks between words in a terminal, and stays whole in a pipe', async () => {
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
