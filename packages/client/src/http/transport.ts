import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { unlessAborted } from '../delay.js';
import { ConnectionError } from '../errors.js';
import { uncoded } from './content-coding.js';
import { ABORTED_BY, proxyAgentFor } from './proxy.js';
import { checkTls, type TlsSettings, tlsSettings } from './tls.js';
import type { TlsOptions } from './tls-options.js';

// Node's modules are looked up for each request: who traces or mocks requests replaces functions in them, also after this package was
// loaded. Importing node:http would moreover evaluate all of its exports, one of which loads a whole WebSocket client.
const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
const https = (): typeof import('node:https') => process.getBuiltinModule('node:https');

/** One HTTP request. */
export interface HttpRequest {
  readonly operation: string;
  /** `POST` by default. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
  readonly signal?: AbortSignal | undefined;
  /** Whether the service may get it twice. */
  readonly repeatable?: boolean | undefined;
}

/** One HTTP answer. Its caller reads the body. */
export interface HttpResponse {
  /** Where the request went. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Codes of errors that occur before a request is sent. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** As many connections may have been closed while they were idle, each of which is found out by a request. */
const MOST_STALE = 3;

/** Sends requests over connections that stay open, through a proxy where the environment names one. */
export class Transport {
  readonly #tls: TlsOptions;
  readonly #routes = new Map<string, Promise<Route>>();

  /** @throws TypeError when a certificate or key is not PEM. */
  constructor(tls: TlsOptions = {}) {
    checkTls(tls);
    this.#tls = tls;
  }

  /**
   * Sends a request. The signal aborts it, also while the body is read, whatever the connection reports.
   *
   * @throws ConnectionError when there is no answer.
   * @throws The error of the request's body, where that is a stream that cannot be read.
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

  /** Closes the connections that are kept open. */
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
    // A proxy agent applies its own settings to the proxy only; those of the request apply to the host behind it.
    if (proxy !== undefined) return { agent: proxy, tls, isProxy: true };
    if (url.protocol !== 'https:') return { agent: new (http().Agent)({ keepAlive: true }), tls: {} };
    return { agent: new (https().Agent)({ keepAlive: true, ...tls }), tls };
  }
}

/** How a host is reached. */
interface Route {
  readonly agent: HttpAgent;
  readonly tls: TlsSettings;
  readonly isProxy?: true;
}

/** One request on its way. */
class Sending {
  readonly response: Promise<IncomingMessage>;
  readonly #request: HttpRequest;
  readonly #outgoing: ClientRequest;
  /** How many bytes the connection had carried before this request. */
  #before = 0;
  /** What broke the connection before there was an answer. */
  #broken: NodeJS.ErrnoException | undefined;
  /** What broke the body of the request. */
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
        // The server answered before it read the whole request, so the rest need not be sent.
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
   * Whether the request went over a connection that the other side had closed while it was idle, and another one may carry it: nobody
   * has read the request, or it may be read twice.
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
    // The system took none of it, so none of it has left.
    return (
      reusedSocket && (socket?.bytesWritten === this.#before || (syscall === 'write' && this.#isOneWrite))
    );
  }

  /** Whether headers and body are given to the system at once. */
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
