import { WireError } from '@ips-sdk/wire';
import { ConnectionError, TimeoutError } from '../errors.js';
import { TooLong } from './body.js';
import type { HttpResponse } from './transport.js';

/** The beginning of an HTML page, such as the sign-in or maintenance page of a gateway. */
const PAGE =
  /^\ufeff?\s*(?:<\?[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*){0,3}(?:<!doctype\s+html\b|<html[\s>])/i;

/** Whether a text is an HTML page. */
export function isPage(text: string): boolean {
  return PAGE.test(text.slice(0, 8000));
}

/** The error of a call with an interrupted body. */
export function bodyError(
  operation: string,
  response: HttpResponse,
  problem: unknown,
  length: number,
): unknown {
  if (problem instanceof TimeoutError) return problem;
  if (problem instanceof WireError) return new WireError(problem.code, `${operation}: ${problem.message}`);
  if (problem instanceof TooLong) return new WireError('limit', `${operation}: ${problem.message}`);
  const cause = problem instanceof Error ? problem : new Error(String(problem));
  const stated =
    response.headers['content-encoding'] === undefined ? response.headers['content-length'] : undefined;
  const of = typeof stated === 'string' && /^\d+$/.test(stated) ? ` of ${stated}` : '';
  const why = /^(?:aborted|ECONNRESET)?$/.test(cause.message) ? '' : `: ${cause.message}`;
  const { code } = cause as NodeJS.ErrnoException;
  return new ConnectionError(
    operation,
    brokenOff(`the response was interrupted after ${length}${of} bytes${why}`, code, cause),
    false,
  );
}

/** An error with the code of its cause, like system errors. */
function brokenOff(message: string, code: string | undefined, cause: Error): Error {
  return Object.assign(new Error(message, { cause }), { code: code ?? 'ECONNRESET' });
}
