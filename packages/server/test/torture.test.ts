// `npm run torture` fails when a scenario loses something, tries nothing, or does not end with a result.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failureOf } from '../torture/support/scenario.ts';

const RUN = fileURLToPath(new URL('../torture/run.ts', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ips-scenarios-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Adds a scenario whose `run` has the given body. */
const add = (file: string, body: string): void =>
  writeFileSync(
    join(folder, `${file}.mjs`),
    `export const name = 'scenario ${file}';\nexport async function run({ short, log }) { ${body} }\n`,
  );

function torture(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', RUN, '--from', folder, ...args],
    { encoding: 'utf8' },
  );
  // Widths of columns and seconds differ.
  const table = (stdout.split('\n\n').at(-1) ?? '').split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
  return { status, stdout, stderr, table };
}

const WINS = 'return { tried: 3, survived: 3, lost: 0 };';

it('succeeds when all scenarios survive or lack a requirement', () => {
  add('a', WINS);
  add('b', `return { tried: 0, survived: 0, lost: 0, skipped: 'no database' };`);
  const { status, table } = torture();
  expect(table).toEqual([
    'scenario | tried | survived | lost | seconds',
    expect.stringMatching(/^scenario a \| 3 \| 3 \| 0 \| \d+$/),
    expect.stringMatching(/^scenario b \| 0 \| 0 \| 0 \| \d+ \| skipped: no database$/),
    '',
  ]);
  expect(status).toBe(0);
});

it.each([
  ['loses something', 'return { tried: 3, survived: 2, lost: 1 };', '1 of 3 lost'],
  ['tries nothing', 'return { tried: 0, survived: 0, lost: 0 };', 'nothing was tried'],
  [
    'does not account for all it tried',
    'return { tried: 3, survived: 2, lost: 0 };',
    '2 survived and 0 lost do not add up to 3 tried',
  ],
  [
    'counts what is not a number',
    'return { tried: 1, survived: 1, lost: null };',
    'a count is not a whole number',
  ],
  ['throws', `throw new Error('broken');`, 'its process ended with 1'],
  ['ends its process', 'process.exit(0);', 'its process ended with 0'],
  ['is killed', `process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`, 'ended with SIGKILL'],
])('fails when a scenario %s, and runs the others', (_what, body, reason) => {
  add('a', body);
  add('b', WINS);
  const { status, table } = torture();
  expect(table[1]).toContain(`failed: ${reason}`.replace('failed: ended', 'failed: its process ended'));
  expect(table[2]).toMatch(/^scenario b \| 3 \| 3 \| 0 \| \d+$/);
  expect(status).toBe(1);
});

it('runs the named scenarios, in the short form on request, and refuses unknown names', () => {
  add('a', 'log("short: " + short); return { tried: 1, survived: 1, lost: 0 };');
  add('b', 'return { tried: 1, survived: 0, lost: 1 };');
  expect(torture('a')).toMatchObject({ status: 0, stdout: expect.stringContaining('short: false') });
  expect(torture('a', '--short')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('short: true'),
  });
  expect(torture('c')).toMatchObject({ status: 2, stderr: 'c: no such scenario; found a, b\n' });
});

it('fails where there are no scenarios', () => {
  expect(torture()).toMatchObject({ status: 1, stderr: `${folder}: no scenarios\n` });
});

it('does not let a result with a requirement hide a loss', () => {
  expect(failureOf({ tried: 2, survived: 1, lost: 1, skipped: 'no database' })).toBe('1 of 2 lost');
});
