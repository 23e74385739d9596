// The flags of the commands that start a process: `ips-server`, and `all`, `api` and `worker`.
import { parseArgs, styleText } from 'node:util';
import pino from 'pino';
import type { JobClock } from '../clock.js';
import { limitsOf, presetsOf, type ServerLimits } from '../config.js';
import type { SubmittedJobForm } from '../handles.js';
import { MAX_FIRST_ID } from '../server-option-checks.js';
import type { IpsServerOptions, IpsWorkerOptions } from '../server-options.js';
import { adminOf } from './admin-options.js';
import { hiddenPrompt } from './hidden-prompt.js';
import { UsageError } from './usage-error.js';

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
  data: { type: 'string' },
  state: { type: 'string' },
  'database-url': { type: 'string' },
  'file-store': { type: 'string' },
  'presigned-downloads': { type: 'boolean' },
  'adopt-files': { type: 'boolean' },
  company: { type: 'string' },
  admin: { type: 'string' },
  'admin-password-file': { type: 'string' },
  'reset-admin': { type: 'boolean' },
  seed: { type: 'string' },
  'job-clock': { type: 'string' },
  now: { type: 'string' },
  'first-id': { type: 'string' },
  'job-handles': { type: 'string' },
  'time-zone': { type: 'string' },
  workers: { type: 'string' },
  'server-name': { type: 'string' },
  'server-root': { type: 'string' },
  'allow-private': { type: 'boolean' },
  strict: { type: 'boolean' },
  gzip: { type: 'string' },
  'admin-api': { type: 'boolean' },
  'admin-token': { type: 'string' },
  'no-console': { type: 'boolean' },
  'console-read-only': { type: 'boolean' },
  'no-image-cors': { type: 'boolean' },
  'image-preset': { type: 'string', multiple: true },
  limit: { type: 'string', multiple: true },
  'mail-url': { type: 'string' },
  'mail-from': { type: 'string' },
  ffmpeg: { type: 'string' },
  'no-ffmpeg': { type: 'boolean' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

/** The default of `--data`. */
const DATA = 'ips-data';

type Values = ReturnType<typeof parse>;

/**
 * Reads the flags of a command that starts a process.
 *
 * @throws UsageError for unknown ones.
 */
export function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * The options of a server.
 *
 * @throws UsageError that names an invalid flag.
 */
export async function optionsOf(
  role: 'all' | 'api' | undefined,
  values: Values,
  environment: NodeJS.ProcessEnv,
): Promise<IpsServerOptions> {
  for (const name of ['data', 'database-url'] as const) {
    if (values.state !== undefined && values[name] !== undefined)
      throw new UsageError(`--state: a server with a state is in memory; remove --${name}`);
  }
  if (role === 'api') checkShared(role, values);
  const admin = await adminOf(
    {
      admin: values.admin,
      passwordFile: values['admin-password-file'],
      fromEnvironment: environment['IPS_ADMIN_PASSWORD'],
    },
    {
      stdin: process.stdin,
      prompt: (question) => hiddenPrompt(question, process.stdin, process.stderr),
      warn,
    },
  );
  return {
    role,
    ...commonOptionsOf(values, environment),
    port: whole('port', values.port, 0, 65535) ?? 8080,
    publicUrl: httpUrl('public-url', values['public-url']),
    dataDir: values.data ?? (values.state === undefined ? DATA : undefined),
    state: values.state,
    databaseUrl: values['database-url'],
    presignedDownloads: values['presigned-downloads'],
    company: nonEmpty('company', values.company),
    admin,
    resetAdmin: values['reset-admin'],
    jobClock: oneOf('job-clock', values['job-clock'], ['real', 'instant', 'manual']) as JobClock | undefined,
    now: moment('now', values.now),
    firstId: whole('first-id', values['first-id'], 1, MAX_FIRST_ID),
    strictNamespaces: values.strict,
    gzip: oneOf('gzip', values.gzip, ['never', 'soap', 'accept', 'always']) as IpsServerOptions['gzip'],
    adminApi: values['admin-api'],
    recordRequests: values['admin-api'] === true,
    adminToken: values['admin-token'] ?? environment['IPS_ADMIN_TOKEN'],
    previousAdminToken: environment['IPS_ADMIN_TOKEN_PREVIOUS'],
    console: values['no-console'] === true ? false : undefined,
    consoleReadOnly: values['console-read-only'],
    imageCors: values['no-image-cors'] === true ? false : undefined,
  };
}

/** Options that a worker has no use for. */
const OF_SERVERS = [
  'presigned-downloads',
  'state',
  'company',
  'admin',
  'admin-password-file',
  'reset-admin',
  'seed',
  'job-clock',
  'now',
  'first-id',
  'strict',
  'gzip',
  'admin-api',
  'admin-token',
  'no-console',
  'console-read-only',
  'no-image-cors',
] as const;

/**
 * The options of a worker.
 *
 * @throws UsageError that names an invalid flag.
 */
export function workerOptionsOf(values: Values, environment: NodeJS.ProcessEnv): IpsWorkerOptions {
  const other = OF_SERVERS.find((name) => values[name] !== undefined);
  if (other !== undefined)
    throw new UsageError(`worker: --${other} has no effect on a worker; give it to ips-server api`);
  const databaseUrl = checkShared('worker', values);
  const publicUrl = httpUrl('public-url', values['public-url']);
  if (publicUrl === undefined)
    throw new UsageError(
      'worker: --public-url is required: mails and sitemaps contain the URL where clients reach the servers',
    );
  return {
    role: 'worker',
    ...commonOptionsOf(values, environment),
    port: whole('port', values.port, 0, 65535),
    publicUrl,
    dataDir: values.data ?? DATA,
    databaseUrl,
  };
}

/** The options that every role has. */
function commonOptionsOf(values: Values, environment: NodeJS.ProcessEnv) {
  const level =
    oneOf('log-level', values['log-level'], ['trace', 'debug', 'info', 'warn', 'error', 'silent']) ?? 'info';
  return {
    host: values.host,
    fileStore: values['file-store'],
    adoptFiles: values['adopt-files'],
    timeZone: values['time-zone'],
    workers: whole('workers', values.workers, 1, 64),
    serverName: values['server-name'],
    serverRoot: values['server-root'],
    allowPrivateAddresses: values['allow-private'],
    limits: limitsIn(values.limit ?? []),
    submittedJobHandles: oneOf('job-handles', values['job-handles'], ['recorded', 'documented']) as
      | SubmittedJobForm
      | undefined,
    imagePresets: presetsIn(values['image-preset'] ?? []),
    mailUrl: mailUrl(values['mail-url']),
    mailFrom: nonEmpty('mail-from', values['mail-from']),
    notificationSecret: secretIn(environment),
    ffmpeg: ffmpegOf(values),
    traces: true,
    logger: pino({ level, base: null }, pino.destination({ dest: 2, sync: true })),
  } satisfies IpsServerOptions;
}

/** The database that the processes share. */
function checkShared(role: string, values: Values): string {
  const { 'database-url': url, 'job-clock': clock = 'real' } = values;
  if (url === undefined)
    throw new UsageError(
      `${role}: --database-url is required: the processes share a PostgreSQL server. The embedded database has one owner; run ips-server without "${role}" to use it`,
    );
  if (clock !== 'real') throw new UsageError(`${role}: --job-clock: expected real, found "${clock}"`);
  return url;
}

/** @throws UsageError for a secret that anyone knows. */
function secretIn({ IPS_NOTIFICATION_SECRET: secret }: NodeJS.ProcessEnv): string | undefined {
  if (secret === '')
    throw new UsageError('IPS_NOTIFICATION_SECRET: expected a secret, found an empty string');
  return secret;
}

function warn(message: string): void {
  process.stderr.write(`${styleText('yellow', 'ips-server: warning:')} ${message}\n`);
}

function limitsIn(given: readonly string[]): Partial<ServerLimits> {
  const pairs = given.map((each) => {
    const [, name, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--limit: expected NAME=NUMBER such as maxFileBytes=1000000, found "${each}"`);
    return [name, Number(value)] as const;
  });
  try {
    return limitsOf(Object.fromEntries(pairs));
  } catch (error) {
    throw new UsageError(`--limit: ${(error as Error).message.replace(/^limits\./, '')}`);
  }
}

/** Image formats for all companies. The last one with a name counts, as for other flags. */
function presetsIn(given: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (given.length === 0) return undefined;
  const pairs = given.map((each) => {
    const [, name, commands] = /^([^=]+)=(.+)$/s.exec(each) ?? [];
    if (name === undefined || commands === undefined)
      throw new UsageError(
        `--image-preset: expected NAME=COMMANDS such as "Large=wid=800&qlt=90", found "${each}"`,
      );
    return [name, commands] as const;
  });
  const presets = Object.fromEntries(pairs);
  try {
    presetsOf(presets);
    return presets;
  } catch (error) {
    throw new UsageError(`--image-preset: ${(error as Error).message.replace(/^imagePresets[:.] ?/, '')}`);
  }
}

function ffmpegOf({ ffmpeg, 'no-ffmpeg': without }: Values): string | false | undefined {
  if (without !== true) return ffmpeg;
  if (ffmpeg !== undefined) throw new UsageError('--no-ffmpeg: remove it, or --ffmpeg');
  return false;
}

/** A time with an offset, so that it does not depend on the machine. */
function moment(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new UsageError(
      `--${name}: expected an ISO 8601 time with an offset, such as 2026-01-31T12:00:00Z, found "${text}"`,
    );
  return time;
}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, found "${text}"`);
  }
  return value;
}

function httpUrl(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !(URL.canParse(text) && /^https?:/i.test(text))) {
    throw new UsageError(`--${name}: expected an http or https URL, found "${text}"`);
  }
  return text;
}

/** @throws UsageError that does not show the URL, which may contain a password. */
function mailUrl(text: string | undefined): string | undefined {
  if (text !== undefined && !(URL.canParse(text) && /^smtps?:/i.test(text)))
    throw new UsageError('--mail-url: expected a URL such as smtp://mail.example.com');
  return text;
}

/** An empty text usually comes from a variable of a shell that is not set. */
function nonEmpty(name: string, text: string | undefined): string | undefined {
  if (text === '') throw new UsageError(`--${name}: expected text, found an empty string`);
  return text;
}

function oneOf(name: string, text: string | undefined, allowed: readonly string[]): string | undefined {
  if (text !== undefined && !allowed.includes(text)) {
    throw new UsageError(`--${name}: expected ${allowed.join(', ')}, found "${text}"`);
  }
  return text;
}
