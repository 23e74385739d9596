import { createServer } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { OperationParts } from '../operations/operation-parts.js';
import type { Services } from '../services.js';
import { registerAdmin } from './admin.js';
import type { AdminActions } from './admin-actions.js';
import { guardAdmin } from './admin-guard.js';
import { registerContent } from './content.js';
import { type ControlActions, registerControl } from './control.js';
import { registerDelivery } from './delivery.js';
import { type Phase, registerHealth } from './health.js';
import { checkHost } from './host-header.js';
import { incompleteContent } from './incomplete-content.js';
import { answerOtherMethods } from './other-methods.js';
import { sendText } from './plain-text.js';
import { registerErrors, statusOf } from './request-errors.js';
import type { RequestJournal } from './request-journal.js';
import { registerServices } from './services-route.js';
import type { TestRecords } from './test-records.js';
import { Traffic } from './traffic/traffic.js';
import { registerUpload } from './upload.js';
import { registerWsdl } from './wsdl.js';

/** The HTTP application, with all routes. */
export interface App {
  readonly fastify: FastifyInstance;
  readonly traffic: Traffic;
}

/** What a server may add to the application. */
export interface AppExtras {
  readonly phase: Phase;
  /** Records the calls of the service. */
  readonly journal?: RequestJournal | undefined;
  /** What the admin API shows. */
  readonly records: TestRecords;
  /** Adds routes of a floor above. */
  readonly more?: ((app: FastifyInstance) => void) | undefined;
}

/** Creates the application. It does not listen yet. */
export function createApp(
  parts: OperationParts,
  admin: AdminActions,
  control: ControlActions,
  { phase, journal, records, more }: AppExtras,
): App {
  const { services, chaos } = parts;
  const { config } = services;
  const { fastify, traffic, finish } = createBase(services, phase);
  registerWsdl(fastify);
  registerServices(fastify, parts, traffic, journal);
  registerUpload(fastify, parts, traffic, journal);
  registerDelivery(fastify, services, traffic);
  registerContent(fastify, services);
  registerControl(fastify, control);
  if (config.adminApi) {
    guardAdmin(fastify, services);
    registerAdmin(fastify, services, chaos, admin, records);
  }
  more?.(fastify);
  finish();
  return { fastify, traffic };
}

/** Creates the application of a process without callers: it reports only how the process does. It does not listen yet. */
export function createHealthApp(services: Services, phase: Phase): App {
  const { fastify, traffic, finish } = createBase(services, phase);
  finish();
  return { fastify, traffic };
}

/** What all applications have: limits, the form of errors, and the reports of health. `finish` ends the list of routes. */
function createBase(services: Services, phase: Phase): App & { readonly finish: () => void } {
  const { config, metrics, log } = services;
  const traffic = new Traffic(config.limits, metrics, incompleteContent);
  const fastify: FastifyInstance = Fastify({
    bodyLimit: config.limits.maxRequestBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
    clientErrorHandler: (error, socket) => traffic.clientError(error, socket),
    frameworkErrors: (error, _request, reply) => sendText(reply, statusOf(error), error.message),
    serverFactory: (handle) => {
      const server = createServer(
        {
          connectionsCheckingInterval: Math.min(30_000, Math.ceil(config.limits.headerTimeout / 2)),
          // Node.js would answer before a request is counted; see checkHost.
          requireHostHeader: false,
        },
        (request, response) => traffic.accept(request, response, handle),
      );
      traffic.attach(server);
      return server;
    },
  });
  fastify.addHook('preClose', async () => traffic.drain());
  fastify.addHook('onRequest', async (request, reply) => {
    log.debug({ method: request.method, url: request.url }, 'request');
    const refusal = traffic.refusalOf(request.raw);
    if (refusal !== undefined) throw refusal;
    checkHost(request.raw);
    if (request.routeOptions.config.isForAnyOrigin && config.imageCors) {
      reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', '*');
    }
  });
  fastify.addHook('onSend', async (request, _reply, payload) => {
    if (typeof payload === 'string') traffic.keepAnswer(request.raw, Buffer.byteLength(payload));
    else if (payload instanceof Uint8Array) traffic.keepAnswer(request.raw, payload.length);
    traffic.handled(request.raw);
    return payload;
  });
  registerErrors(fastify, services);
  const { finish } = answerOtherMethods(fastify);
  registerHealth(fastify, services, phase);
  return { fastify, traffic, finish };
}
