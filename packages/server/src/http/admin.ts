import type { FastifyInstance } from 'fastify';
import type { Chaos, ChaosSettings } from '../operations/chaos.js';
import type { Services } from '../services.js';
import type { AdminActions } from './admin-actions.js';
import { registerRecords } from './admin-records.js';
import { READ } from './route-config.js';
import type { TestRecords } from './test-records.js';

/** `/admin/*`: controls for tests, off by default and guarded by `admin-guard.ts`. Requests and responses are JSON. */
export function registerAdmin(
  app: FastifyInstance,
  services: Services,
  chaos: Chaos,
  actions: AdminActions,
  records: TestRecords,
): void {
  app.register(
    async (scope) => {
      scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
        reply
          .code(error.statusCode ?? 400)
          .header('cache-control', 'no-store')
          .send({ error: error.message }),
      );
      registerRecords(scope, records);
      scope.post('/reset', async () => {
        await actions.reset();
        chaos.set({});
        return { ok: true };
      });
      scope.post<{ Body: unknown }>('/seed', { bodyLimit: 2 ** 26 }, async (request) => {
        // A text would be the path of a file of the server.
        if (typeof request.body === 'string') throw new TypeError('expected a seed as a JSON object');
        await actions.seed(request.body);
        return { ok: true };
      });
      scope.route({ method: READ, url: '/snapshot', handler: () => actions.snapshot() });
      scope.route({
        method: READ,
        url: '/state',
        handler: async (_request, reply) =>
          reply
            .type('application/gzip')
            .header('cache-control', 'no-store')
            .send(await actions.packState()),
      });
      scope.post<{ Body: unknown }>('/restore', { bodyLimit: 2 ** 30 }, async (request) => {
        return { ok: true, withoutPassword: await actions.restore(request.body) };
      });
      scope.route({
        method: READ,
        url: '/clock',
        handler: async () => ({
          mode: services.clock.mode,
          now: services.clock.now().toISOString(),
        }),
      });
      scope.post<{ Body: { advance?: number; now?: string } | null }>('/clock', async (request) => {
        const { advance, now } = request.body ?? {};
        if (now !== undefined) {
          const time = new Date(typeof now === 'string' ? now : Number.NaN);
          if (Number.isNaN(time.getTime()))
            throw new RangeError(`now: expected an ISO 8601 time, found "${now}"`);
          await actions.setTime(time);
        } else if (typeof advance === 'number' && advance >= 0) await actions.advance(advance);
        else throw new RangeError('expected "advance" in milliseconds, or "now" as an ISO 8601 time');
        return { mode: services.clock.mode, now: services.clock.now().toISOString() };
      });
      scope.post('/run-pending', async () => ({ done: await actions.runPending() }));
      scope.route({ method: READ, url: '/chaos', handler: async () => chaos.settings });
      scope.post<{ Body: ChaosSettings | null }>('/chaos', async (request) => {
        chaos.set(request.body ?? {});
        return chaos.settings;
      });
    },
    { prefix: '/admin' },
  );
}
