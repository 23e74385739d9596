// Compares the codec with its peers in one run. The ratios are what matters.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { reportDecoding, reportEncoding } from './codec.ts';
import { reportOddDocuments } from './odd-documents.ts';
import { row } from './report.ts';

await reportDecoding();
reportOddDocuments();
await reportEncoding();

console.log('\nMemory of a streamed answer, growth of the process at its peak');
for (const megabytes of [20, 200]) {
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'stream-memory.ts'), String(megabytes)],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  const { items, growth, seconds, size } = JSON.parse(child.stdout) as Record<string, number>;
  row(
    `${Math.round((size ?? 0) / 1e6)} MB, ${items?.toLocaleString('en-US')} items`,
    `${Math.round((growth ?? 0) / 1e6)} MB`,
    `${((size ?? 0) / 1e6 / (seconds ?? 1)).toFixed(0)} MB/s`,
  );
}
