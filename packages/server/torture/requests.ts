// Floods a server with requests that ask for more than they read. An attack is survived when the server answers everybody else during
// it, within its memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';
import { startServer } from './support/server.ts';

/** Bytes of memory that the process may take. */
const MAX_MEMORY = 1.5 * 2 ** 30;

const WSDL = 'GET /scene7/webservice/IpsApi.wsdl HTTP/1.1\r\nHost: x\r\n\r\n';

/** What is sent on each connection; nothing is read. */
const ATTACKS: Readonly<Record<string, (number: number) => string>> = {
  'WSDLs that nobody reads': () => WSDL.repeat(8000),
  'WSDLs of many addresses': (number) =>
    Array.from({ length: 500 }, (_, index) =>
      WSDL.replace('.wsdl', `.wsdl?serviceUrl=http://${number}.example.com/${index}`),
    ).join(''),
  'files of unknown callers': () =>
    'POST /scene7/UploadFile HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9999999999\r\n\r\n' +
    `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${'x'.repeat(2 ** 20)}`,
  'bodies that do not end': () =>
    `POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 60000000\r\n\r\n${'<a>'.repeat(2 ** 18)}`,
  'headers that do not end': () => `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(100)}`,
  'bytes that are not HTTP': (number) =>
    Array.from({ length: 4000 }, (_, index) =>
      String.fromCharCode((index * 7919 + number * 104_729) % 256),
    ).join(''),
};

export const name = 'floods of requests';

/** Runs every attack against one server. */
export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const directory = mkdtempSync(join(tmpdir(), 'ips-torture-'));
  // The attacker has one address, and so do the others.
  const server = await startServer(['--data', directory, '--limit', 'addressShare=1']);
  const { url } = server;
  let tried = 0;
  let survived = 0;
  try {
    for (const [what, bytes] of Object.entries(ATTACKS)) {
      tried += 1;
      const sockets = await attack(url, bytes, short ? 20 : 200);
      const answered = await callsAnswered(url, short ? 10 : 100);
      const memory = await memoryOf(url);
      for (const socket of sockets) socket.destroy();
      if (answered.lost === 0 && memory !== undefined && memory < MAX_MEMORY) survived += 1;
      log(
        `${what}: ${answered.lost} calls lost, the slowest took ${answered.slowest} ms, ${Math.round((memory ?? 0) / 2 ** 20)} MiB`,
      );
    }
    return { tried, survived, lost: tried - survived };
  } finally {
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function attack(
  url: string,
  bytes: (number: number) => string,
  connections: number,
): Promise<Socket[]> {
  const { port } = new URL(url);
  const sockets = Array.from({ length: connections }, (_, number) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined).pause();
    socket.write(Buffer.from(bytes(number), 'latin1'));
    return socket;
  });
  await sleep(2000);
  return sockets;
}

/** Calls of somebody else: how many got no answer, and the milliseconds of the slowest one. */
async function callsAnswered(url: string, calls: number): Promise<{ lost: number; slowest: number }> {
  let lost = 0;
  let slowest = 0;
  for (let call = 0; call < calls; call += 1) {
    const begun = performance.now();
    const isAnswered = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(10_000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (!isAnswered) lost += 1;
    slowest = Math.max(slowest, Math.round(performance.now() - begun));
  }
  return { lost, slowest };
}

async function memoryOf(url: string): Promise<number | undefined> {
  const metrics = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.text(),
    () => '',
  );
  const found = /^ips_process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1];
  return found === undefined ? undefined : Number(found);
}

await runAlone(import.meta.url, name, run);
