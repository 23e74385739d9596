import type { Readable } from 'node:stream';
import type { Company, Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { codec, type DecodeIssue, IpsFault, WireError } from '@ips-sdk/wire';
import pLimit, { type LimitFunction } from 'p-limit';
import { authHeader, httpHeaders, servletHeaders } from './client-headers.js';
import { backoffDelay, delay, unlessAborted } from './delay.js';
import { type Endpoints, resolveEndpoints } from './endpoints.js';
import { HttpError, TimeoutError, ValidationError } from './errors.js';
import { History, keptBody } from './history.js';
import { type HttpResponse, Transport } from './http/transport.js';
import type { CallOptions, Credentials, IpsClientOptions } from './options.js';
import { decodeAnswer, readAnswer } from './read-answer.js';
import { redactXml } from './redact.js';
import { retryAfter, retryPolicy, worthRetrying } from './retry.js';
import { SoapEngine } from './soap-engine.js';

export type OperationName = keyof Operations & string;

const DEFAULT_TIMEOUT = 60_000;
const DEFAULT_CONCURRENCY = 8;
const DEFAULT_HISTORY = 10;

/** Operations that work without a company but, in a client that has one, mean it. */
const COMPANY_BY_DEFAULT: ReadonlySet<string> = new Set([
  'getActiveJobs',
  'getScheduledJobs',
  'getJobLogs',
  'getDiskUsage',
]);

/** What one try of a call needs and leaves behind. */
export interface Attempt {
  readonly operation: OperationName;
  readonly url: string;
  readonly input: object;
  readonly options: CallOptions;
  /** The fault that the service answered to the credentials of the try before. */
  readonly rejected: IpsFault | undefined;
  readonly signal: AbortSignal;
  /** Gives the try its full time again, because something moved. */
  readonly touch: () => void;
  request: string;
  response: string | undefined;
  status: number | undefined;
}

/** What is posted to the servlet. */
export interface ServletRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** What the history keeps of it. */
  readonly described: string;
}

/** Makes calls: completes and checks inputs, sends them, tries again where that is safe, and reads answers. */
export class Caller {
  readonly options: IpsClientOptions;
  readonly endpoints: Endpoints;
  readonly transport: Transport;
  readonly history: History;
  /** How far the service's clock is ahead of ours, in milliseconds, by the Date header of its last answer. */
  clockOffset = 0;
  /** Whether the offset is known; without it a time of the service cannot be held against one of ours. */
  clockKnown = false;
  readonly #limit: LimitFunction;
  #company: Promise<Company> | undefined;
  #engine: Promise<SoapEngine> | undefined;

  constructor(options: IpsClientOptions) {
    this.options = options;
    this.endpoints = resolveEndpoints(options);
    this.transport = new Transport(options.tls);
    this.history = new History(options.historySize ?? DEFAULT_HISTORY);
    this.#limit = pLimit(positive(options.concurrency, 'concurrency') ?? DEFAULT_CONCURRENCY);
    positive(options.timeout, 'timeout');
    if (options.auth === undefined) throw new TypeError('auth is missing: who calls?');
  }

  /** Where calls go. */
  get url(): string {
    return this.options.dialect === 'plain' ? this.endpoints.plain : this.endpoints.soap;
  }

  /** Milliseconds that a try may take. */
  get timeout(): number {
    return this.options.timeout ?? DEFAULT_TIMEOUT;
  }

  /** Calls an operation. */
  async call<Name extends OperationName>(
    operation: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Operations[Name]['output']> {
    const complete = await this.prepare(operation, input, options);
    const run = (attempt: Attempt): Promise<unknown> => this.#once(attempt);
    return (await this.#limited(operation, complete, options, run)) as Operations[Name]['output'];
  }

  /** Calls an operation and leaves its answer unread, for a reader of streams. */
  async open(operation: OperationName, input: object, options: CallOptions): Promise<HttpResponse> {
    const complete = await this.prepare(operation, input, options);
    return this.#limited(operation, complete, options, async (attempt) => {
      const response = await this.#send(attempt);
      if (response.status < 300) return response;
      const text = await this.#readAnswer(attempt, response);
      this.decode(operation, text, response.status, options, response);
      throw new HttpError(operation, response.status, redactXml(text), retryAfter(response));
    });
  }

  /** Posts to the servlet that takes files; each try makes its body anew, and ends when nothing moves any more. */
  post(
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
    options: CallOptions,
  ): Promise<Operations['uploadPost']['output']> {
    const operation = 'uploadPost';
    const run = async (attempt: Attempt): Promise<Operations['uploadPost']['output']> => {
      const credentials = await this.#credentials(attempt);
      const { headers, body, described } = request(attempt, credentials);
      attempt.request = described;
      const sent = { operation, url: attempt.url, body, signal: attempt.signal };
      const response = await this.transport.send({
        ...sent,
        headers: { ...servletHeaders(this.options), ...headers },
      });
      attempt.status = response.status;
      this.noteClock(response);
      const text = await this.#readAnswer(attempt, response);
      return this.decode(operation, text, response.status, options, response) as { jobHandle: string };
    };
    return this.#withRetries(operation, {}, options, run, this.endpoints.upload);
  }

  /** Waits for its turn, but not beyond the caller's patience. */
  async #limited<T>(
    operation: OperationName,
    input: object,
    options: CallOptions,
    run: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { signal } = options;
    const turn = this.#limit(() => {
      signal?.throwIfAborted();
      return this.#withRetries(operation, input, options, run, this.url);
    });
    return unlessAborted(turn, signal);
  }

  /** The input as it is sent: with its company, and checked. */
  async prepare(operation: OperationName, input: object, options: CallOptions): Promise<object> {
    const definition = Object.hasOwn(contract.operations, operation)
      ? contract.operations[operation]
      : undefined;
    if (definition === undefined)
      throw new WireError('unknown-name', `the contract has no operation "${operation}"`);
    if (typeof input !== 'object' || input === null) throw new TypeError(`${operation} takes an object`);
    const { $schema: _, ...fields } = input as Record<string, unknown>;
    const company = contract.messages[definition.input]?.fields.find(([name]) => name === 'companyHandle');
    const wanted = company !== undefined && (company[2] > 0 || COMPANY_BY_DEFAULT.has(operation));
    if (wanted && fields['companyHandle'] === undefined) {
      const handle = await this.companyHandle();
      if (handle !== undefined) fields['companyHandle'] = handle;
    }
    await this.#validate(operation, definition.input, fields, options);
    return fields;
  }

  /** The handle of the client's company; `undefined` when it has none. Looked up once. */
  async companyHandle(): Promise<string | undefined> {
    if (this.options.companyHandle !== undefined) return this.options.companyHandle;
    const { company } = this.options;
    if (company === undefined) return undefined;
    this.#company ??= this.#findCompany(company).catch((error: unknown) => {
      // Another call may have more luck.
      this.#company = undefined;
      throw error;
    });
    return (await this.#company).companyHandle;
  }

  /** The path of the company's root folder, such as `MyCompany/`; `undefined` for a client without a company. */
  async companyRoot(): Promise<string | undefined> {
    if (this.options.company === undefined && this.options.companyHandle === undefined) return undefined;
    await this.companyHandle();
    const { companyHandle, company } = this.options;
    this.#company ??= this.#findCompany(company, companyHandle);
    return (await this.#company).rootPath;
  }

  async #findCompany(companyName: string | undefined, companyHandle?: string): Promise<Company> {
    const key = companyHandle === undefined ? { companyName } : { companyHandle };
    const { companyInfo } = await this.call('getCompanyInfo', key);
    if (companyInfo?.companyHandle) return companyInfo;
    throw new WireError('missing-field', 'the answer names no company', 'getCompanyInfoReturn.companyInfo');
  }

  /** The engine of the soap package; once it was asked for, calls go through it. */
  soapEngine(): Promise<SoapEngine> {
    this.#engine ??= SoapEngine.load(this).catch((error: unknown) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** @param rejected - The fault that the service answered to the credentials given last. */
  async credentials(rejected?: IpsFault): Promise<Credentials> {
    const { auth } = this.options;
    return typeof auth === 'function' ? auth({ rejected }) : auth;
  }

  #credentials(attempt: Attempt): Promise<Credentials> {
    return unlessAborted(this.credentials(attempt.rejected), attempt.signal);
  }

  /** Told of everything that an answer made the decoder overcome. */
  issueListener(operation: string, options: CallOptions): (issue: DecodeIssue) => void {
    return (issue) => {
      options.onIssue?.(issue);
      this.#tell(this.options.hooks?.onIssue, { ...issue, operation });
    };
  }

  /** A hook that throws must not make a call fail that went through: it might be made again. */
  #tell<Event>(hook: ((event: Event) => void) | undefined, event: Event): void {
    try {
      hook?.(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  async #validate(operation: string, message: string, input: object, options: CallOptions): Promise<void> {
    const mode = options.validation ?? this.options.validation ?? 'lenient';
    if (mode === 'off') return;
    const { validate } = await import('@ips-sdk/validator');
    const { errors: found, warnings } = validate(message as never, input, { mode });
    // The schemas know no bigint. The codec takes one where a 64-bit integer is asked for, and refuses it elsewhere.
    const errors = found.filter(({ value }) => typeof value !== 'bigint');
    if (errors.length > 0) throw new ValidationError(operation, errors);
    for (const warning of warnings) {
      // An unknown field cannot be sent; the codec refuses it, so here it is an error already.
      if (warning.code === 'unknown-field') throw new ValidationError(operation, [warning]);
    }
    for (const { path, message: text } of warnings)
      this.#tell(this.options.hooks?.onWarning, { operation, path, message: text });
  }

  async #withRetries<T>(
    operation: OperationName,
    input: object,
    options: CallOptions,
    run: (attempt: Attempt) => Promise<T>,
    url: string,
  ): Promise<T> {
    const policy = retryPolicy(this.options.retry, options.retry);
    const repeatable = contract.operations[operation]?.idempotency !== 'unsafe' || options.retry === true;
    let rejected: IpsFault | undefined;
    for (let tries = 0; ; tries += 1) {
      this.#tell(this.options.hooks?.onRequest, { operation, attempt: tries + 1, url });
      const startedAt = new Date();
      const start = performance.now();
      const timeout = options.timeout ?? this.timeout;
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(new TimeoutError(operation, timeout)), timeout);
      const signal =
        options.signal === undefined ? deadline.signal : AbortSignal.any([options.signal, deadline.signal]);
      const attempt: Attempt = {
        operation,
        input,
        options,
        signal,
        url,
        rejected,
        touch: () => void timer.refresh(),
        request: '',
        response: undefined,
        status: undefined,
      };
      let error: unknown;
      try {
        return await run(attempt);
      } catch (caught) {
        error = signal.aborted ? signal.reason : caught;
      } finally {
        clearTimeout(timer);
        const exchange = {
          operation,
          url,
          startedAt,
          duration: performance.now() - start,
          attempts: tries + 1,
          status: attempt.status,
          request: keptBody(attempt.request) ?? '',
          response: keptBody(attempt.response),
          error,
        };
        this.history.add(exchange);
        this.#tell(this.options.hooks?.onExchange, exchange);
      }
      // A fault of authentication changed nothing; a provider may know newer credentials.
      const stale = error instanceof IpsFault && error.kind === 'authentication' && rejected === undefined;
      if (stale && typeof this.options.auth === 'function' && !options.signal?.aborted) {
        rejected = error as IpsFault;
        continue;
      }
      if (options.signal?.aborted || tries >= policy.retries || !worthRetrying(error, repeatable))
        throw error;
      const asked = error instanceof HttpError ? error.retryAfter : undefined;
      const wait = Math.max(asked ?? 0, backoffDelay(policy, tries));
      if (asked !== undefined && asked > policy.maxDelay) throw error;
      this.#tell(this.options.hooks?.onRetry, { operation, attempt: tries + 1, delay: wait, error });
      await delay(wait, options.signal);
    }
  }

  async #once(attempt: Attempt): Promise<unknown> {
    if (this.#engine !== undefined) return (await this.#engine).invoke(attempt);
    const response = await this.#send(attempt);
    const text = await this.#readAnswer(attempt, response);
    return this.decode(attempt.operation, text, response.status, attempt.options, response);
  }

  async #send(attempt: Attempt): Promise<HttpResponse> {
    const { operation, options, signal } = attempt;
    const credentials = await this.#credentials(attempt);
    const body = this.encode(operation, attempt.input, credentials, options);
    attempt.request = body;
    const headers = httpHeaders(this.options, credentials, operation, body);
    const response = await this.transport.send({ operation, url: attempt.url, headers, body, signal });
    attempt.status = response.status;
    this.noteClock(response);
    return response;
  }

  encode(operation: OperationName, input: object, credentials: Credentials, options: CallOptions): string {
    const { dialect, soapVersion, namespace, headerForm } = this.options;
    const header = authHeader(this.options, credentials, options.locale ?? this.options.locale);
    return codec.encodeRequest(operation, input as never, {
      dialect,
      soapVersion,
      namespace,
      headerForm,
      header,
    });
  }

  async #readAnswer(attempt: Attempt, response: HttpResponse): Promise<string> {
    const text = await readAnswer(attempt.operation, response, attempt.signal);
    this.keepAnswer(attempt, text);
    return text;
  }

  /** Keeps the text of an answer for the history, and tells it to whoever asked for it. */
  keepAnswer(attempt: Attempt, text: string): void {
    attempt.response = text;
    this.#tell(attempt.options.onAnswer, text);
  }

  /** Reads an answer, or throws what it says went wrong. */
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

  noteClock(response: HttpResponse): void {
    const date = Date.parse(String(response.headers['date'] ?? ''));
    if (Number.isNaN(date)) return;
    this.clockOffset = date - Date.now();
    this.clockKnown = true;
  }
}

function positive(value: number | undefined, name: string): number | undefined {
  if (value !== undefined && !(value > 0))
    throw new RangeError(`${name} is ${value}; expected a number above 0`);
  return value;
}
