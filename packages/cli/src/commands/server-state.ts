import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stateFolder } from '../config/folders.js';
import type { Context } from '../context.js';

/** The state of a local server, stored in its data folder. */
export interface ServerState {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  /** The URL of the company's published images; absent for older servers. */
  readonly images?: string | undefined;
  /** The URL of the web console; absent for older servers. */
  readonly console?: string | undefined;
  readonly company: string;
  readonly admin: string;
  readonly profile: string;
  readonly startedAt: string;
}

/** The data folder of a local server. */
export function dataFolder(context: Context, option: string | undefined): string {
  return resolve(option ?? join(stateFolder(context.env), 'server'));
}

/** The log file of the server. */
export function logFile(folder: string): string {
  return join(folder, 'ips-server.log');
}

function stateFile(folder: string): string {
  return join(folder, 'ips-server.json');
}

/** The state of the server running in a folder; `undefined` if none is running, even if a state file remains. */
export async function readState(folder: string): Promise<ServerState | undefined> {
  let state: ServerState;
  try {
    state = JSON.parse(await readFile(stateFile(folder), 'utf8')) as ServerState;
  } catch {
    return undefined;
  }
  if (isAlive(state.pid) && (await answers(state.endpoint))) return state;
  // A server that is starting or stopping does not respond.
  return isAlive(state.pid) && (await isServer(state.pid)) ? state : undefined;
}

/** Writes the state of a server. */
export async function writeState(folder: string, state: ServerState): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(stateFile(folder), 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state, null, 2)}\n`);
  } finally {
    await file.close();
  }
}

/** Removes the state of a server, if there is one. */
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

/** Whether an endpoint responds to HTTP. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Whether the process is our server and not another one that reuses its number. Only Linux can be checked. */
async function isServer(pid: number): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('ips-server');
  } catch {
    return process.platform !== 'linux';
  }
}
