import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Sample } from './compare.ts';

/** How a process is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end. The times are those of the whole process with its children, as the system counts them.
 *
 * @throws Error if it fails.
 */
export async function runProcess(
  command: readonly string[],
  options: RunOptions = {},
): Promise<Sample & { readonly printed: string }> {
  // The shell asks the system for the times of its children, which Node.js cannot.
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" 2>&3', 'bash', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...options,
  });
  const [out, times, errors] = child.stdio.slice(1, 4) as import('node:stream').Readable[];
  if (out === undefined || times === undefined || errors === undefined) throw new Error('a pipe is missing');
  const [printed, counted, failed, [code]] = await Promise.all([
    text(out),
    text(times),
    text(errors),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${failed}`);
  const [wall = 0, user = 0, system = 0] = counted.trim().split(' ').map(Number);
  return { printed, wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Runs this Node.js with arguments to its end. */
export function runNode(
  args: readonly string[],
  options?: RunOptions,
): Promise<Sample & { readonly printed: string }> {
  return runProcess([process.execPath, ...args], options);
}
