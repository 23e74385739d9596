import { IpsFault } from '@ips-sdk/wire';
import { ConnectionError, HttpError, TimeoutError } from './errors.js';
import type { HttpResponse } from './http/transport.js';
import type { RetryOptions } from './options.js';

const DEFAULT_RETRY = { retries: 3, minDelay: 250, maxDelay: 10_000 } as const;

/** The retry policy of a call, from its own options and those of the client. */
export function retryPolicy(
  general: RetryOptions | false | undefined,
  own: RetryOptions | boolean | undefined,
): { retries: number; minDelay: number; maxDelay: number } {
  if (own === false || (own === undefined && general === false)) return { ...DEFAULT_RETRY, retries: 0 };
  const given = { ...(general || {}), ...(typeof own === 'object' ? own : {}) };
  return {
    retries: given.retries ?? DEFAULT_RETRY.retries,
    minDelay: given.minDelay ?? DEFAULT_RETRY.minDelay,
    maxDelay: given.maxDelay ?? DEFAULT_RETRY.maxDelay,
  };
}

/** Whether a retry is safe and may help. */
export function worthRetrying(error: unknown, repeatable: boolean): boolean {
  if (error instanceof ConnectionError)
    return !error.untrusted && !error.otherProtocol && (error.notSent || repeatable);
  // "Too many requests" means that this request was not processed.
  if (
    (error instanceof HttpError && error.status === 429) ||
    (error instanceof IpsFault && error.httpStatus === 429)
  )
    return true;
  if (!repeatable) return false;
  if (error instanceof HttpError) return error.status === 502 || error.status === 503 || error.status === 504;
  // A fault of a gateway, or one with a Retry-After header.
  if (error instanceof IpsFault)
    return error.httpStatus === 503 && (error.kind === 'soap' || error.retryAfter !== undefined);
  return error instanceof TimeoutError;
}

/** The delay that a response requests before a retry, in milliseconds. */
export function retryAfter({ headers }: Pick<HttpResponse, 'headers'>): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
