import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '@ips-sdk/types/contract';
import pino, { type Logger } from 'pino';
import { Clock, type JobClock } from './clock.js';
import { rootPathOf } from './companies/company-record.js';
import {
  defaultContracts,
  defaultServerName,
  type GzipRule,
  limitsOf,
  type ServerConfig,
  type ServerLimits,
} from './config.js';
import { openStore } from './db/store.js';
import { withoutValues } from './error-log.js';
import { openFiles } from './files/open-files.js';
import type { SubmittedJobForm } from './handles.js';
import { keepHouse } from './housekeeping.js';
import type { AdminActions } from './http/admin-actions.js';
import { checkAdminAccess } from './http/admin-guard.js';
import { createApp } from './http/app.js';
import type { ControlActions } from './http/control.js';
import { kinds } from './job-kinds/registry.js';
import { JobEngine } from './jobs/job-engine.js';
import { ManualTime } from './jobs/manual-time.js';
import { BossQueue, type JobQueue, ManualQueue } from './jobs/queue.js';
import { Metrics } from './metrics.js';
import { Chaos, type ChaosSettings } from './operations/chaos.js';
import { hashPassword, PasswordChecker } from './passwords.js';
import { applySeed, type Seed } from './seed/apply-seed.js';
import { type AdminAccount, emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import {
  checkSnapshot,
  type KnownHashes,
  restoreSnapshot,
  type Snapshot,
  takeSnapshot,
} from './seed/snapshot.js';
import type { Services } from './services.js';

/** Options of {@link createIpsServer}. */
export interface IpsServerOptions {
  /** Port to listen on. Default: 0, which picks a free port. */
  readonly port?: number | undefined;
  /** Address to listen on. Default: `127.0.0.1`. */
  readonly host?: string | undefined;
  /** The URL that clients use, if it differs from the listen address, such as behind a proxy. */
  readonly publicUrl?: string | undefined;
  /** Directory for the database and files. Default: a database in memory, and files in a temporary directory. */
  readonly dataDir?: string | undefined;
  /** PostgreSQL server to use instead of the embedded database. Several servers can share it, along with a `dataDir` for the files. */
  readonly databaseUrl?: string | undefined;
  /** Name of the company to create if missing. Default: `Sample Company`. */
  readonly company?: string | undefined;
  /** The administrator to create if missing. Default: `admin@example.com` with the password `admin-password`. */
  readonly admin?: AdminAccount | undefined;
  /** How time passes for jobs. Default: `real`. */
  readonly jobClock?: JobClock | undefined;
  /** Start time of a manual clock. Default: the current time. */
  readonly now?: Date | undefined;
  /** IANA time zone of schedules and run names. Default: the time zone of the machine. */
  readonly timeZone?: string | undefined;
  /**
   * Format of the handles of submitted jobs: `recorded` for `j|6|Nightly||`, as in recorded responses of the service, or `documented` for
   * `j|6|Nightly|`. The server accepts both. Default: `recorded`.
   */
  readonly submittedJobHandles?: SubmittedJobForm | undefined;
  /** First number in the handles of an empty database. The numbers are the same in every run, with or without this option. */
  readonly firstId?: number | undefined;
  /** `serverName` of the jobs that this worker runs. Workers that share a database need different names. */
  readonly serverName?: string | undefined;
  /** Number of jobs to run at once. Default: 2. */
  readonly workers?: number | undefined;
  /** Whether job URLs may point to private and loopback addresses. Default: false. */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Directory that `serverDir` of jobs is relative to. Default: `served` in the data directory. */
  readonly serverRoot?: string | undefined;
  /**
   * The versions of the contract that the server supports, each in its namespace. A response omits the fields that its version lacks. A
   * request in another dated namespace is treated as 2014-04-03. If 2019-09-10-beta is supported, a request in the namespace of
   * 2017-10-29-beta is treated as 2019-09-10-beta. Default: 2014-04-03, 2013-02-15, 2016-01-14-beta and 2019-09-10-beta.
   */
  readonly contracts?: readonly Contract[] | undefined;
  /** Whether to refuse namespaces of versions that are not in `contracts`. Default: false. */
  readonly strictNamespaces?: boolean | undefined;
  /** Which responses are compressed. Default: `accept`. */
  readonly gzip?: GzipRule | undefined;
  /** Whether to serve `/admin/*` for tests, only under loopback names, `host` and the host of `publicUrl`. Default: false. */
  readonly adminApi?: boolean | undefined;
  /** Token that callers of the admin API send as `Authorization: Bearer …`. Required unless `host` is a loopback address. */
  readonly adminToken?: string | undefined;
  /** Whether web pages of any origin can read delivered images and content. Default: true. */
  readonly imageCors?: boolean | undefined;
  /** Mail server as a nodemailer URL, such as `smtp://mail.example.com`. Without it, mail is kept in the database. */
  readonly mailUrl?: string | undefined;
  /** Sender of mail. Default: `ips-server@localhost`. */
  readonly mailFrom?: string | undefined;
  /** Key that signs notifications. Default: a random key. */
  readonly notificationSecret?: string | undefined;
  /** Limits that differ from their defaults. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** A pino logger. Default: no logging. */
  readonly logger?: Logger | undefined;
}

/** A running server. */
export interface IpsServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly endpoints: {
    /** The SOAP service, for the `endpoint` of a client. */
    readonly soap: string;
    /** The service in plain XML, without SOAP envelopes. */
    readonly plain: string;
    /** The upload servlet. */
    readonly upload: string;
    readonly wsdl: string;
    /** Base URL of the published images of `company`; append `/` and the name of an asset. */
    readonly images: string;
  };
  readonly company: string;
  readonly admin: AdminAccount;
  /** Removes all data and creates the company and administrator again. */
  reset(): Promise<void>;
  /** Adds companies with folders, and users. */
  seed(seed: Seed): Promise<void>;
  /** Returns the contents of the database, for `restore`. */
  snapshot(): Promise<Snapshot>;
  /**
   * Restores a snapshot. Existing users keep their passwords. Users who were removed since this server took the snapshot get their old
   * passwords back.
   *
   * @returns The e-mail addresses of users who need a new password to log in, because the snapshot is from another server.
   */
  restore(snapshot: Snapshot): Promise<readonly string[]>;
  readonly clock: {
    readonly now: () => Date;
    /** Advances a manual clock and runs everything that becomes due, in order, each at its own time. */
    advance(milliseconds: number): Promise<void>;
    /** With a manual clock, runs everything that is due now. Returns the number of items run. */
    runPending(): Promise<number>;
  };
  /** Injects failures, such as latency and faults. */
  chaos(settings: ChaosSettings): void;
  /** Waits until no job is running in this process. */
  idle(): Promise<void>;
  /**
   * Stops the server. New calls are refused, open calls get `stopTimeout` to finish, and the database is closed. Running jobs continue
   * after the next start or on another worker.
   */
  stop(): Promise<void>;
}

/**
 * Starts a server in this process. It accepts calls once the promise resolves.
 *
 * @throws Error if the port or the directory is in use, or the database cannot be reached.
 * @throws RangeError if an option is invalid.
 */
export async function createIpsServer(options: IpsServerOptions = {}): Promise<IpsServer> {
  const temporary = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'ips-server-')) : undefined;
  const directory = options.dataDir ?? temporary ?? '';
  const cleanUp = (): void => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    return await start(options, directory, cleanUp);
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function start(options: IpsServerOptions, directory: string, cleanUp: () => void): Promise<IpsServer> {
  const company = options.company ?? 'Sample Company';
  const admin = options.admin ?? { email: 'admin@example.com', password: 'admin-password' };
  const config = configOf(options, directory);
  const log = withoutValues(options.logger ?? pino({ level: 'silent' }));
  const clock = new Clock(config.jobClock, options.now);
  const store = await openStore(
    options.databaseUrl !== undefined
      ? { kind: 'server', url: options.databaseUrl }
      : options.dataDir !== undefined
        ? { kind: 'directory', path: directory }
        : { kind: 'memory' },
  );
  const chaos = new Chaos();
  const stops: (() => Promise<void>)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
    cleanUp();
  };
  try {
    // Hashed once, because hashing is slow on purpose.
    const passwordHash = await hashPassword(admin.password);
    const seeding = {
      company,
      admin: { email: admin.email, passwordHash },
      // The default password is public and must not replace one that was set.
      keepsPassword: options.admin === undefined,
      now: clock.now(),
      firstId: options.firstId,
    };
    const files = await openFiles(store.db, directory, log);
    await seedDatabase(store.db, seeding);
    let url = '';
    const services: Services = {
      db: store.db,
      files,
      clock,
      config,
      passwords: new PasswordChecker(),
      log,
      metrics: new Metrics(),
      ping: () => store.ping(),
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url,
    };
    await ensureSharedAssets(services, firstAssetId(options.firstId));
    const manual = config.jobClock === 'manual' ? new ManualQueue() : undefined;
    const queue: JobQueue = manual ?? new BossQueue(store, config.workers, config.serverName, log);
    const housekeeping = (): Promise<void> => keepHouse(services);
    const leads = (): Promise<boolean> => store.leadership.held();
    const jobs = new JobEngine({ services, queue, kinds, housekeeping, leads });
    await jobs.open();
    stops.push(() => jobs.stop());

    const known: KnownHashes = new Map();
    const time = new ManualTime(clock, manual, jobs);
    const actions: AdminActions = {
      reset: async () => {
        await jobs.clear();
        // In one transaction: a server does not start if it has files but an empty database.
        await store.db.transaction(async (tx) => {
          await emptyDatabase(tx, store.exclusive);
          await seedDatabase(tx, { ...seeding, now: clock.now() });
        });
        await rm(join(config.serverRoot, 'published'), { recursive: true, force: true });
        await ensureSharedAssets(services, firstAssetId(options.firstId));
        await jobs.requeue();
      },
      seed: (seed) => applySeed(services, seed),
      snapshot: () => takeSnapshot(store.db, known),
      restore: async (given) => {
        // Checked first: an invalid snapshot must not stop running jobs.
        const snapshot = await checkSnapshot(store.db, given);
        await jobs.clear();
        try {
          return await restoreSnapshot(store.db, snapshot, known);
        } finally {
          await jobs.requeue();
        }
      },
      advance: (milliseconds) => time.advance(new Date(clock.now().getTime() + milliseconds)),
      setTime: (until) => time.advance(until),
      runPending: () => time.runPending(),
    };
    const control: ControlActions = { token: randomBytes(32).toString('hex'), dump: store.dump };
    const { fastify, traffic } = createApp({ services, jobs, chaos }, actions, control);
    stops.push(async () => {
      // Clients with open requests must not prevent the server from stopping.
      const timer = setTimeout(() => traffic.destroy(), config.limits.stopTimeout);
      await fastify.close();
      clearTimeout(timer);
    });
    // Allows for a burst of connections; the system applies its own limit.
    await fastify.listen({ port: options.port ?? 0, host: config.host, backlog: 4096 });
    const { port, address, family } = fastify.server.address() as AddressInfo;
    const host =
      address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    url = `http://${host}:${port}`;
    store.announce({ url, token: control.token });
    // After the URL is known, because job logs contain it.
    await jobs.start(store.exclusive);
    return {
      url,
      endpoints: {
        soap: `${url}/scene7/services/IpsApiService`,
        plain: `${url}/scene7/api/IpsApiService`,
        upload: `${url}/scene7/UploadFile`,
        wsdl: `${url}/scene7/webservice/IpsApi-2014-04-03.wsdl`,
        images: `${url}/is/image/${encodeURI(rootPathOf(company))}`,
      },
      company,
      admin,
      reset: actions.reset,
      seed: (seed) => actions.seed(seed),
      snapshot: () => takeSnapshot(store.db, known),
      restore: (snapshot) => actions.restore(snapshot),
      clock: { now: () => clock.now(), advance: actions.advance, runPending: actions.runPending },
      chaos: (settings) => chaos.set(settings),
      idle: () => jobs.idle(),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function configOf(options: IpsServerOptions, directory: string): ServerConfig {
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new RangeError(`timeZone: found "${timeZone}", expected an IANA name such as America/Los_Angeles`);
  }
  checkAdminAccess(options);
  return {
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
    host: options.host ?? '127.0.0.1',
    imageCors: options.imageCors ?? true,
    mailUrl: options.mailUrl,
    mailFrom: options.mailFrom ?? 'ips-server@localhost',
    notificationSecret: options.notificationSecret ?? randomBytes(32).toString('hex'),
    limits: limitsOf(options.limits),
  };
}
