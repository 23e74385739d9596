// Runs mutation tests by hand: `npm run mutate [-- GROUP… --OPTION…]`, with options of `stryker run` such as `--mutate=FILE`. Stryker has a lock file of its own, and is installed at the first run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { groups } from './mutation/groups.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('mutation', import.meta.url));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const unknown = asked.find((name) => !Object.hasOwn(groups, name));
if (unknown !== undefined) {
  console.error(`${unknown}: no such group; found ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}

if (!existsSync(`${folder}/node_modules/@stryker-mutator/core`))
  run('npm', ['ci', '--no-audit', '--no-fund', '--no-workspaces', '--prefix', folder]);
for (const name of asked.length === 0 ? Object.keys(groups) : asked) {
  console.log(`== ${name}`);
  run(
    process.execPath,
    [
      `${folder}/node_modules/@stryker-mutator/core/bin/stryker.js`,
      'run',
      `${folder}/stryker.config.mjs`,
      ...options,
    ],
    {
      IPS_MUTATION_GROUP: name,
      IPS_MUTATION_TESTS: groups[name].tests.join(','),
    },
  );
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(status ?? 1);
}
