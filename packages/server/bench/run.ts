// Runs the parts of the benchmark one after the other: every other file of this folder, or those that are named.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const named = process.argv.slice(2);
const parts = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.ts') && name !== 'run.ts')
  .map((name) => name.slice(0, -3))
  .filter((name) => named.length === 0 || named.includes(name))
  .sort();
for (const name of named) if (!parts.includes(name)) throw new Error(`there is no part "${name}"`);
for (const part of parts) {
  // Each in a process of its own, so that none inherits the memory and the threads of another.
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`${part}.ts`, import.meta.url))], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
