// Reads a long answer item by item through the client, and tells by how much the process grew at its peak.
import { createIpsClient } from '@ips-sdk/client';

const ips = createIpsClient({
  endpoint: process.argv[2],
  auth: { user: 'ann@example.com', password: 'secret' },
  app: { name: 'Bench', version: '1' },
  timeout: 600_000,
});
// Everything is loaded before the memory is looked at.
await ips.preview('getActiveJobs', { companyHandle: 'c|6' });
globalThis.gc?.();
const before = process.memoryUsage().rss;
const begin = performance.now();
let items = 0;
for await (const job of ips.stream('getActiveJobs', { companyHandle: 'c|6' })) {
  if (job.jobHandle === undefined) throw new Error('a job without a handle');
  items += 1;
}
const seconds = (performance.now() - begin) / 1000;
// The highest that the operating system saw, in kilobytes.
const growth = process.resourceUsage().maxRSS * 1024 - before;
console.log(JSON.stringify({ items, growth, seconds }));
await ips.close();
