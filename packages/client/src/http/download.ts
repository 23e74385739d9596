import { ConnectionError, HttpError, TimeoutError } from '../errors.js';
import type { CallOptions } from '../options.js';
import { type HttpResponse, readChunks, type Transport } from './transport.js';

/** A file that is being downloaded. */
export interface Download {
  /** The name that the answer gives it, or else the link; never a path. */
  readonly fileName: string;
  /** Its length in bytes, where the answer gives it. */
  readonly length: number | undefined;
  /** Its bytes, which can be read once. Reading fails when fewer arrive than the answer announced. */
  readonly body: AsyncIterable<Uint8Array>;
}

const OPERATION = 'download';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

/**
 * Opens the file behind a link; see the client's method of the same name.
 *
 * @internal
 */
export async function download(
  transport: Transport,
  link: string,
  timeout: number,
  signal?: CallOptions['signal'],
): Promise<Download> {
  let url = checked(link);
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(transport, url, timeout, signal);
    const { status, headers, body } = response;
    const { location } = headers;
    if (REDIRECTS.has(status) && typeof location === 'string' && redirects < MOST_REDIRECTS) {
      body.resume();
      url = checked(location, url);
      continue;
    }
    if (status !== 200) {
      body.resume();
      throw new HttpError(OPERATION, status, '');
    }
    const stated = headers['content-encoding'] === undefined ? Number(headers['content-length']) : Number.NaN;
    const length = Number.isSafeInteger(stated) ? stated : undefined;
    return { fileName: fileNameOf(response, url), length, body: bytesOf(response, length, timeout, signal) };
  }
}

function checked(link: string, base?: string): string {
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new TypeError(`the link is ${JSON.stringify(link)}; expected an http or https URL`);
  return url.href;
}

async function get(
  transport: Transport,
  url: string,
  timeout: number,
  signal: CallOptions['signal'],
): Promise<HttpResponse> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new TimeoutError(OPERATION, timeout)), timeout);
  const ends = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
  try {
    return await transport.send({
      operation: OPERATION,
      method: 'GET',
      url,
      headers: {},
      body: '',
      signal: ends,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function* bytesOf(
  { body }: HttpResponse,
  length: number | undefined,
  timeout: number,
  signal: CallOptions['signal'],
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  try {
    for await (const chunk of readChunks(body, OPERATION, timeout)) {
      count += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TimeoutError) throw error;
    throw new ConnectionError(OPERATION, error as Error, false);
  } finally {
    body.destroy();
  }
  if (length !== undefined && count !== length)
    throw new ConnectionError(OPERATION, new Error(`only ${count} of ${length} bytes arrived`), false);
}

function fileNameOf({ headers }: HttpResponse, url: string): string {
  const disposition = String(headers['content-disposition'] ?? '');
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const name = (extended === undefined ? (plain?.[1] ?? plain?.[2]) : decoded(extended)) ?? decoded(last);
  // The name comes from outside and must not lead out of the folder where the file is saved.
  const safe = name.replace(/[\p{Cc}/\\:]/gu, '_').replace(/^\.+/, '_');
  return safe === '' ? OPERATION : safe;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
