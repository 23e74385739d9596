import { locationOf } from './db/store.js';
import { createHealthApp } from './http/app.js';
import { closeApp, listenAt } from './http/listen.js';
import { beginServer, openCore, startJobs } from './server-core.js';
import type { IpsWorkerOptions } from './server-options.js';

/** A running worker. */
export interface IpsWorker {
  /** `serverName` of the jobs that it runs. */
  readonly serverName: string;
  /** Where it serves `/healthz`, `/readyz` and `/metrics`; `undefined` without a port. */
  readonly url: string | undefined;
  /** Waits until no job is running in this process. */
  idle(): Promise<void>;
  /**
   * Stops the worker: it takes no other runs, finishes the items in progress within `drainTimeout`, and hands the runs back. Other
   * workers continue them.
   */
  stop(): Promise<void>;
}

/** Starts a worker. */
export async function createWorker(options: IpsWorkerOptions): Promise<IpsWorker> {
  const begun = beginServer(options, options.dataDir, () => undefined);
  const { config, phase, stops, stop } = begun;
  try {
    const { store, services, jobs } = await openCore(begun, {
      location: locationOf(options),
      directory: options.dataDir,
      // A server creates the company and the administrator, when it starts.
      fill: async () => undefined,
      baseUrl: () => options.publicUrl.replace(/\/$/, ''),
    });
    let url: string | undefined;
    if (options.port !== undefined) {
      const app = createHealthApp(services, phase);
      url = await listenAt(app, options);
      // Serves until its runs are handed back.
      stops.splice(-1, 0, () => closeApp(app, config.limits.stopTimeout));
    }
    await startJobs(begun, { jobs, store });
    return { serverName: config.serverName, url, idle: () => jobs.idle(), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
