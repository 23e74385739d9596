// Runs the test files that failed once more, alone: `node scripts/rerun-failed.mjs test` after `npm test`. A test that passes then depends
// on time or load: it is listed as flaky, with its first failure, and has to be mended. It does not fail the run, because others would wait
// for it. A file that fails twice fails the run, and so do many failures at once, which are no accident of time.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUNS, sumUp } from './test-report.mjs';

/** Test files that may run again, in all packages together. */
const MOST_FILES = 6;

const root = new URL('../', import.meta.url);
const name = process.argv[2];
const run = RUNS[name];
if (run === undefined)
  throw new Error(`found "${name}", expected a run of the tests: ${Object.keys(RUNS).join(', ')}`);

const failures = globSync(`{packages,apps}/*/test-results/${run.report}`, { cwd: root }).map((file) => {
  const path = fileURLToPath(new URL(file, root));
  const report = JSON.parse(readFileSync(path, 'utf8'));
  return { path, report, files: report.testResults.filter(({ status }) => status === 'failed') };
});
const failed = failures.filter(({ files }) => files.length > 0);
const count = failed.reduce((sum, { files }) => sum + files.length, 0);
const flaky = [];

if (count <= MOST_FILES) for (const failure of failed) flaky.push(...runAgain(failure));
else console.error(`${count} test files failed; up to ${MOST_FILES} run again`);

const total = sumUp([name]);
for (const { test, message } of flaky) console.error(`flaky: ${test}\n  ${message}`);
if (flaky.length > 0) console.error(`${flaky.length} flaky: failed at first, passed alone`);
// Errors outside of tests are in no file.
const isWhole = failures.every(({ report, files }) => report.success || files.length > 0);
process.exitCode = total.failed > 0 || !isWhole || failures.length === 0 ? 1 : 0;

/** Runs the failed files of a package, puts their new results into its report, and returns the tests that pass now. */
function runAgain({ path, report, files }) {
  const folder = dirname(dirname(path));
  const names = files.map((file) => relative(folder, file.name).split(sep).join('/'));
  console.error(`${relative(fileURLToPath(root), folder)}: again, alone: ${names.join(', ')}`);
  spawnSync('npm', ['run', '--silent', run.script, '--', ...(run.args ?? []), ...names], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  // A run that could not start leaves the first report.
  const again = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : report;
  const later = new Map(again.testResults.map((file) => [file.name, file]));
  const results = report.testResults.map((file) =>
    file.status === 'failed' ? (later.get(file.name) ?? file) : file,
  );
  const isPassed = results.every(({ status }) => status !== 'failed');
  writeFileSync(
    path,
    JSON.stringify({ ...report, testResults: results, success: isPassed && again.success }),
  );
  return files.flatMap((file) =>
    later.get(file.name)?.status === 'passed'
      ? file.assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => ({
            test: `${relative(fileURLToPath(root), file.name)} > ${fullName}`,
            message: (failureMessages[0] ?? 'no message').split('\n')[0],
          }))
      : [],
  );
}
