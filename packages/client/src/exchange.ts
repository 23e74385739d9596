import type { Readable } from 'node:stream';
import type { Operations } from '@ips-sdk/types';
import {
  type Codec,
  codec,
  createCodec,
  type DecodeIssue,
  type DecodeResponseOptions,
  type EncodeRequestOptions,
  type FaultContext,
  type IpsFault,
  type RawMessage,
  WireError,
} from '@ips-sdk/wire';
import { checkCredentials } from './check-credentials.js';
import { authHeader, httpHeaders, servletHeaders } from './client-headers.js';
import { unlessAborted } from './delay.js';
import { type Endpoints, resolveEndpoints } from './endpoints.js';
import { type HttpResponse, type HttpSender, Transport } from './http/transport.js';
import { notify } from './notify.js';
import type { CallOptions, Credentials, IpsClientOptions } from './options.js';
import { type AnswerText, decodeAnswer, readAnswer } from './read-answer.js';
import type { RawFile, RawPart } from './recorder/raw-exchange.js';
import { retryAfter } from './retry.js';
import { secretsOf, withoutSecrets } from './secrets.js';

export type OperationName = keyof Operations & string;

/** The state of one attempt of a call. */
export interface Attempt {
  readonly operation: OperationName;
  readonly url: string;
  readonly input: object;
  readonly options: CallOptions;
  /** The fault with which the service rejected the credentials of the previous attempt. */
  readonly rejected: IpsFault | undefined;
  /** Whether the request may be sent twice. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
  /** Restarts the time limit of the attempt, because data was transferred. */
  readonly touch: () => void;
  /** Secrets of the request, which must not be shown. */
  secrets: readonly string[];
  request: string;
  response: string | undefined;
  status: number | undefined;
  /** HTTP headers of the request and the response, for a recorder. */
  sent: Readonly<Record<string, string>>;
  received: HttpResponse['headers'];
  /** The parts of an upload. Size and hash of a file are known once it was sent. */
  parts: () => readonly (RawPart | RawFile)[];
}

/** A request to the upload servlet. */
export interface ServletRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** Description of the request for the history. */
  readonly described: string;
  /** The parts of the request, for a recorder. */
  readonly parts: () => readonly (RawPart | RawFile)[];
}

/** Sends a request and reads its response, without retries. */
export class Exchanger {
  readonly options: IpsClientOptions;
  readonly endpoints: Endpoints;
  readonly transport: HttpSender;
  /** The codec of the client's contract. */
  readonly codec: Codec;
  /** How far the service's clock is ahead of the local one, in milliseconds, from the Date header of the last response. */
  clockOffset = 0;
  /** Whether the offset is known. Without it, times of the service cannot be compared with local ones. */
  clockKnown = false;

  /** @param transport - Sends requests. Default: by HTTP. */
  constructor(options: IpsClientOptions, transport?: HttpSender) {
    this.options = options;
    this.endpoints = resolveEndpoints(options);
    this.transport = transport ?? new Transport(options.tls);
    // The client's code uses the operations of the default contract. The codec rejects those that another contract lacks.
    this.codec = options.contract === undefined ? codec : (createCodec(options.contract) as Codec);
  }

  /** @param rejected - The fault with which the service rejected the last credentials. */
  async credentials(rejected?: IpsFault): Promise<Credentials> {
    const { auth } = this.options;
    if (typeof auth !== 'function') return auth;
    const credentials = await auth({ rejected });
    checkCredentials(credentials);
    return credentials;
  }

  /** The credentials for an attempt, unless the attempt ends first. */
  async credentialsFor(attempt: Attempt): Promise<Credentials> {
    const credentials = await unlessAborted(this.credentials(attempt.rejected), attempt.signal);
    attempt.secrets = secretsOf(credentials);
    return credentials;
  }

  /**
   * Sends the request of a call, without reading the response.
   *
   * @param raw - The message, for a call without a contract.
   */
  async send(attempt: Attempt, raw?: string | object): Promise<HttpResponse> {
    const { operation, options, signal } = attempt;
    const credentials = await this.credentialsFor(attempt);
    const body =
      raw === undefined
        ? this.encode(operation, attempt.input, credentials, options)
        : this.codec.encodeRawRequest(operation, raw, this.#form(credentials, options));
    attempt.request = body;
    const headers = httpHeaders(this.options, credentials, operation, body);
    attempt.sent = headers;
    const { url, repeatable } = attempt;
    const response = await this.transport.send({ operation, url, headers, body, signal, repeatable });
    this.noteResponse(attempt, response);
    return response;
  }

  /** Makes a call and decodes the response. */
  async call(attempt: Attempt): Promise<unknown> {
    const response = await this.send(attempt);
    return this.decode(attempt, await this.readAnswer(attempt, response), response);
  }

  /** Makes a call without the contract. */
  async callRaw(attempt: Attempt, content: string | object): Promise<RawMessage & { readonly xml: string }> {
    const response = await this.send(attempt, content);
    const { operation } = attempt;
    return decodeAnswer(
      operation,
      await this.readAnswer(attempt, response),
      response,
      (xml) => {
        const decoding = { ...this.faultContext(attempt, response), limits: this.options.limits };
        const answer = this.codec.decodeRawResponse(operation, xml, decoding);
        // Any element is a valid response, including a gateway's page. The status distinguishes them.
        if (response.status >= 300) throw new WireError('no-message', `found <${answer.element}>`);
        return { ...answer, xml };
      },
      attempt.secrets,
    );
  }

  /** Posts to the upload servlet and decodes the response. */
  async post(
    attempt: Attempt,
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
  ): Promise<unknown> {
    const { operation, url, signal } = attempt;
    const { headers, body, described, parts } = request(attempt, await this.credentialsFor(attempt));
    attempt.request = described;
    attempt.parts = parts;
    attempt.sent = { ...servletHeaders(this.options), ...headers };
    const response = await this.transport.send({ operation, url, body, signal, headers: attempt.sent });
    this.noteResponse(attempt, response);
    return this.decode(attempt, await this.readAnswer(attempt, response), response);
  }

  encode(operation: OperationName, input: object, credentials: Credentials, options: CallOptions): string {
    // `operation` can be any operation, so no single input type fits. Caller.prepare has validated the input.
    return this.codec.encodeRequest(operation, input as never, this.#form(credentials, options));
  }

  #form(credentials: Credentials, options: CallOptions): EncodeRequestOptions {
    const { dialect, soapVersion, namespace, headerForm, validation } = this.options;
    const header = authHeader(this.options, credentials, options.locale ?? this.options.locale);
    const isOff = (options.validation ?? validation) === 'off';
    const unknownElements = isOff ? 'send' : 'refuse';
    return { dialect, soapVersion, namespace, headerForm, header, unknownElements };
  }

  /** Reads the text of a response. */
  async readAnswer(attempt: Attempt, response: HttpResponse): Promise<AnswerText> {
    const answer = await readAnswer(attempt, response);
    attempt.response = withoutSecrets(answer.text, attempt.secrets);
    notify(attempt.options.onAnswer, answer.text);
    return answer;
  }

  /** Decodes a response, or throws the fault in it. */
  decode(attempt: Attempt, answer: AnswerText, response: HttpResponse): unknown {
    const { operation, options } = attempt;
    const decoding = { ...this.decoding(operation, options), ...this.faultContext(attempt, response) };
    return decodeAnswer(
      operation,
      answer,
      response,
      (text) => this.codec.decodeResponse(operation, text, decoding).value,
      attempt.secrets,
    );
  }

  /** Details of the response that a fault carries. */
  faultContext({ options }: Pick<Attempt, 'options'>, response: HttpResponse): FaultContext {
    const language = options.locale ?? this.options.locale;
    return { httpStatus: response.status, retryAfter: retryAfter(response), language };
  }

  /** Options for decoding responses. */
  decoding(operation: string, options: CallOptions): DecodeResponseOptions {
    const { strictAnswers: strict, longs, limits, namespace, unknownElements } = this.options;
    const onIssue = this.issueListener(operation, options);
    return { strict, longs, limits, namespace, unknownElements, onIssue };
  }

  /** Receives every deviation that the decoder tolerated. */
  issueListener(operation: string, options: CallOptions): (issue: DecodeIssue) => void {
    return (issue) => {
      options.onIssue?.(issue);
      notify(this.options.hooks?.onIssue, { ...issue, operation });
    };
  }

  /** Notes status, headers and clock of a response before its body is read. */
  noteResponse(attempt: Attempt, response: HttpResponse): void {
    attempt.status = response.status;
    attempt.received = response.headers;
    this.#noteClock(response);
  }

  /** Reads the service's clock from a response. */
  #noteClock(response: HttpResponse): void {
    const date = Date.parse(String(response.headers['date'] ?? ''));
    if (Number.isNaN(date)) return;
    this.clockOffset = date - Date.now();
    this.clockKnown = true;
  }
}
