import type { IpsClientOptions } from '@ips-sdk/client';
import type { Logger } from 'pino';
import type { OwnServer } from './own/own-server.js';

/** An endpoint that the console can log in to. */
export interface ConsolePlace {
  readonly name: string;
  readonly endpoint?: string | undefined;
  readonly uploadEndpoint?: string | undefined;
  readonly region?: IpsClientOptions['region'];
  readonly stage?: IpsClientOptions['stage'];
  /** Lets browsers that present the key of the console in, without a password of their own. */
  readonly credentials?: IpsClientOptions['auth'] | undefined;
  /** Suggestions of the login form. */
  readonly user?: string | undefined;
  readonly company?: string | undefined;
  readonly readOnly?: boolean | undefined;
}

/** Limits on what browsers can make the console keep. */
export interface ConsoleLimits {
  /** Sessions at once. */
  readonly sessions: number;
  /** Logins that wait for the service at once. */
  readonly logins: number;
  /** Event streams of all sessions, and of one. */
  readonly streams: number;
  readonly streamsPerSession: number;
  /** Bytes of a JSON body. */
  readonly bodyBytes: number;
  /** Bytes of a chunk of an upload, of a file, of all files that wait on disk, and files of an upload. */
  readonly chunkBytes: number;
  readonly fileBytes: number;
  readonly uploadBytes: number;
  readonly uploadFiles: number;
  /** Completed jobs of a company in memory. */
  readonly logs: number;
  /** Milliseconds until a session ends without a request, and at the latest. */
  readonly idle: number;
  readonly lifetime: number;
}

export const defaultConsoleLimits: ConsoleLimits = {
  sessions: 500,
  logins: 20,
  streams: 400,
  streamsPerSession: 20,
  bodyBytes: 4 * 2 ** 20,
  chunkBytes: 4 * 2 ** 20,
  fileBytes: 2 * 2 ** 30,
  uploadBytes: 16 * 2 ** 30,
  uploadFiles: 10_000,
  logs: 50_000,
  idle: 60 * 60_000,
  lifetime: 12 * 60 * 60_000,
};

/** Milliseconds between two polls of a foreign endpoint: while something happens, at most, and at most during an outage. */
export interface PollIntervals {
  readonly busy: number;
  readonly calm: number;
  readonly outage: number;
}

export const defaultIntervals: PollIntervals = { busy: 2000, calm: 15_000, outage: 60_000 };

/** What the console's host needs. */
export interface ConsoleOptions {
  /** Read at each use: the own server knows its URL only when it listens. */
  readonly places: () => readonly ConsolePlace[];
  /** Host names under which browsers may reach the console, besides those of the machine itself; in lower case, without ports. */
  readonly hosts: () => readonly (string | undefined)[];
  /** Where browsers reach it, if that is not the address on which it listens. */
  readonly publicUrl?: string | undefined;
  readonly readOnly: boolean;
  /** What a browser has to present to use the credentials of a place; `undefined` if no place has any. */
  readonly key?: string | undefined;
  readonly version: string;
  /** For the files of uploads on their way. */
  readonly directory: string;
  /** The own server; `undefined` for a foreign endpoint. */
  readonly own: OwnServer | undefined;
  readonly log: Logger;
  readonly limits: ConsoleLimits;
  readonly intervals: PollIntervals;
}
