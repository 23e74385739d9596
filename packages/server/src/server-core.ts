// What the roles of a server have in common: the database, the files and the engine of jobs.
import { join } from 'node:path';
import manifest from '@ips-sdk/server/package.json' with { type: 'json' };
import pino, { type Logger } from 'pino';
import { Clock } from './clock.js';
import type { ServerConfig } from './config.js';
import { makeDataDirectory } from './db/data-directory.js';
import { RecentLookups } from './db/recent-lookups.js';
import { openStore, type Store, type StoreLocation } from './db/store.js';
import { withoutValues } from './error-log.js';
import { countedStore } from './files/counted-store.js';
import { DerivativeCache } from './files/derivative-cache.js';
import { type FilesPlace, openFiles } from './files/open-files.js';
import { keepHouse } from './housekeeping.js';
import type { Phase } from './http/health.js';
import { kinds } from './job-kinds/registry.js';
import { BossQueue } from './jobs/boss-queue.js';
import { JobEngine } from './jobs/job-engine.js';
import { ManualQueue } from './jobs/manual-queue.js';
import type { JobQueue } from './jobs/queue.js';
import { WaitingWork } from './jobs/waiting-work.js';
import { Metrics } from './metrics.js';
import { Logins } from './passwords/logins.js';
import { configOf, filesPlaceOf, type ProcessOptions } from './server-options.js';
import type { Services } from './services.js';
import { openTraces } from './traces/open-traces.js';
import { noTraces } from './traces/traces.js';

/** What exists before the database is open. */
export interface ServerBeginning {
  readonly config: ServerConfig;
  readonly place: FilesPlace;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logins: Logins;
  /** Whether the environment decides about traces. Otherwise there are none. */
  readonly hasTraces: boolean;
  /** What the server reports to those who ask whether it is ready. */
  readonly phase: Phase;
  /** What ends with the server. The last one added ends first. */
  readonly stops: (() => Promise<void>)[];
  /** Ends everything that was added, once. */
  readonly stop: () => Promise<void>;
}

/**
 * @param cleanUp - Called when everything else has ended.
 * @throws RangeError if an option is invalid.
 */
export function beginServer(
  options: ProcessOptions,
  directory: string,
  cleanUp: () => void,
): ServerBeginning {
  const config = configOf(options, directory);
  const place = filesPlaceOf(options, directory, config);
  const metrics = new Metrics();
  const logins = new Logins({ metrics, cost: options.passwordCost });
  const stops: (() => Promise<void>)[] = [() => logins.close()];
  const phase: Phase = { current: 'starting' };
  const stopAll = async (): Promise<void> => {
    phase.current = 'stopping';
    for (const step of stops.splice(0).reverse()) await step();
    cleanUp();
  };
  let stopping: Promise<void> | undefined;
  return {
    config,
    place,
    log: withoutValues(options.logger ?? pino({ level: 'silent' })),
    clock: new Clock(config.jobClock, options.now),
    metrics,
    logins,
    hasTraces: options.traces ?? false,
    phase,
    stops,
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** The open database, the files, and the engine, which accepts jobs and does not run them yet. */
export interface ServerCore {
  readonly store: Store;
  readonly services: Services;
  readonly jobs: JobEngine;
  readonly queue: JobQueue;
  /** The queue of a manual clock. */
  readonly manual: ManualQueue | undefined;
}

/** What depends on the role. */
export interface CoreOptions extends Pick<Services, 'baseUrl' | 'onAttempt' | 'keepsFile'> {
  readonly location: StoreLocation;
  /** The data directory. */
  readonly directory: string;
  /** Fills the database, before the server writes anything else to it. */
  readonly fill: (store: Store) => Promise<void>;
}

/** Opens the database and the files, and prepares the engine to accept jobs. */
export async function openCore(
  { config, place, log, clock, metrics, logins, hasTraces, stops }: ServerBeginning,
  { location, directory, fill, baseUrl, onAttempt, keepsFile }: CoreOptions,
): Promise<ServerCore> {
  const { serverName } = config;
  metrics.info.set({ version: manifest.version, role: config.role }, 1);
  const traces = hasTraces
    ? await openTraces(process.env, { serverName, version: manifest.version, log, metrics })
    : noTraces;
  // After everything that is traced.
  stops.push(() => traces.close());
  // Also used with a PostgreSQL server.
  await makeDataDirectory(directory);
  const store = await openStore(location);
  stops.push(() => store.close());
  const files = countedStore(await openFiles(store.db, place, log), metrics);
  stops.push(() => files.close());
  await fill(store);
  const services: Services = {
    db: store.db,
    lookups: new RecentLookups(),
    files,
    keepsFile,
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
    traces,
    ping: () => store.ping(),
    onAttempt,
    baseUrl,
  };
  const waiting = new WaitingWork(services);
  metrics.onRequest(async () => {
    const { busy, idle, waiting: waits } = store.connections();
    metrics.databaseConnections.set({ state: 'busy' }, busy);
    metrics.databaseConnections.set({ state: 'idle' }, idle);
    metrics.databaseWaiting.set(waits);
    await waiting.update();
  });
  const manual = config.jobClock === 'manual' ? new ManualQueue() : undefined;
  const queue = manual ?? new BossQueue(store, config, log);
  const housekeeping = (): Promise<void> => keepHouse(services).finally(() => services.lookups.forget());
  const leads = (): Promise<boolean> => store.leadership.held();
  const jobs = new JobEngine({ services, queue, kinds, housekeeping, leads });
  await jobs.open(store.exclusive);
  stops.push(() => jobs.stop());
  return { store, services, jobs, queue, manual };
}

/** Makes methods that refuse calls once the server stops, because the database is closed then. */
export function whileRunning(phase: Phase) {
  return <Args extends readonly unknown[], Result>(
    name: string,
    work: (...args: Args) => Promise<Result>,
  ): ((...args: Args) => Promise<Result>) =>
    async (...args) => {
      if (phase.current === 'stopping') throw new Error(`${name}: the server has stopped`);
      return work(...args);
    };
}

/**
 * Starts the queue and its workers behind a server that already accepts calls. If that fails, the server stops.
 *
 * @returns When jobs are executed. Rejects if that will not happen; those who do not wait need not handle it.
 */
export function startJobs(
  { phase, log, stop }: ServerBeginning,
  { jobs, store }: Pick<ServerCore, 'jobs' | 'store'>,
): Promise<void> {
  const started = jobs.start(store.exclusive).then(
    () => {
      if (phase.current === 'starting') phase.current = 'ready';
    },
    async (error: unknown) => {
      if (phase.current !== 'stopping') log.error({ err: error }, 'the job queue could not be started');
      await stop().catch(() => undefined);
      throw error;
    },
  );
  started.catch(() => undefined);
  return started;
}
