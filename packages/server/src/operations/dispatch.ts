import type { Identity } from '../access/identity.js';
import { notSupported } from '../faults.js';
import type { OperationName, Operations } from '../handled-contract.js';
import type { Handler, ReceivedFile } from '../handlers/handler.js';
import { handlers, servletHandlers } from '../handlers/registry.js';
import { type AdmissionRequest, admit, type CallOutcome, checkRequest } from './admission.js';
import { zoneDates } from './answer-dates.js';
import type { OperationParts } from './operation-parts.js';
import { filterResponse } from './response-filter.js';

/** A decoded request, from any transport. */
export interface DispatchRequest extends Omit<AdmissionRequest, 'operation'> {
  /**
   * Authenticates the caller.
   *
   * @throws IpsFault 10000 to 10002 or 20006; see `authenticate`.
   */
  readonly identify: () => Promise<Identity>;
  readonly locale: string;
  readonly remoteAddress: string;
  /** Files received with the request by the upload servlet; `undefined` for plain XML and SOAP. */
  readonly files?: readonly ReceivedFile[] | undefined;
}

/**
 * Executes a call: reads the request, authenticates the caller, checks input, company and role, runs the handler, filters the response
 * and formats its dates in the server's time zone.
 *
 * @param read - Reads the request. An error becomes the fault of the call.
 */
export function dispatch(
  parts: OperationParts,
  operation: OperationName,
  read: () => Promise<DispatchRequest>,
): Promise<CallOutcome<object>> {
  return admit(parts, operation, async () => {
    const { services, jobs } = parts;
    const request = await read();
    const now = services.clock.now();
    const identity = await request.identify();
    const company = await checkRequest(services, identity, { ...request, operation }, now);
    const { input, locale, remoteAddress, files } = request;
    // The type checker cannot call a union of handlers; the table pairs each with the input of its own operation.
    const handler = (files === undefined ? handlers : servletHandlers)[operation] as
      | Handler<OperationName>
      | undefined;
    if (handler === undefined) throw notSupported(`Operation '${operation}'`);
    const output = await handler(input as Operations[OperationName]['input'], {
      operation,
      services,
      jobs,
      db: services.db,
      identity,
      company,
      locale,
      remoteAddress,
      now,
      files: files ?? [],
    });
    return zoneDates(operation, filterResponse(operation, input, output ?? {}), services.config.timeZone);
  });
}
