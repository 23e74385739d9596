import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.js';

/** `/is/image/{company}/{asset}`: published images. */
export function registerDelivery(_app: FastifyInstance, _services: Services): void {}
