import { Deadline } from '../deadline.js';
import { HttpError } from '../errors.js';
import type { CallOptions } from '../options.js';
import { redactXml } from '../redact.js';
import { retryAfter } from '../retry.js';
import { bodyError, isPage } from './answer-body.js';
import { readChunks } from './body.js';
import { safeFileName } from './file-name.js';
import type { HttpResponse, HttpSender } from './transport.js';

/** A downloaded file. */
export interface Download {
  /** File name from the response, or else from the link. It is never a path, and is valid on all platforms including Windows. */
  readonly fileName: string;
  /** Length in bytes, if the response states it. */
  readonly length: number | undefined;
  /** Content of the file. It can be read once. Reading fails if the number of bytes differs from `length`. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Options of a download. */
export interface DownloadOptions extends Pick<CallOptions, 'signal' | 'timeout'> {
  /**
   * Whether redirects may lead to other hosts (default: `true`). `false` suits links from a source that must not choose the hosts that are
   * asked; redirects on the same host, and from its http to its https, are still followed.
   */
  readonly otherHosts?: boolean | undefined;
}

const OPERATION = 'download';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

/**
 * Opens the file behind a link. See the client's method of the same name.
 *
 * @internal
 */
export async function download(
  transport: HttpSender,
  link: string,
  timeout: number,
  { signal, otherHosts = true }: DownloadOptions = {},
): Promise<Download> {
  let url = checked(link);
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(transport, url, timeout, signal);
    const { status, headers, body } = response;
    const { location } = headers;
    if (REDIRECTS.has(status) && typeof location === 'string' && redirects < MOST_REDIRECTS) {
      body.destroy();
      const next = redirected(location, response);
      if (!otherHosts && !isSameHost(url, next))
        throw new HttpError({
          operation: OPERATION,
          url,
          status,
          body: `a redirect leads to another host: ${new URL(next).host}`,
        });
      url = next;
      continue;
    }
    const chunks = readChunks(body, OPERATION, timeout, signal);
    if (status !== 200) throw await failure(response, [], chunks);
    const stated = headers['content-encoding'] === undefined ? Number(headers['content-length']) : Number.NaN;
    const length = Number.isSafeInteger(stated) ? stated : undefined;
    const first = await firstOf(chunks, response, signal);
    // An HTML page instead of the file, such as the sign-in or maintenance page of a gateway.
    if (isPage(Buffer.from(first).toString('latin1')) && !/\.x?html?$/i.test(new URL(url).pathname))
      throw await failure(response, [first], chunks);
    return {
      fileName: fileNameOf(response, url),
      length,
      body: bytesOf(first, chunks, response, length, signal),
    };
  }
}

/** The number of bytes of an error page that are read, to show them. */
const SHOWN = 20_000;

async function failure(
  response: HttpResponse,
  start: readonly Uint8Array[],
  chunks: AsyncIterable<Uint8Array>,
): Promise<HttpError> {
  const read = [...start];
  let length = 0;
  let cause: unknown;
  try {
    for await (const chunk of chunks) {
      read.push(chunk);
      length += chunk.length;
      if (length > SHOWN) break;
    }
  } catch (error) {
    // The status matters more than an incomplete text.
    cause = error;
  }
  response.body.destroy();
  const body = redactXml(Buffer.concat(read).toString());
  const { status, url } = response;
  return new HttpError({ operation: OPERATION, url, status, body, retryAfter: retryAfter(response), cause });
}

async function firstOf(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  response: HttpResponse,
  signal: CallOptions['signal'],
): Promise<Uint8Array> {
  try {
    const { value, done } = await chunks.next();
    return done ? new Uint8Array() : value;
  } catch (error) {
    throw broken(error, response, 0, signal);
  }
}

/** The target of a redirect. An invalid target is an error of the server. */
function redirected(location: string, { url, status }: HttpResponse): string {
  try {
    return checked(location, url);
  } catch (cause) {
    throw new HttpError({ operation: OPERATION, url, status, body: '', cause });
  }
}

/** Whether two URLs are on one host: the same name and port, or its https instead of its http. */
function isSameHost(from: string, to: string): boolean {
  const [one, other] = [new URL(from), new URL(to)];
  if (one.protocol === other.protocol || other.protocol === 'http:') return one.origin === other.origin;
  return one.hostname === other.hostname && one.port === '' && other.port === '';
}

function checked(link: string, base?: string): string {
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new TypeError(`link: expected an http or https URL, found ${JSON.stringify(link)}`);
  return url.href;
}

async function get(
  transport: HttpSender,
  url: string,
  timeout: number,
  signal: CallOptions['signal'],
): Promise<HttpResponse> {
  const deadline = new Deadline(OPERATION, timeout, signal);
  try {
    return await transport.send({
      operation: OPERATION,
      method: 'GET',
      url,
      headers: {},
      body: '',
      signal: deadline.signal,
    });
  } finally {
    deadline.stop();
  }
}

async function* bytesOf(
  first: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  response: HttpResponse,
  length: number | undefined,
  signal: CallOptions['signal'],
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = first.length;
  try {
    if (count > 0) yield first;
    for await (const chunk of chunks) {
      count += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw broken(error, response, count, signal);
  } finally {
    response.body.destroy();
  }
  if (length !== undefined && count !== length)
    throw broken(new Error(`expected ${length} bytes`), response, count, signal);
}

/** The error of an interrupted download. */
function broken(
  error: unknown,
  response: HttpResponse,
  count: number,
  signal: CallOptions['signal'],
): unknown {
  return signal?.aborted ? signal.reason : bodyError(OPERATION, response, error, count);
}

function fileNameOf({ headers }: HttpResponse, url: string): string {
  const disposition = String(headers['content-disposition'] ?? '');
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const name = (extended === undefined ? (plain?.[1] ?? plain?.[2]) : decoded(extended)) ?? decoded(last);
  return safeFileName(name) || OPERATION;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
