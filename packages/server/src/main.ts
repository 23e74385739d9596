import { parseArgs, styleText } from 'node:util';
import pino from 'pino';
import type { JobClock } from './clock.js';
import { adminOf } from './command/admin-options.js';
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

Options
  --port PORT             port to listen on; 0 for any free one (default 8080)
  --host HOST             address to listen on (default 127.0.0.1)
  --public-url URL        where clients reach it, if that is another address
  --data DIR              directory for database and files (default ./ips-data)
  --database-url URL      a PostgreSQL server instead of the embedded database
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
  --workers N             jobs to run at once (default 2)
  --server-name NAME      name of this worker in ActiveJob.serverName
  --server-root DIR       where serverDir of jobs is looked up (default DATA/served)
  --allow-private         let job URLs point to private and loopback addresses
  --strict                refuse namespaces of other versions
  --gzip RULE             never, soap, accept or always (default accept)
  --admin-api             serve /admin/* for tests
  --admin-token TOKEN     what callers of /admin/* have to send; can come from
                          IPS_ADMIN_TOKEN; required unless --host is a loopback address
  --no-image-cors         do not let web pages of any origin read delivered images
  --limit NAME=NUMBER     a limit, such as maxFileBytes=1000000; may be repeated
  --mail-url URL          where to send mail, such as smtp://mail.example.com; without
                          it, mails are kept in the database
  --log-level LEVEL       trace, debug, info, warn, error or silent (default info)
  --help                  print this text
  --version               print the version

Back up and check
  backup --to NAME        copies database and files, while the server runs or not, to a
                          new file (NAME ends with .tar) or a new directory. Of a
                          PostgreSQL server (--database-url) pg_dump makes the copy
  restore --from NAME     restores a backup into an empty data directory of a stopped
                          server; --replace replaces the database and files there
  check                   compares all files with the database and with their hashes;
                          exit code 1 when files are missing or damaged, with --strict
                          also when the database does not name some; --json prints JSON

Once it is ready, it prints on standard output: listening on http://HOST:PORT
Below that line are the URLs to use and the variables for clients, ready to paste.
It logs JSON lines to standard error. SIGTERM and SIGINT stop it.
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
  data: { type: 'string' },
  'database-url': { type: 'string' },
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
  'no-image-cors': { type: 'boolean' },
  limit: { type: 'string', multiple: true },
  'mail-url': { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

/**
 * The command `ips-server`.
 *
 * @returns The exit code: 0 after a stop, 1 when it could not start or a command failed, 2 for wrong arguments.
 */
export async function main(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  try {
    const [name = '', ...rest] = args;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command !== undefined && !rest.includes('--help')) return await command(rest);
    const values = parse(command === undefined ? args : ['--help']);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values.version) {
      const { default: manifest } = await import('@ips-sdk/server/package.json', { with: { type: 'json' } });
      process.stdout.write(`${manifest.version}\n`);
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
    imageCors: values['no-image-cors'] === true ? false : undefined,
    limits: limitsIn(values.limit ?? []),
    mailUrl: values['mail-url'],
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
