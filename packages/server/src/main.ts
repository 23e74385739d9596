import { parseArgs, styleText } from 'node:util';
import pino from 'pino';
import type { JobClock } from './clock.js';
import { adminOf } from './command/admin-options.js';
import { runConsole } from './command/console-command.js';
import { hiddenPrompt } from './command/hidden-prompt.js';
import { UsageError } from './command/usage-error.js';
import { COMMANDS } from './commands.js';
import { limitsOf, type ServerLimits } from './config.js';
import { createIpsServer } from './create-server.js';
import type { IpsServerOptions } from './server-options.js';
import { welcome } from './welcome.js';

const HELP = `ips-server: an IPS-compatible job server

  ips-server --data DIR --company NAME --admin EMAIL --admin-password-file FILE
  ips-server backup --data DIR --to FILE.tar|DIR
  ips-server restore --from FILE.tar|DIR --data DIR
  ips-server check --data DIR
  ips-server load --data DIR --assets NUMBER

Options
  --port PORT             port to listen on; 0 picks a free port (default 8080)
  --host HOST             address to listen on (default 127.0.0.1)
  --public-url URL        URL that clients use, if it differs from the listen address
  --data DIR              directory for the database and files (default ./ips-data)
  --database-url URL      PostgreSQL server to use instead of the embedded database
  --file-store URL        bucket for the files instead of the data directory, such as
                          s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION; keys
                          come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
  --presigned-downloads   redirect downloads of archives to URLs of the bucket
  --company NAME          company to create if missing (default "Sample Company")
  --admin EMAIL           administrator to create if missing (default
                          admin@example.com). The password comes from a file,
                          IPS_ADMIN_PASSWORD or, on a terminal, a prompt. Without any,
                          it is admin-password on a loopback address, and otherwise a
                          random one that is printed once
  --admin-password-file FILE
                          file with the password, or - for standard input
  --reset-admin           replace the password of an existing administrator and enable
                          the account; otherwise a start does not change it
  --job-clock MODE        real, instant (jobs are done before submitJob answers) or
                          manual (only /admin/clock moves time) (default real)
  --time-zone ZONE        time zone of schedules, such as America/Los_Angeles
  --workers N             number of jobs to run at once (default 2)
  --server-name NAME      name of this worker in ActiveJob.serverName
  --server-root DIR       base directory for serverDir of jobs (default DATA/served)
  --allow-private         allow job URLs with private and loopback addresses
  --strict                refuse namespaces of other API versions
  --gzip RULE             never, soap, accept or always (default accept)
  --admin-api             serve /admin/* for tests
  --admin-token TOKEN     bearer token for /admin/*; can also be set in
                          IPS_ADMIN_TOKEN; required unless --host is a loopback address
  --no-console            do not serve the web console at /
  --console-read-only     let the web console change nothing
  --no-image-cors         do not send CORS headers with delivered images
  --limit NAME=NUMBER     set a limit, such as maxFileBytes=1000000; can be repeated
  --mail-url URL          mail server, such as smtp://mail.example.com; without it,
                          mail is kept in the database
  --ffmpeg PATH           program that makes thumbnails of videos (default: ffmpeg on
                          the search path, if there is one)
  --log-level LEVEL       trace, debug, info, warn, error or silent (default info)
  --help                  show this help
  --version               print the version

Back up and check
  backup --to NAME        back up the database and files to a new file (if NAME ends
                          with .tar) or a new directory; the server may be running.
                          With --database-url, pg_dump copies the database; with
                          --file-store, the files come from the bucket
  restore --from NAME     restore a backup to an empty data directory; stop the server
                          first. --replace replaces an existing database and files
  check                   verify that every file the database references is present and
                          undamaged; exit code 1 if not. --strict also fails on files
                          that the database does not reference; --json prints JSON

Try it at your size
  load --assets NUMBER    fill --company with generated assets, with folders, metadata,
                          publications and small pictures; stop the server first. An
                          interrupted load continues. A company that has other assets
                          is refused unless --add is given

When the server is ready, it prints "listening on http://HOST:PORT" to stdout,
followed by its URLs and environment variables for clients, ready to paste.
It logs JSON lines to stderr. SIGTERM and SIGINT stop it.
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  'file-store': { type: 'string' },
  'presigned-downloads': { type: 'boolean' },
  company: { type: 'string' },
  admin: { type: 'string' },
  'admin-password-file': { type: 'string' },
  'reset-admin': { type: 'boolean' },
  'job-clock': { type: 'string' },
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
  limit: { type: 'string', multiple: true },
  'mail-url': { type: 'string' },
  ffmpeg: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

/**
 * Runs the command `ips-server`.
 *
 * @returns The exit code: 0 after a stop, 1 if the server could not start or a command failed, 2 for invalid arguments.
 */
export async function main(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  try {
    const [name = '', ...rest] = args;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command !== undefined && !rest.includes('--help')) return await command(rest);
    if (name === 'console' && !rest.includes('--help')) return await runConsole(await versionOf());
    const values = parse(command === undefined && name !== 'console' ? args : ['--help']);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values.version) {
      process.stdout.write(`${await versionOf()}\n`);
      return 0;
    }
    return await serve(await optionsOf(values, environment));
  } catch (error) {
    const usage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${styleText('red', 'ips-server:')} ${message}\n${usage ? 'See ips-server --help\n' : ''}`,
    );
    return usage ? 2 : 1;
  }
}

async function versionOf(): Promise<string> {
  const { default: manifest } = await import('@ips-sdk/server/package.json', { with: { type: 'json' } });
  return manifest.version;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function optionsOf(
  values: ReturnType<typeof parse>,
  environment: NodeJS.ProcessEnv,
): Promise<IpsServerOptions> {
  const level =
    oneOf('log-level', values['log-level'], ['trace', 'debug', 'info', 'warn', 'error', 'silent']) ?? 'info';
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
    port: whole('port', values.port, 0, 65535) ?? 8080,
    host: values.host,
    publicUrl: httpUrl('public-url', values['public-url']),
    dataDir: values.data ?? 'ips-data',
    databaseUrl: values['database-url'],
    fileStore: values['file-store'],
    presignedDownloads: values['presigned-downloads'],
    company: values.company,
    admin,
    resetAdmin: values['reset-admin'],
    jobClock: oneOf('job-clock', values['job-clock'], ['real', 'instant', 'manual']) as JobClock | undefined,
    timeZone: values['time-zone'],
    workers: whole('workers', values.workers, 1, 64),
    serverName: values['server-name'],
    serverRoot: values['server-root'],
    allowPrivateAddresses: values['allow-private'],
    strictNamespaces: values.strict,
    gzip: oneOf('gzip', values.gzip, ['never', 'soap', 'accept', 'always']) as IpsServerOptions['gzip'],
    adminApi: values['admin-api'],
    adminToken: values['admin-token'] ?? environment['IPS_ADMIN_TOKEN'],
    console: values['no-console'] === true ? false : undefined,
    consoleReadOnly: values['console-read-only'],
    imageCors: values['no-image-cors'] === true ? false : undefined,
    limits: limitsIn(values.limit ?? []),
    mailUrl: values['mail-url'],
    ffmpeg: values.ffmpeg,
    logger: pino({ level, base: null }, pino.destination({ dest: 2, sync: true })),
  };
}

function warn(message: string): void {
  process.stderr.write(`${styleText('yellow', 'ips-server: warning:')} ${message}\n`);
}

function limitsIn(given: readonly string[]): Partial<ServerLimits> {
  const pairs = given.map((each) => {
    const [, name, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--limit: found "${each}", expected NAME=NUMBER such as maxFileBytes=1000000`);
    return [name, Number(value)] as const;
  });
  try {
    return limitsOf(Object.fromEntries(pairs));
  } catch (error) {
    throw new UsageError(`--limit: ${(error as Error).message.replace(/^limits\./, '')}`);
  }
}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name}: found "${text}", expected a whole number from ${min} to ${max}`);
  }
  return value;
}

function httpUrl(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !(URL.canParse(text) && /^https?:/i.test(text))) {
    throw new UsageError(`--${name}: found "${text}", expected an http or https URL`);
  }
  return text;
}

function oneOf(name: string, text: string | undefined, allowed: readonly string[]): string | undefined {
  if (text !== undefined && !allowed.includes(text)) {
    throw new UsageError(`--${name}: found "${text}", expected ${allowed.join(', ')}`);
  }
  return text;
}

async function serve(options: IpsServerOptions): Promise<number> {
  const server = await createIpsServer(options);
  process.stdout.write(
    welcome(server, {
      platform: process.platform,
      publicUrl: options.publicUrl,
    }),
  );
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(name, () => resolve(name));
  });
  options.logger?.info({ signal }, 'stopping');
  // A second signal ends the process at once.
  process.once('SIGTERM', () => process.exit(1));
  process.once('SIGINT', () => process.exit(130));
  await server.stop();
  return 0;
}
