import { Readable } from 'node:stream';
import type { Company, Operations } from '@ips-sdk/types';
import { contract as defaultContract } from '@ips-sdk/types/contract';
import type { Issue } from '@ips-sdk/validator';
import { WireError } from '@ips-sdk/wire';
import { parseSchedule } from '@ips-sdk/wire/schedule';
import pLimit, { type LimitFunction } from 'p-limit';
import { Attempts } from './attempts.js';
import { callSite, withCallSite } from './call-site.js';
import { checkClientOptions } from './check-options.js';
import { withinTime } from './deadline.js';
import { unlessAborted } from './delay.js';
import type { Endpoints } from './endpoints.js';
import { ValidationError } from './errors.js';
import { type Attempt, Exchanger, type OperationName, type ServletRequest } from './exchange.js';
import { History } from './history.js';
import type { HttpResponse } from './http/transport.js';
import { notify } from './notify.js';
import type { CallOptions, Credentials, IpsClientOptions, RawAnswer, ValidateInput } from './options.js';
import { blamed } from './read-answer.js';
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
    checkClientOptions(options);
    this.options = options;
    this.exchanger = new Exchanger(options);
    this.endpoints = this.exchanger.endpoints;
    this.history = new History(options.historySize ?? DEFAULT_HISTORY);
    this.#attempts = new Attempts(options, this.history);
    this.#limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
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
  call<Name extends OperationName>(
    operation: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Operations[Name]['output']> {
    const once = async (attempt: Attempt): Promise<unknown> =>
      this.#engine === undefined ? this.exchanger.call(attempt) : (await this.#engine).invoke(attempt);
    const answer = this.#entered(this.call, async () => {
      const complete = await this.#prepared(operation, input, options);
      return this.#limited(operation, complete, options, once);
    });
    // The decoder reads the answer of this very operation.
    return answer as Promise<Operations[Name]['output']>;
  }

  /** Calls an operation without the contract. */
  callRaw(operation: string, content: string | object, options: CallOptions): Promise<RawAnswer> {
    // An attempt names its operation in errors and in the history, and looks up whether it may be repeated.
    const name = operation as OperationName;
    return this.#entered(this.callRaw, () =>
      this.#limited(name, {}, options, (attempt) => this.exchanger.callRaw(attempt, content)),
    );
  }

  /** Calls an operation and leaves its answer unread, for callers that stream it. */
  open(operation: OperationName, input: object, options: CallOptions): Promise<HttpResponse> {
    const once = async (attempt: Attempt): Promise<HttpResponse> => {
      const response = await this.exchanger.send(attempt);
      const { recorder } = this.options;
      if (response.status < 300 && recorder === undefined) return response;
      const answer = await this.exchanger.readAnswer(attempt, response);
      if (response.status < 300) return asStream(response, answer.text);
      // Throws what the answer reports; an answer without a fault and with this status is of no use to a caller either.
      this.exchanger.decode(attempt, answer, response);
      const error = new WireError('no-message', 'found a message with the status of a failure');
      throw blamed(operation, answer, response, error);
    };
    return this.#entered(this.open, async () =>
      this.#limited(operation, await this.#prepared(operation, input, options), options, once),
    );
  }

  /** Posts to the upload servlet. Each attempt makes a new body, and times out only when no byte moves. */
  post(
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
    options: CallOptions,
  ): Promise<Operations['uploadPost']['output']> {
    const call = { operation: 'uploadPost', input: {}, options, url: this.endpoints.upload } as const;
    const once = (attempt: Attempt): Promise<unknown> => this.exchanger.post(attempt, request);
    const answer = this.#entered(this.post, () => this.#attempts.run(call, once));
    // The decoder reads the answer of this very operation.
    return answer as Promise<Operations['uploadPost']['output']>;
  }

  /** Runs what a method was called for, so that its errors show who called it. */
  // biome-ignore lint/complexity/noBannedTypes: as for callSite.
  async #entered<T>(method: Function, work: () => Promise<T>): Promise<T> {
    const site = callSite(method);
    try {
      return await work();
    } catch (error) {
      throw withCallSite(error, site);
    }
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

  /** The input as it is sent, unless the call ends before: its company is looked up by a call with its own time. */
  #prepared(operation: OperationName, input: object, options: CallOptions): Promise<object> {
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    return withinTime(this.prepare(operation, input, options), operation, timeout, signal);
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
    const lacksCompany = wanted && company[2] > 0 && fields['companyHandle'] === undefined;
    await this.#validate(operation, definition.input, fields, options, lacksCompany);
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

  /** @param lacksCompany - Whether neither the client nor the input says in which company to work. */
  async #validate(
    operation: string,
    message: string,
    input: object,
    options: CallOptions,
    lacksCompany: boolean,
  ): Promise<void> {
    const mode = options.validation ?? this.options.validation ?? 'lenient';
    if (mode === 'off') return;
    // A schedule of crontab might be understood, but as other times.
    if (operation === 'submitJob' && 'execSchedule' in input && typeof input.execSchedule === 'string')
      parseSchedule(input.execSchedule);
    const validate = this.options.validate ?? (await this.#validator());
    if (validate === undefined) {
      if (lacksCompany) throw new ValidationError(operation, [NO_COMPANY]);
      return;
    }
    const { errors: found, warnings } = validate(message, input, { mode });
    // The schemas do not know bigint. The codec accepts one for a 64-bit integer, and refuses it elsewhere.
    const errors = found.filter(({ value }) => typeof value !== 'bigint');
    if (errors.length > 0)
      throw new ValidationError(operation, lacksCompany ? errors.map(namingTheCompany) : errors);
    for (const warning of warnings) {
      // The codec would refuse an unknown field, so it is an error here already.
      if (warning.code === 'unknown-field') throw new ValidationError(operation, [warning]);
    }
    for (const { path, message: text } of warnings)
      notify(this.options.hooks?.onWarning, { operation, path, message: text });
  }
}

/** What an input says that needs a company and names none. */
const NO_COMPANY: Issue = {
  code: 'required',
  path: 'companyHandle',
  value: undefined,
  expected: 'a company handle',
  suggestion: undefined,
  message: 'companyHandle is missing: give createIpsClient the option company, or the input a companyHandle',
};

function namingTheCompany(issue: Issue): Issue {
  return issue.path === 'companyHandle' && issue.code === 'required' ? NO_COMPANY : issue;
}

/** An answer that was read, for a caller who streams it. */
function asStream(response: HttpResponse, text: string): HttpResponse {
  const { 'content-encoding': _, 'content-length': __, ...headers } = response.headers;
  const type = { 'content-type': 'text/xml; charset=utf-8' };
  return { ...response, headers: { ...headers, ...type }, body: Readable.from([Buffer.from(text)]) };
}
