// How long a server takes until it is ready: the first start ever, from a directory that is there, in memory in a new process, and
// in memory again in that process. Wall time and processor time, each with its spread.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withSpread } from './support/statistics.ts';

const STARTER = fileURLToPath(new URL('support/start-in-process.ts', import.meta.url));
const ROUNDS = 5;

/** Milliseconds that a start took, since its process began where it is the first one in it. */
interface Start {
  readonly wall: number;
  readonly cpu: number;
}

/** Starts servers in a new process: one on a data directory, or two in memory. */
async function starts(...args: string[]): Promise<Start[]> {
  const child = spawn(process.execPath, [STARTER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`a start ended with ${code}`);
  // The program prints such a list.
  return JSON.parse(printed) as Start[];
}

/** Measures the starts in turns, so that other work of the machine meets all of them, and prints them beside the aims. */
export async function benchStart(): Promise<void> {
  const rows = new Map<string, { readonly aim: number; readonly found: Start[] }>([
    ['first start ever', { aim: 2500, found: [] }],
    ['start from a directory', { aim: 1200, found: [] }],
    ['start in memory, the first of a process', { aim: 2000, found: [] }],
    ['start in memory, another in the process', { aim: 500, found: [] }],
  ]);
  const add = (name: string, start: Start | undefined): void => {
    if (start !== undefined) rows.get(name)?.found.push(start);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'ips-bench-'));
    add('first start ever', (await starts(dataDir))[0]);
    add('start from a directory', (await starts(dataDir))[0]);
    rmSync(dataDir, { recursive: true });
    const [first, next] = await starts();
    add('start in memory, the first of a process', first);
    add('start in memory, another in the process', next);
  }
  console.log(`start until ready, median of ${ROUNDS} (lowest … highest), Node.js ${process.version}`);
  for (const [name, { aim, found }] of rows) {
    const wall = withSpread(
      found.map((start) => start.wall),
      'ms',
    );
    const cpu = withSpread(
      found.map((start) => start.cpu),
      'ms of processor time',
    );
    console.log(`  ${name.padEnd(42)} ${wall}, ${cpu}; aim ${aim} ms on a quiet machine`);
  }
}

if (import.meta.main) await benchStart();
