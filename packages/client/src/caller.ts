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
import { TimeoutError, ValidationError } from './errors.js';
import { type Attempt, Exchanger, type OperationName, type ServletRequest } from './exchange.js';
import { History } from './history.js';
import type { HttpResponse, HttpSender } from './http/transport.js';
import { notify } from './notify.js';
import type { CallOptions, Credentials, IpsClientOptions, RawAnswer, ValidateInput } from './options.js';
import { blamed } from './read-answer.js';
import { SoapEngine } from './soap-engine.js';

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_HISTORY = 10;

/** Operations that work without a company, but default to the client's company. */
const COMPANY_BY_DEFAULT: ReadonlySet<string> = new Set([
  'getActiveJobs',
  'getScheduledJobs',
  'getJobLogs',
  'getDiskUsage',
]);

/** Makes calls: completes and validates inputs, and limits the number of concurrent calls. */
export class Caller {
  readonly options: IpsClientOptions;
  readonly endpoints: Endpoints;
  readonly exchanger: Exchanger;
  readonly history: History;
  readonly #attempts: Attempts;
  readonly #limit: LimitFunction;
  #company: Promise<Company> | undefined;
  /** The error of the last failed attempt of the running company lookup. */
  #lookupFailure: unknown;
  #engine: Promise<SoapEngine> | undefined;

  /** @param transport - Sends requests. Default: by HTTP. */
  constructor(options: IpsClientOptions, transport?: HttpSender) {
    checkClientOptions(options);
    this.options = options;
    this.exchanger = new Exchanger(options, transport);
    this.endpoints = this.exchanger.endpoints;
    this.history = new History(options.historySize ?? DEFAULT_HISTORY);
    this.#attempts = new Attempts(options, this.history);
    this.#limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
  }

  /** The URL of calls. */
  get url(): string {
    return this.options.dialect === 'plain' ? this.endpoints.plain : this.endpoints.soap;
  }

  /** Time limit of one attempt in milliseconds. */
  get timeout(): number {
    return this.#attempts.timeout;
  }

  /** Calls an operation. */
  call<Name extends OperationName>(
    operation: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Operations[Name]['output']> {
    const answer = this.#entered(this.call, async () => {
      const complete = await this.#prepared(operation, input, options);
      return this.#limited(operation, complete, options, this.#callOnce);
    });
    // The decoder returns the output of the given operation.
    return answer as Promise<Operations[Name]['output']>;
  }

  readonly #callOnce = async (attempt: Attempt): Promise<unknown> =>
    this.#engine === undefined ? this.exchanger.call(attempt) : (await this.#engine).invoke(attempt);

  /** Calls an operation without the contract. */
  callRaw(operation: string, content: string | object, options: CallOptions): Promise<RawAnswer> {
    // An attempt uses the name in errors and in the history, and to look up whether a retry is safe.
    const name = operation as OperationName;
    return this.#entered(this.callRaw, () =>
      this.#limited(name, {}, options, (attempt) => this.exchanger.callRaw(attempt, content)),
    );
  }

  /** Calls an operation without reading the response, for callers that stream it. */
  open(operation: OperationName, input: object, options: CallOptions): Promise<HttpResponse> {
    const once = async (attempt: Attempt): Promise<HttpResponse> => {
      const response = await this.exchanger.send(attempt);
      const { recorder } = this.options;
      if (response.status < 300 && recorder === undefined) return response;
      const answer = await this.exchanger.readAnswer(attempt, response);
      if (response.status < 300) return asStream(response, answer.text);
      // Throws the fault, if there is one. A response with this status and without a fault is an error too.
      this.exchanger.decode(attempt, answer, response);
      const error = new WireError('no-message', 'found a message with a failure status');
      throw blamed(operation, answer, response, error);
    };
    return this.#entered(this.open, async () =>
      this.#limited(operation, await this.#prepared(operation, input, options), options, once),
    );
  }

  /** Posts to the upload servlet. Each attempt creates a new body, and times out when no data is transferred. */
  post(
    request: (attempt: Attempt, credentials: Credentials) => ServletRequest,
    options: CallOptions,
  ): Promise<Operations['uploadPost']['output']> {
    const call = { operation: 'uploadPost', input: {}, options, url: this.endpoints.upload } as const;
    const once = (attempt: Attempt): Promise<unknown> => this.exchanger.post(attempt, request);
    const answer = this.#entered(this.post, () => this.#attempts.run(call, once));
    // The decoder returns the output of this operation.
    return answer as Promise<Operations['uploadPost']['output']>;
  }

  /** Runs the work of a method and adds its caller to the stack of errors. */
  // biome-ignore lint/complexity/noBannedTypes: as for callSite.
  async #entered<T>(method: Function, work: () => Promise<T>): Promise<T> {
    const site = callSite(method);
    try {
      return await work();
    } catch (error) {
      throw withCallSite(error, site);
    }
  }

  /** Waits for a free slot, unless the caller aborts first. */
  async #limited<T>(
    operation: OperationName,
    input: object,
    options: CallOptions,
    once: (attempt: Attempt) => Promise<T>,
    failed?: (error: unknown) => void,
  ): Promise<T> {
    const { signal } = options;
    const turn = this.#limit(() => {
      signal?.throwIfAborted();
      return this.#attempts.run({ operation, input, options, url: this.url, failed }, once);
    });
    return unlessAborted(turn, signal);
  }

  /** Whether the contract has a field of an operation's input. A helper must not send a field that an older contract lacks. */
  hasField(operation: OperationName, field: string): boolean {
    const { operations, messages } = this.exchanger.codec.contract;
    const message = Object.hasOwn(operations, operation) ? operations[operation]?.input : undefined;
    return message !== undefined && (messages[message]?.fields.some(([name]) => name === field) ?? false);
  }

  /** The input as it is sent, unless the call ends first. The company lookup has its own time limit. */
  async #prepared(operation: OperationName, input: object, options: CallOptions): Promise<object> {
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    try {
      return await withinTime(this.prepare(operation, input, options), operation, timeout, signal);
    } catch (error) {
      // As for retries of the call itself: a time limit in the signal is not the reason why the lookup failed.
      if (error instanceof TimeoutError && error === signal?.reason) throw this.#lookupFailure ?? error;
      throw error;
    }
  }

  /** The input as it is sent: validated, with its company. */
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
    if (typeof input !== 'object' || input === null)
      throw new TypeError(
        `${operation}: expected an object as input, found ${input === null ? 'null' : `a ${typeof input}`}`,
      );
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

  /** The handle of the client's company, looked up once; `undefined` for a client without a company. */
  async companyHandle(): Promise<string | undefined> {
    if (this.options.companyHandle !== undefined) return this.options.companyHandle;
    const { company } = this.options;
    if (company === undefined) return undefined;
    this.#company ??= this.#findCompany(company).catch((error: unknown) => {
      // The next call may succeed.
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
    this.#lookupFailure = undefined;
    const input = await this.prepare('getCompanyInfo', key, {});
    const answer = await this.#limited('getCompanyInfo', input, {}, this.#callOnce, (error) => {
      this.#lookupFailure = error;
    });
    // The decoder returns the output of the given operation.
    const { companyInfo } = answer as Operations['getCompanyInfo']['output'];
    if (companyInfo?.companyHandle) return companyInfo;
    throw new WireError(
      'missing-field',
      'expected a company with a handle',
      'getCompanyInfoReturn.companyInfo',
    );
  }

  /** The engine of the soap package. Once a program has requested it, all calls go through it. */
  soapEngine(): Promise<SoapEngine> {
    this.#engine ??= SoapEngine.load(this.exchanger).catch((error: unknown) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** The validator of the default contract. Inputs of other contracts are checked by the codec only. */
  async #validator(): Promise<ValidateInput | undefined> {
    if (this.exchanger.codec.contract !== defaultContract) return undefined;
    const { validate } = await import('@ips-sdk/validator/validate');
    // The validator has a schema for every message of the contract, but their names are plain strings here.
    return (message, input, options) => validate(message as never, input, options);
  }

  /** @param lacksCompany - Whether neither the client nor the input has a company. */
  async #validate(
    operation: string,
    message: string,
    input: object,
    options: CallOptions,
    lacksCompany: boolean,
  ): Promise<void> {
    const mode = options.validation ?? this.options.validation ?? 'lenient';
    if (mode === 'off') return;
    // The service might accept a crontab schedule, but with another meaning.
    if (operation === 'submitJob' && 'execSchedule' in input && typeof input.execSchedule === 'string')
      parseSchedule(input.execSchedule);
    const validate = this.options.validate ?? (await this.#validator());
    if (validate === undefined) {
      if (lacksCompany) throw new ValidationError(operation, [NO_COMPANY]);
      return;
    }
    const { errors: found, warnings } = validate(message, input, { mode });
    // The schemas do not support bigint. The codec accepts it for 64-bit integers and rejects it elsewhere.
    const errors = found.filter(({ value }) => typeof value !== 'bigint');
    if (errors.length > 0)
      throw new ValidationError(operation, lacksCompany ? errors.map(namingTheCompany) : errors);
    for (const warning of warnings) {
      // The codec would reject an unknown field, so it is an error here.
      if (warning.code === 'unknown-field') throw new ValidationError(operation, [warning]);
    }
    for (const { path, message: text } of warnings)
      notify(this.options.hooks?.onWarning, { operation, path, message: text });
  }
}

/** The issue of an input without a required company. */
const NO_COMPANY: Issue = {
  code: 'required',
  path: 'companyHandle',
  value: undefined,
  expected: 'a company handle',
  suggestion: undefined,
  message:
    'companyHandle is missing: set the option company of createIpsClient, or companyHandle in the input',
};

function namingTheCompany(issue: Issue): Issue {
  return issue.path === 'companyHandle' && issue.code === 'required' ? NO_COMPANY : issue;
}

/** A response that was read, for a caller that streams it. */
function asStream(response: HttpResponse, text: string): HttpResponse {
  const { 'content-encoding': _, 'content-length': __, ...headers } = response.headers;
  const type = { 'content-type': 'text/xml; charset=utf-8' };
  return { ...response, headers: { ...headers, ...type }, body: Readable.from([Buffer.from(text)]) };
}
