// The console of a profile: a process that others on the machine cannot use.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startService } from './support/company-service.js';
import { account, BIN, environment, ips, temporaryFolder } from './support/ips.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

/** Starts the console, and returns the URL that it prints. */
async function start(
  endpoint: string,
  ...args: readonly string[]
): Promise<{ url: string; stderr: () => string }> {
  const child = spawn(process.execPath, [BIN, 'console', ...args], {
    env: environment(temporaryFolder(), account(endpoint)),
    // The server is found from here.
    cwd: process.cwd(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
  return { url, stderr: () => stderr };
}

describe('ips console', () => {
  it('prints a URL that logs in, and stops with Ctrl-C', async () => {
    const service = await startService();
    const { url, stderr } = await start(service.endpoint, '--read-only');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/open\?key=[\w-]{32}$/);
    expect(stderr()).toContain('keep the URL private');
    const opened = await fetch(url, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    const cookie = opened.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const session = await fetch(new URL('/console/api/session', url), { headers: { cookie } });
    expect(await session.json()).toMatchObject({
      isLoggedIn: true,
      user: { email: 'ann@example.com' },
      company: { name: 'MyCompany' },
      readOnly: 'this console was started with --read-only',
    });
    const [child] = children;
    // Others can see arguments, but not what is in a pipe.
    if (process.platform === 'linux') {
      const kin = readFileSync(`/proc/${child?.pid}/task/${child?.pid}/children`, 'utf8').trim();
      for (const pid of kin.split(' '))
        expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toMatch(/correct horse|ann@example/);
    }
    child?.kill('SIGINT');
    const [code] = await once(child as ChildProcess, 'exit');
    expect(code).toBe(130);
  });

  it('refuses invalid options before it starts anything', async () => {
    expect(await ips(['console', '--port', '70000'], { env: account('http://127.0.0.1:9/') })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('from 0 to 65535'),
    });
  });

  it('needs to know the service', async () => {
    expect(await ips(['console'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('not logged in'),
    });
  });
});
