// Prints the results in `reports/mutation` as the table of docs/mutation.md: `node scripts/mutation/table.mjs [GROUP…]`.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groups } from './groups.mjs';

const folder = fileURLToPath(new URL('../../reports/mutation/', import.meta.url));
const asked = process.argv.slice(2);

console.log('| Group | File | Killed | Timed out | Survived | Not covered | Score |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const group of asked.length === 0 ? Object.keys(groups) : asked) {
  const report = `${folder}${group}.json`;
  if (!existsSync(report)) continue;
  const { files } = JSON.parse(readFileSync(report, 'utf8'));
  for (const [path, { mutants }] of Object.entries(files)) {
    const count = (status) => mutants.filter((mutant) => mutant.status === status).length;
    const [killed, timedOut, survived, notCovered] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(
      count,
    );
    const all = killed + timedOut + survived + notCovered;
    // A file without mutants is one of types and constants.
    if (all === 0) continue;
    const score = Math.round((100 * (killed + timedOut)) / all);
    console.log(
      `| ${group} | \`${basename(path)}\` | ${killed} | ${timedOut} | ${survived} | ${notCovered} | ${score} % |`,
    );
  }
}
