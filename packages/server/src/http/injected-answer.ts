import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Traffic } from './traffic/traffic.js';

/** Drops the connection without an answer, because a test asked for that. */
export function dropConnection(request: FastifyRequest, reply: FastifyReply, traffic: Traffic): FastifyReply {
  request.raw.socket.destroy();
  traffic.handled(request.raw);
  return reply.hijack();
}

/** The first half of an answer, because a test asked for one that ends in the middle. */
export const firstHalf = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));
