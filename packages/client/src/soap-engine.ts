import { createSoapContract } from '@ips-sdk/wire';
import type * as Soap from 'soap';
import { encodeAuthHeader } from './auth-header.js';
import { httpHeaders } from './client-headers.js';
import type { Attempt, Exchanger } from './exchange.js';
import type { Credentials } from './options.js';
import { readAnswer } from './read-answer.js';
import type { SoapClient, SoapClientBase } from './soap-client.js';

type Answer = [result: unknown, raw: string, header: unknown, request: string];
type Method = (input: object, options: object, headers: object) => Promise<Answer>;
type Callback = (error: unknown, response?: unknown, body?: unknown) => void;

/**
 * Makes calls through a client of the soap package. The package is loaded on first use, since importing it takes longer than the rest of a
 * first call.
 */
export class SoapEngine {
  readonly client: SoapClient;
  readonly #exchanger: Exchanger;
  /** The header of the current call. soap reads it synchronously when it builds the request. */
  #header = '';

  private constructor(exchanger: Exchanger, soap: typeof Soap) {
    this.#exchanger = exchanger;
    const { namespace, soapVersion, longs, limits, strictAnswers } = exchanger.options;
    const contract = createSoapContract({
      contract: exchanger.codec.contract,
      namespace,
      longs,
      limits,
      strict: strictAnswers,
      endpoint: exchanger.endpoints.soap,
    });
    // soap uses the transport of this client, which shares connections, proxies and certificates.
    const httpClient = { request: (...args: Parameters<SoapEngine['request']>) => this.request(...args) };
    // soap types its WSDL and its HTTP client as its own classes, but uses only the members that these two have.
    const client = new soap.Client(contract as never, exchanger.endpoints.soap, {
      httpClient: httpClient as never,
      forceSoap12Headers: soapVersion === '1.2',
    });
    // soap adds the operations at run time, and its type accepts any name.
    this.client = client satisfies SoapClientBase as unknown as SoapClient;
    this.client.addSoapHeader(() => this.#header);
  }

  static async load(exchanger: Exchanger): Promise<SoapEngine> {
    if (exchanger.options.dialect === 'plain')
      throw new TypeError(
        'ips.soap: expected the dialect "soap", since the soap package does not support "plain"',
      );
    const engine = new SoapEngine(exchanger, await loadSoap());
    // Calls made directly on soap's client cannot wait for credentials, so they use these.
    engine.#setHeader(await exchanger.credentials(), exchanger.options.locale);
    return engine;
  }

  async invoke(attempt: Attempt): Promise<unknown> {
    const { operation, options } = attempt;
    const credentials = await this.#exchanger.credentialsFor(attempt);
    this.#setHeader(credentials, options.locale ?? this.#exchanger.options.locale);
    // soap adds a method for each operation at run time.
    const method = (this.client as unknown as Record<string, Method>)[`${operation}Async`];
    if (method === undefined) throw new TypeError(`the soap client has no method ${operation}`);
    const {
      'Content-Length': _length,
      'Content-Type': _type,
      SOAPAction: _action,
      ...headers
    } = httpHeaders(this.#exchanger.options, credentials, operation, '');
    const [value] = await method.call(this.client, attempt.input, { attempt }, headers);
    return value;
  }

  #setHeader(credentials: Credentials, locale: string | undefined): void {
    this.#header = encodeAuthHeader(this.#exchanger, credentials, locale);
  }

  /** The part of the HTTP client interface that soap uses. */
  request(
    url: string,
    body: string,
    callback: Callback,
    headers: Record<string, string>,
    options: { attempt?: Attempt },
  ): void {
    const { attempt } = options;
    void (async () => {
      const sent = { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
      if (attempt) Object.assign(attempt, { request: body, sent });
      const response = await this.#exchanger.transport.send({
        operation: attempt?.operation ?? 'soap',
        url,
        headers: sent,
        body,
        signal: attempt?.signal,
        repeatable: attempt?.repeatable,
      });
      if (attempt === undefined) {
        const { text } = await readAnswer({ operation: 'soap', options: {} }, response);
        return { response: { status: response.status, headers: response.headers, data: text }, text };
      }
      this.#exchanger.noteResponse(attempt, response);
      const answer = await this.#exchanger.readAnswer(attempt, response);
      const { text } = answer;
      // Decoding first makes an invalid response throw the same error as without soap.
      this.#exchanger.decode(attempt, answer, response);
      return { response: { status: response.status, headers: response.headers, data: text }, text };
    })().then(
      ({ response, text }) => callback(null, response, text),
      (error: unknown) => callback(error),
    );
  }
}

async function loadSoap(): Promise<typeof Soap> {
  try {
    // soap is a CommonJS module. If Node cannot detect its exports, they are under `default`.
    const soap = (await import('soap')) as typeof Soap & { default?: typeof Soap };
    return soap.default ?? soap;
  } catch (error) {
    throw isAbsent(error)
      ? new Error('ips.soap: the optional package soap is not installed; run npm install soap', {
          cause: error,
        })
      : error;
  }
}

/** Whether soap itself is absent, not a module that an installed one needs. */
function isAbsent(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  const isUnknown = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isUnknown && /\bpackage 'soap'|\bmodule 'soap'/.test(message);
}
