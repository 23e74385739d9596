// Runs the benchmarks of all packages, or of those that are named, and writes docs/benchmarks.md with its plots. Results of packages that
// did not run stay as they are; each has its date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RESULTS, writeBenchmarks } from './write-benchmarks.ts';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Packages with benchmarks, `server/ingest` for one part of a package that has several. */
const named = process.argv.slice(2);
const known = readdirSync(PACKAGES).filter((name) => existsSync(`${PACKAGES}${name}/bench/run.ts`));
for (const name of named) {
  const [folder = ''] = name.split('/');
  if (!known.includes(folder)) throw new Error(`expected one of ${known.join(', ')}, found ${name}`);
}
mkdirSync(RESULTS, { recursive: true });
const begun = performance.now();
for (const name of named.length === 0 ? known : named) {
  const [folder = '', ...parts] = name.split('/');
  const { status } = spawnSync(process.execPath, [`${PACKAGES}${folder}/bench/run.ts`, ...parts], {
    stdio: 'inherit',
    env: { ...process.env, IPS_BENCH_RESULTS: RESULTS },
  });
  // The others run nevertheless.
  if (status !== 0) process.exitCode = 1;
}
writeBenchmarks();
console.log(`\nall in ${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
