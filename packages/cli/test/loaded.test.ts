// What short commands load, which is most of their time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Terminal } from '../src/terminal.js';
import { startService } from './support/company-service.js';
import { account, ipsProcess, temporaryFolder } from './support/ips.js';

/** Runs a command and returns the files and the modules of Node.js that it loads. */
async function loadedBy(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  const [hooks, report] = [join(folder, 'hooks.mjs'), join(folder, 'report.json')];
  writeFileSync(
    hooks,
    // The hooks themselves load some modules before the command begins.
    `const { registerHooks } = process.getBuiltinModule('node:module');
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    const files = [];
    registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
    const before = new Set(process.moduleLoadList);
    process.on('exit', () => {
      const modules = process.moduleLoadList.filter((one) => !before.has(one) && one.startsWith('NativeModule '));
      writeFileSync(${JSON.stringify(report)}, JSON.stringify({ files, modules: modules.map((one) => one.slice(13)) }));
    });`,
  );
  const ran = await ipsProcess(args, { env: { ...env, NODE_OPTIONS: `--import=${pathToFileURL(hooks)}` } });
  expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
  const { files, modules } = JSON.parse(readFileSync(report, 'utf8')) as Record<
    'files' | 'modules',
    string[]
  >;
  const own = files.filter((url) => url.startsWith('file:')).map((url) => url.replace(/.*\/(?=.*\/)/, ''));
  return { files: own.map((url) => url.replace(/(?:-[A-Z0-9]{8})+\.js$/, '.js')), modules };
}

/** Modules of Node.js that importing others loads by accident. */
const HEAVY = ['child_process', 'fs/promises', 'perf_hooks', 'readline', 'tls', 'worker_threads', 'zlib'];

it('standard input is opened on first use', () => {
  const opened: string[] = [];
  const { env, stdout, stderr } = process;
  const signal = new AbortController().signal;
  const surroundings = {
    env,
    stdout,
    stderr,
    signal,
    get stdin() {
      opened.push('stdin');
      return process.stdin;
    },
  };
  const terminal = new Terminal(surroundings, {});
  expect(opened).toEqual([]);
  expect(terminal.stdin).toBe(process.stdin);
  expect(opened).toEqual(['stdin']);
});

describe('a command loads no more than it needs:', () => {
  it('ips --version', async () => {
    const { files, modules } = await loadedBy(['--version']);
    expect(files).toContain('dist/version.js');
    expect(files.length).toBeLessThanOrEqual(7);
    expect(files).not.toContain('dist/line.js');
    expect(HEAVY.filter((name) => modules.includes(name))).toEqual([]);
  });

  it('ips --help', async () => {
    const { files, modules } = await loadedBy(['--help']);
    expect(files).toEqual(expect.arrayContaining(['dist/commands.js', 'dist/line.js']));
    expect(files).not.toContain('dist/service.js');
    expect(files.length).toBeLessThanOrEqual(9);
    expect([...HEAVY, 'http'].filter((name) => modules.includes(name))).toEqual([]);
  });

  it('ips job list', async () => {
    const service = await startService();
    for (const name of ['getActiveJobs', 'getScheduledJobs'] as const)
      service.on(name, () => ({ jobArray: [] }));
    const { files, modules } = await loadedBy(['job', 'list'], account(service.endpoint));
    expect(files).toEqual(expect.arrayContaining(['dist/service.js', 'dist/job-list.js']));
    expect(modules).toContain('http');
    // Each file takes time, whatever its size.
    expect(files.length).toBeLessThanOrEqual(30);
    expect(HEAVY.filter((name) => modules.includes(name))).toEqual([]);
  });
});
