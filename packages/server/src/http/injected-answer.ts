import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Traffic } from './traffic/traffic.js';

/** Drops the connection without a response, as a test requested. */
export function dropConnection(request: FastifyRequest, reply: FastifyReply, traffic: Traffic): FastifyReply {
  request.raw.socket.destroy();
  traffic.handled(request.raw);
  return reply.hijack();
}

/** The first half of a response, as a test requested. */
export const firstHalf = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));
