import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '@ips-sdk/server/package.json' with { type: 'json' };
import { rootPathOf } from './companies/company-record.js';
import { type ConsoleHost, registerConsole } from './console/console-app.js';
import { defaultConsoleLimits, defaultIntervals } from './console/console-options.js';
import { CONSOLE_APP } from './console/login.js';
import { createOwnAdmin, DeliveredNotifications } from './console/own/create-own-admin.js';
import { createOwnServer } from './console/own/create-own-server.js';
import type { Db } from './db/db.js';
import { isNew, locationOf } from './db/store.js';
import type { AdminActions } from './http/admin-actions.js';
import { type AppExtras, createApp } from './http/app.js';
import type { ControlActions } from './http/control.js';
import { closeApp, listenAt } from './http/listen.js';
import { hostNameOf } from './http/own-host.js';
import { RequestJournal } from './http/request-journal.js';
import { ManualTime } from './jobs/manual-time.js';
import { isLoopback } from './net/loopback.js';
import { Chaos, type ChaosSettings } from './operations/chaos.js';
import type { AdminAccount, PasswordSource } from './seed/admin-account.js';
import { Administrator } from './seed/administrator.js';
import { applySeed, type Seed } from './seed/apply-seed.js';
import { emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import {
  checkSnapshot,
  type KnownHashes,
  restoreSnapshot,
  type Snapshot,
  takeSnapshot,
} from './seed/snapshot.js';
import { beginServer, openCore } from './server-core.js';
import type { IpsServerOptions, IpsWorkerOptions } from './server-options.js';
import { createWorker, type IpsWorker } from './worker-process.js';

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
    /** Base URL of the published images of `company`; append the name of an asset. */
    readonly images: string;
  };
  /** The web console; `undefined` without one. */
  readonly console: string | undefined;
  readonly company: string;
  readonly admin: AdminAccount;
  /** Where the administrator's password comes from. */
  readonly adminPasswordSource: PasswordSource;
  /** Empties everything and starts over. */
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
 * Starts a worker in this process: it runs the jobs that servers with the same database accept. It is ready once the promise resolves.
 *
 * @throws Error if the database cannot be reached, or the port is in use.
 * @throws RangeError if an option is invalid.
 */
export function createIpsServer(options: IpsWorkerOptions): Promise<IpsWorker>;
/**
 * Starts a server in this process. It accepts calls once the promise resolves.
 *
 * @throws Error if the port or the directory is in use, or the database cannot be reached.
 * @throws RangeError if an option is invalid.
 */
export function createIpsServer(options?: IpsServerOptions): Promise<IpsServer>;
export async function createIpsServer(
  options: IpsServerOptions | IpsWorkerOptions = {},
): Promise<IpsServer | IpsWorker> {
  if (options.role === 'worker') return createWorker(options);
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

/** The path of the SOAP service. */
const SOAP = '/scene7/services/IpsApiService';

/** The name of the server itself among the places to log in to. */
const OWN_PLACE = 'this server';

async function start(options: IpsServerOptions, directory: string, cleanUp: () => void): Promise<IpsServer> {
  const company = options.company ?? 'Sample Company';
  const begun = beginServer(options, directory, cleanUp);
  const { config, log, clock, logins, phase, stops, stop } = begun;
  const admin = new Administrator(logins, options);
  // Hashing takes as long as opening the database, and is certain to be needed for an empty one.
  const location = locationOf(options);
  const asks = typeof options.admin?.password === 'function';
  if (isNew(location) && !asks) void admin.hashForEmpty().catch(() => undefined);
  const chaos = new Chaos();
  try {
    const seedAdmin = (db: Db, passwordHash: string | undefined): Promise<void> =>
      seedDatabase(db, {
        company,
        admin: { email: admin.account.email, passwordHash },
        resetsAdmin: options.resetAdmin,
        now: clock.now(),
        firstId: options.firstId,
      });
    let url = '';
    let host: ConsoleHost | undefined;
    const hasConsole = options.console !== false;
    const hasPanel = hasConsole && config.adminApi;
    const delivered = new DeliveredNotifications();
    const { store, services, jobs, manual } = await openCore(begun, {
      location,
      directory,
      fill: async ({ db }) => seedAdmin(db, await admin.hashFor(db)),
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url,
      onDelivered: (row) => delivered.add(row),
    });
    await ensureSharedAssets(services, firstAssetId(options.firstId));

    const known: KnownHashes = new Map();
    const time = new ManualTime(clock, manual, jobs);
    const actions: AdminActions = {
      reset: async () => {
        await jobs.clear();
        const passwordHash = await admin.hashForEmpty();
        // At once: a server does not start on files with an empty database.
        await store.db.transaction(async (tx) => {
          await emptyDatabase(tx, store.exclusive);
          await seedAdmin(tx, passwordHash);
        });
        await rm(join(config.serverRoot, 'published'), { recursive: true, force: true });
        await services.derivatives.clear();
        logins.forgetFailures();
        services.lookups.forget();
        await ensureSharedAssets(services, firstAssetId(options.firstId));
        await jobs.requeue();
        host?.endSessions();
      },
      seed: (seed) => applySeed(services, seed),
      snapshot: () => takeSnapshot(store.db, known),
      restore: async (given) => {
        // Checked first: an invalid snapshot must not stop running jobs.
        const snapshot = await checkSnapshot(store.db, given);
        await jobs.clear();
        try {
          logins.forgetFailures();
          return await restoreSnapshot(store.db, snapshot, known);
        } finally {
          services.lookups.forget();
          await jobs.requeue();
        }
      },
      advance: (milliseconds) => time.advance(new Date(clock.now().getTime() + milliseconds)),
      setTime: (until) => time.advance(until),
      runPending: () => time.runPending(),
    };
    const control: ControlActions = { token: randomBytes(32).toString('hex'), dump: store.dump };
    // What the login page fills in. Strangers do not learn who administers the server.
    const { publicUrl = 'http://localhost' } = options;
    const isPrivate = [config.host, new URL(publicUrl).hostname].every(isLoopback);
    const suggestion = isPrivate ? { user: admin.account.email, company } : {};
    const journal = hasPanel ? new RequestJournal(CONSOLE_APP) : undefined;
    const more: AppExtras['more'] = (app) => {
      if (!hasConsole) return;
      const panel = journal && createOwnAdmin(services, chaos, actions, journal, delivered);
      host = registerConsole(app, {
        places: () => [{ name: OWN_PLACE, endpoint: `${url}${SOAP}`, ...suggestion }],
        hosts: () => [hostNameOf(new URL(services.baseUrl()).host), config.host.toLowerCase()],
        publicUrl: options.publicUrl,
        readOnly: options.consoleReadOnly ?? false,
        version: manifest.version,
        directory: join(directory, 'console'),
        own: createOwnServer(
          services,
          store.changes,
          directory,
          panel && journal && { admin: panel, journal },
        ),
        log,
        limits: defaultConsoleLimits,
        intervals: defaultIntervals,
      });
    };
    const app = createApp({ services, jobs, chaos }, actions, control, { phase, journal, more });
    stops.push(() => closeApp(app, config.limits.stopTimeout));
    url = await listenAt(app, options);
    store.announce({ url, token: control.token });
    // After the URL is known, because job logs contain it.
    await Promise.all([jobs.start(store.exclusive), admin.checked()]);
    phase.current = 'ready';
    return {
      url,
      endpoints: {
        soap: `${url}${SOAP}`,
        plain: `${url}/scene7/api/IpsApiService`,
        upload: `${url}/scene7/UploadFile`,
        wsdl: `${url}/scene7/webservice/IpsApi-2014-04-03.wsdl`,
        images: `${url}/is/image/${encodeURI(rootPathOf(company))}`,
      },
      console: options.console === false ? undefined : url,
      company,
      get admin() {
        return admin.account;
      },
      get adminPasswordSource() {
        return admin.passwordSource;
      },
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
