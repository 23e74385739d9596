import { hostname } from 'node:os';
import { parseRequest } from '@ips-sdk/delivery';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { type Contract, contract } from '@ips-sdk/types/contract';
import type { JobClock } from './clock.js';
import type { SubmittedJobForm } from './handles.js';

/** When responses are compressed. The values are those of the service's property `webservice.gzip.response`. */
export type GzipRule =
  | 'never'
  /** Only if the request header sets `gzipResponse`. */
  | 'soap'
  /** If `gzipResponse` is true, or if it is absent and `Accept-Encoding` includes gzip. */
  | 'accept'
  | 'always';

/** Limits on input and load. */
export interface ServerLimits {
  /** Maximum bytes of an XML request. Default: 64 Mi. */
  readonly maxRequestBytes: number;
  /** Maximum bytes of one uploaded or fetched file. Also the system property `UploadPostMaxFileSize`. Default: 2 Gi. */
  readonly maxFileBytes: number;
  /** Maximum pixels of an image, width times height. Default: 300 million. */
  readonly maxPixels: number;
  /** Maximum entries of an archive. Default: 10,000. */
  readonly maxArchiveEntries: number;
  /** Maximum bytes of an unpacked archive. Default: 8 Gi. */
  readonly maxArchiveBytes: number;
  /** Maximum assets in one export. Default: 500, as in the service. */
  readonly maxExportAssets: number;
  /** Maximum bytes of the files in one export. Default: 1 Gi, as in the service. */
  readonly maxExportBytes: number;
  /** Maximum bytes of delivered images that are kept on disk to be delivered again. Default: 1 Gi. */
  readonly maxDeliveryCacheBytes: number;
  /**
   * Maximum bytes of copies on the local disk of files that are in an S3-compatible store. Those used in the last 15 minutes stay beyond it.
   * Default: 16 Gi.
   */
  readonly maxFileCopyBytes: number;
  /** Timeout for fetching one URL, in milliseconds. Default: 120,000. */
  readonly fetchTimeout: number;
  /** Timeout for receiving an XML request, in milliseconds. Default: 120,000. */
  readonly bodyTimeout: number;
  /** Maximum concurrent connections. Further connections are closed. Default: 10,000. */
  readonly maxConnections: number;
  /** Maximum concurrent requests. Further requests get HTTP 503. Default: 2,000. */
  readonly maxOpenRequests: number;
  /** Maximum bytes of all requests and responses in memory. Requests beyond it get HTTP 503. Default: 1 Gi. */
  readonly maxBufferedBytes: number;
  /**
   * Maximum bytes on disk of uploaded files whose callers have not yet presented credentials. Uploads beyond it get HTTP 503. Default: 4 Gi.
   */
  readonly maxUnknownUploadBytes: number;
  /** Maximum bytes on disk of files in uploads of callers with credentials, while they are in progress. Uploads beyond it get HTTP 503. Default: 64 Gi. */
  readonly maxUploadBytes: number;
  /**
   * The share of each of the five limits above that one IPv4 address or IPv6 /64 network can use: above 0, up to 1. Use 1 behind a proxy,
   * where all clients have the same address. Default: 0.5.
   */
  readonly addressShare: number;
  /** Timeout for receiving the headers of a request, in milliseconds. Default: 60,000. */
  readonly headerTimeout: number;
  /**
   * Milliseconds after which a request is ended because its client neither sends the rest of it nor reads the response. The time that the
   * server takes to respond does not count. Default: 120,000.
   */
  readonly silenceTimeout: number;
  /**
   * Minimum bytes per second at which a request arrives, on average over the time that its client has to send. A slower request is
   * ended when that time exceeds `silenceTimeout`. Default: 500.
   */
  readonly minReceiveRate: number;
  /** Milliseconds that open requests have to finish when the server stops. Default: 10,000. */
  readonly stopTimeout: number;
  /**
   * Milliseconds that the items in progress of running jobs have to finish when the server stops. An item that takes longer is done
   * again by the worker that continues the job. Default: 15,000.
   */
  readonly drainTimeout: number;
  /** Milliseconds after its last POST when an upload job is closed. Default: 1,800,000 (30 minutes). */
  readonly uploadIdle: number;
  /** Days for which events of the Media Portal are kept. The nightly cleanup deletes older ones. Default: 365. */
  readonly portalEventDays: number;
}

/** What a process does for those that share a database. */
export type ServerRole =
  /** Serves requests and runs jobs. */
  | 'all'
  /** Serves requests. The jobs that it accepts wait for workers. */
  | 'api'
  /** Runs jobs. */
  | 'worker';

/** The complete configuration of a server. */
export interface ServerConfig {
  readonly role: ServerRole;
  /** Name of this worker: `serverName` of its jobs. */
  readonly serverName: string;
  readonly jobClock: JobClock;
  /** IANA time zone of schedules and run names. */
  readonly timeZone: string;
  /** Format of the handles of submitted jobs. */
  readonly submittedJobForm: SubmittedJobForm;
  /** Number of runs that this process executes at once. */
  readonly workers: number;
  /** Whether job URLs may point to private, loopback and link-local addresses. */
  readonly allowPrivateAddresses: boolean;
  /** Base directory for `serverDir` of upload jobs, and the target of server directory publishes. */
  readonly serverRoot: string;
  /** The versions of the contract that the server supports. */
  readonly contracts: readonly Contract[];
  readonly strictNamespaces: boolean;
  readonly gzip: GzipRule;
  readonly adminApi: boolean;
  /** Bearer token for the admin API. */
  readonly adminToken: string | undefined;
  /** The bearer token before, while callers get the new one. */
  readonly previousAdminToken: string | undefined;
  /** The address or name that the server listens on. */
  readonly host: string;
  /** Whether web pages of any origin can read delivered images and content. */
  readonly imageCors: boolean;
  /** Commands of image serving by the names of presets in lower case, for all companies. */
  readonly imagePresets: ReadonlyMap<string, string>;
  /** A nodemailer URL, such as `smtp://mail.example.com`; without it, mail stays in the outbox. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** Key of the HMAC-SHA256 that signs notifications. */
  readonly notificationSecret: string;
  /** The program that decodes videos; without it, videos get no thumbnails. */
  readonly ffmpeg: string | undefined;
  readonly limits: ServerLimits;
}

/** The versions that the service publishes, and the known parts of its betas. */
export const defaultContracts: readonly Contract[] = [contract, of2013, of2016, of2019];

export const defaultLimits: ServerLimits = {
  maxRequestBytes: 64 * 2 ** 20,
  maxFileBytes: 2 * 2 ** 30,
  maxPixels: 300_000_000,
  maxArchiveEntries: 10_000,
  maxArchiveBytes: 8 * 2 ** 30,
  maxExportAssets: 500,
  maxExportBytes: 2 ** 30,
  maxDeliveryCacheBytes: 2 ** 30,
  maxFileCopyBytes: 16 * 2 ** 30,
  fetchTimeout: 120_000,
  bodyTimeout: 120_000,
  maxConnections: 10_000,
  maxOpenRequests: 2_000,
  maxBufferedBytes: 2 ** 30,
  maxUnknownUploadBytes: 4 * 2 ** 30,
  maxUploadBytes: 64 * 2 ** 30,
  addressShare: 0.5,
  headerTimeout: 60_000,
  silenceTimeout: 120_000,
  minReceiveRate: 500,
  stopTimeout: 10_000,
  drainTimeout: 15_000,
  uploadIdle: 30 * 60_000,
  portalEventDays: 365,
};

/**
 * The limits of a server: the given values, and defaults for the others.
 *
 * @throws RangeError for an unknown limit, a limit that is not a positive number, or a share above 1.
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
      throw new RangeError(`limits.${name}: expected ${expected}, found ${String(value)}`);
    }
  }
  return { ...defaultLimits, ...Object.fromEntries(set) };
}

/** The default name of this worker. */
export function defaultServerName(): string {
  return `${hostname()}:${process.pid}`;
}

/**
 * The commands of presets by their names in lower case.
 *
 * @throws RangeError that names an invalid preset.
 */
export function presetsOf(given: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const names = Object.keys(given);
  for (const name of names) {
    if (!/^[\w.-]+$/.test(name))
      throw new RangeError(`imagePresets: expected a name of letters, digits, - _ and ., found "${name}"`);
    try {
      parseRequest(given[name]);
    } catch (error) {
      throw new RangeError(`imagePresets.${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return new Map(Object.entries(given).map(([name, commands]) => [name.toLowerCase(), commands]));
}
