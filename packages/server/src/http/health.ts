import type { FastifyInstance } from 'fastify';
import { pingDatabase } from '../db/store.js';
import type { Services } from '../services.js';
import { storageProblem } from '../storage-problem.js';

/** `/healthz`: whether the database answers and files can be stored. `/metrics`: what the server counts, for Prometheus. */
export function registerHealth(app: FastifyInstance, services: Services): void {
  app.get('/healthz', async (_request, reply) => {
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
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(services.metrics.registry.contentType);
    return services.metrics.registry.metrics();
  });
}
