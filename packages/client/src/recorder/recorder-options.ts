import type { TlsOptions } from '../http/tls-options.js';

/** Options of {@link createRecorder}. */
export interface RecorderOptions {
  /**
   * 32 random bytes that the pseudonyms are made with; new ones by default. Whoever adds to a recording needs its key. Keep it out of
   * the folder: with it, guesses of what a pseudonym stands for can be tested.
   */
  readonly key?: Uint8Array | undefined;
  /** Words that need not be replaced, such as a constant that the contract lacks. */
  readonly keep?: Iterable<string> | undefined;
}

/** Options of {@link replayRecording}. */
export interface ReplayOptions {
  /** The URL of the SOAP service to replay against. */
  readonly endpoint: string;
  /** Who calls there. */
  readonly auth: { readonly user: string; readonly password: string };
  /** The company to work in there; that of the recording unless given. */
  readonly company?: string | undefined;
  /** Milliseconds that one request may take; 60,000 by default. */
  readonly timeout?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}
