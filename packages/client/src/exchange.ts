import type { Readable } from 'node:stream';
import type { Operations } from '@ips-sdk/types';
import { codec, type DecodeIssue, type IpsFault } from '@ips-sdk/wire';
import { authHeader, httpHeaders, servletHeaders } from './client-headers.js';
import { unlessAborted } from './delay.js';
import { type Endpoints, resolveEndpoints } from './endpoints.js';
import { type HttpResponse, Transport } from './http/transport.js';
import { notify } from './notify.js';
import type { CallOptions, Credentials, IpsClientOptions } from './options.js';
import { decodeAnswer, readAnswer } from './read-answer.js';
import type { RawFile, RawPart } from './recorder/raw-exchange.js';
import { retryAfter } from './retry.js';

export type OperationName = keyof Operations & string;

/** What one attempt of a call needs, and what it leaves behind. */
export interface Attempt {
  readonly operation: OperationName;
  readonly url: string;
  readonly input: object;
  readonly options: CallOptions;
  /** The fault with which the service rejected the credentials of the previous attempt. */
  readonly rejected: IpsFault | undefined;
  readonly signal: AbortSignal;
  /** Restarts the attempt's time limit, because data has moved. */
  readonly touch: () => void;
  request: string;
  response: string | undefined;
  status: number | undefined;
  /** The HTTP headers of the request and of its answer, for a recorder. */
  sent: Readonly<Record<string, string>>;
  received: HttpResponse['headers'];
  /** What an upload consists of; for a file it is known once it was sent. */
  parts: () => readonly (RawPart | RawFile)[];
}

/** A request to the upload servlet. */
export interface ServletRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** The text that stands for it in the history. */
  readonly described: string;
  /** What it consists of, for a recorder. */
  readonly parts: () => readonly (RawPart | RawFile)[];
}

/** Sends one request and reads its answer, without a second attempt. */
export class Exchanger {
  readonly options: IpsClientOptions;
  readonly endpoints: Endpoints;
  readonly transport: Transport;
  /** How far the service's clock is ahead of ours, in milliseconds, by the Date header of its last answer. */
  clockOffset = 0;
  /** Whether the offset is known. Without it, the service's times cannot be compared with ours. */
  clockKnown = false;

  constructor(options: IpsClientOptions) {
    this.options = options;
    this.endpoints = resolveEndpoints(options);
    this.transport = new Transport(options.tls);
  }

  /** @param rejected - The fault with which the service rejected the last credentials. */
  async credentials(rejected?: IpsFault): Promise<Credentials> {
    const { auth } = this.options;
    return typeof auth === 'function' ? auth({ rejected }) : auth;
  }

  #credentials(attempt: Attempt): Promise<Credentials> {
    return unlessAborted(this.credentials(attempt.rejected), attempt.signal);
  }

  /** Sends the request of a call, and leaves its answer to be read. */
  async send(attempt: Attempt): Promise<HttpResponse> {
    const { operation, options, signal } = attempt;
    const credentials = await this.#credentials(attempt);
    const body = this.encode(operation, attempt.input, credentials, options);
    attempt.request = body;
    const headers = httpHeaders(this.options, credentials, operation, body);
    attempt.sent = headers;
    const response = await this.transport.send({ operation, url: attempt.url, headers, body, signal });
    this.noteResponse(attempt, response);
    return response;
  }

  /** Makes a call, and decodes its answer. */
  async call(attempt: Attempt): Promise<unknown> {
    const response = await this.send(attempt);
    const text = await this.readAnswer(attempt, response);
    return this.decode(attempt.operation, text, response.status, attempt.options, response);
  }

  /** Posts to the upload servlet, and decodes its answer. */
  async post(
    attempt: Attempt,
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
  ): Promise<unknown> {
    const { operation, url, signal } = attempt;
    const { headers, body, described, parts } = request(attempt, await this.#credentials(attempt));
    attempt.request = described;
    attempt.parts = parts;
    attempt.sent = { ...servletHeaders(this.options), ...headers };
    const response = await this.transport.send({ operation, url, body, signal, headers: attempt.sent });
    this.noteResponse(attempt, response);
    const text = await this.readAnswer(attempt, response);
    return this.decode(operation, text, response.status, attempt.options, response);
  }

  encode(operation: OperationName, input: object, credentials: Credentials, options: CallOptions): string {
    const { dialect, soapVersion, namespace, headerForm } = this.options;
    const header = authHeader(this.options, credentials, options.locale ?? this.options.locale);
    // `operation` may be any operation here, so no single input type fits; Caller.prepare has validated the input.
    return codec.encodeRequest(operation, input as never, {
      dialect,
      soapVersion,
      namespace,
      headerForm,
      header,
    });
  }

  /** The text of an answer. */
  async readAnswer(attempt: Attempt, response: HttpResponse): Promise<string> {
    const text = await readAnswer(attempt.operation, response, attempt.signal);
    this.keepAnswer(attempt, text);
    return text;
  }

  /** Keeps the text of an answer for the history, and passes it to whoever asked for it. */
  keepAnswer(attempt: Attempt, text: string): void {
    attempt.response = text;
    notify(attempt.options.onAnswer, text);
  }

  /** Decodes an answer, or throws the error that it reports. */
  decode(
    operation: OperationName,
    text: string,
    status: number,
    options: CallOptions,
    response?: HttpResponse,
  ): unknown {
    const { strictAnswers: strict, longs, limits } = this.options;
    const onIssue = this.issueListener(operation, options);
    const decoding = { httpStatus: status, strict, longs, limits, onIssue };
    return decodeAnswer(operation, text, decoding, retryAfter(response));
  }

  /** Receives everything in an answer that the decoder had to tolerate. */
  issueListener(operation: string, options: CallOptions): (issue: DecodeIssue) => void {
    return (issue) => {
      options.onIssue?.(issue);
      notify(this.options.hooks?.onIssue, { ...issue, operation });
    };
  }

  /** Keeps what is known of an answer before it is read. */
  noteResponse(attempt: Attempt, response: HttpResponse): void {
    attempt.status = response.status;
    attempt.received = response.headers;
    this.#noteClock(response);
  }

  /** Reads the service's clock off an answer. */
  #noteClock(response: HttpResponse): void {
    const date = Date.parse(String(response.headers['date'] ?? ''));
    if (Number.isNaN(date)) return;
    this.clockOffset = date - Date.now();
    this.clockKnown = true;
  }
}
