import type { ClientRequest, Agent as HttpAgentType, IncomingMessage } from 'node:http';
import type { AgentOptions, Agent as HttpsAgentType } from 'node:https';
import type { Readable } from 'node:stream';
import { ConnectionError, TimeoutError } from '../errors.js';
import { proxyAgentFor } from './proxy.js';
import { type NodeTlsOptions, nodeTlsOptions, type TlsOptions } from './tls-options.js';

// Importing node:http evaluates all of its exports, one of which loads a whole WebSocket client and costs 30 milliseconds.
const { Agent: HttpAgent, request: httpRequest } = process.getBuiltinModule('node:http');

/** One HTTP request. */
export interface HttpRequest {
  readonly operation: string;
  /** `POST` by default. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
  readonly signal?: AbortSignal | undefined;
}

/** One HTTP answer. Its caller reads the body. */
export interface HttpResponse {
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

function wasNotSent({ code, syscall }: NodeJS.ErrnoException): boolean {
  return NOT_SENT.has(code ?? '') || syscall === 'connect' || syscall === 'getaddrinfo';
}

/** Sends requests over connections that stay open, through a proxy where the environment names one. */
export class Transport {
  readonly #tls: NodeTlsOptions;
  readonly #routes = new Map<string, Promise<Route>>();

  constructor(tls: TlsOptions = {}) {
    this.#tls = nodeTlsOptions(tls);
  }

  /**
   * Sends a request. The signal aborts it, also while the body is read.
   *
   * @throws ConnectionError when there is no answer.
   * @throws The error of the request's body, where that is a stream that cannot be read.
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const url = new URL(request.url);
    const { agent, tls } = await this.#route(url);
    const send = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : httpRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing: ClientRequest = send(url, {
        ...tls,
        method: request.method ?? 'POST',
        headers: request.headers,
        agent,
      });
      let unreadable: Error | undefined;
      const abort = (): void => void outgoing.destroy(request.signal?.reason);
      request.signal?.addEventListener('abort', abort, { once: true });
      const finish = (): void => request.signal?.removeEventListener('abort', abort);
      outgoing.on('response', (incoming) => {
        incoming.once('close', finish);
        // The server answered before it read the whole request, so the rest need not be sent.
        incoming.once('end', () => outgoing.writableEnded || outgoing.destroy());
        resolve(incoming);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        finish();
        if (request.signal?.aborted) reject(request.signal.reason);
        else reject(unreadable ?? new ConnectionError(request.operation, error, wasNotSent(error)));
      });
      const { body } = request;
      if (typeof body === 'string' || Buffer.isBuffer(body)) {
        outgoing.end(body);
      } else {
        body.once('error', (error) => {
          unreadable = error;
          outgoing.destroy(error);
        });
        outgoing.once('close', () => body.destroy());
        body.pipe(outgoing);
      }
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await decompress(response) };
  }

  /** Closes the connections that are kept open. */
  async close(): Promise<void> {
    for (const route of this.#routes.values()) (await route).agent.destroy();
    this.#routes.clear();
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
    const { dangerouslyTrustAnyCertificate, ca, ...tls } = this.#tls;
    const secure: TlsSettings = {
      // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment has no effect.
      rejectUnauthorized: dangerouslyTrustAnyCertificate !== true,
      ...(ca === undefined ? {} : { ca: await withSystemCertificates(ca) }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
      ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    };
    const proxy = await proxyAgentFor(url, { keepAlive: true, ...secure });
    // A proxy agent applies its own settings to the proxy only; those of the request apply to the host behind it.
    if (proxy !== undefined) return { agent: proxy, tls: secure };
    if (url.protocol !== 'https:') return { agent: new HttpAgent({ keepAlive: true }), tls: {} };
    const https = (await import('node:https')) as { Agent: new (options: AgentOptions) => HttpsAgentType };
    return { agent: new https.Agent({ keepAlive: true, ...secure }), tls: secure };
  }
}

type TlsSettings = Pick<AgentOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key' | 'passphrase'>;

/** How a host is reached. */
interface Route {
  readonly agent: HttpAgentType;
  readonly tls: TlsSettings;
}

/** Certificates given to Node would replace those of the system, so both are given. */
async function withSystemCertificates(ca: NonNullable<NodeTlsOptions['ca']>): Promise<(string | Buffer)[]> {
  const tls = await import('node:tls');
  const system = tls.getCACertificates?.('default') ?? tls.rootCertificates;
  return [...system, ...(typeof ca === 'string' || Buffer.isBuffer(ca) ? [ca] : ca)];
}

async function decompress(response: IncomingMessage): Promise<Readable> {
  const encoding = response.headers['content-encoding']?.toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate') return response;
  const [{ createGunzip, createInflate }, { pipeline }] = await Promise.all([
    import('node:zlib'),
    import('node:stream'),
  ]);
  const decoder = encoding === 'deflate' ? createInflate() : createGunzip();
  // When one end breaks, the other must not stay open.
  pipeline(response, decoder, () => undefined);
  return decoder;
}

/**
 * Reads a whole body as text, in the charset that its content type names.
 *
 * @throws RangeError when it is longer than allowed.
 */
export async function readText(response: HttpResponse, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      response.body.destroy();
      throw new RangeError(`the answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  const charset = /charset\s*=\s*"?([\w.:-]+)/i
    .exec(String(response.headers['content-type'] ?? ''))?.[1]
    ?.toLowerCase();
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') {
    // A fatal decoder reports what Buffer would silently replace.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  }
  return new TextDecoder(charset).decode(bytes);
}

/**
 * Streams a body of any length.
 *
 * @throws TimeoutError when nothing arrives for `timeout` milliseconds. The time that the consumer takes does not count.
 */
export async function* readChunks(
  body: Readable,
  operation: string,
  timeout: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  for (;;) {
    const timer = setTimeout(() => body.destroy(new TimeoutError(operation, timeout)), timeout);
    const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
    if (done) return;
    yield value;
  }
}
