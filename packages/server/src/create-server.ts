import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '@ips-sdk/server/package.json' with { type: 'json' };
import { companyNamed, rootPathOf } from './companies/company-record.js';
import { type ConsoleHost, registerConsole } from './console/console-app.js';
import { defaultConsoleLimits, defaultIntervals } from './console/console-options.js';
import { CONSOLE_APP } from './console/login.js';
import { createOwnAdmin } from './console/own/create-own-admin.js';
import { createOwnServer } from './console/own/create-own-server.js';
import type { Db } from './db/db.js';
import { isNew, locationOf } from './db/store.js';
import { companyHandle } from './handles.js';
import type { AdminActions } from './http/admin-actions.js';
import { type AppExtras, createApp } from './http/app.js';
import type { ControlActions } from './http/control.js';
import { closeApp, listenAt } from './http/listen.js';
import { hostNameOf } from './http/own-host.js';
import { RequestJournal } from './http/request-journal.js';
import { TestRecords } from './http/test-records.js';
import type { IpsServer } from './ips-server.js';
import { kinds } from './job-kinds/registry.js';
import { outcomeOf } from './jobs/job-outcome.js';
import { ManualTime } from './jobs/manual-time.js';
import { NotificationLog } from './jobs/notification-log.js';
import { isLoopback } from './net/loopback.js';
import { Chaos } from './operations/chaos.js';
import { Administrator } from './seed/administrator.js';
import { applySeed } from './seed/apply-seed.js';
import { emptyDatabase, firstAssetId, seedDatabase } from './seed/seed-database.js';
import { ensureSharedAssets } from './seed/shared-company.js';
import { checkSnapshot, type KnownHashes, restoreSnapshot, takeSnapshot } from './seed/snapshot.js';
import { beginServer, openCore, startJobs, whileRunning } from './server-core.js';
import { checkServerOptions } from './server-option-checks.js';
import { type IpsServerOptions, type IpsWorkerOptions, openState } from './server-options.js';
import type { Contents } from './state/contents.js';
import { loadRows, StartingPoint, saveState, stateTarget } from './state/starting-point.js';
import type { StateReader } from './state/state-file.js';
import { createWorker, type IpsWorker } from './worker-process.js';

export type { IpsServer } from './ips-server.js';

/**
 * Starts a worker in this process: it runs the jobs that servers with the same database accept. It is ready once the promise resolves.
 *
 * @throws Error if the database cannot be reached, or the port is in use.
 * @throws RangeError if an option is unknown or invalid.
 */
export function createIpsServer(options: IpsWorkerOptions): Promise<IpsWorker>;
/**
 * Starts a server in this process. It accepts calls once the promise resolves; jobs are executed once `ready` resolves, soon after.
 *
 * @throws Error if the port or the directory is in use, the database cannot be reached, or the state file cannot be used.
 * @throws RangeError if an option is unknown or invalid.
 */
export function createIpsServer(options?: IpsServerOptions): Promise<IpsServer>;
export async function createIpsServer(
  given: IpsServerOptions | IpsWorkerOptions = {},
): Promise<IpsServer | IpsWorker> {
  checkServerOptions(given);
  if (given.role === 'worker') return createWorker(given);
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
  const begun = beginServer(options, directory, cleanUp);
  const { config, log, clock, logins, phase, stops, stop } = begun;
  const admin = new Administrator(logins, options);
  // Hashing takes as long as opening the database, and is certain to be needed for an empty one.
  const location = locationOf(options);
  const asks = typeof options.admin?.password === 'function';
  if (isNew(location) && !asks && reader === undefined) void admin.hashForEmpty().catch(() => undefined);
  const chaos = new Chaos();
  try {
    const seedAdmin = (db: Db, passwordHash: string | undefined): Promise<string> =>
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
    const notifications = new NotificationLog();
    let loaded: Contents | undefined;
    let point: StartingPoint | undefined;
    const { store, services, jobs, queue, manual } = await openCore(begun, {
      location,
      directory,
      fill: async ({ db }) => {
        if (reader !== undefined) loaded = await loadRows(db, reader);
        await admin.stored(await seedAdmin(db, await admin.hashFor(db)));
      },
      keepsFile: (hash) => point?.keeps(hash) ?? false,
      onAttempt: (row, end) => notifications.add(row, end),
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? url,
    });
    const journal = options.recordRequests === false ? undefined : new RequestJournal(CONSOLE_APP);
    const records = new TestRecords(store.db, store.changes, journal, notifications);
    stops.push(async () => records.close());
    const startingPoint = new StartingPoint(services);
    point = startingPoint;
    if (reader !== undefined && loaded !== undefined) await startingPoint.load(reader, loaded);
    await ensureSharedAssets(services, firstAssetId(options.firstId));
    await startingPoint.restoreNumbers(store.db);

    const known: KnownHashes = new Map();
    const time = new ManualTime(clock, manual, jobs);
    const actions: AdminActions = {
      reset: async () => {
        await jobs.clear();
        // Before the transaction, because it takes time.
        const passwordHash = startingPoint.isEmpty ? await admin.hashForEmpty() : undefined;
        // At once: a server does not start on files with an empty database.
        await store.db.transaction(async (tx) => {
          await emptyDatabase(tx, store.exclusive);
          await startingPoint.restoreRows(tx);
          await seedAdmin(tx, passwordHash ?? (await admin.hashAfterReset(tx)));
          await startingPoint.restoreNumbers(tx);
        });
        await startingPoint.restorePublished();
        clock.restart(startingPoint.time);
        await services.derivatives.clear();
        logins.forgetFailures();
        services.lookups.forget();
        records.forget();
        await ensureSharedAssets(services, firstAssetId(options.firstId));
        await jobs.requeue();
        host?.endSessions();
      },
      seed: (seed) => applySeed({ services, queue, kinds }, seed),
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
          records.forget();
          await jobs.requeue();
        }
      },
      advance: (milliseconds) => time.advance(new Date(clock.now().getTime() + milliseconds)),
      setTime: (until) => time.advance(until),
      runPending: () => time.runPending(),
      packState: async () => {
        await jobs.idle();
        return startingPoint.pack({ server: manifest.version, company, admin: admin.account.email });
      },
    };
    const control: ControlActions = { token: randomBytes(32).toString('hex'), dump: store.dump };
    // What the login page fills in. Strangers do not learn who administers the server.
    const { publicUrl = 'http://localhost' } = options;
    const isPrivate = [config.host, new URL(publicUrl).hostname].every(isLoopback);
    const suggestion = isPrivate ? { user: admin.account.email, company } : {};
    const more: AppExtras['more'] = (app) => {
      if (!hasConsole) return;
      const panel = hasPanel ? createOwnAdmin(services, chaos, actions, records) : undefined;
      host = registerConsole(app, {
        places: () => [{ name: OWN_PLACE, endpoint: `${url}${SOAP}`, ...suggestion }],
        hosts: () => [hostNameOf(new URL(services.baseUrl()).host), config.host.toLowerCase()],
        publicUrl: options.publicUrl,
        readOnly: options.consoleReadOnly ?? false,
        version: manifest.version,
        directory: join(directory, 'console'),
        own: createOwnServer(services, store.changes, directory, panel && { admin: panel, journal }),
        log,
        limits: defaultConsoleLimits,
        intervals: defaultIntervals,
      });
    };
    const app = createApp({ services, jobs, chaos }, actions, control, { phase, journal, records, more });
    stops.push(() => closeApp(app, config.limits.stopTimeout));
    url = await listenAt(app, options);
    store.announce({ url, token: control.token });
    await admin.checked();
    const { id: companyId } = await companyNamed(store.db, company);
    // After the URL is known, because job logs contain it. Last, because it keeps the database busy.
    const ready = startJobs(begun, { jobs, store });
    // Tests that set the clock count what they do from here on.
    if (manual !== undefined) await ready;
    const running = whileRunning(phase);
    return {
      url,
      ready,
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
      companyHandle: companyHandle(companyId),
      reset: running('reset', async () => {
        const atWork = await app.traffic.abandon(RESET_TIMEOUT);
        if (atWork > 0) log.warn({ requests: atWork }, 'requests are still at work after a reset');
        await actions.reset();
      }),
      markState: running('markState', async () => {
        await jobs.idle();
        await startingPoint.mark();
      }),
      saveState: running('saveState', async (file) => {
        const target = await stateTarget(file);
        await saveState(await actions.packState(), target);
      }),
      seed: running('seed', (seed) => actions.seed(seed)),
      snapshot: running('snapshot', () => takeSnapshot(store.db, known)),
      restore: running('restore', (snapshot) => actions.restore(snapshot)),
      clock: {
        now: () => clock.now(),
        advance: running('clock.advance', actions.advance),
        runPending: running('clock.runPending', actions.runPending),
      },
      chaos: (settings) => chaos.set(settings),
      requests: (filter) => records.requests(filter),
      waitForRequest: (filter, wait) => records.waitForRequest(filter, wait),
      mails: running('mails', (filter) => records.mails(filter)),
      waitForMail: (predicate, wait) => records.waitForMail(predicate, wait),
      notifications: running('notifications', (filter) => records.notifications(filter)),
      waitForNotification: (predicate, wait) => records.waitForNotification(predicate, wait),
      clearRecords: running('clearRecords', () => records.clear()),
      idle: () => jobs.idle(),
      waitForJob: running('waitForJob', async (handle, { timeout = 30_000 } = {}) => {
        if (clock.mode === 'manual') await time.runPending();
        return outcomeOf(services, await companyNamed(store.db, company), handle, timeout);
      }),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
