import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { isLoopback } from '../net/loopback.js';
import type { Services } from '../services.js';
import { isSameSecret } from './same-secret.js';

/**
 * Protects every method of `/admin/*`. Any page open in a browser can send requests here and, through DNS rebinding, use its own host
 * name. Therefore only host names and origins of this server are accepted and, if a token is set, only callers who present it.
 */
export function guardAdmin(app: FastifyInstance, services: Services): void {
  const { adminToken } = services.config;
  app.addHook('onRequest', async (request, reply) => {
    // Checks the route, not the path, which can be written in many ways.
    if (!request.routeOptions.url?.startsWith('/admin/')) return;
    const refuse = (status: number, error: string) => reply.code(status).send({ error });
    const host = requestedHost(request);
    if (host === undefined) return refuse(403, 'Host: expected one host name of this server');
    if (!isOwnHost(services, request, host)) {
      return refuse(403, `Host: ${host} is not a name of this server; see publicUrl`);
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `${request.protocol}://${request.headers.host}`)
      return refuse(403, `requests from ${origin} are refused`);
    if (adminToken !== undefined && !isSameSecret(bearerOf(request), adminToken)) {
      reply.header('www-authenticate', 'Bearer');
      return refuse(401, 'Authorization: expected Bearer and the admin token');
    }
  });
}

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

/**
 * Checks the options of the admin API.
 *
 * @throws RangeError if the token is too short, or is missing while other machines can reach the server.
 */
export function checkAdminAccess(options: {
  readonly host?: string | undefined;
  readonly adminApi?: boolean | undefined;
  readonly adminToken?: string | undefined;
}): void {
  const { host, adminApi, adminToken } = options;
  if (adminToken !== undefined && !/^[\x21-\x7e]{16,}$/.test(adminToken))
    throw new RangeError('adminToken: expected at least 16 ASCII characters without spaces');
  // The default host is a loopback address.
  if (adminApi === true && adminToken === undefined && host !== undefined && !isLoopback(host.toLowerCase()))
    throw new RangeError(
      `adminToken: required to serve the admin API on ${host}, which other machines can reach`,
    );
}

/** Whether it is an address in its usual form: not `127.1` or `0x7f000001`, which name servers could resolve. */
function isFourPart(host: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
}

/** The host in the single `Host` header of a request. If the request target is an absolute URL, its host has to match. */
function requestedHost({ raw }: FastifyRequest): string | undefined {
  const hosts = raw.rawHeaders.filter(
    (_value, index) => raw.rawHeaders[index - 1]?.toLowerCase() === 'host' && index % 2 === 1,
  );
  const [first] = hosts;
  if (first === undefined || hosts.length > 1) return undefined;
  const host = hostNameOf(first);
  const [, target] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(raw.url ?? '') ?? [];
  return target === undefined || hostNameOf(target) === host ? host : undefined;
}

function isOwnHost({ config, baseUrl }: Services, request: FastifyRequest, host: string): boolean {
  if (isLoopback(host)) return true;
  const own = [hostNameOf(new URL(baseUrl()).host), config.host.toLowerCase()];
  if (own.includes(host)) return true;
  // The local address of the connection, which no name server can change.
  const { localAddress } = request.raw.socket;
  return localAddress !== undefined && isFourPart(host) && isSameAddress(host, localAddress);
}

const isSameAddress = (one: string, other: string): boolean =>
  ipaddr.process(one).toString() === ipaddr.process(other).toString();

function bearerOf(request: FastifyRequest): string {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
