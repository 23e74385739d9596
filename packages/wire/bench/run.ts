// Compares the codec with its peers in one run. The ratios are what matters.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { report } from '../../../scripts/bench/compare.ts';
import { compareDecoding, compareEncoding } from './codec.ts';
import { compareOddDocuments } from './odd-documents.ts';

await compareDecoding();
await compareOddDocuments();
await compareEncoding();
report(
  'wire-memory',
  'Memory of a streamed answer, growth of the process at its peak',
  [20, 200].map((megabytes) => {
    const child = spawnSync(
      process.execPath,
      ['--expose-gc', join(import.meta.dirname, 'stream-memory.ts'), String(megabytes)],
      { encoding: 'utf8' },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    const { items, growth, seconds, size } = JSON.parse(child.stdout) as Record<string, number>;
    return [
      `${Math.round((size ?? 0) / 1e6)} MB, ${items?.toLocaleString('en-US')} items`,
      `${Math.round((growth ?? 0) / 1e6)} MB, ${((size ?? 0) / 1e6 / (seconds ?? 1)).toFixed(0)} MB/s`,
    ];
  }),
);
