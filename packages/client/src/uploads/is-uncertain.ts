import { ConnectionError, HttpError, TimeoutError } from '../errors.js';

/** Whether an error leaves it uncertain what the service did. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500;
  return error instanceof TimeoutError || (error instanceof ConnectionError && !error.untrusted);
}
