import type { FastifyInstance, FastifyRequest } from 'fastify';
import { READ } from '../../http/route-config.js';
import { isSameSecret } from '../../http/same-secret.js';
import type { CompanyRequest, LoginRequest, SessionInfo } from '../api.js';
import { capabilitiesOf, readOnlyReason } from '../capabilities.js';
import type { ConsolePlace } from '../console-options.js';
import type { ConsoleParts } from '../console-parts.js';
import { chosen, logIn } from '../login.js';
import { ConsoleError } from '../problem.js';
import {
  checkToken,
  presentedSession,
  presentsKey,
  setKeyCookie,
  setSessionCookie,
} from '../request-guard.js';
import type { Session } from '../session.js';

/** `session`, `login`, `logout` and `company`. */
export function sessionRoutes(api: FastifyInstance, parts: ConsoleParts): void {
  const { options, sessions } = parts;
  let logins = 0;
  const sessionOf = (request: Parameters<typeof presentedSession>[0]): Session | undefined => {
    const id = presentedSession(request);
    return id === undefined ? undefined : sessions.use(id);
  };

  api.route({
    method: READ,
    url: '/session',
    handler: async (request) => infoOf(parts, request, sessionOf(request)),
  });

  api.post<{ Body: unknown }>('/login', { bodyLimit: 16_384 }, async (request, reply) => {
    const given = loginOf(request.body);
    // A login takes work of the service, and its delays keep a request open.
    if (logins >= options.limits.logins)
      throw new ConsoleError('tooMany', 'too many logins at once; try again', { retryAfter: 2 });
    logins += 1;
    try {
      const session = await logIn(options, sessions, given, presentsKey(options, request));
      const before = sessionOf(request);
      if (before !== undefined) sessions.end(before, 'loggedOut');
      setSessionCookie(options, request, reply, session.id);
      return infoOf(parts, request, session);
    } finally {
      logins -= 1;
    }
  });

  api.post('/logout', async (request, reply) => {
    const session = sessionOf(request);
    if (session !== undefined) {
      checkToken(session, request);
      sessions.end(session, 'loggedOut');
    }
    setSessionCookie(options, request, reply, undefined);
    return infoOf(parts, request, undefined);
  });

  api.post<{ Body: Partial<CompanyRequest> | null }>('/company', async (request) => {
    const session = sessionOf(request);
    if (session === undefined) throw new ConsoleError('login', 'log in first');
    checkToken(session, request);
    const { companyHandle } = request.body ?? {};
    if (typeof companyHandle !== 'string')
      throw new ConsoleError('input', 'companyHandle: expected the handle of a company');
    const next = chosen(session.identity, companyHandle);
    if (next.company.companyHandle !== session.company.companyHandle) {
      session.current = next;
      session.notify('company');
    }
    return infoOf(parts, request, session);
  });
}

/** `/console/open`: the URL that a console with credentials prints. It lets the browser in, and redirects to the first page. */
export function openRoute(scope: FastifyInstance, { options, sessions }: ConsoleParts): void {
  const { key } = options;
  if (key === undefined) return;
  scope.get<{ Querystring: { readonly key?: unknown } }>('/console/open', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const given = request.query.key;
    if (typeof given !== 'string' || !isSameSecret(given, key))
      throw new ConsoleError(
        'credentials',
        'key: not that of this console; open the URL that it printed last',
      );
    setKeyCookie(options, request, reply);
    try {
      setSessionCookie(options, request, reply, (await logIn(options, sessions, {}, true)).id);
    } catch (error) {
      options.log.warn(
        { reason: (error as Error).message },
        'the console cannot log in with its credentials',
      );
      return reply.redirect('/login', 303);
    }
    return reply.redirect('/', 303);
  });
}

function loginOf(body: unknown): LoginRequest {
  if (typeof body !== 'object' || body === null) throw new ConsoleError('input', 'expected a JSON object');
  const text = (name: keyof LoginRequest): string | undefined => {
    const value = (body as Partial<Record<string, unknown>>)[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw new ConsoleError('input', `${name}: expected a text`);
    return value;
  };
  return {
    profile: text('profile'),
    user: text('user'),
    password: text('password'),
    company: text('company'),
  };
}

function infoOf(
  { options, sessions }: ConsoleParts,
  request: FastifyRequest,
  session: Session | undefined,
): SessionInfo {
  const hasKey = presentsKey(options, request);
  const { own } = options;
  const places = options.places();
  const place = session?.place ?? places[0];
  const shared = {
    isLoggedIn: session !== undefined,
    csrf: session?.csrf ?? '',
    profiles: places.map((each) => ({
      name: each.name,
      endpoint: endpointOf(each),
      ...(each.user === undefined ? {} : { user: each.user }),
      ...(each.company === undefined ? {} : { company: each.company }),
      hasCredentials: hasKey && each.credentials !== undefined,
      readOnly: options.readOnly || each.readOnly === true,
    })),
    profile: place?.name ?? '',
    service: {
      kind: own === undefined ? 'foreign' : 'own',
      endpoint: place === undefined ? '' : endpointOf(place),
      timeZone: own?.timeZone,
      now: (own?.now() ?? new Date()).toISOString(),
      hasTestPanel: own?.admin !== undefined,
      live: own === undefined ? 'polling' : 'events',
      ...(own === undefined ? {} : { workers: own.workers }),
    },
    readOnly: readOnlyReason(options, session),
    version: options.version,
  } as const;
  if (session === undefined) return shared;
  return {
    ...shared,
    user: session.user,
    company: session.company,
    companies: session.identity.memberships.map(({ company }) => company),
    capabilities: capabilitiesOf(options, session),
    expires: new Date(sessions.expiryOf(session)).toISOString(),
  };
}

function endpointOf({ endpoint, region, stage }: ConsolePlace): string {
  return endpoint ?? `${region ?? ''} ${stage ?? 'production'}`.trim();
}
