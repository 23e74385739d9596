import type { FastifyInstance } from 'fastify';
import { mayCall, readOnlyReason } from '../capabilities.js';
import type { ConsoleParts, ConsoleRoutes } from '../console-parts.js';
import { ConsoleError } from '../problem.js';
import { needed, type Query, whole } from '../query-string.js';
import { checkToken, presentedSession } from '../request-guard.js';

/** Chunks that are received at once: each is in memory until it is written. */
const MOST_CHUNKS = 32;

/** `uploads`: files on their way from the browser to the service. */
export function uploadRoutes(api: FastifyInstance, routes: ConsoleRoutes, parts: ConsoleParts): void {
  const { options, sessions, uploads } = parts;

  routes.post('uploads', async ({ session }, body) => {
    if (!mayCall(session, 'uploadPost', options.own !== undefined))
      throw new ConsoleError('forbidden', 'the role of the user does not allow uploads');
    return uploads.create(session, body);
  });
  routes.get('uploads', async ({ session, query }) => uploads.of(session, needed(query, 'id')).state);
  routes.post<{ readonly id?: unknown }>('uploads/cancel', async ({ session }, { id }) => {
    const upload = uploads.of(session, typeof id === 'string' ? id : '');
    await upload.cancel();
    return upload.state;
  });

  // Requests whose chunks are in memory; a set, because an aborted request may report its end more than once.
  const receiving = new Set<unknown>();
  api.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    // Before the body is read.
    scope.addHook('onRequest', async (request, reply) => {
      const session = sessions.use(presentedSession(request) ?? '');
      if (session === undefined) throw new ConsoleError('login', 'log in first');
      checkToken(session, request);
      const reason = readOnlyReason(options, session);
      if (reason !== undefined) throw new ConsoleError('readOnly', reason);
      if (receiving.size >= MOST_CHUNKS)
        throw new ConsoleError('tooMany', 'too many chunks at once', { retryAfter: 1 });
      receiving.add(request);
      reply.raw.once('close', () => receiving.delete(request));
    });
    scope.put('/uploads/chunk', { bodyLimit: options.limits.chunkBytes }, async (request) => {
      const query = request.query as Query;
      const session = sessions.use(presentedSession(request) ?? '');
      if (session === undefined) throw new ConsoleError('login', 'log in first');
      if (!Buffer.isBuffer(request.body))
        throw new ConsoleError('input', 'expected bytes as application/octet-stream');
      const file = whole(query, 'file', 0, 0, options.limits.uploadFiles);
      const offset = whole(query, 'offset', 0, 0, options.limits.fileBytes);
      return uploads.write(session, needed(query, 'id'), file, offset, request.body);
    });
  });
}
