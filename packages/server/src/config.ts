import { hostname } from 'node:os';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { type Contract, contract } from '@ips-sdk/types/contract';
import type { JobClock } from './clock.js';
import type { SubmittedJobForm } from './handles.js';

/** When answers are compressed; the values of the service's own property `webservice.gzip.response`. */
export type GzipRule =
  | 'never'
  /** Only when the request's header asks for it with `gzipResponse`. */
  | 'soap'
  /** When `gzipResponse` asks for it, or is absent and `Accept-Encoding` includes gzip. */
  | 'accept'
  | 'always';

/** Limits on input. */
export interface ServerLimits {
  /** Bytes of an XML request. Default: 64 Mi. */
  readonly maxRequestBytes: number;
  /** Bytes of one uploaded or fetched file; default: 2 Gi. The system property `UploadPostMaxFileSize`. */
  readonly maxFileBytes: number;
  /** Pixels of an image, width times height. Default: 300 million. */
  readonly maxPixels: number;
  /** Entries of an archive. Default: 10,000. */
  readonly maxArchiveEntries: number;
  /** Bytes that an archive may unpack to. Default: 8 Gi. */
  readonly maxArchiveBytes: number;
  /** Assets of one export. Default: 500, as at the service. */
  readonly maxExportAssets: number;
  /** Bytes that the files of one export may have. Default: 1 Gi, as at the service. */
  readonly maxExportBytes: number;
  /** Milliseconds that fetching one URL may take. Default: 120,000. */
  readonly fetchTimeout: number;
  /** Milliseconds within which an XML request has to arrive. Default: 120,000. */
  readonly bodyTimeout: number;
  /** Connections at once; default: 10,000. Further ones are closed. */
  readonly maxConnections: number;
  /** Requests that are answered at once; default: 2,000. Further ones get HTTP 503. */
  readonly maxOpenRequests: number;
  /** Bytes of requests and answers in memory at once; default: 1 Gi. What would exceed it gets HTTP 503. */
  readonly maxBufferedBytes: number;
  /**
   * Bytes of files on disk at once whose callers have not presented credentials yet; default: 4 Gi. What would exceed it gets HTTP 503.
   */
  readonly maxUnknownUploadBytes: number;
  /**
   * The fraction of each of the four limits above that one address may take, an IPv6 address with its /64 network; above 0, up to 1.
   * Default: 0.5. Use 1 behind a proxy, where all clients have one address.
   */
  readonly addressShare: number;
  /** Milliseconds within which the headers of a request have to arrive. Default: 60,000. */
  readonly headerTimeout: number;
  /**
   * Milliseconds for which a client may neither send of a request that is under way nor read of its answer. Default: 120,000. The time
   * that the server takes for an answer does not count.
   */
  readonly silenceTimeout: number;
  /** Milliseconds that open requests get to finish when the server stops. Default: 10,000. */
  readonly stopTimeout: number;
  /** Milliseconds without a POST after which an upload job is closed. Default: 30 minutes. */
  readonly uploadIdle: number;
}

/** The complete configuration of a server. */
export interface ServerConfig {
  /** Name of this worker: `serverName` of its jobs. */
  readonly serverName: string;
  readonly jobClock: JobClock;
  /** IANA time zone of schedules and run names. */
  readonly timeZone: string;
  /** How the handles of submitted jobs are written. */
  readonly submittedJobForm: SubmittedJobForm;
  /** Runs that this process carries out at once. */
  readonly workers: number;
  /** Whether job URLs may point to private, loopback and link-local addresses. */
  readonly allowPrivateAddresses: boolean;
  /** The directory that `serverDir` of upload jobs is relative to, and that server directory publishes write to. */
  readonly serverRoot: string;
  /** The contracts that requests are read and answered by. */
  readonly contracts: readonly Contract[];
  readonly strictNamespaces: boolean;
  readonly gzip: GzipRule;
  readonly adminApi: boolean;
  /** What callers of the admin API present as a bearer token. */
  readonly adminToken: string | undefined;
  /** The address or name that the server listens on. */
  readonly host: string;
  /** Whether pages of any origin may read delivered images and content. */
  readonly imageCors: boolean;
  /** A nodemailer URL, such as `smtp://mail.example.com`; without one, mails stay in the outbox. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** Key of the HMAC-SHA256 that signs notifications. */
  readonly notificationSecret: string;
  readonly limits: ServerLimits;
}

/** The versions that the service itself publishes, and what is known of its betas. */
export const defaultContracts: readonly Contract[] = [contract, of2013, of2016, of2019];

export const defaultLimits: ServerLimits = {
  maxRequestBytes: 64 * 2 ** 20,
  maxFileBytes: 2 * 2 ** 30,
  maxPixels: 300_000_000,
  maxArchiveEntries: 10_000,
  maxArchiveBytes: 8 * 2 ** 30,
  maxExportAssets: 500,
  maxExportBytes: 2 ** 30,
  fetchTimeout: 120_000,
  bodyTimeout: 120_000,
  maxConnections: 10_000,
  maxOpenRequests: 2_000,
  maxBufferedBytes: 2 ** 30,
  maxUnknownUploadBytes: 4 * 2 ** 30,
  addressShare: 0.5,
  headerTimeout: 60_000,
  silenceTimeout: 120_000,
  stopTimeout: 10_000,
  uploadIdle: 30 * 60_000,
};

/**
 * The limits of a server: the defaults, except for what is given.
 *
 * @throws RangeError that names a limit which is not a positive number, or a share above 1.
 */
export function limitsOf(given: Partial<ServerLimits> = {}): ServerLimits {
  const known: readonly string[] = Object.keys(defaultLimits);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of set) {
    if (!known.includes(name))
      throw new RangeError(`limits.${name}: no such limit; expected ${known.join(', ')}`);
    const most = name === 'addressShare' ? 1 : Number.POSITIVE_INFINITY;
    if (typeof value !== 'number' || !(value > 0 && value <= most)) {
      const expected = most === 1 ? 'a number above 0, up to 1' : 'a number above 0';
      throw new RangeError(`limits.${name}: found ${String(value)}, expected ${expected}`);
    }
  }
  return { ...defaultLimits, ...Object.fromEntries(set) };
}

/** The default name of this worker. */
export function defaultServerName(): string {
  return `${hostname()}:${process.pid}`;
}
