import type { FastifyInstance } from 'fastify';
import { pingDatabase } from '../db/store.js';
import type { Services } from '../services.js';
import { storageProblem } from '../storage-problem.js';
import { READ } from './route-config.js';

/** `/healthz`: whether the database answers and files can be stored. `/metrics`: what the server counts, for Prometheus. */
export function registerHealth(app: FastifyInstance, services: Services): void {
  app.route({
    method: READ,
    url: '/healthz',
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        await pingDatabase(services.db);
        const problem = await services.files.problem();
        if (problem !== undefined) return reply.code(503).send({ status: problem });
        return { status: 'ok', serverName: services.config.serverName, jobClock: services.config.jobClock };
      } catch (error) {
        const problem = storageProblem(error);
        const status = problem === undefined ? '' : `: ${problem}`;
        return reply.code(503).send({ status: `the database does not answer${status}` });
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
