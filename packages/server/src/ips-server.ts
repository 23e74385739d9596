import type { RecordedRequest, RequestFilter } from './http/request-journal.js';
import type { WaitOptions } from './http/wait-options.js';
import type { JobOutcome } from './jobs/job-outcome.js';
import type { MailFilter, RecordedMail } from './jobs/mails.js';
import type { NotificationFilter, RecordedNotification } from './jobs/notification-log.js';
import type { ChaosSettings } from './operations/chaos.js';
import type { AdminAccount, PasswordSource } from './seed/admin-account.js';
import type { Seed } from './seed/seed-types.js';
import type { Snapshot } from './seed/snapshot.js';

/** A running server. */
export interface IpsServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /**
   * Resolves when jobs are executed. Those that are submitted before wait. Rejects if the job queue cannot be started, after the
   * server has stopped; the error is also logged. Programs that do not wait for it need not handle it.
   *
   * @throws Error if the server is stopped before.
   *
   * @example
   * ```ts
   * import { createIpsServer } from '@ips-sdk/server';
   *
   * const server = await createIpsServer();
   * await server.ready;
   * console.log((await fetch(`${server.url}/readyz`)).status); // 200
   * await server.stop();
   * ```
   */
  readonly ready: Promise<void>;
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
  /** The handle of the company, such as `c|6`. */
  readonly companyHandle: string;
  /**
   * Starts over: with the contents of `markState` or of the option `state`, or else empty. Requests in progress are ended, jobs are
   * aborted, a manual clock is set back, and users of the console are logged out. Settings of `chaos` remain.
   */
  reset(): Promise<void>;
  /** Makes the present contents, once no job is running, those that `reset` returns to. They are kept in memory. */
  markState(): Promise<void>;
  /**
   * Saves the present contents, once no job is running, for the option `state`: all rows and all files, published ones included. The
   * file is replaced when the new one is complete. Keep it private: it contains password hashes.
   *
   * @example
   * ```ts
   * import { rmSync } from 'node:fs';
   * import { createIpsServer } from '@ips-sdk/server';
   *
   * const shop = await createIpsServer({ company: 'MyCompany' });
   * await shop.seed({ companies: [{ name: 'MyCompany', folders: ['Shoes'] }] });
   * await shop.saveState('shop.state');
   * await shop.stop();
   *
   * const copy = await createIpsServer({ state: 'shop.state' });
   * console.log(copy.company); // MyCompany
   * await copy.stop();
   * rmSync('shop.state');
   * ```
   *
   * @throws Error if a file of an asset is missing, or the file cannot be written.
   */
  saveState(file: string): Promise<void>;
  /**
   * Adds companies with folders, assets, groups and jobs, and users. Existing objects are not changed, so a seed can be repeated.
   *
   * @param seed - The data, or the path of a YAML or JSON file, whose assets can be of files in its folder.
   * @throws Error that names the invalid value. Nothing is added then.
   */
  seed(seed: Seed | string): Promise<void>;
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
  /**
   * The calls that this process received, in the order of their responses, without those of the console: the latest 1,000, or as many as
   * fit into 32 MiB. `reset` forgets them.
   *
   * @throws Error if `recordRequests` is false, RangeError if the filter is invalid.
   *
   * @example
   * ```ts
   * import { createIpsClient } from '@ips-sdk/client';
   * import { createIpsServer } from '@ips-sdk/server';
   *
   * const server = await createIpsServer({ company: 'MyCompany', jobClock: 'instant' });
   * const { email: user, password } = server.admin;
   * const ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, company: server.company });
   *
   * await ips.publish({}, { name: 'Nightly' });
   * const submitted = server.requests({ operation: 'submitJob' });
   * console.log(submitted.length, submitted[0]?.request.includes('<jobName>Nightly</jobName>')); // 1 true
   *
   * await ips.close();
   * await server.stop();
   * ```
   */
  requests(filter?: RequestFilter): readonly RecordedRequest[];
  /**
   * Waits for a call that matches, and returns the first one; at once if there is one.
   *
   * @throws RangeError if the filter is invalid, Error after the timeout, or when the server stops.
   */
  waitForRequest(filter?: RequestFilter, options?: WaitOptions): Promise<RecordedRequest>;
  /**
   * The mails of the server, in the order in which they were written, including those that wait.
   *
   * @throws RangeError if the filter is invalid.
   */
  mails(filter?: MailFilter): Promise<readonly RecordedMail[]>;
  /**
   * Waits for a mail that matches, and returns the first one; at once if there is one.
   *
   * @param predicate - Default: any mail.
   * @throws Error after the timeout, or when the server stops.
   *
   * @example
   * ```ts
   * import { createIpsClient } from '@ips-sdk/client';
   * import { createIpsServer } from '@ips-sdk/server';
   *
   * const server = await createIpsServer({ company: 'MyCompany', jobClock: 'instant' });
   * const { email: user, password } = server.admin;
   * const ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, company: server.company });
   *
   * await ips.publish({ emailSetting: 'JobCompletion' }, { name: 'Nightly' });
   * const mail = await server.waitForMail(({ recipient }) => recipient === user);
   * console.log(mail.subject); // Job done: Nightly
   *
   * await ips.close();
   * await server.stop();
   * ```
   */
  waitForMail(predicate?: (mail: RecordedMail) => boolean, options?: WaitOptions): Promise<RecordedMail>;
  /**
   * Notifications, in the order in which they were written: up to 1,000 that wait, and the latest 500 that this process delivered or gave
   * up.
   *
   * @throws RangeError if the filter is invalid.
   */
  notifications(filter?: NotificationFilter): Promise<readonly RecordedNotification[]>;
  /**
   * Waits for a notification that matches, and returns the first one; at once if there is one.
   *
   * @param predicate - Default: any that was delivered.
   * @throws Error after the timeout, or when the server stops.
   */
  waitForNotification(
    predicate?: (notification: RecordedNotification) => boolean,
    options?: WaitOptions,
  ): Promise<RecordedNotification>;
  /** Forgets the recorded requests, and removes mails and notifications. Those that wait are not delivered. */
  clearRecords(): Promise<void>;
  /** Waits until no job is running in this process. */
  idle(): Promise<void>;
  /**
   * Waits until a job of the company has ended, with all its runs. With a manual clock, does the work that is due.
   *
   * @param jobHandle - The handle of a submitted job, an active job or a log.
   * @param options - `timeout`: milliseconds. Default: 30,000.
   * @throws Error if the job does not end in time, or waits for a time that a manual clock has not reached.
   */
  waitForJob(jobHandle: string, options?: { readonly timeout?: number | undefined }): Promise<JobOutcome>;
  /**
   * Stops the server. New calls are refused, open calls get `stopTimeout` to finish, and the database is closed. Running jobs continue
   * after the next start or on another worker.
   */
  stop(): Promise<void>;
}
