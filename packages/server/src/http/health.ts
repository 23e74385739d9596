import type { FastifyInstance } from 'fastify';
import { pingDatabase } from '../db/store.js';
import type { Services } from '../services.js';

/** `/healthz`: whether the database answers. `/metrics`: what the server counts, for Prometheus. */
export function registerHealth(app: FastifyInstance, services: Services): void {
  app.get('/healthz', async (_request, reply) => {
    try {
      await pingDatabase(services.db);
      return { status: 'ok', serverName: services.config.serverName, jobClock: services.config.jobClock };
    } catch {
      return reply.code(503).send({ status: 'the database does not answer' });
    }
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(services.metrics.registry.contentType);
    return services.metrics.registry.metrics();
  });
}
