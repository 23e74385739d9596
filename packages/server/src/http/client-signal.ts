import type { FastifyReply } from 'fastify';

/** The client has closed its connection before its response was complete. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/** Aborts with a {@link ClientGoneError} when the client leaves before its response is complete. */
export function clientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new ClientGoneError('the client has closed the connection'));
  if (raw.destroyed) gone();
  else
    raw.once('close', () => {
      if (!raw.writableFinished) gone();
    });
  return controller.signal;
}
