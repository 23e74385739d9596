// Sums up the reports that tests left, in a line for each package and one for all of them. A test that several runs had counts
// once: as failed if it failed in one of them, as skipped only if it ran in none. `node scripts/test-report.mjs test full` reads
// the reports of both runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** Runs of the tests: the script of a package, its arguments, and the report that it writes. */
export const RUNS = {
  all: { script: 'test', args: ['--mode', 'all'], report: 'report.json' },
  test: { script: 'test', report: 'report.json' },
  full: { script: 'test:full', report: 'report-full.json' },
  quick: { script: 'test:quick', report: 'report-quick.json' },
};

/** What became of a test, the worst last. */
const OUTCOMES = ['skipped', 'passed', 'failed'];

/**
 * Prints what the reports of some runs say.
 *
 * @param names - Runs that took place.
 * @param isPart - Whether some packages may have been left out: those without a report are passed over then.
 * @returns How many tests there are of each outcome.
 */
export function sumUp(names, isPart = false) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const workspace of ['packages', 'apps']) {
    const folder = new URL(`${workspace}/`, root);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const counts = countsOf(new URL(`${name}/`, folder), names, isPart);
      if (counts === undefined) continue;
      for (const outcome of OUTCOMES) total[outcome] += counts[outcome];
      console.log(`${workspace}/${name}: ${sentence(counts)}`);
    }
  }
  console.log(sentence(total));
  return total;
}

/** Counts the tests of a package; `undefined` where it has none. */
function countsOf(folder, names, isPart) {
  const manifest = new URL('package.json', folder);
  if (!existsSync(manifest)) return undefined;
  const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  const outcomes = new Map();
  for (const { script, report } of names.map((name) => RUNS[name])) {
    if (scripts[script] === undefined) continue;
    const file = new URL(`test-results/${report}`, folder);
    if (existsSync(file)) addOutcomes(outcomes, folder, JSON.parse(readFileSync(file, 'utf8')), script);
    else if (!isPart) {
      console.error(`${fileURLToPath(folder)}: "${script}" left no report`);
      outcomes.set(script, 'failed');
    }
  }
  if (outcomes.size === 0) return undefined;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes.values()) counts[outcome] += 1;
  return counts;
}

function addOutcomes(outcomes, folder, report, script) {
  const add = (key, outcome) => {
    const before = OUTCOMES.indexOf(outcomes.get(key));
    outcomes.set(key, OUTCOMES[Math.max(before, OUTCOMES.indexOf(outcome))]);
  };
  for (const file of report.testResults) {
    const path = relative(fileURLToPath(folder), file.name);
    const seen = new Map();
    for (const { fullName, status } of file.assertionResults) {
      // Some tests of a table have the same name.
      const count = (seen.get(fullName) ?? 0) + 1;
      seen.set(fullName, count);
      const outcome = status === 'passed' || status === 'failed' ? status : 'skipped';
      add(`${path} > ${fullName} #${count}`, outcome);
    }
    // A file that could not be loaded has no tests to fail.
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      add(path, 'failed');
  }
  // Errors outside of tests, such as promises that nobody waited for.
  if (!report.success && ![...outcomes.values()].includes('failed')) outcomes.set(script, 'failed');
}

function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = sumUp(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
