// What importing all types costs a compiler, compared with an empty program and with the types of other API packages.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compare } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';

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
  const options = [
    ...['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck'],
    ...['--target', 'es2023', '--module', 'nodenext', '--types', 'node'],
  ];
  await compare({
    id: 'types-check',
    title: 'Type checks of programs that import the types',
    method: 'The whole process of tsc for a program of one line.',
    unit: 'a process',
    base: 'nothing',
    peers: false,
    rounds: 5,
    contenders: Object.entries(programs).map(([name, code], at) => {
      writeFileSync(join(folder, `program${at}.ts`), code);
      return { name, take: () => runNode([tsc, ...options, `program${at}.ts`], { cwd: folder }) };
    }),
  });
} finally {
  rmSync(folder, { recursive: true });
}
