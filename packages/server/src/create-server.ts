import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { Clock, type JobClock } from './clock.js';
import {
  defaultLimits,
  defaultServerName,
  type GzipRule,
  type ServerConfig,
  type ServerLimits,
} from './config.js';
import { openStore } from './db/store.js';
import { withoutValues } from './error-log.js';
import { DirectoryFileStore } from './files/file-store.js';
import { keepHouse } from './housekeeping.js';
import type { AdminActions } from './http/admin-actions.js';
import { createApp } from './http/app.js';
import { kinds } from './job-kinds/registry.js';
import { JobEngine } from './jobs/job-engine.js';
import { BossQueue, type JobQueue, ManualQueue } from './jobs/queue.js';
import { Metrics } from './metrics.js';
import { Chaos, type ChaosSettings } from './operations/chaos.js';
import { hashPassword, PasswordChecker } from './passwords.js';
import { applySeed, type Seed } from './seed/apply-seed.js';
import { type AdminAccount, emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import { checkSnapshot, restoreSnapshot, type Snapshot, takeSnapshot } from './seed/snapshot.js';
import type { Services } from './services.js';

/** Options of {@link createIpsServer}. */
export interface IpsServerOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** `127.0.0.1` unless given. */
  readonly host?: string | undefined;
  /** Where clients reach the server, when that is not the address that it listens on: behind a proxy, for instance. */
  readonly publicUrl?: string | undefined;
  /** Directory of the database and the files; in memory, with files in a temporary directory, unless given. */
  readonly dataDir?: string | undefined;
  /** A PostgreSQL server in place of the embedded database. Several servers may share it, and a `dataDir` for the files. */
  readonly databaseUrl?: string | undefined;
  /** Name of the company that there is from the start; `Sample Company` unless given. */
  readonly company?: string | undefined;
  /** The administrator that there is from the start; `admin@example.com` with the password `admin-password` unless given. */
  readonly admin?: AdminAccount | undefined;
  /** How time passes for jobs; `real` unless given. */
  readonly jobClock?: JobClock | undefined;
  /** The time at which a manual clock begins; now unless given. */
  readonly now?: Date | undefined;
  /** IANA time zone of schedules and run names; that of the machine unless given. */
  readonly timeZone?: string | undefined;
  /** Number with which handles of an empty database begin; the same numbers come in every run anyway. */
  readonly firstId?: number | undefined;
  /** `serverName` of this worker's jobs. */
  readonly serverName?: string | undefined;
  /** Jobs at work at once; 2 unless given. */
  readonly workers?: number | undefined;
  /** Whether job URLs may lead to private and loopback addresses. Off unless given. */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Directory that `serverDir` of jobs is meant in; `served` in the data directory unless given. */
  readonly serverRoot?: string | undefined;
  /** Refuse namespaces of other dated versions. Off unless given. */
  readonly strictNamespaces?: boolean | undefined;
  /** `accept` unless given. */
  readonly gzip?: GzipRule | undefined;
  /** Serve `/admin/*` for tests. Off unless given. */
  readonly adminApi?: boolean | undefined;
  /** A nodemailer URL; mails are kept in the outbox without one. */
  readonly mailUrl?: string | undefined;
  readonly mailFrom?: string | undefined;
  /** Key of the signatures on notifications; random unless given. */
  readonly notificationSecret?: string | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** A pino logger; nothing is logged unless given. */
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
  };
  readonly company: string;
  readonly admin: AdminAccount;
  /** Empties everything and begins anew. */
  reset(): Promise<void>;
  /** Adds companies, users, folders and the like. */
  seed(seed: Seed): Promise<void>;
  /** Everything that the database has, to come back to with `restore`. */
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
  readonly clock: {
    readonly now: () => Date;
    /** Moves a manual clock on, and does what becomes due on the way, each thing at its time. */
    advance(milliseconds: number): Promise<void>;
    /** Does what is due now, with a manual clock. Answers how much that was. */
    runPending(): Promise<number>;
  };
  /** Makes the server misbehave. */
  chaos(settings: ChaosSettings): void;
  /** Waits until no job of this process is at work. */
  idle(): Promise<void>;
  /** Stops: calls end, jobs at work are left to be taken up again, the database is closed. */
  stop(): Promise<void>;
}

/**
 * Starts a server in this process, ready for calls when it resolves.
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
    // The password that everybody knows must not come back in the place of one that was set.
    const keepsPassword = options.admin === undefined;
    // Made once, because each is slow on purpose.
    const passwordHash = await hashPassword(admin.password);
    const seeding = {
      company,
      admin: { email: admin.email, passwordHash },
      keepsPassword,
      now: clock.now(),
      firstId: options.firstId,
    };
    await seedDatabase(store.db, seeding);
    let url = '';
    const services: Services = {
      db: store.db,
      files: new DirectoryFileStore(join(directory, 'files')),
      clock,
      config,
      passwords: new PasswordChecker(),
      log,
      metrics: new Metrics(),
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
        await seedDatabase(store.db, { ...seeding, now: clock.now() });
        await ensureSharedAssets(services, firstAssetId(options.firstId));
      },
      seed: (seed) => applySeed(services, seed),
      snapshot: () => takeSnapshot(store.db),
      restore: async (given) => {
        // What is no snapshot must not cost what is at work.
        const snapshot = await checkSnapshot(store.db, given);
        await jobs.clear();
        try {
          await restoreSnapshot(store.db, snapshot);
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
      // Clients that hold their requests open must not hold the server.
      const timer = setTimeout(() => app.server.closeAllConnections(), config.limits.stopTimeout);
      await app.close();
      clearTimeout(timer);
    });
    // Room for a rush of connections; the system cuts it to what it allows.
    await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1', backlog: 4096 });
    const { port, address, family } = app.server.address() as AddressInfo;
    const host =
      address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    url = `http://${host}:${port}`;
    // Only now, because logs of jobs say where results can be fetched.
    await jobs.start(store.exclusive);
    return {
      url,
      endpoints: {
        soap: `${url}/scene7/services/IpsApiService`,
        plain: `${url}/scene7/api/IpsApiService`,
        upload: `${url}/scene7/UploadFile`,
        wsdl: `${url}/scene7/webservice/IpsApi-2014-04-03.wsdl`,
      },
      company,
      admin,
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

/** Moves the clock on from one thing that is due to the next, so that each happens at its own time. */
async function advance(clock: Clock, queue: ManualQueue | undefined, until: Date): Promise<void> {
  const manual = needManual(queue);
  await manual.runPending(clock.now());
  for (let next = manual.nextTime(); next !== undefined && next <= until; next = manual.nextTime()) {
    clock.set(next > clock.now() ? next : clock.now());
    await manual.runPending(clock.now());
  }
  clock.set(until);
}

function needManual(queue: ManualQueue | undefined): ManualQueue {
  if (queue === undefined) throw new Error('only the job clock "manual" can be moved');
  return queue;
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
    workers: options.workers ?? 2,
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    serverRoot: options.serverRoot ?? join(directory, 'served'),
    strictNamespaces: options.strictNamespaces ?? false,
    gzip: options.gzip ?? 'accept',
    adminApi: options.adminApi ?? false,
    mailUrl: options.mailUrl,
    mailFrom: options.mailFrom ?? 'ips-server@localhost',
    notificationSecret: options.notificationSecret ?? randomBytes(32).toString('hex'),
    limits: { ...defaultLimits, ...options.limits },
  };
}
