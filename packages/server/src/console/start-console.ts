import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import type { Logger } from 'pino';
import { isLoopback } from '../net/loopback.js';
import { registerConsole } from './console-app.js';
import {
  type ConsoleLimits,
  type ConsolePlace,
  defaultConsoleLimits,
  defaultIntervals,
  type PollIntervals,
} from './console-options.js';

/** Options of {@link startConsole}. */
export interface StandaloneOptions {
  readonly places: readonly ConsolePlace[];
  readonly port: number;
  readonly host: string;
  readonly publicUrl?: string | undefined;
  readonly readOnly: boolean;
  readonly version: string;
  readonly log: Logger;
  readonly limits?: Partial<ConsoleLimits> | undefined;
  readonly intervals?: PollIntervals | undefined;
}

/** A running console. */
export interface RunningConsole {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** As `url`, and logs in with the credentials of the first place, if it has any. Keep it private. */
  readonly openUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts a console for endpoints other than the own server.
 *
 * @throws Error if the port is in use.
 */
export async function startConsole(options: StandaloneOptions): Promise<RunningConsole> {
  const { places, host, log, publicUrl } = options;
  const directory = await mkdtemp(join(tmpdir(), 'ips-console-'));
  // Others on this machine can reach the port, too; only who has the URL may use the credentials of a place.
  const key = places.some(({ credentials }) => credentials !== undefined)
    ? randomBytes(24).toString('base64url')
    : undefined;
  const app = Fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    requestTimeout: 300_000,
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    app.setNotFoundHandler((_request, reply) =>
      reply.code(404).type('text/plain; charset=utf-8').send('nothing is here'),
    );
    registerConsole(app, {
      places: () => places,
      hosts: () => [host.toLowerCase()],
      publicUrl,
      readOnly: options.readOnly,
      version: options.version,
      directory,
      own: undefined,
      key,
      log,
      limits: { ...defaultConsoleLimits, ...options.limits },
      intervals: options.intervals ?? defaultIntervals,
    });
    await app.listen({ port: options.port, host });
  } catch (error) {
    await stop();
    throw error;
  }
  const { port, address, family } = app.server.address() as AddressInfo;
  const shown = isLoopback(host) || !/^(?:0\.0\.0\.0|::)$/.test(address) ? address : '127.0.0.1';
  const url = `http://${family === 'IPv6' && shown === address ? `[${shown}]` : shown}:${port}`;
  const base = publicUrl?.replace(/\/+$/, '') ?? url;
  return { url, openUrl: key === undefined ? `${base}/` : `${base}/console/open?key=${key}`, stop };
}
