import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, type Dispatcher, request } from 'undici';

/** A URL cannot be fetched or is not allowed. The message is for the user who submitted it. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  /** Whether another attempt could succeed. */
  readonly transient: boolean;
  /** Milliseconds to wait before another attempt, if the server sends them. */
  readonly retryAfter: number | undefined;

  constructor(message: string, transient = false, retryAfter?: number) {
    super(message);
    this.transient = transient;
    this.retryAfter = retryAfter;
  }
}

/** Options of a fetch. */
export interface FetchOptions {
  readonly method?: 'GET' | 'POST' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Timeout for the whole response, in milliseconds. */
  readonly timeout: number;
  readonly allowPrivateAddresses: boolean;
}

const MAX_REDIRECTS = 5;

/** Statuses after which another attempt could succeed. */
const TRANSIENT_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Messages for errors after which another attempt could succeed. Other errors are permanent. */
const TRANSIENT_ERRORS: Readonly<Record<string, (target: URL) => string>> = {
  EAI_AGAIN: ({ hostname }) => `the name ${hostname} cannot be looked up at the moment`,
  ECONNREFUSED: ({ host }) => `${host} refuses connections`,
  ECONNRESET: () => 'the connection was closed early',
  EPIPE: () => 'the connection was closed early',
  ETIMEDOUT: ({ host }) => `${host} does not respond`,
  EHOSTUNREACH: ({ host }) => `${host} cannot be reached`,
  ENETUNREACH: ({ host }) => `${host} cannot be reached`,
  UND_ERR_SOCKET: () => 'the connection was closed early',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: () => 'the connection was closed early',
  UND_ERR_CONNECT_TIMEOUT: ({ host }) => `${host} does not respond`,
  UND_ERR_HEADERS_TIMEOUT: ({ host }) => `${host} does not respond`,
  UND_ERR_BODY_TIMEOUT: ({ host }) => `${host} stopped sending`,
};

/** Whether an address is on the public internet: `unicast`, not in a reserved range. */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Looks up the public addresses of a host. Addresses are checked when connecting, because a name may resolve to another address in the
 * meantime.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const allowed = addresses.filter(({ address }) => isPublic(address));
    const [first] = allowed;
    if (first === undefined) {
      return callback(new FetchError(`${hostname} resolves to a private address, which is not allowed`), []);
    }
    if (options.all) return callback(null, allowed);
    return callback(null, first.address, first.family);
  });
};

const guardedAgent = new Agent({
  connect: { lookup: guardedLookup, timeout: 10_000 },
  headersTimeout: 60_000,
});
const openAgent = new Agent({ connect: { timeout: 10_000 }, headersTimeout: 60_000 });

/**
 * Fetches a URL from an untrusted source: only http and https, no private addresses unless allowed, and a limited number of redirects,
 * each checked like the first URL.
 *
 * @throws FetchError if the URL cannot be fetched or is not allowed, or the status is not 2xx.
 */
export async function guardedFetch(
  url: string,
  options: FetchOptions,
): Promise<{
  status: number;
  body: Dispatcher.ResponseData['body'];
  headers: Record<string, string | string[] | undefined>;
  url: URL;
}> {
  let target = parse(url);
  const deadline = AbortSignal.timeout(options.timeout);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  for (let redirects = 0; ; redirects += 1) {
    judge(target, options.allowPrivateAddresses);
    let response: Dispatcher.ResponseData;
    try {
      response = await request(target, {
        dispatcher: options.allowPrivateAddresses ? openAgent : guardedAgent,
        method: options.method ?? 'GET',
        headers: {
          'user-agent': 'ips-server',
          accept: '*/*',
          // Most files hardly get smaller, and the length is needed to show progress.
          'accept-encoding': 'identity',
          ...options.headers,
          ...authorization(target),
        },
        body: options.body ?? null,
        signal,
      });
    } catch (error) {
      throw fetchError(error, target, options, deadline);
    }
    const { statusCode } = response;
    const location = response.headers['location'];
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      await response.body.dump();
      if (redirects >= MAX_REDIRECTS) throw new FetchError(`more than ${MAX_REDIRECTS} redirects`);
      target = parse(location, target);
      continue;
    }
    if (statusCode >= 300) {
      await response.body.dump();
      throw new FetchError(
        `the server responded with HTTP ${statusCode}`,
        TRANSIENT_STATUSES.includes(statusCode),
        retryAfterOf(response.headers['retry-after']),
      );
    }
    return { status: statusCode, body: response.body, headers: response.headers, url: target };
  }
}

/** The error for a failure while fetching a URL or reading its response. */
export function fetchError(
  error: unknown,
  target: URL,
  options: FetchOptions,
  deadline?: AbortSignal,
): unknown {
  if (options.signal?.aborted) return options.signal.reason;
  if (error instanceof FetchError) return error;
  const cause = error as NodeJS.ErrnoException & { cause?: unknown };
  if (cause.cause instanceof FetchError) return cause.cause;
  if (deadline?.aborted || cause.name === 'TimeoutError')
    return new FetchError(`no response within ${options.timeout} ms`, true);
  const code = cause.code ?? '';
  const words = Object.hasOwn(TRANSIENT_ERRORS, code) ? TRANSIENT_ERRORS[code] : undefined;
  if (words !== undefined) return new FetchError(words(target), true);
  if (code === 'ENOTFOUND') return new FetchError(`the host ${target.hostname} does not exist`);
  if (cause.name === 'HTTPParserError' || code.startsWith('HPE_'))
    return new FetchError('the response is not valid HTTP');
  if (
    code.startsWith('Z_') ||
    code.startsWith('ERR_BROTLI') ||
    code.startsWith('ZSTD_') ||
    code.startsWith('ERR__ZSTD')
  )
    return new FetchError('the response does not match its Content-Encoding');
  return new FetchError(cause.message);
}

/** A `Retry-After` in milliseconds, from seconds or a date; `undefined` for anything else. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  const text = String(header ?? '');
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function parse(url: string, base?: URL): URL {
  try {
    return new URL(url, base);
  } catch {
    throw new FetchError('not a valid URL');
  }
}

function judge(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError(`${url.protocol.replace(':', '')} URLs are not supported; expected http or https`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && ipaddr.isValid(host) && !isPublic(host)) {
    throw new FetchError(`${host} is a private address, which is not allowed`);
  }
}

/** Sends the name and password in a URL with HTTP Basic. */
function authorization(url: URL): Record<string, string> {
  if (url.username === '') return {};
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}
