import type { FastifyInstance } from 'fastify';
import { pingDatabase } from '../db/store.js';
import type { Services } from '../services.js';
import { READ } from './route-config.js';

/** `/healthz`: whether the database answers. `/metrics`: what the server counts, for Prometheus. */
export function registerHealth(app: FastifyInstance, services: Services): void {
  app.route({
    method: READ,
    url: '/healthz',
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        await pingDatabase(services.db);
        return { status: 'ok', serverName: services.config.serverName, jobClock: services.config.jobClock };
      } catch {
        return reply.code(503).send({ status: 'the database does not answer' });
      }
    },
  });
  app.route({
    method: READ,
    url: '/metrics',
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store').type(services.metrics.registry.contentType);
      return services.metrics.registry.metrics();
    },
  });
}
