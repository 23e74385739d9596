import { WireError } from '@ips-sdk/wire';
import { ConnectionError, HttpError } from './errors.js';
import { type HttpResponse, readText } from './http/transport.js';
import { redactXml } from './redact.js';

/** The most bytes that an answer may have, uncompressed. */
const MAX_ANSWER = 512 * 1024 * 1024;

/**
 * Reads a whole answer.
 *
 * @throws The signal's reason when it is aborted.
 * @throws ConnectionError when the connection breaks, or the compressed answer is incomplete.
 * @throws WireError when the answer is too long, or is not text.
 */
export async function readAnswer(
  operation: string,
  response: HttpResponse,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await readText(response, MAX_ANSWER);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof RangeError) throw new WireError('limit', `${operation}: ${error.message}`);
    if (error instanceof TypeError)
      throw new WireError('malformed-xml', `${operation}: the answer is not text in its charset`);
    throw new ConnectionError(operation, error as Error, false);
  }
}

/**
 * Decodes an answer.
 *
 * @param decode - Decodes it by a codec.
 * @throws IpsFault when it is a fault.
 * @throws HttpError when it is not a message of the service, but an error page, usually from something in between.
 * @throws WireError when it is a message that cannot be accepted.
 */
export function decodeOrBlame<T>(
  operation: string,
  text: string,
  httpStatus: number,
  retryAfter: number | undefined,
  decode: () => T,
): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (httpStatus >= 300 || error.code === 'no-message' || error.code === 'malformed-xml') {
      throw new HttpError(operation, httpStatus, redactXml(text), retryAfter, error);
    }
    throw error;
  }
}
