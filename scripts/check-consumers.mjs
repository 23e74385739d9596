// Publishes the packages to a registry on loopback and uses them from there as others would: each program in examples/ is copied
// to an empty folder, installs its dependencies, and runs its tests, on several versions of Node.js, TypeScript and other
// runtimes. `npm run check:consumers -- client cli` runs only some of them.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, styleText } from 'node:util';
import { startRegistry } from './local-registry.mjs';
import { ScratchRelease } from './scratch-release.mjs';

const execute = promisify(execFile);

/** Consumers at once: most of the time, each waits for a registry. */
const LANES = 3;

const root = fileURLToPath(new URL('../', import.meta.url));

/** The oldest TypeScript that the declarations are written for. */
const OLDEST_TYPESCRIPT = '5.4';

/** The runs: an example, what is installed in addition to its dependencies, and further flags of `npm install`. */
const RUNS = [
  {
    example: 'types-only',
    title: `TypeScript ${OLDEST_TYPESCRIPT}`,
    install: [`typescript@${OLDEST_TYPESCRIPT}`],
  },
  { example: 'types-only', title: 'the newest TypeScript' },
  {
    example: 'compiler-defaults',
    title: `TypeScript ${OLDEST_TYPESCRIPT}`,
    install: [`typescript@${OLDEST_TYPESCRIPT}`],
  },
  { example: 'compiler-defaults', title: 'the newest TypeScript' },
  { example: 'validator-bundle', title: 'esbuild' },
  {
    example: 'client',
    title: `TypeScript ${OLDEST_TYPESCRIPT}`,
    install: [`typescript@${OLDEST_TYPESCRIPT}`],
  },
  { example: 'client', title: 'Node.js 22', install: ['node@22'] },
  { example: 'client', title: 'Node.js 24', install: ['node@24'] },
  { example: 'client', title: 'Node.js 26', install: ['node@26'] },
  {
    example: 'client',
    title: 'Bun',
    install: ['bun'],
    command: ['bun', ['dist/preview.js']],
    before: ['tsc', ['-p', '.']],
  },
  { example: 'client-without-soap', title: 'npm install --omit=optional', flags: ['--omit=optional'] },
  { example: 'shared-types', title: 'workspaces, Express 5' },
  { example: 'vitest-fixture', title: 'vitest' },
  { example: 'testing', title: 'vitest, node:test and MSW' },
  { example: 'testing', title: 'vitest 4', install: ['vitest@4'] },
  { example: 'cli', title: 'npx' },
];

const wanted = process.argv.slice(2);
const runs = RUNS.filter(({ example }) => wanted.length === 0 || wanted.includes(example));
if (runs.length === 0)
  throw new Error(
    `there is no example ${wanted.join(', ')}; there is ${[...new Set(RUNS.map((run) => run.example))].join(', ')}`,
  );

const registry = await startRegistry();
const scratch = new ScratchRelease(registry.userconfig);
const failed = [];
try {
  scratch.version();
  console.log(`published to ${registry.url}: ${scratch.publish().join(', ')}`);
  const next = runs.values();
  const lane = async () => {
    for (const run of next) await report(run);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
} finally {
  scratch.remove();
  await registry.stop();
}
console.log(`${runs.length - failed.length} of ${runs.length} consumers work`);
if (failed.length > 0) process.exitCode = 1;

async function report(run) {
  const name = `${run.example} with ${run.title}`;
  try {
    const printed = await use(run);
    console.log(`${styleText('green', '✓')} ${name}${printed === '' ? '' : `: ${printed}`}`);
  } catch (error) {
    failed.push(name);
    console.error(
      `${styleText('red', '✗')} ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout === undefined ? error.stack : ''}`,
    );
  }
}

/** Installs and runs an example. Returns the last lines that its program printed. */
async function use({ example, install = [], flags = [], command, before }) {
  const folder = mkdtempSync(join(tmpdir(), `ips-${example}-`));
  try {
    cpSync(join(root, 'examples', example), folder, { recursive: true });
    const options = { cwd: folder, env: environment(folder), maxBuffer: 2 ** 28 };
    const run = async (program, args) => (await execute(program, args, options)).stdout;
    const npm = (...args) => run('npm', args);
    await npm('install', '--no-audit', '--no-fund', '--prefer-offline', ...flags);
    if (install.length > 0)
      await npm('install', '--no-audit', '--no-fund', '--prefer-offline', '--save-dev', ...install);
    onlyFromRegistry(folder);
    const bin = (name) => join(folder, 'node_modules/.bin', name);
    if (command === undefined) return lastLines(await npm('test', '--silent'));
    if (before !== undefined) await run(bin(before[0]), before[1]);
    return lastLines(await run(bin(command[0]), command[1]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(folder) {
  const bin = join(folder, 'node_modules/.bin');
  return {
    ...scratch.environment,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  };
}

/** All of our packages must have come from the registry, not from a folder nearby. */
function onlyFromRegistry(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.includes('node_modules/@ips-sdk/')) continue;
    if (entry.link || entry.integrity === undefined)
      throw new Error(`${path} did not come from the registry`);
    if (existsSync(join(folder, path, 'test'))) throw new Error(`${path} was published with its tests`);
  }
}

function lastLines(text) {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('>'));
  return (lines.at(-1) ?? '').slice(0, 120);
}
