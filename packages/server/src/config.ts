import { hostname } from 'node:os';
import type { JobClock } from './clock.js';

/** When answers are compressed, as the service's own property `webservice.gzip.response`. */
export type GzipRule =
  | 'never'
  /** Only when the request's header asks for it with `gzipResponse`. */
  | 'soap'
  /** When `gzipResponse` asks for it, or is absent and `Accept-Encoding` has gzip. */
  | 'accept'
  | 'always';

/** Bounds for what comes from outside. */
export interface ServerLimits {
  /** Bytes of an XML request; 64 Mi unless given. */
  readonly maxRequestBytes: number;
  /** Bytes of one uploaded or fetched file; 2 Gi unless given. The system property `UploadPostMaxFileSize`. */
  readonly maxFileBytes: number;
  /** Pixels of an image, width by height; 300 million unless given. */
  readonly maxPixels: number;
  /** Entries of an archive; 10,000 unless given. */
  readonly maxArchiveEntries: number;
  /** Bytes that an archive may unpack to; 8 Gi unless given. */
  readonly maxArchiveBytes: number;
  /** Milliseconds that fetching one URL may take; 120,000 unless given. */
  readonly fetchTimeout: number;
  /** Milliseconds in which an XML request has to arrive as a whole; 120,000 unless given. */
  readonly bodyTimeout: number;
  /** Milliseconds that requests at work have to end when the server stops; 10,000 unless given. */
  readonly stopTimeout: number;
  /** Milliseconds after which an upload job without a POST is closed; 30 minutes unless given. */
  readonly uploadIdle: number;
}

/** What the server is to do, complete. */
export interface ServerConfig {
  /** Name of this worker: `serverName` of its jobs. */
  readonly serverName: string;
  readonly jobClock: JobClock;
  /** IANA time zone in which schedules are meant and run names are written. */
  readonly timeZone: string;
  /** Jobs at work at once in this process. */
  readonly workers: number;
  /** Whether job URLs may lead to private, loopback and link-local addresses. */
  readonly allowPrivateAddresses: boolean;
  /** Where `serverDir` of upload jobs leads, and where server directory publishes go. */
  readonly serverRoot: string;
  readonly strictNamespaces: boolean;
  readonly gzip: GzipRule;
  readonly adminApi: boolean;
  /** A nodemailer URL, such as `smtp://mail.example.com`; mails are kept in the outbox without one. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** Signs the bodies of notifications, with HMAC-SHA256. */
  readonly notificationSecret: string;
  readonly limits: ServerLimits;
}

export const defaultLimits: ServerLimits = {
  maxRequestBytes: 64 * 2 ** 20,
  maxFileBytes: 2 * 2 ** 30,
  maxPixels: 300_000_000,
  maxArchiveEntries: 10_000,
  maxArchiveBytes: 8 * 2 ** 30,
  fetchTimeout: 120_000,
  bodyTimeout: 120_000,
  stopTimeout: 10_000,
  uploadIdle: 30 * 60_000,
};

/** The name of this process among workers. */
export function defaultServerName(): string {
  return `${hostname()}:${process.pid}`;
}
