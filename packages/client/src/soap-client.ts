import type { Operations } from '@ips-sdk/types';
import type { OperationTypes } from '@ips-sdk/wire';

/** Options of a call through `soap`. Options for its HTTP client, such as a timeout, have no effect, since requests use this client's. */
export interface SoapCallOptions {
  /** Changes the XML before it is sent. */
  readonly postProcess?: ((xml: string) => string) | undefined;
  readonly [option: string]: unknown;
}

/** An operation with a callback, which receives the output and the XML of the response and the request. */
export type SoapMethod<Input, Output> = (
  input: Input,
  callback: (error: unknown, output: Output, answer: string, header: unknown, request: string) => void,
  options?: SoapCallOptions,
  headers?: Readonly<Record<string, string>>,
) => void;

/** An operation with a promise of the output and the XML of the response and the request. */
export type SoapMethodAsync<Input, Output> = (
  input: Input,
  options?: SoapCallOptions,
  headers?: Readonly<Record<string, string>>,
) => Promise<[output: Output, answer: string, header: unknown, request: string, ...attachments: unknown[]]>;

/** The operations of a contract as methods of `soap`: `stopJob` takes a callback, `stopJobAsync` returns a promise. */
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
  /** Returns XML for the envelope header; empty for a plug-in that only sets HTTP headers. */
  toXML(): string;
  addHeaders?(headers: Record<string, unknown>): void;
  postProcess?(xml: string, envelopeKey: string): string;
}

/** The events of `soap`. Their XML contains secrets. */
export interface SoapEvents {
  /** Emitted before a request is sent, with the whole envelope and an ID of the exchange. */
  request: [xml: string, id: string];
  /** Emitted before a request is sent, with its body only. */
  message: [xml: string, id: string];
  /** Emitted after every response, including faults. */
  response: [body: string, response: unknown, id: string];
  /** Emitted after a fault or an unreadable response. */
  soapError: [error: unknown, id: string];
}

/** The members of a client of `soap`, apart from the operations. */
export interface SoapClientBase {
  /** Envelope of the last request, including secrets. */
  lastRequest?: string;
  /** Body of the last request. */
  lastMessage?: string;
  /** URL of the last request. */
  lastEndpoint?: string;
  /** The last response; `null` when there was none. */
  lastResponse?: string | null;
  /** HTTP headers of the last response; `null` when there was none. */
  lastResponseHeaders?: object | null;
  /** Duration of the last call in milliseconds; `null` when there was no response. */
  lastElapsedTime?: number | null;

  /** Adds an element to the header of every envelope, and returns its index. */
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
  /** Changes the URL of later requests. */
  setEndpoint(endpoint: string): void;
  setSecurity(security: SoapSecurity): void;
  setSOAPAction(action: string): void;
  /** Returns services, ports and operations by name. */
  describe(): unknown;

  on<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
  once<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
  off<Event extends keyof SoapEvents>(event: Event, listener: (...values: SoapEvents[Event]) => void): this;
}

/**
 * A client of the `soap` package with the operations of the contract. It is a `Client` of `soap`. This declaration lets programs compile
 * without the types that the declarations of `soap` depend on.
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
