import { Readable } from 'node:stream';
import type { OperationTypes } from '@ips-sdk/wire';
import { IpsFault } from '@ips-sdk/wire';
import type { Endpoints } from '../endpoints.js';
import { readBytes } from '../http/body.js';
import type { HttpRequest, HttpResponse, HttpSender } from '../http/transport.js';
import { MockError } from './mock-error.js';
import type { MockRequest, MockService } from './mock-service.js';

/** The largest request body in bytes that a mock keeps in memory. */
const MAX_REQUEST = 256 * 1024 * 1024;

/** Answers the requests of a client by stubs, without a network. */
export class MockSender<Types extends OperationTypes<Types>> implements HttpSender {
  readonly #service: MockService<Types>;
  readonly #endpoints: () => Endpoints;

  /** @param endpoints - The URLs of the client, which is created later. */
  constructor(service: MockService<Types>, endpoints: () => Endpoints) {
    this.#service = service;
    this.#endpoints = endpoints;
  }

  /** @throws MockError when there is no answer, and anything that a stub throws. A fault is a response. */
  async send({ operation, method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    signal?.throwIfAborted();
    const service = this.#serviceAt(url);
    if (service === undefined || method === 'GET')
      throw new MockError('not-supported', `${operation}: a mock client cannot request ${url}`, {
        operation,
      });
    const request = { service, contentType: headers['Content-Type'], body: await bytesOf(body, signal) };
    const { status, headers: received, text, error } = await this.#service.respond(request);
    signal?.throwIfAborted();
    // What went wrong in the test ends the call as it is.
    if (error !== undefined && !(error instanceof IpsFault)) throw error;
    return { url, status, headers: received, body: Readable.from([Buffer.from(text)]) };
  }

  async close(): Promise<void> {
    // There are no connections.
  }

  #serviceAt(url: string): MockRequest['service'] | undefined {
    const { soap, plain, upload } = this.#endpoints();
    if (url === soap) return 'soap';
    if (url === plain) return 'plain';
    return url === upload ? 'upload' : undefined;
  }
}

async function bytesOf(body: HttpRequest['body'], signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (!(body instanceof Readable)) return Buffer.from(body);
  const { bytes, problem } = await readBytes(body, MAX_REQUEST, signal);
  if (problem !== undefined) throw problem;
  return bytes;
}
