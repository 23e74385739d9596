// Builds what tests cannot take from sources, before the first of them and before each that watching starts again: commands that
// they start, what they bundle as users would, the validator, which is compiled from schemas. Turbo knows whether anything changed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const TURBO = fileURLToPath(new URL('../turbo.mjs', import.meta.url));

export default function setup(project: TestProject): void {
  // Where turbo runs the tests it has built everything before.
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: turbo sets it for what it runs.
  if (process.env['TURBO_HASH'] !== undefined) return;
  build(project.config.root);
  project.onTestsRerun(() => build(project.config.root));
}

/** Builds a package and all that it needs; the site, where the package is one. */
function build(folder: string): void {
  const { name, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    scripts: Readonly<Record<string, string>>;
  };
  const task = scripts['docs'] === undefined ? 'build' : 'docs';
  const args = ['run', task, `--filter=${name}...`, '--output-logs=new-only', '--log-order=grouped'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [TURBO, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`what the tests of ${name} need could not be built:\n${stdout}${stderr}`);
  const built = [...stdout.matchAll(/^(\S+):\w+: cache miss/gm)].map(([, which]) => which);
  if (built.length > 0) console.log(`built for the tests: ${built.join(', ')}`);
}
