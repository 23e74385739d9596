import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../net/loopback.js';
import type { Services } from '../services.js';
import { hostNameOf, isOwnHost, requestedHost } from './own-host.js';
import { isSameSecret } from './same-secret.js';

/**
 * Protects every method of `/admin/*`. Any page open in a browser can send requests here and, through DNS rebinding, use its own host
 * name. Therefore only host names and origins of this server are accepted and, if a token is set, only callers who present it.
 */
export function guardAdmin(app: FastifyInstance, services: Services): void {
  const { adminToken, previousAdminToken } = services.config;
  const tokens = [adminToken, previousAdminToken].filter((token) => token !== undefined);
  app.addHook('onRequest', async (request, reply) => {
    // Checks the route, not the path, which can be written in many ways.
    if (!request.routeOptions.url?.startsWith('/admin/')) return;
    const refuse = (status: number, error: string) => reply.code(status).send({ error });
    const host = requestedHost(request);
    if (host === undefined) return refuse(403, 'Host: expected one host name of this server');
    if (!isOwnHost(namesOf(services), request, host)) {
      return refuse(403, `Host: ${host} is not a name of this server; see publicUrl`);
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `${request.protocol}://${request.headers.host}`)
      return refuse(403, `requests from ${origin} are refused`);
    if (tokens.length > 0 && !tokens.some((token) => isSameSecret(bearerOf(request), token))) {
      reply.header('www-authenticate', 'Bearer');
      return refuse(401, 'Authorization: expected Bearer and the admin token');
    }
  });
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
  readonly previousAdminToken?: string | undefined;
}): void {
  const { host, adminApi, adminToken, previousAdminToken } = options;
  for (const [name, token] of Object.entries({ adminToken, previousAdminToken }))
    if (token !== undefined && !/^[\x21-\x7e]{16,}$/.test(token))
      throw new RangeError(`${name}: expected at least 16 ASCII characters without spaces`);
  if (previousAdminToken !== undefined && adminToken === undefined)
    throw new RangeError('previousAdminToken: found one without adminToken, which replaces it');
  // The default host is a loopback address.
  if (adminApi === true && adminToken === undefined && host !== undefined && !isLoopback(host.toLowerCase()))
    throw new RangeError(
      `adminToken: required to serve the admin API on ${host}, which other machines can reach`,
    );
}

/** The names that clients know the server by. */
function namesOf({ config, baseUrl }: Services): (string | undefined)[] {
  return [hostNameOf(new URL(baseUrl()).host), config.host.toLowerCase()];
}

function bearerOf(request: FastifyRequest): string {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
