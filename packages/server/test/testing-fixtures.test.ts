// The fixtures as programs use them: in projects of vitest and files of node:test that run in processes of their own.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFull } from '../../../scripts/testing/cases.js';
import { markdownExamples, sourceExamples } from '../../../scripts/testing/examples.js';

const run = promisify(execFile);
const NODE = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

/** Inside the package, so that the tests find it under its name. */
const RESULTS = fileURLToPath(new URL('../test-results/', import.meta.url));

/** Each starts processes that start servers. */
const TIMEOUT = { timeout: 420_000 };

let folder: string;
beforeAll(() => {
  mkdirSync(RESULTS, { recursive: true });
  folder = mkdtempSync(join(RESULTS, 'fixtures-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a process printed, whether it failed or not. One that hangs is killed, which fails the test. */
async function printed(args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, timeout: 400_000, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const;
  const env = { ...process.env, NO_COLOR: '1', VITEST: undefined, VITEST_MODE: undefined, NODE_OPTIONS: '' };
  return run(NODE, args, { ...options, env }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout: string; stderr: string; killed: boolean }) => {
      if (error.killed) throw new Error(`the process hung:\n${error.stdout}${error.stderr}`);
      return error.stdout + error.stderr;
    },
  );
}

const HELPERS = `
import { createIpsClient } from '@ips-sdk/client';

export async function foldersOf(ips) {
  const client = createIpsClient(ips.client);
  try {
    const { folders } = await client.getFolderTree({ depth: 1 });
    return (folders.subfolderArray ?? []).map(({ path }) => path);
  } finally {
    await client.close();
  }
}

export async function createFolder(ips, folderPath) {
  const client = createIpsClient(ips.client);
  try {
    await client.createFolder({ folderPath });
  } finally {
    await client.close();
  }
}
`;

interface Result {
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

/** Runs test files with vitest, and returns their results and what else was printed. */
async function vitest(
  files: Readonly<Record<string, string>>,
  test: object,
): Promise<{ results: Result[]; output: string }> {
  const project = mkdtempSync(join(folder, 'vitest-'));
  writeFileSync(join(project, 'helpers.js'), HELPERS);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const config = { testTimeout: 180_000, maxWorkers: 2, ...test };
  writeFileSync(join(project, 'vitest.config.js'), `export default { test: ${JSON.stringify(config)} };`);
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=report.json'];
  const args = [VITEST, 'run', '--root', project, ...reporters];
  const output = await printed(args, project);
  // A report of vitest.
  const report = JSON.parse(readFileSync(join(project, 'report.json'), 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
  };
  const results = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ title, status, failureMessages }) => ({
      name: title,
      status,
      message: failureMessages.join('\n'),
    }));
  return { results, output };
}

/** Runs a test file with node:test, and returns its report. */
async function node(text: string): Promise<string> {
  const project = mkdtempSync(join(folder, 'node-'));
  writeFileSync(join(project, 'helpers.js'), HELPERS);
  writeFileSync(join(project, 'a.test.js'), text);
  return printed(['--test', '--test-reporter=tap', 'a.test.js'], project);
}

const PASSING = `
import { test } from '@ips-sdk/server/testing/vitest';
import { describe, expect } from 'vitest';
import { createFolder, foldersOf } from './helpers.js';

test('one', async ({ ips }) => {
  await createFolder(ips, '/Shoes');
  ips.server.chaos({ fault: 1 });
  expect(ips.companyHandle).toBe('c|6');
});
test('two', async ({ ips }) => {
  expect(await foldersOf(ips)).toEqual([]);
  console.log('URL ' + ips.url);
});
describe('with other options', () => {
  test.override('ipsOptions', {
    company: 'MyCompany',
    jobClock: 'manual',
    now: new Date('2026-03-01T12:00:00Z'),
    setup: (ips) => createFolder(ips, '/Ready'),
  });
  for (const name of ['three', 'four']) {
    test(name, async ({ ips }) => {
      expect(ips.clock.now()).toEqual(new Date('2026-03-01T12:00:00Z'));
      expect(await foldersOf(ips)).toEqual(['MyCompany/Ready/']);
      await createFolder(ips, '/More');
      await ips.clock.advance(1000);
      expect(ips.imageUrl('red', 'wid=2')).toBe(ips.url + '/is/image/MyCompany/red?wid=2');
      expect(() => ips.imageUrl('red', { wid: { value: 2 } })).toThrow('commands: expected a string, found an object');
      expect(() => ips.imageUrl('')).toThrow('name: expected a non-empty string, found ""');
    });
  }
});
test('five', () => {});
`;

describe('the fixture of vitest', TIMEOUT, () => {
  const runs: readonly (readonly [pool: string, isolate: boolean])[] = [
    ['forks', true],
    ['threads', false],
    ...(isFull
      ? ([
          ['forks', false],
          ['threads', true],
        ] as const)
      : []),
  ];
  it.each(runs)(
    'gives each test a server as at its beginning, in %s with isolate %s',
    async (pool, isolate) => {
      const files = { 'a.test.js': PASSING, 'b.test.js': PASSING, 'c.test.js': PASSING };
      const { results, output } = await vitest(files, { pool, isolate });
      expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
      expect(results).toHaveLength(15);
      const urls = new Set(output.match(/URL http:\S+/g));
      // The files of a worker share a server, and two workers have three files.
      if (isolate) expect(urls.size).toBe(3);
      else expect([1, 2]).toContain(urls.size);
    },
  );

  it('starts over after tests that fail, hang or break the server, and prints its log', async () => {
    const { results, output } = await vitest(
      {
        'a.test.js': `
import { test } from '@ips-sdk/server/testing/vitest';
import { describe, expect } from 'vitest';
import { createFolder, foldersOf } from './helpers.js';

test('first', ({ ips }) => expect(ips.url).toContain('http'));
test('fails', async ({ ips }) => {
  await createFolder(ips, '/Shoes');
  ips.server.chaos({ fault: 1 });
  await foldersOf(ips);
});
test('hangs', async ({ ips }) => {
  ips.server.chaos({ latency: 3000 });
  await createFolder(ips, '/Late');
}, 300);
test('after it hung', async ({ ips }) => expect(await foldersOf(ips)).toEqual([]));
test('stops the server', ({ ips }) => ips.server.stop());
test('after it stopped', async ({ ips }) => expect(await foldersOf(ips)).toEqual([]));
test.concurrent('is concurrent', ({ ips }) => ips.url);
test('retries', { retry: 2 }, async ({ ips, task }) => {
  await createFolder(ips, '/Again');
  expect(task.result.retryCount).toBe(2);
});
describe('with a setup that fails', () => {
  test.override('ipsOptions', { setup: () => { throw new Error('no shoes'); } });
  test('one', ({ ips }) => ips.url);
});
describe('with a wrong option', () => {
  test.override('ipsOptions', { timeZone: 'Mars' });
  test('two', ({ ips }) => ips.url);
});
test('last', async ({ ips }) => expect(await foldersOf(ips)).toEqual([]));
`,
      },
      { pool: 'threads' },
    );
    expect(Object.fromEntries(results.map(({ name, status }) => [name, status]))).toEqual({
      first: 'passed',
      fails: 'failed',
      hangs: 'failed',
      'after it hung': 'passed',
      'stops the server': 'passed',
      'after it stopped': 'passed',
      'is concurrent': 'failed',
      retries: 'passed',
      one: 'failed',
      two: 'failed',
      last: 'passed',
    });
    const messages = Object.fromEntries(results.map(({ name, message }) => [name, message]));
    expect(messages['is concurrent']).toContain(
      '"is concurrent" is concurrent, and the fixture "ips" is one server',
    );
    expect(messages['hangs']).toContain('timed out');
    expect(messages['one']).toContain('no shoes');
    expect(messages['two']).toContain(
      'timeZone: expected an IANA name such as America/Los_Angeles, found "Mars"',
    );
    expect(output).toContain('The IPS server logged:');
  });
});

describe('the fixture of node:test', TIMEOUT, () => {
  it('gives each test a server as at its beginning, and subtests that of their test', async () => {
    const output = await node(`
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useIpsServer } from '@ips-sdk/server/testing/node';
import { createFolder, foldersOf } from './helpers.js';

const ips = useIpsServer({ company: 'MyCompany' });
assert.throws(() => ips.url, /the IPS server is not running: use it in tests/);
test('steps', async (t) => {
  await t.test('create', () => createFolder(ips, '/Shoes'));
  await t.test('list', async () => assert.deepEqual(await foldersOf(ips), ['MyCompany/Shoes/']));
});
test('empty again', async () => assert.deepEqual(await foldersOf(ips), []));
describe('a suite', () => {
  test('in it', () => createFolder(ips, '/Shoes'));
  test('after it', async () => assert.deepEqual(await foldersOf(ips), []));
});
describe('with its own server', () => {
  const other = useIpsServer({ setup: (server) => createFolder(server, '/Ready') });
  test('has what was set up', async () => assert.equal((await foldersOf(other)).length, 1));
});
test('fails', async () => {
  ips.server.chaos({ fault: 1 });
  await foldersOf(ips);
});
test('after a failure', async () => assert.deepEqual(await foldersOf(ips), []));
`);
    expect(output).toMatch(/^# fail 1$/m);
    expect(output).toMatch(/^# pass 8$/m);
    expect(output).toMatch(/^ *not ok \d+ - fails$/m);
  });

  it('refuses tests that run at the same time', async () => {
    const output = await node(`
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { useIpsServer } from '@ips-sdk/server/testing/node';

describe('together', { concurrency: true }, () => {
  useIpsServer();
  test('one', () => setTimeout(500));
  test('two', () => setTimeout(500));
});
`);
    expect(output).toContain('use one IPS server at the same time');
    expect(output).toMatch(/^# fail [12]$/m);
  });
});

describe('documented samples', TIMEOUT, () => {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const samples = [
    ...markdownExamples(join(root, 'README.md'), root),
    ...sourceExamples(join(root, 'src/testing'), root),
  ];
  const importing = (module: string) =>
    samples.filter(
      ({ language, code }) => language === 'js' && code.includes(`'@ips-sdk/server/testing/${module}'`),
    );

  it('of vitest pass', async () => {
    const files = importing('vitest').map(({ code }, index) => [`${index}.test.js`, code] as const);
    expect(files).toHaveLength(2);
    const { results } = await vitest(Object.fromEntries(files), { pool: 'threads', isolate: false });
    expect(results.length).toBeGreaterThan(2);
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it('of node:test pass', async () => {
    const found = importing('node');
    expect(found).toHaveLength(2);
    for (const { code } of found) expect(await node(code)).toMatch(/^# pass 1\n# fail 0$/m);
  });
});
