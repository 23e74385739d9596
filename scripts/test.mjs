// Runs the tests of all packages through turbo, then sums up their reports in one line. A package whose inputs did
// not change since its tests last passed is not run again; its report comes from the cache and is counted.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
const args = [
  'run',
  'test',
  '--concurrency=2',
  '--continue',
  '--output-logs=new-only',
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, [turbo, ...args], { stdio: 'inherit' });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const workspace of ['packages', 'apps']) {
  const folder = new URL(`${workspace}/`, root);
  if (!existsSync(folder)) continue;
  for (const name of readdirSync(folder).sort()) {
    const file = new URL(`${name}/test-results/report.json`, folder);
    const manifest = new URL(`${name}/package.json`, folder);
    if (!existsSync(manifest) || !JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test) continue;
    if (!existsSync(file)) {
      console.error(`${workspace}/${name}: no test report`);
      total.failed += 1;
      continue;
    }
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const counts = {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    // A suite that could not be loaded has no tests to fail.
    if (!report.success && counts.failed === 0) counts.failed = 1;
    for (const key of Object.keys(total)) total[key] += counts[key];
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(`${workspace}/${name}: ${counts.passed} passed, ${counts.failed} failed${skipped}`);
  }
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = status !== 0 || total.failed > 0 || total.passed === 0 ? 1 : 0;
