import type { FastifyReply, FastifyRequest } from 'fastify';
import { hostNameOf, isOwnHost, requestedHost } from '../http/own-host.js';
import { isSameSecret } from '../http/same-secret.js';
import type { ConsoleOptions } from './console-options.js';
import { ConsoleError } from './problem.js';
import type { Session } from './session.js';

/** Nothing from other hosts, and no page around the console. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sets the headers that every answer of the console has. */
export function protect(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': POLICY,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  });
}

/**
 * Refuses requests under a foreign host name (DNS rebinding) or from a page of another origin.
 *
 * @throws ConsoleError
 */
export function checkSource(options: ConsoleOptions, request: FastifyRequest): void {
  const host = requestedHost(request);
  if (host === undefined) throw new ConsoleError('host', 'Host: expected one host name of this console');
  const { publicUrl } = options;
  const names = [
    ...options.hosts(),
    publicUrl === undefined ? undefined : hostNameOf(new URL(publicUrl).host),
  ];
  if (!isOwnHost(names, request, host))
    throw new ConsoleError('host', `Host: ${host} is not a name of this console; start it with --public-url`);
  const { origin } = request.headers;
  const own = [`${request.protocol}://${request.headers.host}`, publicUrl && new URL(publicUrl).origin];
  if (origin !== undefined && !own.includes(origin))
    throw new ConsoleError('origin', `requests from ${origin} are refused`);
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if ((site === 'cross-site' || site === 'same-site') && !isNavigation)
    throw new ConsoleError('origin', 'requests from pages of other origins are refused');
}

/**
 * Refuses a change without the token of the session, which pages of other origins cannot read.
 *
 * @throws ConsoleError
 */
export function checkToken(session: Session, request: FastifyRequest): void {
  const token = request.headers['x-csrf-token'];
  if (typeof token !== 'string' || !isSameSecret(token, session.csrf))
    throw new ConsoleError('csrf', 'x-csrf-token: expected the token of the session; reload the page');
}

/** The name of the cookie. Browsers send the cookies of a host to each of its ports, so that two consoles need two names. */
export function cookieName(request: FastifyRequest): string {
  return `ips-console-${request.raw.socket.localPort}`;
}

/** The identifier of the session that a request presents. */
export function presentedSession(request: FastifyRequest): string | undefined {
  return cookieOf(request, cookieName(request));
}

/** Whether a browser may use the credentials that the console itself has. */
export function presentsKey({ key }: ConsoleOptions, request: FastifyRequest): boolean {
  const given = cookieOf(request, `${cookieName(request)}-key`);
  return key !== undefined && given !== undefined && isSameSecret(given, key);
}

/** Stores or removes the identifier of the session in the browser, which keeps it from scripts and from other sites. */
export function setSessionCookie(
  options: ConsoleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string | undefined,
): void {
  setCookie(options, request, reply, cookieName(request), id);
}

/** Stores the key in the browser. */
export function setKeyCookie(options: ConsoleOptions, request: FastifyRequest, reply: FastifyReply): void {
  setCookie(options, request, reply, `${cookieName(request)}-key`, options.key);
}

function setCookie(
  { publicUrl }: ConsoleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string | undefined,
): void {
  const isSecure =
    publicUrl?.startsWith('https:') === true &&
    hostNameOf(new URL(publicUrl).host) === requestedHost(request);
  const end = value === undefined ? '; Max-Age=0' : '';
  // Fastify adds to the cookies that are there.
  reply.header(
    'set-cookie',
    `${name}=${value ?? ''}; Path=/console; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}${end}`,
  );
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}
