import type { FastifyReply } from 'fastify';

/** Sends a message as plain text. */
export function sendText(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(message);
}
