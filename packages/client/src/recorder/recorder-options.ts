import type { TlsOptions } from '../http/tls-options.js';

/** Options of `createRecorder`. */
export interface RecorderOptions {
  /**
   * Key for the pseudonyms: at least 32 random bytes. Pass the same key to extend a recording. Keep it out of the folder: with the key, a
   * guess about a pseudonym can be verified. Default: a new key.
   */
  readonly key?: Uint8Array | undefined;
  /** Words to keep, such as a constant that is not in the contract. */
  readonly keep?: Iterable<string> | undefined;
}

/** Options of `replayRecording`. */
export interface ReplayOptions {
  /** URL of the SOAP service to send the requests to. */
  readonly endpoint: string;
  /** Credentials for the service. */
  readonly auth: { readonly user: string; readonly password: string };
  /** Name of the company in the service. Default: that of the recording. */
  readonly company?: string | undefined;
  /** Time limit of each request in milliseconds, above 0. Default: 60,000. */
  readonly timeout?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}
