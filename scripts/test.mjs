// Runs the tests of all packages through turbo, then sums up their reports in one line. A package whose inputs did
// not change since its tests last passed is not run again; its report comes from the cache and is counted. The first argument may
// be `quick`, `full` or `all`; others pass through to turbo, such as --filter=@ips-sdk/wire.
import { spawnSync } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RUNS, sumUp } from './test-report.mjs';

const given = process.argv.slice(2);
const run = Object.hasOwn(RUNS, given[0]) ? given.shift() : 'test';
const { script, args: more = [], report } = RUNS[run];

// What an earlier run left says nothing of this one.
const root = new URL('../', import.meta.url);
for (const file of globSync(`{packages,apps}/*/test-results/${report}`, { cwd: root }))
  rmSync(new URL(file, root));

const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
const args = ['run', script, '--concurrency=2', '--continue', '--output-logs=new-only', ...given];
if (more.length > 0) args.push('--', ...more);
const { status } = spawnSync(process.execPath, [turbo, ...args], { stdio: 'inherit' });

const { passed, failed } = sumUp([run], given.length > 0);
process.exitCode = status !== 0 || failed > 0 || passed === 0 ? 1 : 0;
