import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '@ips-sdk/server/package.json' with { type: 'json' };
import pino from 'pino';
import { Clock } from './clock.js';
import { companyNamed, rootPathOf } from './companies/company-record.js';
import { type ConsoleHost, registerConsole } from './console/console-app.js';
import { defaultConsoleLimits, defaultIntervals } from './console/console-options.js';
import { CONSOLE_APP } from './console/login.js';
import { createOwnAdmin, DeliveredNotifications } from './console/own/create-own-admin.js';
import { createOwnServer } from './console/own/create-own-server.js';
import type { Db } from './db/db.js';
import { RecentLookups } from './db/recent-lookups.js';
import { isNew, locationOf, openStore } from './db/store.js';
import { withoutValues } from './error-log.js';
import { DerivativeCache } from './files/derivative-cache.js';
import { openFiles } from './files/open-files.js';
import { companyHandle } from './handles.js';
import { keepHouse } from './housekeeping.js';
import type { AdminActions } from './http/admin-actions.js';
import { type AppExtras, createApp } from './http/app.js';
import type { ControlActions } from './http/control.js';
import { hostNameOf } from './http/own-host.js';
import { RequestJournal } from './http/request-journal.js';
import type { IpsServer } from './ips-server.js';
import { kinds } from './job-kinds/registry.js';
import { JobEngine } from './jobs/job-engine.js';
import { outcomeOf } from './jobs/job-outcome.js';
import { ManualTime } from './jobs/manual-time.js';
import { BossQueue, type JobQueue, ManualQueue } from './jobs/queue.js';
import { Metrics } from './metrics.js';
import { isLoopback } from './net/loopback.js';
import { Chaos } from './operations/chaos.js';
import { Logins } from './passwords/logins.js';
import { Administrator } from './seed/administrator.js';
import { applySeed } from './seed/apply-seed.js';
import { emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import { checkSnapshot, type KnownHashes, restoreSnapshot, takeSnapshot } from './seed/snapshot.js';
import { configOf, type IpsServerOptions, openState } from './server-options.js';
import type { Services } from './services.js';
import { loadRows, StartingPoint, saveState } from './state/starting-point.js';
import type { StateReader } from './state/state-file.js';

export type { IpsServer } from './ips-server.js';

/**
 * Starts a server in this process. It accepts calls once the promise resolves.
 *
 * @throws Error if the port or the directory is in use, the database cannot be reached, or the state file cannot be used.
 * @throws RangeError if an option is invalid.
 */
export async function createIpsServer(given: IpsServerOptions = {}): Promise<IpsServer> {
  const { options, reader } = await openState(given);
  const temporary = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'ips-server-')) : undefined;
  const directory = options.dataDir ?? temporary ?? '';
  const cleanUp = (): void => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    return await start(options, reader, directory, cleanUp);
  } catch (error) {
    reader?.close();
    cleanUp();
    throw error;
  }
}

/** The path of the SOAP service. */
const SOAP = '/scene7/services/IpsApiService';

/** The name of the server itself among the places to log in to. */
const OWN_PLACE = 'this server';

/** Milliseconds that requests in progress get to end before a reset. */
const RESET_TIMEOUT = 5000;

async function start(
  options: IpsServerOptions,
  reader: StateReader | undefined,
  directory: string,
  cleanUp: () => void,
): Promise<IpsServer> {
  const company = options.company ?? 'Sample Company';
  const config = configOf(options, directory);
  const log = withoutValues(options.logger ?? pino({ level: 'silent' }));
  const clock = new Clock(config.jobClock, options.now);
  const metrics = new Metrics();
  const logins = new Logins({ metrics, cost: options.passwordCost });
  const admin = new Administrator(logins, options);
  // Hashing takes as long as opening the database, and is certain to be needed for an empty one.
  const location = locationOf(options);
  const asks = typeof options.admin?.password === 'function';
  if (isNew(location) && !asks && reader === undefined) void admin.hashForEmpty().catch(() => undefined);
  const chaos = new Chaos();
  const stops: (() => Promise<void>)[] = [() => logins.close()];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
    cleanUp();
  };
  try {
    const store = await openStore(location);
    stops.push(() => store.close());
    const loaded = reader && (await loadRows(store.db, reader));
    const files = await openFiles(store.db, directory, log);
    const seedAdmin = (db: Db, passwordHash: string | undefined): Promise<void> =>
      seedDatabase(db, {
        company,
        admin: { email: admin.account.email, passwordHash },
        resetsAdmin: options.resetAdmin,
        now: clock.now(),
        firstId: options.firstId,
      });
    await seedAdmin(store.db, await admin.hashFor(store.db));
    let url = '';
    let host: ConsoleHost | undefined;
    const hasConsole = options.console !== false;
    const hasPanel = hasConsole && config.adminApi;
    const delivered = new DeliveredNotifications();
    const services: Services = {
      db: store.db,
      lookups: new RecentLookups(),
      files,
      keepsFile: (hash) => origin.keeps(hash),
      derivatives: new DerivativeCache(
        join(directory, 'delivery-cache'),
        config.limits.maxDeliveryCacheBytes,
        metrics,
      ),
      clock,
      config,
      logins,
      log,
      metrics,
      ping: () => store.ping(),
      onDelivered: (row) => delivered.add(row),
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url,
    };
    const origin = new StartingPoint(services);
    if (reader !== undefined && loaded !== undefined) await origin.load(reader, loaded);
    await origin.restoreNumbers(store.db);
    await ensureSharedAssets(services, firstAssetId(options.firstId));
    const manual = config.jobClock === 'manual' ? new ManualQueue() : undefined;
    const queue: JobQueue = manual ?? new BossQueue(store, config.workers, config.serverName, log);
    const housekeeping = (): Promise<void> => keepHouse(services).finally(() => services.lookups.forget());
    const leads = (): Promise<boolean> => store.leadership.held();
    const jobs = new JobEngine({ services, queue, kinds, housekeeping, leads });
    await jobs.open();
    stops.push(() => jobs.stop());

    const known: KnownHashes = new Map();
    const time = new ManualTime(clock, manual, jobs);
    const names = { server: manifest.version, company, admin: admin.account.email };
    const actions: AdminActions = {
      reset: async () => {
        await jobs.clear();
        // Before the transaction, because it takes time.
        const passwordHash = origin.isEmpty ? await admin.hashForEmpty() : undefined;
        // At once: a server does not start on files with an empty database.
        await store.db.transaction(async (tx) => {
          await emptyDatabase(tx, store.exclusive);
          await origin.restoreRows(tx);
          await seedAdmin(tx, passwordHash ?? (await admin.hashAfterReset(tx)));
          await origin.restoreNumbers(tx);
        });
        await origin.restorePublished();
        clock.restart(origin.time);
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
      packState: async () => {
        await jobs.idle();
        return origin.pack(names);
      },
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
    const { fastify, traffic } = createApp({ services, jobs, chaos }, actions, control, { journal, more });
    stops.push(async () => {
      // Clients with open requests must not prevent the server from stopping.
      const timer = setTimeout(() => traffic.destroy(), config.limits.stopTimeout);
      await fastify.close();
      clearTimeout(timer);
    });
    // Allows for a burst of connections; the system applies its own limit.
    await fastify.listen({ port: options.port ?? 0, host: config.host, backlog: 4096 });
    const { port, address, family } = fastify.server.address() as AddressInfo;
    const shownHost =
      address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    url = `http://${shownHost}:${port}`;
    store.announce({ url, token: control.token });
    // After the URL is known, because job logs contain it.
    await Promise.all([jobs.start(store.exclusive), admin.checked()]);
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
      companyHandle: companyHandle((await companyNamed(store.db, company)).id),
      reset: async () => {
        const atWork = await traffic.abandon(RESET_TIMEOUT);
        if (atWork > 0) log.warn({ requests: atWork }, 'requests are still at work after a reset');
        await actions.reset();
      },
      markState: async () => {
        await jobs.idle();
        await origin.mark();
      },
      saveState: async (file) => saveState(await actions.packState(), file),
      seed: (seed) => actions.seed(seed),
      snapshot: () => takeSnapshot(store.db, known),
      restore: (snapshot) => actions.restore(snapshot),
      clock: { now: () => clock.now(), advance: actions.advance, runPending: actions.runPending },
      chaos: (settings) => chaos.set(settings),
      idle: () => jobs.idle(),
      waitForJob: async (handle, { timeout = 30_000 } = {}) => {
        if (clock.mode === 'manual') await time.runPending();
        return outcomeOf(services, await companyNamed(store.db, company), handle, timeout);
      },
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
