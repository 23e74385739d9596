import type { AddressInfo } from 'node:net';
import type { App } from './app.js';

/**
 * Lets an application listen.
 *
 * @returns Its URL on this machine.
 * @throws Error if the port is in use.
 */
export async function listenAt(
  { fastify }: App,
  {
    port = 0,
    host = '127.0.0.1',
  }: { readonly port?: number | undefined; readonly host?: string | undefined },
): Promise<string> {
  // Allows for a burst of connections; the system applies its own limit.
  await fastify.listen({ port, host, backlog: 4096 });
  const bound = fastify.server.address() as AddressInfo;
  const { address, family } = bound;
  const shownHost =
    address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${shownHost}:${bound.port}`;
}

/** Closes an application. Clients with open requests prevent that for as many milliseconds as given, at most. */
export async function closeApp({ fastify, traffic }: App, timeout: number): Promise<void> {
  const timer = setTimeout(() => traffic.destroy(), timeout);
  await fastify.close();
  clearTimeout(timer);
}
