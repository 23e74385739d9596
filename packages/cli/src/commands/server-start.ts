import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.js';
import { checkName, Profiles } from '../config/profiles.js';
import { Secrets } from '../config/secrets.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { printableLine } from '../output/sanitize.js';
import { askSecret } from '../prompt.js';
import { assignment, quoted } from '../quoted.js';
import { findServer } from './find-server.js';
import { readText } from './read-input.js';
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
  readonly adminPasswordFile?: string;
  readonly resetAdmin?: boolean;
  readonly databaseUrl?: string;
  readonly allowPrivate?: boolean;
  readonly profile: string;
  readonly timeout: number;
  readonly foreground?: boolean;
}

/** The fields of the output. */
export const fields = ['pid', 'port', 'endpoint', 'images', 'company', 'admin', 'profile', 'startedAt'];

/** `ips server start` */
export async function run(context: Context, options: Options): Promise<undefined> {
  checkName(options.profile);
  const { email, password: shown } = splitAdmin(context, options);
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
  const password = shown ?? (await passwordOf(context, options));
  const log = await open(logFile(folder), 'w', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [bin, ...argumentsOf({ ...options, admin: email }, folder)], {
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
  const { port, images, console, keepsPassword } = await waitForPort(context, child, folder, options.timeout);
  const endpoint = `http://127.0.0.1:${port}/scene7/services/IpsApiService`;
  const state: ServerState = {
    pid,
    port,
    endpoint,
    images,
    console,
    company: options.company,
    admin: email,
    profile: options.profile,
    startedAt: new Date().toISOString(),
  };
  await writeState(folder, state);
  await keepProfile(context, state, keepsPassword ? undefined : password);
  context.done(`server listening at ${endpoint}`);
  if (keepsPassword) {
    context.warn(
      `${email} existed before and keeps the stored password, which is not the given one; to replace it, run ips server stop and ` +
        'ips server start --reset-admin',
    );
  }
  announce(context, state, folder);
  await print(context, state);
  if (options.foreground) await stay(context, child, folder);
  else child.unref();
  return undefined;
}

/** Prints how to use the server: with ips, with other programs, and in a browser. */
function announce(
  context: Context,
  { endpoint, images, console, profile }: ServerState,
  folder: string,
): void {
  if (console !== undefined) context.note(`  to see it in a browser: ${console}`);
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
    ...(options.resetAdmin ? ['--reset-admin'] : []),
    ...(options.allowPrivate ? ['--allow-private'] : []),
    '--log-level',
    'warn',
  ];
}

/** The administrator, as `EMAIL` or `EMAIL:PASSWORD`. */
function splitAdmin(
  context: Context,
  { admin, adminPasswordFile }: Options,
): { readonly email: string; readonly password?: string } {
  const colon = admin.indexOf(':');
  if (colon === -1) return { email: admin };
  if (adminPasswordFile !== undefined)
    throw new CliError(EXIT.usage, '--admin-password-file cannot be combined with a password in --admin');
  context.warn(
    '--admin: other users of this machine can see the password, as ps shows it; use --admin-password-file',
  );
  const password = admin.slice(colon + 1);
  if (password === '') throw new CliError(EXIT.usage, '--admin: expected a password after the colon');
  return { email: admin.slice(0, colon), password };
}

/** The password: from a file, from the environment, from an earlier start, or a new one. */
async function passwordOf(context: Context, options: Options): Promise<string> {
  const { adminPasswordFile: file, profile: name } = options;
  if (file !== undefined) return passwordFrom(context, file, options.admin);
  const given = context.env['IPS_ADMIN_PASSWORD'];
  if (given) return given;
  const profile = (await Profiles.load(context.env)).find(name);
  if (profile?.secret !== undefined) {
    const secret = await new Secrets(context.env).read(name, profile.secret);
    if (secret !== undefined && 'password' in secret) return secret.password;
  }
  return randomBytes(18).toString('base64url');
}

async function passwordFrom(context: Context, file: string, email: string): Promise<string> {
  if (file === '-' && context.canAsk) return askSecret(context, `Password for ${printableLine(email)}:`);
  if (file !== '-' && process.platform !== 'win32' && ((await stat(file)).mode & 0o044) !== 0)
    context.warn(`--admin-password-file: other users can read ${file}; chmod 600 makes it private`);
  const password = (await readText(context, file)).replace(/\r?\n$/, '');
  if (password === '' || /[\r\n]/.test(password)) {
    const found = password === '' ? 'nothing' : 'several lines';
    throw new CliError(EXIT.usage, `--admin-password-file: ${file}: expected one line, found ${found}`);
  }
  return password;
}

/** Saves the profile, with the password unless it is not known. */
async function keepProfile(
  context: Context,
  state: ServerState,
  password: string | undefined,
): Promise<void> {
  const profiles = await Profiles.load(context.env);
  const secret =
    password === undefined
      ? profiles.find(state.profile)?.secret
      : await new Secrets(context.env).keep(state.profile, { password });
  const { endpoint, company, admin: user } = state;
  await profiles.set(state.profile, { endpoint, company, user, secret });
}

/** Waits until the server reports its port. */
async function waitForPort(
  context: Context,
  child: ChildProcess,
  folder: string,
  timeout: number,
): Promise<{
  port: number;
  images: string | undefined;
  console: string | undefined;
  keepsPassword: boolean;
}> {
  const until = Date.now() + timeout;
  const end = (): void => void child.kill('SIGTERM');
  try {
    for (;;) {
      const output = await readFile(logFile(folder), 'utf8');
      const port = /listening on https?:\/\/\S+?:(\d+)/.exec(output)?.[1];
      if (port !== undefined) {
        return {
          port: Number(port),
          images: /^ +images +(\S+)$/m.exec(output)?.[1],
          console: /^ +console +(\S+)$/m.exec(output)?.[1],
          keepsPassword: /^ +note: \S+ existed before and keeps the stored password/m.test(output),
        };
      }
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
  if (context.print.isShaped) await context.print.object(state, fields);
  else if (!context.print.forPeople) await context.print.text(`${state.endpoint}\n`);
}
