import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** What commands on the same machine ask of a running server. */
export interface ControlActions {
  /** What they have to present. It is in a file that only the owner of the data directory can read. */
  readonly token: string;
  /** The embedded database as a tar archive; `undefined` where there is none. */
  readonly dump: (() => Promise<Uint8Array>) | undefined;
}

/** `/control/*`: for `ips-server backup` and `check`, which cannot open the database of a running server. */
export function registerControl(app: FastifyInstance, { token, dump }: ControlActions): void {
  app.post('/control/dump', async (request, reply) => {
    if (!isEqual(request.headers.authorization ?? '', `Bearer ${token}`)) return reply.code(403).send();
    if (dump === undefined) return reply.code(404).send();
    return reply.type('application/x-tar').send(Buffer.from(await dump()));
  });
}

/** Compares in a time that does not depend on where the texts differ. */
function isEqual(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
