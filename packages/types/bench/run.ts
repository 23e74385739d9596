// What importing all types costs a compiler, compared with an empty program and with the types of other API packages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
const programs: Record<string, string> = {
  nothing: 'export {};',
  "import type { ActiveJob } from '@ips-sdk/types'":
    "import type { ActiveJob } from '@ips-sdk/types'; export const state = (job: ActiveJob) => job.state;",
  'all 164 operations, every input and output':
    "import type { Operations } from '@ips-sdk/types'; export type All = { [K in keyof Operations]: [Operations[K]['input'], Operations[K]['output']] }; export declare const all: All; export const job = all.getActiveJobs[1].jobArray[0]?.state;",
  "import * as z from 'zod'":
    "import * as z from 'zod'; export const schema = z.object({ state: z.string() });",
  "import * as soap from 'soap'":
    "import * as soap from 'soap'; export const create = soap.createClientAsync;",
};

const folder = mkdtempSync(join(import.meta.dirname, 'tmp-'));
try {
  console.log('Type check, whole process of tsc, best of 5');
  let empty = 0;
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(join(folder, 'program.ts'), code);
    const options = [
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--types',
      'node',
    ];
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i += 1) {
      const start = performance.now();
      execFileSync(process.execPath, [tsc, ...options, 'program.ts'], { cwd: folder, stdio: 'inherit' });
      best = Math.min(best, performance.now() - start);
    }
    empty ||= best;
    console.log(
      `  ${name.padEnd(52)} ${best.toFixed(0).padStart(5)} ms, ${(best / empty).toFixed(2)} times the empty program`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
