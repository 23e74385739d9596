import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { isLoopback } from '../net/loopback.js';

// Any page open in a browser can send requests here and, through DNS rebinding, use its own host name. What browsers must not be led
// to therefore accepts only host names of this server.

/**
 * The name or address of a host without its port, in lower case, without a trailing dot or the brackets of IPv6.
 *
 * @returns `undefined` for anything but a host and a port, such as one with user information.
 */
export function hostNameOf(authority: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([a-z\d._-]+))(?::\d{1,5})?$/i.exec(authority) ?? [];
  const name = (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
  if (name === undefined || name === '') return undefined;
  return bracketed !== undefined && !ipaddr.IPv6.isValid(name) ? undefined : name;
}

/** The values of all `Host` headers of a request. */
export const hostHeadersOf = ({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): readonly string[] =>
  rawHeaders.filter((_value, index) => rawHeaders[index - 1]?.toLowerCase() === 'host' && index % 2 === 1);

/** The host in the single `Host` header of a request. If the request target is an absolute URL, its host has to match. */
export function requestedHost({ raw }: Pick<FastifyRequest, 'raw'>): string | undefined {
  const hosts = hostHeadersOf(raw);
  const [first] = hosts;
  if (first === undefined || hosts.length > 1) return undefined;
  const host = hostNameOf(first);
  const [, target] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(raw.url ?? '') ?? [];
  return target === undefined || hostNameOf(target) === host ? host : undefined;
}

/**
 * Whether a host is this server: the machine itself, one of the given names, or the address on which the request arrived.
 *
 * @param names - In lower case, without ports.
 */
export function isOwnHost(
  names: readonly (string | undefined)[],
  { raw }: Pick<FastifyRequest, 'raw'>,
  host: string,
): boolean {
  if (isLoopback(host) || names.includes(host)) return true;
  // The local address of the connection, which no name server can change.
  const { localAddress } = raw.socket;
  return localAddress !== undefined && isFourPart(host) && isSameAddress(host, localAddress);
}

/** Whether it is an address in its usual form: not `127.1` or `0x7f000001`, which name servers could resolve. */
function isFourPart(host: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
}

const isSameAddress = (one: string, other: string): boolean =>
  ipaddr.process(one).toString() === ipaddr.process(other).toString();
