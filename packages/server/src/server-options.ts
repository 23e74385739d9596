import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Contract } from '@ips-sdk/types/contract';
import type { Logger } from 'pino';
import type { JobClock } from './clock.js';
import {
  defaultContracts,
  defaultServerName,
  type GzipRule,
  limitsOf,
  presetsOf,
  type ServerConfig,
  type ServerLimits,
  type ServerRole,
} from './config.js';
import { migrationTags } from './db/earlier-schema.js';
import type { FilesPlace } from './files/open-files.js';
import { parseS3Location } from './files/s3/s3-location.js';
import type { SubmittedJobForm } from './handles.js';
import { checkAdminAccess } from './http/admin-guard.js';
import { findFfmpeg, isProgram } from './images/ffmpeg.js';
import { quoted } from './option-checks.js';
import type { AdminOptions } from './seed/admin-account.js';
import { StateReader } from './state/state-file.js';

/** Options of `createIpsServer`. */
export interface IpsServerOptions {
  /**
   * What the process does: `all`, or `api` if workers with the same `databaseUrl` and `dataDir` run the jobs that it accepts. For a
   * worker, see {@link IpsWorkerOptions}. Default: `all`.
   */
  readonly role?: 'all' | 'api' | undefined;
  /** Default: 0, any free port. */
  readonly port?: number | undefined;
  /** Default: `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Where clients reach the server when that differs from the address it listens on, such as behind a proxy. */
  readonly publicUrl?: string | undefined;
  /** Directory of the database and the files. Default: a database in memory, and files in a temporary directory. */
  readonly dataDir?: string | undefined;
  /**
   * A file of `saveState`, with whose contents a server in memory starts, and to which `reset` returns. Without the options `company`,
   * `admin` and, for a manual clock, `now`, those of the state apply. Users keep their passwords: that of the administrator is known to
   * the server if it is the one in `admin`, or the default.
   */
  readonly state?: string | undefined;
  /** A PostgreSQL server instead of the embedded database. Several servers may share it, along with a `dataDir` for the files. */
  readonly databaseUrl?: string | undefined;
  /**
   * A bucket of an S3-compatible service for the files, such as `s3://my-bucket/ips?endpoint=https://s3.example.com&region=eu-central-1`.
   * The keys come from the environment variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; without them in the
   * URL, `AWS_ENDPOINT_URL_S3` and `AWS_REGION` have the endpoint and the region. Several servers may share it, each with a `dataDir` of its
   * own. Default: the files are in `dataDir`.
   */
  readonly fileStore?: string | undefined;
  /**
   * Whether downloads of export archives are redirected to URLs of the bucket that are valid for five minutes. Clients have to reach the
   * endpoint then. Default: false.
   */
  readonly presignedDownloads?: boolean | undefined;
  /**
   * Whether to use the files in `dataDir` or `fileStore` although the database remembers other ones, because they were moved or restored
   * without the file `store-id`. They get the identity that the database remembers. Give it to one process, once. Default: false: the server
   * does not start then.
   */
  readonly adoptFiles?: boolean | undefined;
  /** Name of the company that exists from the start. Default: `Sample Company`. */
  readonly company?: string | undefined;
  /**
   * The administrator, who is created if missing. An existing one is not changed, even if the password differs. Default:
   * `admin@example.com`, with the password `admin-password` on a loopback address and a random one on any other.
   */
  readonly admin?: AdminOptions | undefined;
  /** Replaces the password of an existing administrator, and enables the account. Default: false. */
  readonly resetAdmin?: boolean | undefined;
  /**
   * The cost of password hashes: the binary logarithm of scrypt's N, from 1 to 20. Default: 17, where a hash takes about half a second
   * and 128 MiB. Lower it only for tests. A login replaces a hash of a lower cost.
   */
  readonly passwordCost?: number | undefined;
  /** How time passes for jobs. Default: `real`. */
  readonly jobClock?: JobClock | undefined;
  /** The time at which a manual clock starts. Default: now. */
  readonly now?: Date | undefined;
  /** IANA time zone of schedules and run names. Default: that of the machine. */
  readonly timeZone?: string | undefined;
  /**
   * The form of the handles of submitted jobs: `recorded`, `j|6|Nightly||`, as observed at the service; or
   * `documented`, `j|6|Nightly|`. Both are read. Default: `recorded`.
   */
  readonly submittedJobHandles?: SubmittedJobForm | undefined;
  /** First number in the handles of an empty database, from 1 to 900,000,000. Without it, too, every run gives the same numbers. */
  readonly firstId?: number | undefined;
  /** `serverName` of the jobs that this worker runs. */
  readonly serverName?: string | undefined;
  /** Jobs that run at once, from 1 to 64. Default: 2. */
  readonly workers?: number | undefined;
  /** Whether job URLs may point to private and loopback addresses. Default: false. */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Directory that `serverDir` of jobs is relative to. Default: `served` in the data directory. */
  readonly serverRoot?: string | undefined;
  /**
   * The supported versions of the contract, each for requests in its namespace. Responses omit fields that
   * the version lacks. Requests in other dated namespaces use 2014-04-03, or 2019-09-10-beta for the
   * namespace of 2017-10-29-beta if supported. Default: 2014-04-03, 2013-02-15, 2016-01-14-beta and
   * 2019-09-10-beta.
   */
  readonly contracts?: readonly Contract[] | undefined;
  /** Refuse namespaces of versions that are not among the contracts. Default: false. */
  readonly strictNamespaces?: boolean | undefined;
  /** Default: `accept`. */
  readonly gzip?: GzipRule | undefined;
  /** Serve `/admin/*` for tests, under loopback names, `host` and the host of `publicUrl` only. Default: false. */
  readonly adminApi?: boolean | undefined;
  /** What callers of the admin API send as `Authorization: Bearer …`. Required unless `host` is a loopback address. */
  readonly adminToken?: string | undefined;
  /** A second token that is accepted, while callers change from it to `adminToken`. Default: none. */
  readonly previousAdminToken?: string | undefined;
  /**
   * Whether to keep the latest calls in memory, for `requests()`, `/admin/requests` and the test panel of the console. Default: true. The
   * command `ips-server` keeps them only with `--admin-api`.
   */
  readonly recordRequests?: boolean | undefined;
  /** Let web pages of any origin read delivered images and content. Default: true. */
  readonly imageCors?: boolean | undefined;
  /**
   * Commands of image serving by the names of presets, for all companies: with `{ Large: 'wid=800&qlt=90' }`, an image URL may end in
   * `?$Large$`. Names are regardless of case, and have letters, digits, `-`, `_` and `.`.
   */
  readonly imagePresets?: Readonly<Record<string, string>> | undefined;
  /** A nodemailer URL, such as `smtp://mail.example.com`. Without one, mails stay in the outbox. */
  readonly mailUrl?: string | undefined;
  /** The sender of mails: `ips@example.com`, or `IPS <ips@example.com>`. Default: `ips-server@localhost`. */
  readonly mailFrom?: string | undefined;
  /** Key that signs notifications. Default: random, for each process and start, so that receivers cannot verify signatures. */
  readonly notificationSecret?: string | undefined;
  /**
   * The path of the program `ffmpeg`, which decodes frames of videos for thumbnails, or `false` to use none. Default: the one on the
   * search path, if there is one.
   */
  readonly ffmpeg?: string | false | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Whether to serve the web console at `/`. Default: true. */
  readonly console?: boolean | undefined;
  /** Whether the console refuses every change. Default: false. */
  readonly consoleReadOnly?: boolean | undefined;
  /**
   * Whether to export traces of calls and jobs as the environment variables of OpenTelemetry say, such as
   * `OTEL_EXPORTER_OTLP_ENDPOINT`. Without an endpoint in them, there are none. Default: false; the command `ips-server` does.
   */
  readonly traces?: boolean | undefined;
  /** A pino logger. Without one, nothing is logged. */
  readonly logger?: Logger | undefined;
}

/**
 * Options of `createIpsServer` for a worker: a process that runs the jobs which servers with the same database accept, and keeps house
 * for them. Options with the same names as those of a server need the same values.
 */
export interface IpsWorkerOptions
  extends Pick<
    IpsServerOptions,
    | 'host'
    | 'fileStore'
    | 'adoptFiles'
    | 'timeZone'
    | 'submittedJobHandles'
    | 'serverName'
    | 'workers'
    | 'allowPrivateAddresses'
    | 'serverRoot'
    | 'imagePresets'
    | 'mailUrl'
    | 'mailFrom'
    | 'notificationSecret'
    | 'ffmpeg'
    | 'limits'
    | 'traces'
    | 'logger'
  > {
  /** What the process does: it runs jobs, and serves no requests. */
  readonly role: 'worker';
  /** Port for `/healthz`, `/readyz` and `/metrics`, which are all that a worker serves. Default: none; 0 is any free port. */
  readonly port?: number | undefined;
  /** The PostgreSQL server that the processes share. */
  readonly databaseUrl: string;
  /** Directory of the files that the processes share; with a `fileStore`, a directory for copies of files. */
  readonly dataDir: string;
  /** Where clients reach the servers. Mails and video sitemaps contain it. */
  readonly publicUrl: string;
}

/** The options of any role. A worker has no use for some of them, and no defaults for others. */
export type ProcessOptions = Omit<IpsServerOptions, 'role'> & { readonly role?: ServerRole | undefined };

/**
 * The configuration that options describe, with defaults.
 *
 * @throws RangeError that names an invalid option.
 */
export function configOf(options: ProcessOptions, directory: string): ServerConfig {
  const role = roleOf(options);
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new RangeError(`timeZone: expected an IANA name such as America/Los_Angeles, found "${timeZone}"`);
  }
  checkAdminAccess(options);
  return {
    role,
    serverName: options.serverName ?? defaultServerName(),
    jobClock: options.jobClock ?? 'real',
    timeZone,
    submittedJobForm: options.submittedJobHandles ?? 'recorded',
    workers: options.workers ?? 2,
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    serverRoot: options.serverRoot ?? join(directory, 'served'),
    contracts: options.contracts ?? defaultContracts,
    strictNamespaces: options.strictNamespaces ?? false,
    gzip: options.gzip ?? 'accept',
    adminApi: options.adminApi ?? false,
    adminToken: options.adminToken,
    previousAdminToken: options.previousAdminToken,
    host: options.host ?? '127.0.0.1',
    imageCors: options.imageCors ?? true,
    imagePresets: presetsOf(options.imagePresets),
    mailUrl: options.mailUrl,
    mailFrom: options.mailFrom ?? 'ips-server@localhost',
    notificationSecret: options.notificationSecret ?? randomBytes(32).toString('hex'),
    ffmpeg: ffmpegOf(options.ffmpeg),
    limits: limitsOf(options.limits),
  };
}

/**
 * Where the files are, as options describe it.
 *
 * @throws RangeError that names an invalid option or a missing variable of the environment.
 * @internal
 */
export function filesPlaceOf(
  { fileStore, presignedDownloads = false, adoptFiles = false }: ProcessOptions,
  directory: string,
  { limits }: ServerConfig,
): FilesPlace {
  if (presignedDownloads && fileStore === undefined)
    throw new RangeError('presignedDownloads: found true without a fileStore, whose URLs they would be');
  const bucket = fileStore === undefined ? undefined : parseS3Location(fileStore, process.env);
  return { directory, bucket, presignedDownloads, adopts: adoptFiles, maxCopyBytes: limits.maxFileCopyBytes };
}

function ffmpegOf(given: string | false | undefined): string | undefined {
  if (given === undefined) return findFfmpeg();
  if (given === false) return undefined;
  const path = resolve(given);
  if (isProgram(path)) return path;
  throw new RangeError(`ffmpeg: expected the path of a program such as /usr/bin/ffmpeg, found "${given}"`);
}

/**
 * Opens the state that a server starts with, and completes the options from it.
 *
 * @throws RangeError if other options exclude a state, Error that names the file and what is wrong.
 *
 * @internal
 */
export async function openState(
  options: IpsServerOptions,
): Promise<{ readonly options: IpsServerOptions; readonly reader: StateReader | undefined }> {
  if (options.state === undefined) return { options, reader: undefined };
  for (const name of ['dataDir', 'databaseUrl'] as const) {
    if (options[name] !== undefined)
      throw new RangeError(
        `state: a server with a state is in memory; remove ${name}, or restore a backup with "ips-server restore"`,
      );
  }
  const reader = await StateReader.open(resolve(options.state), migrationTags());
  const { company, admin, time } = reader.manifest;
  const completed = {
    ...options,
    company: options.company ?? company,
    admin: options.admin ?? { email: admin },
    now: options.now ?? new Date(time),
  };
  return { options: completed, reader };
}

/** The roles of a process. */
export const ROLES: readonly ServerRole[] = ['all', 'api', 'worker'];

/** @throws RangeError if processes could not share what the role requires them to share. */
function roleOf({
  role = 'all',
  databaseUrl,
  dataDir,
  publicUrl,
  jobClock = 'real',
}: ProcessOptions): ServerRole {
  if (!ROLES.includes(role)) throw new RangeError(`role: expected ${quoted(ROLES)}, found "${role}"`);
  if (role === 'all') return role;
  if (databaseUrl === undefined)
    throw new RangeError(
      `databaseUrl: role "${role}" needs a PostgreSQL server that the processes share; the embedded database has one owner, with role "all"`,
    );
  if (dataDir === undefined)
    throw new RangeError(`dataDir: role "${role}" needs the directory of the files that the processes share`);
  if (jobClock !== 'real')
    throw new RangeError(`jobClock: expected "real", found "${jobClock}" with role "${role}"`);
  if (role === 'worker' && publicUrl === undefined)
    throw new RangeError(
      'publicUrl: a worker needs the URL where clients reach the servers, because mails and sitemaps contain it',
    );
  return role;
}
