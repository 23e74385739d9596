import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.js';
import { checkName, Profiles } from '../config/profiles.js';
import { Secrets } from '../config/secrets.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { assignment, quoted } from '../quoted.js';
import { findServer } from './find-server.js';
import {
  dataFolder,
  forgetState,
  isAlive,
  logFile,
  readState,
  type ServerState,
  writeState,
} from './server-state.js';

interface Options {
  readonly port: string;
  readonly data?: string;
  readonly company: string;
  readonly admin: string;
  readonly databaseUrl?: string;
  readonly allowPrivate?: boolean;
  readonly profile: string;
  readonly timeout: number;
  readonly foreground?: boolean;
}

/** `ips server start` */
export async function run(context: Context, options: Options): Promise<undefined> {
  checkName(options.profile);
  const folder = dataFolder(context, options.data);
  const running = await readState(folder);
  if (running !== undefined) {
    context.note(`already running since ${running.startedAt}, at ${running.endpoint}`);
    announce(context, running, folder);
    await print(context, running);
    return undefined;
  }
  const { bin, version } = await findServer();
  context.detail(`@ips-sdk/server ${version}: ${bin}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const password = await passwordOf(context, options.profile);
  const log = await open(logFile(folder), 'w', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [bin, ...argumentsOf(options, folder)], {
      detached: !options.foreground,
      stdio: ['ignore', log.fd, log.fd],
      // Pass the password in the environment, because other users can see arguments.
      env: { ...context.env, IPS_ADMIN_PASSWORD: password },
      windowsHide: true,
    });
  } finally {
    await log.close();
  }
  const { pid } = child;
  if (pid === undefined) throw new CliError(EXIT.service, `cannot start the server: ${bin}`);
  const { port, images } = await waitForPort(context, child, folder, options.timeout);
  const endpoint = `http://127.0.0.1:${port}/scene7/services/IpsApiService`;
  const state: ServerState = {
    pid,
    port,
    endpoint,
    images,
    company: options.company,
    admin: options.admin,
    profile: options.profile,
    startedAt: new Date().toISOString(),
  };
  await writeState(folder, state);
  await keepProfile(context, state, password);
  context.done(`server listening at ${endpoint}`);
  announce(context, state, folder);
  await print(context, state);
  if (options.foreground) await stay(context, child, folder);
  else child.unref();
  return undefined;
}

/** Prints how to use the server: with ips, with other programs, and in a browser. */
function announce(context: Context, { endpoint, images, profile }: ServerState, folder: string): void {
  if (images !== undefined) context.note(`  images: ${images}`);
  context.note(`  to use it: ips job list --profile ${quoted(profile)}`);
  context.note(`  for other programs: ${assignment('IPS_ENDPOINT', endpoint, process.platform)}`);
  context.note(`  data: ${folder}`);
}

function argumentsOf(options: Options, folder: string): string[] {
  return [
    '--port',
    options.port,
    '--data',
    folder,
    '--company',
    options.company,
    '--admin',
    options.admin,
    ...(options.databaseUrl === undefined ? [] : ['--database-url', options.databaseUrl]),
    ...(options.allowPrivate ? ['--allow-private'] : []),
    '--log-level',
    'warn',
  ];
}

/** The password: from the environment, from an earlier start, or a new one. */
async function passwordOf(context: Context, name: string): Promise<string> {
  const given = context.env['IPS_ADMIN_PASSWORD'];
  if (given) return given;
  const profile = (await Profiles.load(context.env)).find(name);
  if (profile?.secret !== undefined) {
    const secret = await new Secrets(context.env).read(name, profile.secret);
    if (secret !== undefined && 'password' in secret) return secret.password;
  }
  return randomBytes(18).toString('base64url');
}

async function keepProfile(context: Context, state: ServerState, password: string): Promise<void> {
  const secret = await new Secrets(context.env).keep(state.profile, { password });
  const { endpoint, company, admin: user } = state;
  await (await Profiles.load(context.env)).set(state.profile, { endpoint, company, user, secret });
}

/** Waits until the server reports its port. */
async function waitForPort(
  context: Context,
  child: ChildProcess,
  folder: string,
  timeout: number,
): Promise<{ port: number; images: string | undefined }> {
  const until = Date.now() + timeout;
  const end = (): void => void child.kill('SIGTERM');
  try {
    for (;;) {
      const output = await readFile(logFile(folder), 'utf8');
      const port = /listening on https?:\/\/\S+?:(\d+)/.exec(output)?.[1];
      if (port !== undefined) return { port: Number(port), images: /^ +images +(\S+)$/m.exec(output)?.[1] };
      if (child.exitCode !== null || child.signalCode !== null)
        throw new CliError(
          EXIT.service,
          `the server did not start:\n${output.trim()}`,
          'check whether the port is in use',
        );
      if (Date.now() > until) {
        throw new CliError(
          EXIT.timeout,
          `the server did not start in ${timeout / 1000} s`,
          `see its log, ${logFile(folder)}`,
        );
      }
      await sleep(50, undefined, { signal: context.signal });
    }
  } catch (error) {
    end();
    throw error;
  }
}

/** Waits until the server ends or the command is interrupted. */
async function stay(context: Context, child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  context.note('press Ctrl-C to stop');
  const stop = (): void => void child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop);
  try {
    if (context.signal.aborted) stop();
    await ended;
  } finally {
    context.signal.removeEventListener('abort', stop);
    if (child.pid === undefined || !isAlive(child.pid)) await forgetState(folder);
  }
}

/** Prints the endpoint in a pipe, or the state in the requested format. */
async function print(context: Context, state: ServerState): Promise<void> {
  if (context.print.isShaped) await context.print.object(state);
  else if (!context.print.forPeople) await context.print.text(`${state.endpoint}\n`);
}
