import { WireError } from '@ips-sdk/wire';
import { HttpError } from './errors.js';
import { bodyError, isPage } from './http/answer-body.js';
import { readBytes, readChunks } from './http/body.js';
import { type BytesToText, DECLARATION_LENGTH, decodeText, encodingOf, textIn } from './http/encoding.js';
import type { HttpResponse } from './http/transport.js';
import { redactXml } from './redact.js';
import { retryAfter } from './retry.js';
import { withoutSecrets } from './secrets.js';

/** The largest response body in bytes, uncompressed. */
const MAX_ANSWER = 512 * 1024 * 1024;

/** The call that a response belongs to. */
export interface Asked {
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  /** The caller's own signal. Its reason takes precedence over any other error. */
  readonly options: { readonly signal?: AbortSignal | undefined };
}

/** The text of a response. */
export interface AnswerText {
  readonly text: string;
  /** Why the text is incomplete or not decoded. Set only for responses with a failure status. */
  readonly problem: unknown;
}

/**
 * Reads a whole response. With a failure status, an interrupted body is not an error: its text is the part that arrived.
 *
 * @throws The reason of the caller's signal when it is aborted, and a TimeoutError after the time limit.
 * @throws ConnectionError when the body is interrupted.
 * @throws WireError when the response is too long, or is not text in its encoding.
 */
export async function readAnswer(asked: Asked, response: HttpResponse): Promise<AnswerText> {
  const { bytes, problem } = await readBytes(response.body, MAX_ANSWER, asked.signal);
  if (problem !== undefined && asked.options.signal?.aborted) throw asked.options.signal.reason;
  const hasFailed = response.status >= 300;
  if (problem !== undefined && !hasFailed) throw bodyError(asked.operation, response, problem, bytes.length);
  try {
    const text = decodeText(contentTypeOf(response), bytes);
    return { text, problem: problem && bodyError(asked.operation, response, problem, bytes.length) };
  } catch (error) {
    if (hasFailed) return { text: bytes.toString('latin1'), problem: error };
    throw naming(asked.operation, error);
  }
}

/**
 * Streams a response of any length as text.
 *
 * @throws The errors of {@link readAnswer}, and a TimeoutError when no data arrives for `timeout` milliseconds.
 */
export async function* streamAnswer(
  { operation, options }: Asked,
  response: HttpResponse,
  timeout: number,
): AsyncGenerator<string, void, undefined> {
  let length = 0;
  let start: Uint8Array | undefined = new Uint8Array();
  let text: BytesToText | undefined;
  const begin = (bytes: Uint8Array): string => {
    start = undefined;
    text = textIn(encodingOf(contentTypeOf(response), bytes));
    return text.write(bytes);
  };
  try {
    for await (const chunk of readChunks(response.body, operation, timeout, options.signal)) {
      length += chunk.length;
      if (text !== undefined) yield text.write(chunk);
      else {
        start = Buffer.concat([start ?? new Uint8Array(), chunk]);
        if (start.length >= DECLARATION_LENGTH) yield begin(start);
      }
    }
    if (start !== undefined) yield begin(start);
    yield text?.end() ?? '';
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (error instanceof WireError) throw naming(operation, error);
    throw bodyError(operation, response, error, length);
  }
}

function naming(operation: string, error: unknown): unknown {
  return error instanceof WireError ? new WireError(error.code, `${operation}: ${error.message}`) : error;
}

function contentTypeOf({ headers }: HttpResponse): string | undefined {
  const value = headers['content-type'];
  return typeof value === 'string' ? value : undefined;
}

/** @throws WireError when a text is an HTML page. */
export function refusePage(text: string): void {
  if (isPage(text))
    throw new WireError('no-message', 'found an HTML page instead of a message of the service');
}

/**
 * Converts an error of the codec into that of a call. A response that is not a message of the service came from a gateway, and its status
 * is more informative than its text.
 */
export function blamed(
  operation: string,
  { text, problem }: AnswerText,
  response: HttpResponse,
  error: unknown,
): unknown {
  if (!(error instanceof WireError)) return error;
  const { status, url } = response;
  if (status < 300 && error.code !== 'no-message' && error.code !== 'malformed-xml') return error;
  return new HttpError({
    operation,
    url,
    status,
    body: redactXml(text),
    retryAfter: retryAfter(response),
    cause: problem ?? error,
  });
}

/**
 * Decodes a response.
 *
 * @param decode - Decodes the text.
 * @param secrets - Secrets of the request, which errors must not contain.
 * @throws IpsFault when the response is a fault.
 * @throws HttpError when the response is not a message of the service, usually because it came from a gateway.
 * @throws WireError when the response is an invalid message.
 */
export function decodeAnswer<T>(
  operation: string,
  answer: AnswerText,
  response: HttpResponse,
  decode: (text: string) => T,
  secrets: readonly string[] = [],
): T {
  try {
    refusePage(answer.text);
    return decode(answer.text);
  } catch (error) {
    // A response that echoes secrets is decoded again without them.
    const text = withoutSecrets(answer.text, secrets);
    if (text !== answer.text) return decodeAnswer(operation, { ...answer, text }, response, decode);
    throw blamed(operation, answer, response, error);
  }
}
