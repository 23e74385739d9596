import type { FastifyInstance } from 'fastify';
import type { Chaos, ChaosSettings } from '../operations/chaos.js';
import type { Services } from '../services.js';
import type { AdminActions } from './admin-actions.js';

/** `/admin/*`: controls for tests, off by default. Bodies and answers are JSON. */
export function registerAdmin(
  app: FastifyInstance,
  services: Services,
  chaos: Chaos,
  actions: AdminActions,
): void {
  app.register(
    async (scope) => {
      scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
        reply.code(error.statusCode ?? 400).send({ error: error.message }),
      );
      // Any page that a browser has open can send requests here.
      scope.addHook('onRequest', async (request, reply) => {
        const { origin } = request.headers;
        if (origin !== undefined && origin !== `${request.protocol}://${request.host}`) {
          return reply.code(403).send({ error: `requests from ${origin} are refused` });
        }
      });
      scope.post('/reset', async () => {
        await actions.reset();
        chaos.set({});
        return { ok: true };
      });
      scope.post<{ Body: unknown }>('/seed', async (request) => {
        await actions.seed(request.body);
        return { ok: true };
      });
      scope.get('/snapshot', () => actions.snapshot());
      scope.post<{ Body: unknown }>('/restore', { bodyLimit: 2 ** 30 }, async (request) => {
        return { ok: true, withoutPassword: await actions.restore(request.body) };
      });
      scope.get('/clock', async () => ({
        mode: services.clock.mode,
        now: services.clock.now().toISOString(),
      }));
      scope.post<{ Body: { advance?: number; now?: string } | null }>('/clock', async (request) => {
        const { advance, now } = request.body ?? {};
        if (now !== undefined) {
          const time = new Date(typeof now === 'string' ? now : Number.NaN);
          if (Number.isNaN(time.getTime()))
            throw new RangeError(`now: found "${now}", expected an ISO 8601 time`);
          await actions.setTime(time);
        } else if (typeof advance === 'number' && advance >= 0) await actions.advance(advance);
        else throw new RangeError('expected "advance" in milliseconds, or "now" as an ISO 8601 time');
        return { mode: services.clock.mode, now: services.clock.now().toISOString() };
      });
      scope.post('/run-pending', async () => ({ done: await actions.runPending() }));
      scope.get('/chaos', async () => chaos.settings);
      scope.post<{ Body: ChaosSettings | null }>('/chaos', async (request) => {
        chaos.set(request.body ?? {});
        return chaos.settings;
      });
    },
    { prefix: '/admin' },
  );
}
