import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stateFolder } from '../config/folders.js';
import type { Context } from '../context.js';

/** The state of a local server, from a file in the folder of its data. */
export interface ServerState {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  /** Where published images of the company are delivered; a server that does not say so is an older one. */
  readonly images?: string | undefined;
  readonly company: string;
  readonly admin: string;
  readonly profile: string;
  readonly startedAt: string;
}

/** The folder of a local server's data. */
export function dataFolder(context: Context, option: string | undefined): string {
  return resolve(option ?? join(stateFolder(context.env), 'server'));
}

/** The file of the server's output. */
export function logFile(folder: string): string {
  return join(folder, 'ips-server.log');
}

function stateFile(folder: string): string {
  return join(folder, 'ips-server.json');
}

/** The server that runs in a folder; `undefined` when none does, even if its file remains. */
export async function readState(folder: string): Promise<ServerState | undefined> {
  let state: ServerState;
  try {
    state = JSON.parse(await readFile(stateFile(folder), 'utf8')) as ServerState;
  } catch {
    return undefined;
  }
  if (isAlive(state.pid) && (await answers(state.endpoint))) return state;
  // A server that is starting or stopping does not answer.
  return isAlive(state.pid) && (await isServer(state.pid)) ? state : undefined;
}

/** Records where a server runs. */
export async function writeState(folder: string, state: ServerState): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(stateFile(folder), 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state, null, 2)}\n`);
  } finally {
    await file.close();
  }
}

/** Removes the record of where a server ran, if there is one. */
export async function forgetState(folder: string): Promise<void> {
  await rm(stateFile(folder), { force: true });
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether an endpoint answers HTTP. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Whether the process is our server and not another one with the same number, as far as the system tells. */
async function isServer(pid: number): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('ips-server');
  } catch {
    return process.platform !== 'linux';
  }
}
