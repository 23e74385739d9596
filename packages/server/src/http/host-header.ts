import type { IncomingMessage } from 'node:http';
import { hostHeadersOf, hostNameOf } from './own-host.js';

/** A request names its host in a way that RFC 9112 has servers refuse. */
export class HostHeaderError extends Error {
  override readonly name = 'HostHeaderError';
  readonly statusCode = 400;
}

/**
 * Checks the Host header of a request. What decides by the first of two hosts, and a proxy by the second, disagree about who is asked.
 *
 * @throws HostHeaderError if there are several, it is not a host, or it is missing although the version of HTTP requires it.
 */
export function checkHost(request: IncomingMessage): void {
  const hosts = hostHeadersOf(request);
  if (hosts.length === 0 && request.httpVersion === '1.1')
    throw new HostHeaderError('Host: found no such header, expected one');
  if (hosts.length > 1)
    throw new HostHeaderError(`Host: found ${hosts.length} of these headers, expected one`);
  const [host = ''] = hosts;
  if (host !== '' && hostNameOf(host) === undefined)
    throw new HostHeaderError(`Host: found '${host.slice(0, 100)}', expected a host and an optional port`);
}
