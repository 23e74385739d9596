import type { FastifyInstance } from 'fastify';
import { isSameSecret } from './same-secret.js';

/** The actions of a running server for commands on the same machine. */
export interface ControlActions {
  /** The token to present. It is in a file that only the owner of the data directory can read. */
  readonly token: string;
  /** Returns the embedded database as a tar archive; `undefined` if there is none. */
  readonly dump: (() => Promise<Uint8Array>) | undefined;
}

/** `/control/*`: for `ips-server backup` and `check`, which cannot open the database of a running server. */
export function registerControl(app: FastifyInstance, { token, dump }: ControlActions): void {
  app.post('/control/dump', async (request, reply) => {
    if (!isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`)) return reply.code(403).send();
    if (dump === undefined) return reply.code(404).send();
    return reply.type('application/x-tar').send(Buffer.from(await dump()));
  });
}
