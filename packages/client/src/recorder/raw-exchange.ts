/** A file that was uploaded, without its contents. */
export interface RawFile {
  readonly name: string;
  readonly fileName: string;
  /** How many bytes were sent. */
  readonly size: number;
  /** The SHA-256 of those bytes, in hexadecimal; absent when they were not all sent. */
  readonly sha256: string | undefined;
}

/** A part of an upload that is XML. */
export interface RawPart {
  readonly name: string;
  readonly xml: string;
}

/** One attempt of a call as it went over the wire. It contains secrets. */
export interface RawExchange {
  readonly operation: string;
  /** Which attempt of the call it was, from 1. */
  readonly attempt: number;
  readonly url: string;
  /** The dated version of the client's contract, such as `2014-04-03`; absent for a contract without one. */
  readonly contract?: string | undefined;
  /** The name of the client's company, where it has one. */
  readonly company: string | undefined;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The request's XML; empty for an upload, which has parts. */
  readonly request: string;
  readonly parts: readonly (RawPart | RawFile)[];
  /** The HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  readonly responseHeaders: Readonly<Record<string, string | string[] | undefined>>;
  /** The text of the answer; absent when it was not read to its end. */
  readonly response: string | undefined;
  /** How long the attempt took, in milliseconds. */
  readonly duration: number;
  /** The name of the error that the attempt ended with, such as `ConnectionError`. */
  readonly failure: string | undefined;
}

/**
 * Receives every exchange of a client as it went over the wire, secrets included. `createRecorder` of
 * `@ips-sdk/client/recorder` makes one that removes all that is private before anything is written.
 */
export interface Recorder {
  /** Takes an exchange. An error that it throws does not affect the call. */
  record(exchange: RawExchange): void;
}
