import type { IpsServer } from '../ips-server.js';
import type { JobOutcome } from '../jobs/job-outcome.js';
import type { IpsServerOptions } from '../server-options.js';

/**
 * Options of a server for tests. Its defaults differ from those of `createIpsServer`: `jobClock: 'instant'`, so that a job is done when
 * `submitJob` answers; `passwordCost: 4`, which is fast and insecure; `console: false`; `allowPrivateAddresses: true`, so that jobs can
 * fetch from servers on this machine.
 */
export interface TestServerOptions extends Omit<IpsServerOptions, 'role'> {
  /** Fills the server once, after its start. `reset` returns to what it leaves. */
  readonly setup?: ((ips: TestServer) => void | Promise<void>) | undefined;
}

/** What `createIpsClient` of `@ips-sdk/client` needs to call the server as its administrator. */
export interface TestClientOptions {
  readonly endpoint: string;
  readonly auth: { readonly user: string; readonly password: string };
  readonly companyHandle: string;
  readonly app: { readonly name: string; readonly version: string };
}

/** A server for tests. */
export interface TestServer {
  /** The server itself, for `seed`, `chaos`, `saveState` and more. A reset replaces it if a test has broken it. */
  readonly server: IpsServer;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** URL of the SOAP service. */
  readonly endpoint: string;
  /** Options for `createIpsClient`. */
  readonly client: TestClientOptions;
  /** Name of the company. */
  readonly company: string;
  /** Handle of the company, such as `c|6`. */
  readonly companyHandle: string;
  /** The clock of the server. `advance` and `runPending` need `jobClock: 'manual'`. */
  readonly clock: IpsServer['clock'];
  /**
   * The URL of a published image.
   *
   * @param name - Of the asset, or `asset:crop` for a smart crop.
   * @param commands - Image serving commands, such as `wid=200&fmt=png`. `imageUrl` of `@ips-sdk/delivery` writes them from an object.
   * @throws RangeError for anything but text.
   */
  imageUrl(name: string, commands?: string): string;
  /** The URL of a published file, unchanged. */
  contentUrl(name: string): string;
  /**
   * Waits until a job has ended. With a manual clock, does the work that is due.
   *
   * @param jobHandle - The handle that `submitJob` returned, or of an active job or a log.
   * @param options - `timeout`: milliseconds. Default: 30,000.
   * @throws Error if the job does not end in time, or waits for a time that a manual clock has not reached.
   */
  waitForJob(jobHandle: string, options?: { readonly timeout?: number | undefined }): Promise<JobOutcome>;
  /**
   * Returns to the beginning: the contents after `setup`, the initial time of a manual clock, no `chaos`, an empty log. Requests in
   * progress are ended. A server that cannot be reset is replaced.
   */
  reset(): Promise<void>;
  /** What the server has logged since the last reset, at most 200 lines. Empty with the option `logger`. */
  log(): readonly string[];
  /** Stops the server. */
  stop(): Promise<void>;
}
