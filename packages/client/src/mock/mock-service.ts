import type { Contract, TypedContract } from '@ips-sdk/types/contract';
import {
  type Codec,
  createCodec,
  type DecodeIssue,
  codec as defaultCodec,
  type EncodeOptions,
  IpsFault,
  type OperationTypes,
  WireError,
} from '@ips-sdk/wire';
import { decodeText } from '../http/encoding.js';
import { invalidIn } from './check-message.js';
import { MockError } from './mock-error.js';
import type { MockCall, MockFile } from './mock-types.js';
import { readUpload } from './read-upload.js';
import type { Stubs } from './stubs.js';

/** A request as it arrives by HTTP. */
export interface MockRequest {
  /** The service that the URL belongs to. */
  readonly service: 'soap' | 'plain' | 'upload';
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** The response to a request. */
export interface MockResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** What the response is about, if it is a fault: an `IpsFault` of a stub, or anything that went wrong. */
  readonly error: unknown;
}

/** A decoded request, with the form that its response must have. */
interface Received {
  readonly operation: string;
  readonly input: unknown;
  readonly files: readonly MockFile[];
  readonly form: EncodeOptions;
  readonly faultStatus: number;
}

/** Deviations that a service does not accept. It accepts other ones, such as another order of elements. */
const REFUSED: ReadonlySet<string> = new Set(['unknown-element', 'bad-value', 'missing-field']);

const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';

/** The codec of a contract. Default: that of the default contract. */
export function codecOf<Types extends OperationTypes<Types>>(
  contract: TypedContract<Types> | Contract | undefined,
): Codec<Types> {
  // Without a contract, the callers' types are those of the default one.
  if (contract === undefined) return defaultCodec as unknown as Codec<Types>;
  return createCodec<Types>(contract as TypedContract<Types>);
}

/** The names of a contract's operations. */
export function operationsOf({ contract }: { readonly contract: Contract }): readonly string[] {
  return Object.keys(contract.operations);
}

/** A service that decodes requests by the contract, and answers them by stubs. */
export class MockService<Types extends OperationTypes<Types>> {
  readonly #codec: Codec<Types>;
  readonly #stubs: Stubs<Types>;

  constructor(codec: Codec<Types>, stubs: Stubs<Types>) {
    this.#codec = codec;
    this.#stubs = stubs;
  }

  /** Answers a request. What goes wrong is in the response, as a fault and as an error. */
  async respond(request: MockRequest): Promise<MockResponse> {
    let received: Received | undefined;
    try {
      received = await this.#read(request);
      const answer = await this.#answer(received);
      if (answer instanceof IpsFault) return this.#fault(request, received, answer);
      return this.#response(200, received.form, await this.#encode(received, answer));
    } catch (error) {
      return this.#fault(request, received, error);
    }
  }

  async #read(request: MockRequest): Promise<Received> {
    const issues: DecodeIssue[] = [];
    const options = { onIssue: (issue: DecodeIssue) => void issues.push(issue) };
    const received = await this.#decode(request, options);
    const issue = issues.find(({ code }) => REFUSED.has(code));
    if (issue !== undefined) throw badRequest(received.operation, issue);
    const { operations } = this.#codec.contract;
    const invalid = await invalidIn(this.#codec, operations[received.operation]?.input, received.input);
    if (invalid !== undefined) throw badRequest(received.operation, invalid);
    return received;
  }

  async #decode(
    { service, contentType, body }: MockRequest,
    options: { readonly onIssue: (issue: DecodeIssue) => void },
  ): Promise<Received> {
    if (service === 'upload') {
      const { params, files } = await readUpload(contentType, body);
      const operation = 'uploadPost';
      try {
        const input = this.#codec.decodeMessage('UploadPostParam', params, options);
        return { operation, input, files, form: { dialect: 'plain' }, faultStatus: 500 };
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new MockError('bad-request', `${operation}: ${reason}`, { operation, cause });
      }
    }
    const { operation, input, namespace, soapVersion, header } = this.#codec.decodeRequest(
      decodeText(contentType, body),
      options,
    );
    const form = { dialect: service, soapVersion, namespace };
    return { operation, input: input ?? {}, files: [], form, faultStatus: statusIn(header) };
  }

  #answer({ operation, input, files }: Received): Promise<unknown> {
    // The decoder returns the input of the operation that it found.
    return this.#stubs.answer({ operation, input, files } as unknown as MockCall<Types>);
  }

  /** @throws MockError when the answer is not one of the operation. */
  async #encode({ operation, form }: Received, answer: unknown): Promise<string> {
    const { operations } = this.#codec.contract;
    const value = answer ?? {};
    const invalid = await invalidIn(this.#codec, operations[operation]?.output, value);
    if (invalid !== undefined) throw badAnswer(operation, invalid.message, invalid.path);
    try {
      // The decoder found the operation, and the encoder checks the value.
      return this.#codec.encodeResponse(operation as keyof Types & string, value as never, form);
    } catch (error) {
      if (error instanceof WireError) throw badAnswer(operation, error.message, error.path, error);
      throw error;
    }
  }

  #fault(request: MockRequest, received: Received | undefined, error: unknown): MockResponse {
    const form = received?.form ?? undecodedForm(request);
    const fault = error instanceof IpsFault ? error : faultFor(error);
    const { kind, code, rawCode, reason, faultString, faultCode, httpStatus, retryAfter } = fault;
    const text = this.#codec.encodeFault({ kind, code, rawCode, reason, faultString, faultCode }, form);
    const response = this.#response(httpStatus ?? received?.faultStatus ?? 500, form, text);
    const wait = retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter / 1000)) };
    return { ...response, headers: { ...response.headers, ...wait }, error };
  }

  #response(status: number, { dialect, soapVersion }: EncodeOptions, text: string): MockResponse {
    const type = soapVersion === '1.2' && dialect === 'soap' ? 'application/soap+xml' : 'text/xml';
    const headers = { 'content-type': `${type}; charset=UTF-8`, date: new Date().toUTCString() };
    return { status, headers, text, error: undefined };
  }
}

/** The status of faults that a request asks for, as far as a response with a body can have it. */
function statusIn(header: Readonly<Record<string, unknown>> | undefined): number {
  const status = header?.['faultHttpStatusCode'];
  const isPossible = typeof status === 'number' && status >= 200 && status <= 599;
  return isPossible && ![204, 205, 304].includes(status) ? status : 500;
}

/** The form of the fault for a request that cannot be decoded. */
function undecodedForm({ service, contentType, body }: MockRequest): EncodeOptions {
  if (service !== 'soap') return { dialect: 'plain' };
  const start = new TextDecoder().decode(body.subarray(0, 1000));
  const isSoap12 = /^application\/soap\+xml/i.test(contentType ?? '') || start.includes(SOAP12);
  return { dialect: 'soap', soapVersion: isSoap12 ? '1.2' : '1.1' };
}

/** The fault for a request without an answer: a mistake in the request, or one of the server. */
function faultFor(error: unknown): IpsFault {
  const isRequest =
    error instanceof WireError || (error instanceof MockError && error.problem === 'bad-request');
  const message = error instanceof Error ? error.message : String(error);
  const words =
    error instanceof MockError || error instanceof WireError ? message : `the stub failed: ${message}`;
  const faultCode = isRequest ? 'soapenv:Client' : 'soapenv:Server';
  return new IpsFault({ kind: 'api', code: isRequest ? 30003 : 30000, reason: xmlText(words), faultCode });
}

/** A text without the characters that XML does not allow. */
function xmlText(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function badRequest(
  operation: string,
  issue: { readonly path: string; readonly message: string },
): MockError {
  const { path, message } = issue;
  const where = path === '' || message.includes(path) ? message : `${path}: ${message}`;
  return new MockError('bad-request', `${operation}: the request is invalid: ${where}`, { operation, path });
}

function badAnswer(operation: string, message: string, path: string, cause?: unknown): MockError {
  const text = `${operation}: the answer of its stub is invalid: ${message}`;
  return new MockError('bad-answer', text, { operation, path, cause });
}
