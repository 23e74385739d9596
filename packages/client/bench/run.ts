// Figures of the client next to its peers, measured in one run on one payload. Ratios are what to look at.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { codec } from '@ips-sdk/wire';
import { compare, report } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';
import { activeJobs } from '../../validator/bench/active-jobs.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const STARTS = 15;
const STREAMED = 200e6;

/** Runs a program of this folder to its end. */
const run = (name: string, ...args: string[]) =>
  runNode(['--expose-gc', join(import.meta.dirname, name), ...args]);

/** Answers on loopback: jobs until so many bytes were sent. */
async function serve(bytes: number): Promise<{ endpoint: string; close: () => void; sent: () => number }> {
  let sent = 0;
  const [head = '', tail = ''] = codec.encodeResponse('getActiveJobs', { jobArray: [] }).split('<jobArray/>');
  const item = codec
    .encodeResponse('getActiveJobs', activeJobs(1))
    .slice(head.length + '<jobArray>'.length, -('</jobArray>'.length + tail.length));
  const block = Buffer.from(item.repeat(Math.max(1, Math.min(40, Math.floor(bytes / item.length)))));
  function* answer(): Generator<Buffer> {
    yield Buffer.from(`${head}<jobArray>`);
    for (sent = 0; sent < bytes; sent += block.length) yield block;
    yield Buffer.from(`</jobArray>${tail}`);
  }
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' });
      Readable.from(answer()).pipe(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}/scene7/services/IpsApiService`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    sent: () => sent,
  };
}

async function compareStart(): Promise<void> {
  const server = await serve(1);
  await compare({
    id: 'client-start',
    title: 'From the start of a process to the first answered call',
    method: 'A program imports the client, calls getActiveJobs of a server on loopback, and ends.',
    unit: 'a process',
    base: '@ips-sdk/client',
    peers: true,
    rounds: STARTS,
    contenders: [
      { name: '@ips-sdk/client', take: () => run('start-ours.mjs', server.endpoint) },
      { name: 'soap, with the WSDL', take: () => run('start-soap.mjs', server.endpoint, wsdl) },
      { name: 'a process that does nothing', take: () => run('start-empty.mjs') },
    ],
  });
  server.close();
}

async function reportMemory(): Promise<void> {
  const server = await serve(STREAMED);
  const { printed } = await run('stream-memory.mjs', server.endpoint);
  const { items, growth, seconds } = JSON.parse(printed) as {
    items: number;
    growth: number;
    seconds: number;
  };
  const megabytes = server.sent() / 1e6;
  server.close();
  report(
    'client-memory',
    'Memory of a streamed answer through the client, growth of the process at its peak',
    [
      [
        `${megabytes.toFixed(0)} MB, ${items.toLocaleString('en-US')} jobs`,
        `${(growth / 1e6).toFixed(0)} MB, ${(megabytes / seconds).toFixed(0)} MB/s`,
      ],
    ],
  );
}

await compareStart();
await reportMemory();
