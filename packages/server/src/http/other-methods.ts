import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify';
import { sendText } from './plain-text.js';

/** A path with its methods. */
interface KnownPath {
  readonly methods: Set<string>;
  readonly config: RouteOptions['config'];
}

/**
 * Handles every method that a path does not have: OPTIONS returns its methods, others return 405. Call it before adding routes.
 */
export function answerOtherMethods(app: FastifyInstance): { finish(): void } {
  const paths = new Map<string, KnownPath>();
  // CONNECT requests a tunnel, which Node refuses.
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  for (const method of methods) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  app.addHook('onRoute', ({ url, method, config }) => {
    const known = paths.get(url) ?? { methods: new Set(['OPTIONS']), config };
    for (const each of [method].flat()) known.methods.add(each);
    paths.set(url, known);
  });
  // In a plugin, which loads after those that add routes.
  const finish = (): void =>
    void app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // Ignores the body.
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
      for (const [url, { methods: known, config }] of [...paths]) {
        const allow = [...known].join(', ');
        scope.route({
          method: methods.filter((method) => method === 'OPTIONS' || !known.has(method)),
          url,
          ...(config && { config }),
          handler: async (request, reply) => {
            reply.header('allow', allow);
            if (request.method === 'OPTIONS') return options(reply, allow, config?.isForAnyOrigin === true);
            return sendText(
              reply,
              405,
              config?.what ?? `${request.method} is not allowed; allowed: ${allow}`,
            );
          },
        });
      }
    });
  return { finish };
}

function options(reply: FastifyReply, allow: string, isForAnyOrigin: boolean): FastifyReply {
  if (isForAnyOrigin) {
    reply
      .header('access-control-allow-methods', allow)
      .header('access-control-allow-headers', '*')
      .header('access-control-max-age', 86_400);
  }
  return reply.code(204).send();
}
