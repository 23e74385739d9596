import { constants } from 'node:os';
import { styleText } from 'node:util';
import { runConsole } from './command/console-command.js';
import { optionsOf, parse, workerOptionsOf } from './command/process-options.js';
import { UsageError } from './command/usage-error.js';
import { COMMANDS } from './commands.js';
import { createIpsServer, type IpsServer } from './create-server.js';
import { type IpsServerOptions, type IpsWorkerOptions, ROLES } from './server-options.js';
import { welcome } from './welcome.js';

const HELP = `ips-server: an IPS-compatible job server

  ips-server --data DIR --company NAME --admin EMAIL --admin-password-file FILE
  ips-server api --database-url URL --data DIR --public-url URL
  ips-server worker --database-url URL --data DIR --public-url URL
  ips-server backup --data DIR --to FILE.tar|DIR
  ips-server restore --from FILE.tar|DIR --data DIR
  ips-server check --data DIR
  ips-server load --data DIR --assets NUMBER

Options
  --port PORT             port to listen on; 0 picks a free port (default 8080)
  --host HOST             address to listen on (default 127.0.0.1)
  --public-url URL        URL that clients use, if it differs from the listen address
  --data DIR              directory for the database and files (default ./ips-data)
  --state FILE            start in memory with a state that a server saved, instead of
                          --data; nothing is kept when the server stops
  --database-url URL      PostgreSQL server to use instead of the embedded database
  --file-store URL        bucket for the files instead of the data directory, such as
                          s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION; keys
                          come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
  --presigned-downloads   redirect downloads of archives to URLs of the bucket
  --adopt-files           use the files in DATA or the bucket although the database
                          remembers other ones: after they were moved or restored
                          without their store-id
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
  --seed FILE             YAML or JSON file with companies, users, assets and more, which
                          are added if they are missing
  --job-clock MODE        real, instant (jobs are done before submitJob answers) or
                          manual (only /admin/clock moves time) (default real)
  --now TIME              time at which a manual clock starts, such as
                          2026-01-31T12:00:00Z (default: the current time)
  --first-id NUMBER       first number in the handles of an empty database
  --job-handles FORM      form of the handles of submitted jobs: recorded, which is
                          j|6|Nightly||, or documented, which is j|6|Nightly|
                          (default recorded)
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
  --image-preset NAME=COMMANDS
                          commands of image URLs that end in ?$NAME$, for all
                          companies, such as "Large=wid=800&qlt=90"; can be repeated
  --limit NAME=NUMBER     set a limit, such as maxFileBytes=1000000; can be repeated
  --mail-url URL          mail server, such as smtp://mail.example.com; without it,
                          mail is kept in the database
  --mail-from ADDRESS     sender of mails (default ips-server@localhost)
  --ffmpeg PATH           program that makes thumbnails of videos (default: ffmpeg on
                          the search path, if there is one)
  --no-ffmpeg             make no thumbnails of videos
  --log-level LEVEL       trace, debug, info, warn, error or silent (default info)
  --help                  show this help
  --version               print the version

Several processes
  all                     serve requests and run jobs; what ips-server does without a
                          command
  api                     serve requests; jobs wait for workers
  worker                  run jobs. Serves /healthz, /readyz and /metrics if --port is
                          given, and nothing otherwise. When it stops, it finishes the
                          files in progress within drainTimeout (see --limit; default
                          15000 ms), and hands its jobs to other workers
                          Processes share --database-url and --data, or --file-store
                          instead of --data. Give all of them the same --public-url,
                          --time-zone and --server-root

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

When the server accepts calls, it prints "listening on http://HOST:PORT" to stdout,
followed by its URLs and environment variables for clients, ready to paste. Jobs
run when /readyz returns 200, a moment later.
A worker prints "worker NAME is ready" last.
It logs JSON lines to stderr. SIGTERM and SIGINT stop it.

Environment variables
  IPS_ADMIN_PASSWORD, IPS_ADMIN_TOKEN
                          see --admin and --admin-token
  IPS_ADMIN_TOKEN_PREVIOUS
                          a second token, accepted while callers change to the new one
  IPS_NOTIFICATION_SECRET
                          the key that signs notifications; without it, each process
                          has a random one. Give all processes that share a database
                          the same
  OTEL_EXPORTER_OTLP_ENDPOINT
                          where to export traces, such as http://localhost:4318; the
                          other variables of OpenTelemetry for traces apply as well
`;

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
    const role = ROLES.find((each) => each === name);
    const isOther = command !== undefined || name === 'console';
    const values = parse(isOther ? ['--help'] : role === undefined ? args : rest);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values.version) {
      process.stdout.write(`${await versionOf()}\n`);
      return 0;
    }
    return await serve(
      role === 'worker' ? workerOptionsOf(values, environment) : await optionsOf(role, values, environment),
      values.seed,
    );
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

/** @param seed - The path of a seed file. */
async function serve(
  options: IpsServerOptions | IpsWorkerOptions,
  seed: string | undefined,
): Promise<number> {
  // Before the start: the first process of a container gets no signals without a handler.
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(name, () => resolve(name));
  });
  const starting = options.role === 'worker' ? startWorker(options) : startServer(options, seed);
  const server = await Promise.race([starting, signalled]);
  if (typeof server === 'string') {
    options.logger?.info({ signal: server }, 'stopped before it was ready');
    // What has begun is as safe as after a crash.
    process.exit(128 + constants.signals[server]);
  }
  // Rejects when a server has stopped because its queue could not be started.
  await Promise.race([signalled, server.ready]);
  const signal = await signalled;
  options.logger?.info({ signal }, 'stopping');
  // A second signal ends the process at once.
  process.once('SIGTERM', () => process.exit(1));
  process.once('SIGINT', () => process.exit(130));
  await server.stop();
  // An item that was abandoned must not keep the process.
  setTimeout(() => process.exit(0), 1000).unref();
  return 0;
}

async function startServer(options: IpsServerOptions, seed: string | undefined): Promise<Stoppable> {
  const server = await createIpsServer(options);
  if (seed !== undefined) {
    try {
      await server.seed(seed);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }
  process.stdout.write(
    welcome(server, {
      platform: process.platform,
      publicUrl: options.publicUrl,
    }),
  );
  return server;
}

async function startWorker(options: IpsWorkerOptions): Promise<Stoppable> {
  const worker = await createIpsServer(options);
  if (worker.url !== undefined) process.stdout.write(`listening on ${worker.url}\n`);
  process.stdout.write(`worker ${worker.serverName} is ready\n`);
  return worker;
}

/** What serves until a signal. A worker is ready from the beginning. */
type Stoppable = Pick<IpsServer, 'stop'> & Partial<Pick<IpsServer, 'ready'>>;
