import type { FastifyInstance, FastifyReply } from 'fastify';
import { lossReason } from '../db/connection-loss.js';
import { unreadableSchedules } from '../jobs/recovery.js';
import type { Services } from '../services.js';
import { storageProblem } from '../storage-problem.js';
import { READ } from './route-config.js';

/** Timeout for the database to respond, in milliseconds. */
const PATIENCE = 3000;

/** What a process is doing; `ready` if it takes work. One that is starting waits for the job queue: all else is there before it listens. */
export interface Phase {
  current: 'starting' | 'ready' | 'stopping';
}

/** What a process that is starting lacks. */
const LACKS = { waitsFor: 'the job queue' } as const;

/**
 * `/healthz`: whether the database responds, whether files can be stored, and the number of jobs that do not run because their schedule
 * is invalid; the log has the reasons. `/readyz`: the same, for what distributes work: 503 as well while the process starts or stops.
 * Both show what a process that is starting waits for.
 * `/metrics`: metrics for Prometheus.
 */
export function registerHealth(app: FastifyInstance, services: Services, phase: Phase): void {
  const answer = async (reply: FastifyReply): Promise<unknown> => {
    reply.header('cache-control', 'no-store');
    const found = await stateOf(services);
    if (typeof found === 'string')
      return reply.code(503).send({ status: 'the database does not respond', reason: found });
    const problem = await services.files.problem();
    if (problem !== undefined) return reply.code(503).send({ status: problem });
    const { role, serverName, jobClock } = services.config;
    const lacks = phase.current === 'starting' ? LACKS : {};
    return { status: 'ok', role, serverName, jobClock, ...found, ...lacks };
  };
  app.route({ method: READ, url: '/healthz', handler: (_request, reply) => answer(reply) });
  app.route({
    method: READ,
    url: '/readyz',
    handler: async (_request, reply) => {
      if (phase.current === 'ready') return answer(reply);
      const { current: status } = phase;
      return reply
        .header('cache-control', 'no-store')
        .code(503)
        .send(status === 'starting' ? { status, ...LACKS } : { status });
    },
  });
  app.route({
    method: READ,
    url: '/metrics',
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store').type(services.metrics.registry.contentType);
      return services.metrics.text();
    },
  });
}

/** The response of the database, or a code for the reason why there is none. */
async function stateOf({ db, ping }: Services): Promise<string | { readonly unreadableSchedules: number }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no response within ${PATIENCE} ms`), PATIENCE);
  });
  const asked = ping()
    .then(async () => ({ unreadableSchedules: await unreadableSchedules(db) }))
    .catch((error: unknown) => storageProblem(error) ?? lossReason(error));
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
