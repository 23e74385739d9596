// What the console shows as the same from a shell runs in a shell, as it stands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createIpsServer } from '@ips-sdk/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { BIN, environment, ON_WINDOWS, temporaryFolder } from './support/ips.js';

/** Everything under a field called `shell`, wherever it is in an answer of the console. */
function shellLines(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap(shellLines);
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([name, value]) =>
    name === 'shell' ? [value].flat().map(String) : shellLines(value),
  );
}

it.skipIf(ON_WINDOWS)('the console shows commands that run', async () => {
  const server = await createIpsServer({ company: 'MyCompany' });
  onTestFinished(() => server.stop());
  const home = temporaryFolder();
  mkdirSync(join(home, 'bin'));
  symlinkSync(BIN, join(home, 'bin/ips'));
  const env = environment(home, {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    IPS_ENDPOINT: server.endpoints.soap,
    IPS_COMPANY: server.company,
    IPS_USER: server.admin.email,
    IPS_PASSWORD: server.admin.password,
  });
  const inShell = async (line: string): Promise<string> => {
    const child = spawn('sh', ['-c', line], { env, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return code === 0 ? 'ran' : `${line}: exit ${code}, ${stderr}`;
  };
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(`/console/api/${path}`, server.url), {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie !== undefined) headers['cookie'] = cookie;
    expect([path, response.status]).toEqual([path, 200]);
    return response.json();
  };
  const { email: user, password } = server.admin;
  const { csrf } = (await ask('login', { user, password })) as { csrf: string };
  headers['x-csrf-token'] = csrf;

  await server.seed({
    companies: [
      {
        name: 'MyCompany',
        folders: ["Ann's $HOME"],
        groups: [{ name: "Ann's = `id`" }, { name: 'Upload' }],
        permissions: [
          { folder: "Ann's $HOME", group: "Ann's = `id`", allow: ['Read'], deny: ['Write'] },
          { folder: "Ann's $HOME", group: 'Upload', allow: ['Read'], override: false },
        ],
      },
    ],
  });
  const publish = {
    kind: 'imageServingPublishJob',
    jobName: "Ann's publish",
    details: { publishType: 'Full', emailSetting: 'None' },
  };
  const submitted = shellLines(await ask('submit/check', publish));
  const scheduled = shellLines(
    await ask('submit/check', { ...publish, jobName: 'Nightly', execSchedule: '0 0 2 * * ?' }),
  );
  for (const line of [...submitted, ...scheduled]) expect(await inShell(line)).toBe('ran');

  const completed = async () =>
    (await ask('jobs?stage=completed')) as { rows: readonly { handle: string }[] };
  const jobs = await vi.waitUntil(
    async () => {
      const found = await completed();
      return found.rows.length > 0 && found;
    },
    { timeout: 60_000 },
  );
  const pages = [
    jobs,
    await ask('jobs?user=me'),
    await ask(`job?handle=${encodeURIComponent(jobs.rows[0]?.handle ?? '')}`),
    await ask('schedules'),
    await ask('assets?includeSubfolders=false&text=shoe&type=Image'),
    await ask('assets?place=trash'),
    await ask('publish'),
    await ask('permissions'),
    await ask(`permissions?folder=${encodeURIComponent("MyCompany/Ann's $HOME/")}`),
  ];
  const lines = [...new Set(shellLines(pages))];
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => line.startsWith('ips permission set'))).toHaveLength(3);
  for (const line of lines) expect(await inShell(line)).toBe('ran');
});
