import type { FastifyInstance } from 'fastify';

/** Answers methods other than POST on a path that takes nothing else: what is here, and where the WSDL is. */
export function registerWrongMethods(app: FastifyInstance, path: string, what: string): void {
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: path,
    handler: async (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .type('text/plain; charset=utf-8')
        .send(`${what}; send a POST. The WSDL is at /scene7/webservice/IpsApi.wsdl\n`),
  });
}
