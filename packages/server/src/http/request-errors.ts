import type { FastifyInstance, FastifyReply } from 'fastify';
import { invalidRequestXml, ruleBroken, unexpectedError } from '../faults.js';
import type { Services } from '../services.js';
import { readingProblem } from '../storage-problem.js';
import { sendText } from './plain-text.js';
import { OverloadError } from './traffic/overload-error.js';

/** Seconds after which a request is worth repeating whose files cannot be read. */
const STORAGE_RETRY = 30;

/** An error outside a call: from the framework, from a limit, or unexpected. */
export interface RequestError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
}

/** The HTTP status of an error. Default: 500. */
export function statusOf({ statusCode }: RequestError): number {
  return statusCode !== undefined && statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
}

/** Handles errors of routes that do not return XML, and unknown paths. */
export function registerErrors(app: FastifyInstance, services: Services): void {
  app.setErrorHandler((error: RequestError, request, reply) => {
    logUnexpected(services, error, request.url);
    clearRepresentation(reply, error);
    const problem = readingProblem(error);
    if (problem === undefined) return sendText(reply, statusOf(error), wordsOf(error));
    return sendText(
      reply.header('retry-after', STORAGE_RETRY),
      503,
      `the files cannot be read: ${problem} at the server`,
    );
  });
  app.setNotFoundHandler((request, reply) => {
    // The server as a whole.
    if (request.method === 'OPTIONS' && request.raw.url === '*')
      return reply.code(204).header('allow', 'GET, HEAD, POST, OPTIONS').send();
    return sendText(reply, 404, `no resource at ${request.url.split('?')[0]}`);
  });
}

/** The fault that an XML route returns for an error. */
export function faultOfRequest(services: Services, error: RequestError, url: string) {
  logUnexpected(services, error, url);
  if (error instanceof OverloadError) return ruleBroken(error.message);
  return statusOf(error) >= 500 ? unexpectedError() : invalidRequestXml(error.message);
}

/** Removes the content headers of a failed response, and sets `Retry-After`. */
export function clearRepresentation(reply: FastifyReply, error: RequestError): void {
  for (const name of [
    'etag',
    'last-modified',
    'content-encoding',
    'content-length',
    'content-range',
    'accept-ranges',
  ])
    reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  if (error instanceof OverloadError) reply.header('retry-after', error.retryAfter);
  // The rest of the request is not read.
  if (!reply.request.raw.complete) reply.header('connection', 'close');
}

function wordsOf(error: RequestError): string {
  return statusOf(error) >= 500 && !(error instanceof OverloadError) ? 'internal error' : error.message;
}

function logUnexpected({ log }: Services, error: RequestError, url: string): void {
  if (statusOf(error) >= 500 && !(error instanceof OverloadError))
    log.error({ err: error, url }, 'a request failed');
}
