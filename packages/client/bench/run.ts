// Figures of the client next to its peers, measured in one run on one payload. Ratios are what to look at.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { codec } from '@ips-sdk/wire';
import { activeJobs } from '../../validator/bench/active-jobs.ts';
import { reportDecoding, reportEncoding } from '../../wire/bench/codec.ts';
import { row } from '../../wire/bench/report.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const STARTS = 15;
const STREAMED = 200e6;

/** Runs a program of this folder to its end, and answers what it printed and the milliseconds since it was started. */
async function run(name: string, ...args: string[]): Promise<{ printed: string; milliseconds: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, name), ...args]);
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.pipe(process.stderr);
  const [code] = (await once(child, 'exit')) as [number | null];
  const milliseconds = performance.now() - start;
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  if (!child.stdout.readableEnded) await once(child.stdout, 'close');
  return { printed: Buffer.concat(printed).toString(), milliseconds };
}

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

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function reportStart(): Promise<void> {
  console.log(`\nProcess start to first answered call on loopback, median of ${STARTS}, taken in turns`);
  const server = await serve(1);
  const times = { empty: [] as number[], ours: [] as number[], soap: [] as number[] };
  for (let i = 0; i < STARTS; i += 1) {
    times.empty.push((await run('start-empty.mjs')).milliseconds);
    times.ours.push((await run('start-ours.mjs', server.endpoint)).milliseconds);
    times.soap.push((await run('start-soap.mjs', server.endpoint, wsdl)).milliseconds);
  }
  server.close();
  const [empty, ours, soap] = [median(times.empty), median(times.ours), median(times.soap)];
  row('@ips-sdk/client', `${ours.toFixed(0)} ms`);
  row('soap, with the WSDL', `${soap.toFixed(0)} ms`, `ours takes ${(ours / soap).toFixed(2)} of it`);
  const net = (ours - empty) / (soap - empty);
  row('a process that does nothing', `${empty.toFixed(0)} ms`, `without it ours takes ${net.toFixed(2)}`);
}

async function reportMemory(): Promise<void> {
  console.log('\nMemory of a streamed answer through the client, growth of the process at its peak');
  const server = await serve(STREAMED);
  const { printed } = await run('stream-memory.mjs', server.endpoint);
  const { items, growth, seconds } = JSON.parse(printed) as {
    items: number;
    growth: number;
    seconds: number;
  };
  const megabytes = server.sent() / 1e6;
  server.close();
  row(
    `${megabytes.toFixed(0)} MB, ${items.toLocaleString('en-US')} jobs`,
    `${(growth / 1e6).toFixed(0)} MB`,
    `${(megabytes / seconds).toFixed(0)} MB/s`,
  );
}

await reportDecoding();
await reportEncoding();
await reportStart();
await reportMemory();
