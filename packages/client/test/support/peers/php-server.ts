import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Peer, type Received, wsdlFile } from './peer.js';

/** Whether PHP is here, with its SOAP extension. */
export function hasPhpSoap(): boolean {
  const { status } = spawnSync('php', ['-r', 'exit(class_exists("SoapServer") ? 0 : 1);'], {
    stdio: 'ignore',
  });
  return status === 0;
}

/** Starts PHP's SoapServer on loopback. */
export async function startPhpServer(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'php-soap-'));
  const { php, port } = await start(folder, 5);
  return {
    endpoint: `http://127.0.0.1:${port}/scene7/services/IpsApiService`,
    answer: (answer) => writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer)),
    received: () => JSON.parse(readFileSync(join(folder, 'received.json'), 'utf8')) as Received,
    stop: async () => {
      const ended = once(php, 'exit');
      php.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** PHP cannot choose a port itself, and one that was free can be taken a moment later; then it ends, and is started again. */
async function start(folder: string, tries: number): Promise<{ php: ChildProcess; port: number }> {
  const port = await freePort();
  const script = fileURLToPath(new URL('soap-server.php', import.meta.url));
  const php = spawn('php', ['-S', `127.0.0.1:${port}`, script], {
    env: { ...process.env, PEER_FOLDER: folder, PEER_WSDL: wsdlFile },
    stdio: 'ignore',
  });
  if (await listening(port, php)) return { php, port };
  if (tries <= 1) throw new Error(`php ended with ${php.exitCode}`);
  return start(folder, tries - 1);
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
