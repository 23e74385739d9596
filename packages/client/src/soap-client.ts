import type { Operations } from '@ips-sdk/types';
import type { OperationTypes } from '@ips-sdk/wire';

/** Options of one call through `soap`. What concerns its own HTTP client, such as a timeout, has no effect: requests go through ours. */
export interface SoapCallOptions {
  /** Changes the XML before it is sent. */
  readonly postProcess?: ((xml: string) => string) | undefined;
  readonly [option: string]: unknown;
}

/** An operation with a callback, which receives the output, and the XML of the answer and of the request. */
export type SoapMethod<Input, Output> = (
  input: Input,
  callback: (error: unknown, output: Output, answer: string, header: unknown, request: string) => void,
  options?: SoapCallOptions,
  headers?: Readonly<Record<string, string>>,
) => void;

/** An operation with a promise of the output, and of the XML of the answer and of the request. */
export type SoapMethodAsync<Input, Output> = (
  input: Input,
  options?: SoapCallOptions,
  headers?: Readonly<Record<string, string>>,
) => Promise<[output: Output, answer: string, header: unknown, request: string, ...attachments: unknown[]]>;

/** The operations of a contract as `soap` has them: `stopJob` with a callback, `stopJobAsync` with a promise. */
export type SoapMethods<Types extends OperationTypes<Types>> = {
  readonly [Name in keyof Types & string]: SoapMethod<Types[Name]['input'], Types[Name]['output']>;
} & {
  readonly [Name in keyof Types & string as `${Name}Async`]: SoapMethodAsync<
    Types[Name]['input'],
    Types[Name]['output']
  >;
};

/** A security plug-in, such as `BasicAuthSecurity` and `WSSecurity` of `soap`. */
export interface SoapSecurity {
  addOptions?(options: object): void;
  /** XML for the header of the envelope; empty for a plug-in that only sets HTTP headers. */
  toXML(): string;
  addHeaders?(headers: Record<string, unknown>): void;
  postProcess?(xml: string, envelopeKey: string): string;
}

/** The events of `soap`. Their XML contains secrets. */
export interface SoapEvents {
  /** Before a request is sent: the whole envelope, and a number for the exchange. */
  request: [xml: string, id: string];
  /** Before a request is sent: its body alone. */
  message: [xml: string, id: string];
  /** After an answer, whether a fault or not. */
  response: [body: string, response: unknown, id: string];
  /** After an answer that is a fault or cannot be read. */
  soapError: [error: unknown, id: string];
}

/** What a client of `soap` has besides the operations. */
export interface SoapClientBase {
  /** The last request, as an envelope with its secrets. */
  lastRequest?: string;
  /** The body of the last request. */
  lastMessage?: string;
  /** Where the last request went. */
  lastEndpoint?: string;
  /** The last answer; `null` when there was none. */
  lastResponse?: string | null;
  /** The HTTP headers of the last answer; `null` when there was none. */
  lastResponseHeaders?: object | null;
  /** Milliseconds that the last call took; `null` when there was no answer. */
  lastElapsedTime?: number | null;

  /** Adds an element to the header of every envelope. Returns its index. */
  addSoapHeader(header: unknown, name?: string, namespace?: string, xmlns?: string): number;
  changeSoapHeader(index: number, header: unknown, name?: string, namespace?: string, xmlns?: string): void;
  getSoapHeaders(): unknown[];
  clearSoapHeaders(): void;
  addHttpHeader(name: string, value: string): void;
  getHttpHeaders(): object;
  clearHttpHeaders(): void;
  addBodyAttribute(attribute: unknown): void;
  getBodyAttributes(): unknown[];
  clearBodyAttributes(): void;
  /** Sends what follows to another URL. */
  setEndpoint(endpoint: string): void;
  setSecurity(security: SoapSecurity): void;
  setSOAPAction(action: string): void;
  /** Services, ports and operations by their names. */
  describe(): unknown;

  on<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
  once<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
  off<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
}

/**
 * The client of the `soap` package, with the operations of the contract. It is described here in our own terms, so that programs
 * compile without the types that the declarations of `soap` ask for; it is a `Client` of `soap` nonetheless.
 *
 * @example
 * ```ts
 * const soap = await ips.soap;
 * const [answer] = await soap.getActiveJobsAsync({ companyHandle: 'c|6' });
 * for (const { originalName } of answer.jobArray) console.log(originalName, soap.lastElapsedTime);
 * ```
 */
export type SoapClient<Types extends OperationTypes<Types> = Operations> = SoapClientBase &
  SoapMethods<Types>;
