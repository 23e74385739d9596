import Fastify, { type FastifyInstance } from 'fastify';
import type { OperationParts } from '../operations/operation-parts.js';
import { registerAdmin } from './admin.js';
import type { AdminActions } from './admin-actions.js';
import { registerContent } from './content.js';
import { type ControlActions, registerControl } from './control.js';
import { registerDelivery } from './delivery.js';
import { registerHealth } from './health.js';
import { registerServices } from './services-route.js';
import { registerUpload } from './upload.js';
import { registerWsdl } from './wsdl.js';

/** The HTTP application, with every path that the server answers. */
export function createApp(
  parts: OperationParts,
  admin: AdminActions,
  control: ControlActions,
): FastifyInstance {
  const { services, chaos } = parts;
  const app = Fastify({
    bodyLimit: services.config.limits.maxRequestBytes,
    // Against clients that send slowly to tie up connections: the time for headers and between chunks is bounded.
    connectionTimeout: 120_000,
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
  });
  app.addHook('onRequest', async (request) =>
    services.log.debug({ method: request.method, url: request.url }, 'request'),
  );
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) services.log.error({ err: error, url: request.url }, 'a request failed');
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status >= 500 ? 'internal error' : error.message);
  });
  registerHealth(app, services);
  registerWsdl(app);
  registerServices(app, parts);
  registerUpload(app, parts);
  registerDelivery(app, services);
  registerContent(app, services);
  registerControl(app, control);
  if (services.config.adminApi) registerAdmin(app, services, chaos, admin);
  return app;
}
