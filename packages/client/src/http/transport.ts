import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { unlessAborted } from '../delay.js';
import { ConnectionError } from '../errors.js';
import { uncoded } from './content-coding.js';
import { ABORTED_BY, proxyAgentFor } from './proxy.js';
import { checkTls, type TlsSettings, tlsSettings } from './tls.js';
import type { TlsOptions } from './tls-options.js';

// Node's modules are looked up for every request, since tracing and mocking tools replace their functions at any time. Importing node:http
// would also evaluate all of its exports, one of which loads a WebSocket client.
const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
const https = (): typeof import('node:https') => process.getBuiltinModule('node:https');

/** One HTTP request. */
export interface HttpRequest {
  readonly operation: string;
  /** Default: `POST`. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
  readonly signal?: AbortSignal | undefined;
  /** Whether the request may be sent twice. */
  readonly repeatable?: boolean | undefined;
}

/** An HTTP response with an unread body. */
export interface HttpResponse {
  /** URL of the request. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Sends the requests of a client. */
export interface HttpSender {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** Error codes of requests that were never sent. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** The most idle connections that a request may find closed. */
const MOST_STALE = 3;

/** Sends requests over keep-alive connections, through the proxy of the environment if there is one. */
export class Transport implements HttpSender {
  readonly #tls: TlsOptions;
  readonly #routes = new Map<string, Promise<Route>>();

  /** @throws ConfigError when a certificate or key is invalid. */
  constructor(tls: TlsOptions = {}) {
    checkTls(tls);
    this.#tls = tls;
  }

  /**
   * Sends a request. The signal aborts it, including while the body is read.
   *
   * @throws ConnectionError when there is no response.
   * @throws The error of the request body, if it is a stream that fails.
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { signal } = request;
    signal?.throwIfAborted();
    const url = new URL(request.url);
    const route = await unlessAborted(this.#route(url), signal);
    for (let tries = 0; ; tries += 1) {
      const sending = new Sending(request, url, route);
      try {
        const response = await unlessAborted(sending.response, signal);
        return {
          url: request.url,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: uncoded(response, response.headers['content-encoding']),
        };
      } catch (error) {
        if (signal?.aborted || tries >= MOST_STALE || !sending.wasStale) throw error;
      }
    }
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    const routes = [...this.#routes.values()];
    this.#routes.clear();
    for (const route of await Promise.allSettled(routes)) {
      if (route.status === 'fulfilled') route.value.agent.destroy();
    }
  }

  async #route(url: URL): Promise<Route> {
    const known = this.#routes.get(url.origin);
    if (known !== undefined) return known;
    const made = this.#makeRoute(url);
    this.#routes.set(url.origin, made);
    try {
      return await made;
    } catch (error) {
      this.#routes.delete(url.origin);
      throw error;
    }
  }

  async #makeRoute(url: URL): Promise<Route> {
    const tls = await tlsSettings(this.#tls);
    const proxy = await proxyAgentFor(url, tls);
    // A proxy agent applies its own settings to the proxy. Those of the request apply to the host behind it.
    if (proxy !== undefined) return { agent: proxy, tls, isProxy: true };
    if (url.protocol !== 'https:') return { agent: new (http().Agent)({ keepAlive: true }), tls: {} };
    return { agent: new (https().Agent)({ keepAlive: true, ...tls }), tls };
  }
}

/** The route to a host. */
interface Route {
  readonly agent: HttpAgent;
  readonly tls: TlsSettings;
  readonly isProxy?: true;
}

/** A request in progress. */
class Sending {
  readonly response: Promise<IncomingMessage>;
  readonly #request: HttpRequest;
  readonly #outgoing: ClientRequest;
  /** The number of bytes that the connection had sent before this request. */
  #before = 0;
  /** The error that broke the connection before there was a response. */
  #broken: NodeJS.ErrnoException | undefined;
  /** The error of the request body. */
  #unreadable: Error | undefined;

  constructor(request: HttpRequest, url: URL, { agent, tls, isProxy }: Route) {
    this.#request = request;
    const { method = 'POST', headers, signal } = request;
    const send = url.protocol === 'https:' ? https().request : http().request;
    const abortedBy = isProxy ? { [ABORTED_BY]: signal } : {};
    const outgoing = send(url, { ...tls, ...abortedBy, method, headers, agent });
    this.#outgoing = outgoing;
    this.response = new Promise((resolve, reject) => {
      const abort = (): void => void outgoing.destroy();
      signal?.addEventListener('abort', abort, { once: true });
      const finish = (): void => signal?.removeEventListener('abort', abort);
      outgoing.once('socket', (socket) => {
        this.#before = socket.bytesWritten;
      });
      outgoing.on('response', (incoming) => {
        incoming.once('close', finish);
        // The server responded without reading the whole request, so the rest need not be sent.
        incoming.once('end', () => outgoing.writableEnded || outgoing.destroy());
        resolve(incoming);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        finish();
        this.#broken = error;
        reject(this.#unreadable ?? new ConnectionError(request.operation, error, this.#wasNotSent(error)));
      });
      outgoing.once('close', () => {
        finish();
        reject(
          this.#unreadable ??
            new ConnectionError(request.operation, new Error('the connection closed'), false),
        );
      });
    });
    this.#sendBody();
  }

  /**
   * Whether the server had closed the connection while it was idle, and the request can be sent over another one: it was not read, or it
   * may be sent twice.
   */
  get wasStale(): boolean {
    const error = this.#broken;
    if (error === undefined || !this.#outgoing.reusedSocket) return false;
    const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    const isWhole = typeof this.#request.body === 'string' || Buffer.isBuffer(this.#request.body);
    return isReset && isWhole && (this.#wasNotSent(error) || this.#request.repeatable === true);
  }

  #wasNotSent({ code, syscall }: NodeJS.ErrnoException): boolean {
    if (NOT_SENT.has(code ?? '') || syscall === 'connect' || syscall === 'getaddrinfo') return true;
    const { socket, reusedSocket } = this.#outgoing;
    // The system accepted no bytes, so none were sent.
    return (
      reusedSocket && (socket?.bytesWritten === this.#before || (syscall === 'write' && this.#isOneWrite))
    );
  }

  /** Whether headers and body are written at once. */
  get #isOneWrite(): boolean {
    const { body } = this.#request;
    return (typeof body === 'string' || Buffer.isBuffer(body)) && Buffer.byteLength(body) < 16_384;
  }

  #sendBody(): void {
    const outgoing = this.#outgoing;
    const { body } = this.#request;
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      outgoing.end(body);
      return;
    }
    body.once('error', (error) => {
      this.#unreadable = error;
      outgoing.destroy(error);
    });
    outgoing.once('close', () => body.destroy());
    body.pipe(outgoing);
  }
}
