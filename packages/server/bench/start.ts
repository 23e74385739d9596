// How long a server takes until it is ready: the first start ever, from a directory that is there, and in memory.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsServer } from '@ips-sdk/server';

const BIN = fileURLToPath(new URL('../bin/ips-server.js', import.meta.url));

/** Milliseconds until a process says where it listens; the process is ended then. */
function processStart(dataDir: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [BIN, '--port', '0', '--data', dataDir, '--log-level', 'silent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let ready: number | undefined;
    child.stdout.once('data', () => {
      ready = performance.now() - begun;
      child.kill('SIGTERM');
    });
    child.once('close', (code) =>
      ready === undefined ? reject(new Error(`ips-server ended with ${code}`)) : resolve(ready),
    );
  });
}

async function memoryStart(): Promise<number> {
  const begun = performance.now();
  const server = await createIpsServer();
  const took = performance.now() - begun;
  await server.stop();
  return took;
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Measures the starts, each a few times, and prints the middle of them beside the aim. */
export async function benchStart(rounds = 5): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'ips-bench-'));
    first.push(await processStart(dataDir));
    again.push(await processStart(dataDir));
    rmSync(dataDir, { recursive: true });
  }
  await memoryStart();
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) memory.push(await memoryStart());
  for (const [name, values, aim] of [
    ['first start ever, process', first, 4000],
    ['start from a directory, process', again, 1500],
    ['start in memory, after the first', memory, 1000],
  ] as const) {
    const took = middle(values);
    console.log(`${name}: ${took.toFixed(0)} ms, ${(took / aim).toFixed(2)} of the aim of ${aim} ms`);
  }
}

if (import.meta.main) await benchStart();
