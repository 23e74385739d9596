import { ConnectionError, HttpError, TimeoutError } from '../errors.js';

/** Whether the service may have processed a request despite an error. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500;
  return error instanceof TimeoutError || (error instanceof ConnectionError && !error.untrusted);
}
