/** An uploaded file, without its content. */
export interface RawFile {
  readonly name: string;
  readonly fileName: string;
  /** Number of sent bytes. */
  readonly size: number;
  /** SHA-256 of the file, in hexadecimal; `undefined` if it was not sent completely. */
  readonly sha256: string | undefined;
}

/** An XML part of an upload. */
export interface RawPart {
  readonly name: string;
  readonly xml: string;
}

/** An attempt of a call as sent and received, including secrets. */
export interface RawExchange {
  readonly operation: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly url: string;
  /** Version of the client's contract, such as `2014-04-03`, if it has one. */
  readonly contract?: string | undefined;
  /** Name of the client's company, if it has one. */
  readonly company: string | undefined;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** XML of the request; empty for an upload, which has `parts`. */
  readonly request: string;
  readonly parts: readonly (RawPart | RawFile)[];
  /** HTTP status; `undefined` if there was no response. */
  readonly status: number | undefined;
  readonly responseHeaders: Readonly<Record<string, string | string[] | undefined>>;
  /** Response body; `undefined` if it was not read completely. */
  readonly response: string | undefined;
  /** Duration of the attempt in milliseconds. */
  readonly duration: number;
  /** Name of the error of the attempt, such as `ConnectionError`. */
  readonly failure: string | undefined;
}

/**
 * Receives every exchange of a client, including secrets. See `createRecorder` in `@ips-sdk/client/recorder` for a recorder that removes
 * private data.
 */
export interface Recorder {
  /** Receives an exchange. An exception does not affect the call. */
  record(exchange: RawExchange): void;
}
