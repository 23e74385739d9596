// Measures the run time of commands as multiples of the time that Node.js takes to start and exit. Runs are interleaved, to spread the
// effect of other work on the machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../bin/ips.js', import.meta.url));
const RUNS = 15;
const home = mkdtempSync(join(tmpdir(), 'ips-bench-'));
const env = { ...process.env, HOME: home, IPS_KEYCHAIN: 'off', IPS_PROFILE: '', TZ: 'UTC' };

/** Milliseconds from the start of a process to its end. */
async function take(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return performance.now() - start;
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const whole = (milliseconds: number): string => Math.round(milliseconds).toString().padStart(4);

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const codegen = fileURLToPath(new URL('../../codegen/bin/ips-codegen.js', import.meta.url));
const programs: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['node -e 0', ['-e', '0']],
  ['ips --version', [BIN, '--version']],
  ['ips --help', [BIN, '--help']],
  ['ips job list --help', [BIN, 'job', 'list', '--help']],
  ['ips job list (local server)', [BIN, 'job', 'list', '--quiet']],
  ['ips asset search (local server)', [BIN, 'asset', 'search', '--quiet']],
  ...(existsSync(codegen) ? ([['ips-codegen --help', [codegen, '--help']]] as const) : []),
  ...(existsSync(tsc) ? ([['tsc --version', [tsc, '--version']]] as const) : []),
];

try {
  await take([BIN, 'server', 'start', '--quiet']);
  const times = new Map<string, number[]>(programs.map(([name]) => [name, []]));
  // The first run of each fills caches.
  for (const [, args] of programs) await take(args);
  for (let i = 0; i < RUNS; i += 1) {
    for (const [name, args] of programs) times.get(name)?.push(await take(args));
  }
  const bare = median(times.get('node -e 0') ?? []);
  console.log(`whole process, median of ${RUNS} runs; Node.js ${process.version}`);
  for (const [name, all] of times) {
    const milliseconds = median(all);
    console.log(
      `  ${name.padEnd(34)} ${whole(milliseconds)} ms  ${(milliseconds / bare).toFixed(1)} x node -e 0  (fastest ${whole(Math.min(...all))} ms)`,
    );
  }
} finally {
  await take([BIN, 'server', 'stop', '--quiet']).catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
}
