// Data directories with files, and the commands that work on them.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createIpsServer } from '../../dist/create-server.js';
import { DirectoryFileStore } from '../../dist/files/file-store.js';
import { BIN } from './server.ts';

const BYTES = 200_000;

/** A data directory with files of which the database names one. */
export async function fill(dataDir: string, first: number, count: number): Promise<void> {
  await (await createIpsServer({ dataDir })).stop();
  const store = new DirectoryFileStore(join(dataDir, 'files'));
  for (let index = 0; index < count; index += 1) await store.put(Buffer.alloc(BYTES, `${first + index} `));
}

/** The names of the stored files of a directory. */
export function filesIn(dataDir: string): string {
  return readdirSync(join(dataDir, 'files'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /[0-9a-f]{64}$/.test(path))
    .sort()
    .join();
}

/** The end of a command: its exit code, `null` when it was killed, and its output. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end. */
export const command = Object.assign((...args: string[]): Promise<Ended> => execute(args), {
  /** Kills a command at a moment within the given time. */
  killed: (within: number, ...args: string[]): Promise<Ended> => execute(args, Math.random() * within * 1.1),
});

function execute(args: readonly string[], killAfter?: number): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: output.trim() });
    }),
  );
}
