// Reads a long answer item by item in its own process, and reports how much the process grew.
import { codec } from '@ips-sdk/wire';
import { activeJobs } from '../../validator/bench/active-jobs.ts';

const wanted = Number(process.argv[2]) * 1e6;
const text = codec.encodeResponse('getActiveJobs', activeJobs(100));
const start = text.indexOf('<jobArray>') + '<jobArray>'.length;
const end = text.indexOf('</jobArray>');
let size = 0;

async function* chunks(): AsyncGenerator<Uint8Array> {
  const piece = Buffer.from(text.slice(start, end));
  yield Buffer.from(text.slice(0, start));
  // In pieces as a socket delivers them.
  for (; size < wanted; size += piece.length)
    for (let i = 0; i < piece.length; i += 65536) yield piece.subarray(i, i + 65536);
  yield Buffer.from(text.slice(end));
}

globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
let items = 0;
const begin = performance.now();
for await (const _ of codec.decodeItems('getActiveJobs', chunks())) {
  items += 1;
  if (items % 500 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
console.log(
  JSON.stringify({ items, size, growth: peak - before, seconds: (performance.now() - begin) / 1000 }),
);
