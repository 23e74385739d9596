import { Readable } from 'node:stream';
import type { Company, Operations } from '@ips-sdk/types';
import { contract as defaultContract } from '@ips-sdk/types/contract';
import { WireError } from '@ips-sdk/wire';
import pLimit, { type LimitFunction } from 'p-limit';
import { Attempts } from './attempts.js';
import { unlessAborted } from './delay.js';
import type { Endpoints } from './endpoints.js';
import { HttpError, ValidationError } from './errors.js';
import { type Attempt, Exchanger, type OperationName, type ServletRequest } from './exchange.js';
import { History } from './history.js';
import type { HttpResponse } from './http/transport.js';
import { notify } from './notify.js';
import type { CallOptions, Credentials, IpsClientOptions, RawAnswer, ValidateInput } from './options.js';
import { redactXml } from './redact.js';
import { retryAfter } from './retry.js';
import { SoapEngine } from './soap-engine.js';

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_HISTORY = 10;

/** Operations that work without a company, but are meant for the client's company where it has one. */
const COMPANY_BY_DEFAULT: ReadonlySet<string> = new Set([
  'getActiveJobs',
  'getScheduledJobs',
  'getJobLogs',
  'getDiskUsage',
]);

/** Makes calls: completes and validates inputs, limits how many calls run at once, and has them attempted. */
export class Caller {
  readonly options: IpsClientOptions;
  readonly endpoints: Endpoints;
  readonly exchanger: Exchanger;
  readonly history: History;
  readonly #attempts: Attempts;
  readonly #limit: LimitFunction;
  #company: Promise<Company> | undefined;
  #engine: Promise<SoapEngine> | undefined;

  constructor(options: IpsClientOptions) {
    this.options = options;
    this.exchanger = new Exchanger(options);
    this.endpoints = this.exchanger.endpoints;
    this.history = new History(options.historySize ?? DEFAULT_HISTORY);
    this.#attempts = new Attempts(options, this.history);
    this.#limit = pLimit(positive(options.concurrency, 'concurrency') ?? DEFAULT_CONCURRENCY);
    positive(options.timeout, 'timeout');
    if (options.auth === undefined) throw new TypeError('auth is missing: give the credentials of a user');
  }

  /** Where calls go. */
  get url(): string {
    return this.options.dialect === 'plain' ? this.endpoints.plain : this.endpoints.soap;
  }

  /** Milliseconds that an attempt may take. */
  get timeout(): number {
    return this.#attempts.timeout;
  }

  /** Calls an operation. */
  async call<Name extends OperationName>(
    operation: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Operations[Name]['output']> {
    const complete = await this.prepare(operation, input, options);
    const once = async (attempt: Attempt): Promise<unknown> =>
      this.#engine === undefined ? this.exchanger.call(attempt) : (await this.#engine).invoke(attempt);
    // The decoder reads the answer of this very operation.
    return (await this.#limited(operation, complete, options, once)) as Operations[Name]['output'];
  }

  /** Calls an operation without the contract. */
  callRaw(operation: string, content: string | object, options: CallOptions): Promise<RawAnswer> {
    // An attempt names its operation in errors and in the history, and looks up whether it may be repeated.
    const name = operation as OperationName;
    return this.#limited(name, {}, options, (attempt) => this.exchanger.callRaw(attempt, content));
  }

  /** Calls an operation and leaves its answer unread, for callers that stream it. */
  async open(operation: OperationName, input: object, options: CallOptions): Promise<HttpResponse> {
    const complete = await this.prepare(operation, input, options);
    return this.#limited(operation, complete, options, async (attempt) => {
      const response = await this.exchanger.send(attempt);
      const { recorder } = this.options;
      if (response.status < 300 && recorder === undefined) return response;
      const text = await this.exchanger.readAnswer(attempt, response);
      // A recorder needs the whole answer, and so it is not streamed.
      if (response.status < 300) return { ...response, body: Readable.from([Buffer.from(text)]) };
      this.exchanger.decode(operation, text, response.status, options, response);
      throw new HttpError(operation, response.status, redactXml(text), retryAfter(response));
    });
  }

  /** Posts to the upload servlet. Each attempt makes a new body, and times out only when no byte moves. */
  async post(
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
    options: CallOptions,
  ): Promise<Operations['uploadPost']['output']> {
    const call = { operation: 'uploadPost', input: {}, options, url: this.endpoints.upload } as const;
    const answer = await this.#attempts.run(call, (attempt) => this.exchanger.post(attempt, request));
    // The decoder reads the answer of this very operation.
    return answer as Operations['uploadPost']['output'];
  }

  /** Waits for its turn, unless the caller aborts first. */
  async #limited<T>(
    operation: OperationName,
    input: object,
    options: CallOptions,
    once: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { signal } = options;
    const turn = this.#limit(() => {
      signal?.throwIfAborted();
      return this.#attempts.run({ operation, input, options, url: this.url }, once);
    });
    return unlessAborted(turn, signal);
  }

  /** Whether the contract has a field of an operation's input: a helper must not send what an older one lacks. */
  hasField(operation: OperationName, field: string): boolean {
    const { operations, messages } = this.exchanger.codec.contract;
    const message = Object.hasOwn(operations, operation) ? operations[operation]?.input : undefined;
    return message !== undefined && (messages[message]?.fields.some(([name]) => name === field) ?? false);
  }

  /** The input as it is sent: complete with its company, and validated. */
  async prepare(operation: OperationName, input: object, options: CallOptions): Promise<object> {
    const { contract } = this.exchanger.codec;
    const definition = Object.hasOwn(contract.operations, operation)
      ? contract.operations[operation]
      : undefined;
    if (definition === undefined)
      throw new WireError(
        'unknown-name',
        `the contract ${contract.version ?? contract.service} has no operation "${operation}"`,
      );
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
      // Another call may succeed.
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
    throw new WireError(
      'missing-field',
      'the answer does not name a company',
      'getCompanyInfoReturn.companyInfo',
    );
  }

  /** The engine of the soap package. Calls go through it as soon as a program has asked for it. */
  soapEngine(): Promise<SoapEngine> {
    this.#engine ??= SoapEngine.load(this.exchanger).catch((error: unknown) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** The validator of the default contract; there is none of other contracts, whose inputs only the codec checks. */
  async #validator(): Promise<ValidateInput | undefined> {
    if (this.exchanger.codec.contract !== defaultContract) return undefined;
    const { validate } = await import('@ips-sdk/validator');
    // The validator has a schema for every message of the contract, but their names are plain strings here.
    return (message, input, options) => validate(message as never, input, options);
  }

  async #validate(operation: string, message: string, input: object, options: CallOptions): Promise<void> {
    const mode = options.validation ?? this.options.validation ?? 'lenient';
    if (mode === 'off') return;
    const validate = this.options.validate ?? (await this.#validator());
    if (validate === undefined) return;
    const { errors: found, warnings } = validate(message, input, { mode });
    // The schemas do not know bigint. The codec accepts one for a 64-bit integer, and refuses it elsewhere.
    const errors = found.filter(({ value }) => typeof value !== 'bigint');
    if (errors.length > 0) throw new ValidationError(operation, errors);
    for (const warning of warnings) {
      // The codec would refuse an unknown field, so it is an error here already.
      if (warning.code === 'unknown-field') throw new ValidationError(operation, [warning]);
    }
    for (const { path, message: text } of warnings)
      notify(this.options.hooks?.onWarning, { operation, path, message: text });
  }
}

function positive(value: number | undefined, name: string): number | undefined {
  if (value !== undefined && !(value > 0))
    throw new RangeError(`${name} is ${value}; expected a number above 0`);
  return value;
}
