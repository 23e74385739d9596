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
  defaultLimits,
  defaultServerName,
  type GzipRule,
  type ServerConfig,
  type ServerLimits,
} from './config.js';
import { locationOf, openStore } from './db/store.js';
import { withoutValues } from './error-log.js';
import { DirectoryFileStore } from './files/file-store.js';
import type { SubmittedJobForm } from './handles.js';
import { keepHouse } from './housekeeping.js';
import type { AdminActions } from './http/admin-actions.js';
import { createApp } from './http/app.js';
import { kinds } from './job-kinds/registry.js';
import { JobEngine } from './jobs/job-engine.js';
import { advance, needManual } from './jobs/manual-time.js';
import { BossQueue, type JobQueue, ManualQueue } from './jobs/queue.js';
import { Metrics } from './metrics.js';
import { Chaos, type ChaosSettings } from './operations/chaos.js';
import { Logins } from './passwords/logins.js';
import {
  type AdminAccount,
  Administrator,
  type AdminOptions,
  type PasswordSource,
} from './seed/administrator.js';
import { applySeed, type Seed } from './seed/apply-seed.js';
import { emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import { checkSnapshot, restoreSnapshot, type Snapshot, takeSnapshot } from './seed/snapshot.js';
import type { Services } from './services.js';

/** Options of {@link createIpsServer}. */
export interface IpsServerOptions {
  /** Default: 0, any free port. */
  readonly port?: number | undefined;
  /** Default: `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Where clients reach the server when that differs from the address it listens on, such as behind a proxy. */
  readonly publicUrl?: string | undefined;
  /** Directory of the database and the files. Default: a database in memory, and files in a temporary directory. */
  readonly dataDir?: string | undefined;
  /** A PostgreSQL server instead of the embedded database. Several servers may share it, along with a `dataDir` for the files. */
  readonly databaseUrl?: string | undefined;
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
   * How the handles of submitted jobs are written: `recorded`, `j|6|Nightly||`, as the service was seen to answer; or `documented`,
   * `j|6|Nightly|`. Both are read. Default: `recorded`.
   */
  readonly submittedJobHandles?: SubmittedJobForm | undefined;
  /** First number in the handles of an empty database. Without it, too, every run gives the same numbers. */
  readonly firstId?: number | undefined;
  /** `serverName` of the jobs that this worker runs. */
  readonly serverName?: string | undefined;
  /** Jobs that run at once. Default: 2. */
  readonly workers?: number | undefined;
  /** Whether job URLs may point to private and loopback addresses. Default: false. */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Directory that `serverDir` of jobs is relative to. Default: `served` in the data directory. */
  readonly serverRoot?: string | undefined;
  /**
   * The versions of the contract that requests are read and answered by, each in its namespace: what a version lacks is left out. A
   * request in another dated namespace is treated as one of 2014-04-03; where 2019-09-10-beta is among them, one in that of
   * 2017-10-29-beta as one of it. Default: 2014-04-03, 2013-02-15, 2016-01-14-beta and 2019-09-10-beta.
   */
  readonly contracts?: readonly Contract[] | undefined;
  /** Refuse namespaces of versions that are not among the contracts. Default: false. */
  readonly strictNamespaces?: boolean | undefined;
  /** Default: `accept`. */
  readonly gzip?: GzipRule | undefined;
  /** Serve `/admin/*` for tests. Default: false. */
  readonly adminApi?: boolean | undefined;
  /** A nodemailer URL. Without one, mails stay in the outbox. */
  readonly mailUrl?: string | undefined;
  readonly mailFrom?: string | undefined;
  /** Key that signs notifications. Default: random. */
  readonly notificationSecret?: string | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** A pino logger. Without one, nothing is logged. */
  readonly logger?: Logger | undefined;
}

/** A running server. */
export interface IpsServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly endpoints: {
    /** The SOAP service, for the `endpoint` of a client. */
    readonly soap: string;
    /** The service without envelopes. */
    readonly plain: string;
    /** The servlet that takes files. */
    readonly upload: string;
    readonly wsdl: string;
    /** Where published images of the first company are delivered: the name of an asset goes behind it. */
    readonly images: string;
  };
  readonly company: string;
  readonly admin: AdminAccount;
  /** Where the administrator's password comes from. */
  readonly adminPasswordSource: PasswordSource;
  /** Empties everything and starts over. */
  reset(): Promise<void>;
  /** Adds companies, users, folders and the like. */
  seed(seed: Seed): Promise<void>;
  /** The contents of the database, to return to with `restore`. */
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
  readonly clock: {
    readonly now: () => Date;
    /** Advances a manual clock, and does whatever becomes due on the way, each thing at its time. */
    advance(milliseconds: number): Promise<void>;
    /** With a manual clock, does what is due now. Returns how much that was. */
    runPending(): Promise<number>;
  };
  /** Makes the server misbehave. */
  chaos(settings: ChaosSettings): void;
  /** Waits until this process runs no job. */
  idle(): Promise<void>;
  /** Stops: open calls finish, running jobs are left for the next start or another worker, the database is closed. */
  stop(): Promise<void>;
}

/**
 * Starts a server in this process. It takes calls once the promise resolves.
 *
 * @throws Error when the port is taken, the directory is in use or the database cannot be reached.
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
  const config = configOf(options, directory);
  const log = withoutValues(options.logger ?? pino({ level: 'silent' }));
  const clock = new Clock(config.jobClock, options.now);
  const metrics = new Metrics();
  const logins = new Logins({ metrics, cost: options.passwordCost });
  const admin = new Administrator(logins, options);
  // Hashing takes as long as opening the database, and is certain to be needed for an empty one.
  const location = locationOf(options);
  if (location.kind === 'memory') void admin.hashForEmpty().catch(() => undefined);
  const chaos = new Chaos();
  const stops: (() => Promise<void>)[] = [() => logins.close()];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
    cleanUp();
  };
  try {
    const store = await openStore(location);
    stops.push(() => store.close());
    const seeded = async (passwordHash: string | undefined): Promise<void> =>
      seedDatabase(store.db, {
        company,
        admin: { email: admin.account.email, passwordHash },
        resetsAdmin: options.resetAdmin,
        now: clock.now(),
        firstId: options.firstId,
      });
    await seeded(await admin.hashFor(store.db));
    let url = '';
    const services: Services = {
      db: store.db,
      files: new DirectoryFileStore(join(directory, 'files')),
      clock,
      config,
      logins,
      log,
      metrics,
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url,
    };
    await ensureSharedAssets(services, firstAssetId(options.firstId));
    const manual = config.jobClock === 'manual' ? new ManualQueue() : undefined;
    const queue: JobQueue = manual ?? new BossQueue(store, config.workers, config.serverName, log);
    const housekeeping = (): Promise<void> => keepHouse(services);
    const jobs = new JobEngine({ services, queue, kinds, housekeeping });
    await jobs.open();
    stops.push(() => jobs.stop());

    const actions: AdminActions = {
      reset: async () => {
        await jobs.clear();
        await emptyDatabase(store.db, store.exclusive);
        await rm(join(config.serverRoot, 'published'), { recursive: true, force: true });
        await seeded(await admin.hashForEmpty());
        logins.forgetFailures();
        await ensureSharedAssets(services, firstAssetId(options.firstId));
      },
      seed: (seed) => applySeed(services, seed),
      snapshot: () => takeSnapshot(store.db),
      restore: async (given) => {
        // Checked first: an invalid snapshot must not stop running jobs.
        const snapshot = await checkSnapshot(store.db, given);
        await jobs.clear();
        try {
          await restoreSnapshot(store.db, snapshot);
          logins.forgetFailures();
        } finally {
          await jobs.requeue();
        }
      },
      advance: (milliseconds) => advance(clock, manual, new Date(clock.now().getTime() + milliseconds)),
      setTime: (time) => advance(clock, manual, time),
      runPending: () => needManual(manual).runPending(clock.now()),
    };
    const app = createApp({ services, jobs, chaos }, actions);
    stops.push(async () => {
      // Clients that keep requests open must not keep the server from stopping.
      const timer = setTimeout(() => app.server.closeAllConnections(), config.limits.stopTimeout);
      await app.close();
      clearTimeout(timer);
    });
    // Room for a burst of connections; the system caps it at its own limit.
    await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1', backlog: 4096 });
    const { port, address, family } = app.server.address() as AddressInfo;
    const host =
      address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    url = `http://${host}:${port}`;
    // Only now: logs of jobs contain the server's URL.
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
      get admin() {
        return admin.account;
      },
      get adminPasswordSource() {
        return admin.passwordSource;
      },
      reset: actions.reset,
      seed: (seed) => actions.seed(seed),
      snapshot: () => takeSnapshot(store.db),
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
    mailUrl: options.mailUrl,
    mailFrom: options.mailFrom ?? 'ips-server@localhost',
    notificationSecret: options.notificationSecret ?? randomBytes(32).toString('hex'),
    limits: { ...defaultLimits, ...options.limits },
  };
}
