import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPhp } from '../../../../../scripts/testing/php.js';
import { type Peer, type Received, wsdlFile } from './peer.js';

/** Starts PHP's SoapServer on loopback. */
export async function startPhpServer(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'php-soap-'));
  const script = fileURLToPath(new URL('soap-server.php', import.meta.url));
  const php = await startPhp(script, { PEER_FOLDER: folder, PEER_WSDL: wsdlFile });
  return {
    endpoint: `http://127.0.0.1:${php.port}/scene7/services/IpsApiService`,
    answer: (answer) => writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer)),
    received: () => JSON.parse(readFileSync(join(folder, 'received.json'), 'utf8')) as Received,
    stop: async () => {
      await php.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
