// PHP's own server, for tests against SOAP services that PHP makes of our WSDL.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether PHP is here, with its SOAP extension. */
export function hasPhpSoap(): boolean {
  const { status } = spawnSync('php', ['-r', 'exit(class_exists("SoapServer") ? 0 : 1);'], {
    stdio: 'ignore',
  });
  return status === 0;
}

/** A script that PHP serves on loopback, one request after another. */
export interface PhpScript {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves a script.
 *
 * @param variables - What the script reads by `getenv`.
 */
export async function startPhp(
  script: string,
  variables: Readonly<Record<string, string>>,
): Promise<PhpScript> {
  const { php, port } = await start(script, variables, 5);
  return {
    port,
    stop: async () => {
      const ended = once(php, 'exit');
      php.kill();
      await ended;
    },
  };
}

/** PHP cannot choose a port itself, and one that was free can be taken a moment later; then it ends, and is started again. */
async function start(
  script: string,
  variables: Readonly<Record<string, string>>,
  tries: number,
): Promise<{ php: ChildProcess; port: number }> {
  const port = await freePort();
  const php = spawn('php', ['-S', `127.0.0.1:${port}`, script], {
    env: { ...process.env, ...variables },
    stdio: 'ignore',
  });
  if (await listening(port, php)) return { php, port };
  if (tries <= 1) throw new Error(`php ended with ${php.exitCode}`);
  return start(script, variables, tries - 1);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until the server can be connected to; `false` when it has ended before. */
async function listening(port: number, php: ChildProcess): Promise<boolean> {
  while (php.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (connected) return php.exitCode === null;
    await delay(20);
  }
  return false;
}
