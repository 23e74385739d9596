// The whole way against the real server, started and stopped by the command itself.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findServer, serverFrom } from '../src/commands/find-server.js';
import { explainError } from '../src/explain-error.js';
import { ips, ipsProcess, type Ran } from './support/ips.js';
import { png } from './support/png.js';
import { KEYS, terminal } from './support/terminal.js';

const home = mkdtempSync(join(tmpdir(), 'ips-cli-server-'));
const env = { HOME: home };
let pid = 0;
let images = '';
const held: ServerResponse[] = [];
const files = createServer((request, response) => {
  // One file takes as long as a test wants it to.
  if (request.url?.startsWith('/slow')) {
    held.push(response);
    return;
  }
  response.writeHead(200, { 'content-type': 'image/png' });
  response.end(png(320, 200, [20, 120, 220]));
});

async function run(...args: readonly string[]): Promise<Ran> {
  return ips(args, { env, cwd: process.cwd() });
}

/** Runs a command that must succeed, and answers what it printed. */
async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect(`${code} ${stderr}`).toMatch(/^0 /);
  return stdout;
}

function isAlive(): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  mkdirSync(join(home, 'photos/sub'), { recursive: true });
  writeFileSync(join(home, 'photos/red.png'), png(640, 480, [200, 30, 30]));
  writeFileSync(join(home, 'photos/green.png'), png(640, 480, [30, 160, 60]));
  writeFileSync(join(home, 'photos/sub/note.png'), 'this is no image');
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  images = `http://127.0.0.1:${(files.address() as { port: number }).port}`;
  // The server outlives the process of the command that started it.
  const started = await ipsProcess(['server', 'start', '--allow-private'], { env, cwd: process.cwd() });
  expect(`${started.code} ${started.stderr}`).toMatch(/^0 /);
  pid = Number(await ok('server', 'status', '--jq', '.pid'));
});

afterAll(async () => {
  await run('server', 'stop');
  files.closeAllConnections();
  files.close();
  rmSync(home, { recursive: true, force: true });
});

describe('against the server', () => {
  it('starts once, and prints its endpoint', async () => {
    expect(isAlive()).toBe(true);
    const { code, stdout, stderr } = await run('server', 'start');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^already running since \S+, at http:\/\/127\.0\.0\.1:\d+\/scene7\/services\/IpsApiService$/m,
    );
    expect(stderr).toMatch(/^ {2}to see it in a browser: http:\/\/127\.0\.0\.1:\d+\/$/m);
    expect(stderr).toMatch(/^ {2}images: http:\/\/127\.0\.0\.1:\d+\/is\/image\/MyCompany\/$/m);
    expect(stderr).toMatch(/^ {2}for other programs: export IPS_ENDPOINT=http:/m);
    expect(stderr).toContain('ips job list --profile local');
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scene7\/services\/IpsApiService\n$/);
    const state = readFileSync(join(home, '.local/state/ips/server/ips-server.json'), 'utf8');
    expect(state).not.toMatch(/password/i);
  });

  it('saves a login', async () => {
    expect(JSON.parse(await ok('whoami', '--json', 'user,company,profile'))).toEqual({
      user: 'admin@example.com',
      company: 'MyCompany',
      profile: 'local',
    });
  });

  it('creates folders', async () => {
    expect(await ok('folder', 'create', 'MyCompany/Shoes/Spring', '--parents')).toBe(
      'f|MyCompany/Shoes/Spring/\n',
    );
    expect(await ok('folder', 'tree', '--jq', '.[].path')).toBe(
      'MyCompany/\nMyCompany/Shoes/\nMyCompany/Shoes/Spring/\n',
    );
  });

  it('accepts files, and reports the one that is not an image', async () => {
    const { code, stdout, stderr } = await run(
      'upload',
      join(home, 'photos'),
      '--to',
      'MyCompany/Shoes/',
      '--name',
      'Files',
      '--json',
      'status,destPath',
    );
    expect(stderr).toContain('sent MyCompany/Shoes/red.png');
    const outcomes = JSON.parse(stdout) as { status: string; destPath: string }[];
    expect(outcomes.map(({ status, destPath }) => `${status} ${destPath}`)).toEqual([
      'succeeded MyCompany/Shoes/green.png',
      'succeeded MyCompany/Shoes/red.png',
      'failed MyCompany/Shoes/sub/note.png',
    ]);
    expect(code).toBe(1);
  });

  it('accepts URLs, with progress drawn in place in a terminal', async () => {
    const list = join(home, 'list.csv');
    writeFileSync(list, `sourceUrl,destPath\n${images}/blue.png,MyCompany/Shoes/Spring/blue.png\n`);
    const { exit, sees, raw } = terminal(['upload', '--urls', list, '--name', 'Urls'], { env });
    expect(await exit).toBe(0);
    await sees(/✓ 1 file: 1 succeeded/);
    expect(raw()).toContain('Uploading');
  });

  it('finds uploaded assets', async () => {
    expect(await ok('asset', 'search', '--folder', 'MyCompany/Shoes', '--jq', '.[].name')).toBe(
      'blue\ngreen\nred\n',
    );
    expect(await ok('asset', 'get', 'red', '--jq', '.[0].imageInfo | "\\(.width)x\\(.height)"')).toBe(
      '640x480\n',
    );
  });

  it('publishes, and the log has each asset', async () => {
    const verdict = JSON.parse(await ok('publish', '--name', 'Now', '--json')) as {
      status: string;
      handle: string;
    };
    expect(verdict.status).toBe('succeeded');
    const log = await ok('job', 'log', verdict.handle, '--jq', '.[] | select(.assetName) | .assetName');
    expect(log.split('\n').sort().join(' ').trim()).toBe('blue green red');
    expect(await ok('job', 'watch', 'Now', '--exit-status', '--jq', '.ok')).toBe('true\n');
  });

  it('schedules, pauses, resumes, runs and deletes', async () => {
    const printed = JSON.parse(
      await ok(
        'job',
        'schedule',
        '0 0 2 * * ?',
        'imageServingPublishJob',
        '-f',
        'publishType=Full',
        '--name',
        'Nightly',
        '--json',
      ),
    ) as { next: string[]; handle: string };
    expect(printed.next).toHaveLength(5);
    await ok('job', 'pause', 'Nightly');
    expect(await ok('job', 'get', 'Nightly', '--jq', '.triggerState')).toBe('Paused\n');
    await ok('job', 'resume', printed.handle);
    await ok('job', 'run', 'Nightly');
    await ok('job', 'delete', 'Nightly', '--yes');
    expect((await run('job', 'get', printed.handle, '--jq', '.stage')).stdout).not.toBe('scheduled\n');
  });

  it('stops a running job, and shows it as stopped', async () => {
    const submitted = await ok(
      'job',
      'submit',
      'uploadUrlsJob',
      '--name',
      'Slow',
      '-f',
      `urlArray[0].sourceUrl=${images}/slow.png`,
      '-f',
      'urlArray[0].destPath=MyCompany/Shoes/slow.png',
      '-f',
      'overwrite=true',
      '-f',
      'readyForPublish=true',
      '-f',
      'createMask=false',
    );
    expect(submitted).toContain('|Slow');
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const { sees, exit } = terminal(['job', 'watch', 'Slow', '--exit-status', '--interval', '200ms'], {
      env,
    });
    await sees(/Slow {2}Running/);
    await ok('job', 'stop', 'Slow', '--yes');
    expect(await exit).toBe(1);
    await sees(/✗ Slow was stopped/);
    const state = '.[] | select(.name == "Slow") | .state';
    expect(await ok('job', 'list', '--only', 'completed', '--jq', state)).toBe('stopped\n');
    expect(await ok('job', 'get', 'Slow', '--jq', '.status')).toBe('stopped\n');
  });

  it('resumes an interrupted upload, and sends nothing twice', async () => {
    const list = join(home, 'slow.csv');
    writeFileSync(list, `${images}/slow-too.png,MyCompany/Shoes/late.png\n`);
    const args = ['upload', '--urls', list, '--name', 'Late'];
    held.length = 0;
    const { type, sees, exit } = terminal(args, { env });
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    type(KEYS.ctrlC);
    expect(await exit).toBe(130);
    await sees(/interrupted; run the same command again to resume/);
    for (const response of held) {
      response.writeHead(200, { 'content-type': 'image/png' });
      response.end(png(320, 200, [1, 2, 3]));
    }
    const { code, stderr } = await run(...args);
    expect(stderr).toMatch(/^resuming an interrupted upload: 1 already sent on 20\d\d-\S+ \S+, skipped$/m);
    expect(stderr).toContain('found job Late');
    expect(code).toBe(0);
    const names = await ok('job', 'list', '--jq', '[.[] | select(.name | startswith("Late"))] | length');
    expect(names).toBe('1\n');
  });

  it('deletes an asset, and restores it from the trash', async () => {
    await ok('asset', 'delete', 'green', '--yes');
    const [handle = ''] = (await ok('asset', 'search', '--trash', '--jq', '.[].assetHandle')).split('\n');
    expect(handle).toMatch(/^a\|/);
    await ok('asset', 'restore', handle);
    expect(await ok('asset', 'search', 'green', '--jq', 'length')).toBe('1\n');
  });

  it('accepts any operation, and prints the XML of the response', async () => {
    expect(await ok('call', 'getActiveJobs', '--raw')).toContain('getActiveJobsReturn');
    expect(await ok('call', 'getUserInfo', '--jq', '.userInfo.email')).toBe('admin@example.com\n');
  });

  it('stops, keeps its data, and starts again with it', async () => {
    await ok('server', 'stop');
    expect(isAlive()).toBe(false);
    expect((await run('server', 'status')).code).toBe(1);
    const down = await run('job', 'list');
    expect(down.code).toBe(5);
    expect(down.stderr).toContain('ips server status');
    await ok('server', 'start');
    pid = Number(await ok('server', 'status', '--jq', '.pid'));
    expect(await ok('asset', 'search', 'red', '--jq', '.[].name')).toBe('red\n');
  });

  it('keeps the password of the administrator unless told to reset it', async () => {
    const file = join(home, 'password.txt');
    writeFileSync(file, 'Secret-1234\n');
    chmodSync(file, 0o644);
    await ok('server', 'stop');
    const kept = await ipsProcess(['server', 'start', '--admin-password-file', file], {
      env,
      cwd: process.cwd(),
    });
    expect(kept.code).toBe(0);
    expect(kept.stderr).toContain(
      `--admin-password-file: other users can read ${file}; chmod 600 makes it private`,
    );
    expect(kept.stderr).toContain('admin@example.com existed before and keeps the stored password');
    // The saved one still works.
    await ok('whoami', '--profile', 'local');
    await ok('server', 'stop');
    chmodSync(file, 0o600);
    const args = ['server', 'start', '--admin-password-file', file, '--reset-admin'];
    const reset = await ipsProcess(args, { env, cwd: process.cwd() });
    expect(`${reset.code} ${reset.stderr}`).toMatch(/^0 /);
    expect(reset.stderr).not.toContain('--admin-password-file');
    expect(reset.stderr).not.toContain('keeps the stored password');
    await ok('whoami', '--profile', 'local');
    await ok('server', 'stop');
    const both = [
      'server',
      'start',
      '--admin',
      'admin@example.com:Other-1234',
      '--admin-password-file',
      file,
    ];
    expect(await run(...both)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--admin-password-file cannot be combined with a password in --admin'),
    });
    writeFileSync(file, 'one\ntwo\n');
    expect(await run('server', 'start', '--admin-password-file', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected one line, found several lines'),
    });
    const shown = await ipsProcess(['server', 'start', '--admin', 'admin@example.com:Secret-1234'], {
      env,
      cwd: process.cwd(),
    });
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain('--admin: other users of this machine can see the password');
    expect(await ok('server', 'status', '--jq', '.admin')).toBe('admin@example.com\n');
  });

  it('is reset', async () => {
    expect((await run('server', 'reset')).code).toBe(2);
    await ok('server', 'reset', '--yes');
    expect(isAlive()).toBe(false);
    const empty = await run('server', 'stop');
    expect(empty.stderr).toContain('no server is running');
  });
});

describe('a server that cannot be started', () => {
  it('exits with 5 and the reason, and leaves no process', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ips-cli-taken-'));
    try {
      const port = String((files.address() as { port: number }).port);
      const { code, stderr } = await ips(['server', 'start', '--port', port], {
        env: { HOME: own },
        cwd: process.cwd(),
      });
      expect(code).toBe(5);
      expect(stderr).toContain('error: the server did not start');
      expect(stderr).toMatch(/EADDRINUSE|in use/);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });

  it('exits with 3 and a hint if the package is not installed', async () => {
    // A copy of the program without a server next to it.
    const own = mkdtempSync(join(tmpdir(), 'ips-cli-alone-'));
    try {
      expect(await serverFrom(pathToFileURL(join(own, 'package.json')).href)).toBeUndefined();
      const missing = await findServer(
        [pathToFileURL(join(own, 'package.json')).href],
        async () => undefined,
      ).catch((error: unknown) => error);
      expect(explainError(missing)).toMatchObject({
        exitCode: 3,
        message: 'the package @ips-sdk/server is not installed',
        hint: expect.stringContaining('npm install'),
      });
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});
