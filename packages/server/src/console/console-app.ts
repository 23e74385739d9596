import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { READ } from '../http/route-config.js';
import { readOnlyReason } from './capabilities.js';
import type { ConsoleOptions } from './console-options.js';
import type { Answer, ConsoleParts, ConsoleRoutes, SessionRequest } from './console-parts.js';
import { toJson } from './json.js';
import { Feeds } from './live/feeds.js';
import { ConsoleError, isRefusedLogin, problemOf } from './problem.js';
import { checkSource, checkToken, presentedSession, protect } from './request-guard.js';
import { assetRoutes } from './routes/asset-routes.js';
import { eventRoutes } from './routes/event-routes.js';
import { jobRoutes } from './routes/job-routes.js';
import { overviewRoutes } from './routes/overview-routes.js';
import { openRoute, sessionRoutes } from './routes/session-routes.js';
import { submitRoutes } from './routes/submit-routes.js';
import { testRoutes } from './routes/test-routes.js';
import { uploadRoutes } from './routes/upload-routes.js';
import { SessionStore } from './session-store.js';
import { Uploads } from './uploads/uploads.js';
import { registerWeb } from './web/web-files.js';

/** A console that is part of an HTTP application. */
export interface ConsoleHost {
  /** Ends all sessions, such as after a reset of the server. */
  endSessions(): void;
}

/** Registers the console: its API at `/console/api`, its pages at `/`. */
export function registerConsole(app: FastifyInstance, options: ConsoleOptions): ConsoleHost {
  const sessions = new SessionStore(options.limits);
  const feeds = new Feeds(options);
  const uploads = new Uploads(options);
  const parts: ConsoleParts = { options, sessions, feeds, uploads };
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      protect(reply);
      checkSource(options, request);
    });
    scope.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));
    openRoute(scope, parts);
    registerWeb(scope);
    await scope.register(
      async (api) => {
        api.addHook('onRequest', async (_request, reply) => {
          reply.header('cache-control', 'no-store');
        });
        api.setReplySerializer((payload) => toJson(payload));
        sessionRoutes(api, parts);
        eventRoutes(api, parts);
        const routes = routesOf(api, parts);
        jobRoutes(routes, parts);
        submitRoutes(routes, parts);
        assetRoutes(routes, parts);
        uploadRoutes(api, routes, parts);
        overviewRoutes(routes, parts);
        testRoutes(routes, parts);
      },
      { prefix: '/console/api' },
    );
  });
  // Streams would keep the server from stopping.
  app.addHook('preClose', async () => {
    await uploads.close();
    feeds.close();
    sessions.close();
  });
  return { endSessions: () => sessions.endAll() };
}

function routesOf(api: FastifyInstance, parts: ConsoleParts): ConsoleRoutes {
  const add = (
    method: 'GET' | 'POST',
    path: string,
    changes: boolean,
    handle: (given: SessionRequest, body: never) => Promise<Answer>,
  ): void => {
    api.route({
      method: method === 'GET' ? READ : method,
      url: `/${path}`,
      bodyLimit: parts.options.limits.bodyBytes,
      handler: async (request, reply) => {
        const given = requestOf(parts, request, reply);
        if (method !== 'GET') checkToken(given.session, request);
        const reason = changes ? readOnlyReason(parts.options, given.session) : undefined;
        if (reason !== undefined) throw new ConsoleError('readOnly', reason);
        if (method !== 'GET' && (typeof request.body !== 'object' || request.body === null))
          throw new ConsoleError('input', 'expected a JSON object');
        try {
          // Each route checks what it takes of the body.
          return (await handle(given, request.body as never)) ?? reply;
        } catch (error) {
          if (!isRefusedLogin(error)) throw error;
          parts.sessions.end(given.session, 'refused');
          throw new ConsoleError('login', problemOf(error).problem.error.message);
        }
      },
    });
  };
  return {
    get: (path, handle) => add('GET', path, false, handle),
    post: (path, handle) => add('POST', path, true, handle),
    ask: (path, handle) => add('POST', path, false, handle),
  };
}

/** The session that a request belongs to. @throws ConsoleError without one. */
function requestOf(parts: ConsoleParts, request: FastifyRequest, reply: FastifyReply): SessionRequest {
  const id = presentedSession(request);
  const session = id === undefined ? undefined : parts.sessions.use(id);
  if (session === undefined)
    throw new ConsoleError(
      'login',
      id === undefined ? 'log in first' : 'the session has ended; log in again',
    );
  return {
    session,
    request,
    reply,
    query: request.query as SessionRequest['query'],
    feed: async () => {
      const feed = await parts.feeds.of(session);
      await feed.live.current();
      return feed;
    },
  };
}

function answerError(
  { log }: ConsoleOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, problem } = problemOf(error);
  if (problem.error.code === 'internal')
    log.error({ err: error, url: request.url }, 'a request of the console failed');
  if (problem.error.retryAfter !== undefined) reply.header('retry-after', problem.error.retryAfter);
  // What is left of the body is not read.
  if (!request.raw.complete) reply.header('connection', 'close');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(Buffer.from(JSON.stringify(problem)));
}
