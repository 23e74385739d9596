// Compares this package with its peers in one run. The ratios are what matters: unlike seconds, they carry over to
// other machines.
import { execFileSync } from 'node:child_process';
import { isGetActiveJobsReturn, validate } from '@ips-sdk/validator';
import { build } from 'esbuild';
import { activeJobs } from './active-jobs.ts';
import { inlined, typeboxCheck, zodCheck } from './peers.ts';

const JOBS = 10_000;
const answer = activeJobs(JOBS);

/** The fastest of several runs, in jobs per second. */
function speed(run: () => boolean): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i += 1) {
    const start = performance.now();
    if (!run()) throw new Error('the answer should be valid');
    best = Math.min(best, performance.now() - start);
  }
  return Math.round(JOBS / (best / 1000));
}

function table(title: string, rows: readonly [name: string, value: number][], unit: string): void {
  const [, ours] = rows[0] as [string, number];
  console.log(`\n${title}`);
  for (const [name, value] of rows) {
    const ratio = value === ours ? '' : `  ours is ${(ours / value).toFixed(1)} times as fast`;
    console.log(`  ${name.padEnd(28)} ${value.toLocaleString('en-US').padStart(12)} ${unit}${ratio}`);
  }
}

console.log(
  `getActiveJobs answer of ${JOBS.toLocaleString('en-US')} jobs, ${Math.round(JSON.stringify(answer).length / 1e6)} MB as JSON`,
);
const guard = inlined('GetActiveJobsReturn', 'guard');
table(
  'Guards: shapes, required fields, ranges, dates',
  [
    ['isGetActiveJobsReturn', speed(() => isGetActiveJobsReturn(answer))],
    [
      'typebox compiled',
      speed(
        (
          (check) => () =>
            check(answer)
        )(typeboxCheck(guard)),
      ),
    ],
    [
      'zod',
      speed(
        (
          (check) => () =>
            check(answer)
        )(zodCheck(guard, 'guard')),
      ),
    ],
  ],
  'jobs/s',
);
const strict = inlined('GetActiveJobsReturn', 'strict');
table(
  'Strict: also unknown fields, constants, patterns, formats',
  [
    ["validate(…, 'strict')", speed(() => validate('GetActiveJobsReturn', answer, { mode: 'strict' }).valid)],
    [
      'typebox compiled',
      speed(
        (
          (check) => () =>
            check(answer)
        )(typeboxCheck(strict)),
      ),
    ],
    [
      'zod',
      speed(
        (
          (check) => () =>
            check(answer)
        )(zodCheck(strict, 'strict')),
      ),
    ],
  ],
  'jobs/s',
);

console.log('\nSize in a bundle, minified');
for (const [name, from] of [
  ['isActiveJob', '@ips-sdk/validator'],
  ['isActiveJob', '@ips-sdk/validator/activeJob'],
  ['isSubmitJobParam', '@ips-sdk/validator'],
  ['isSubmitJobParam', '@ips-sdk/validator/submitJobParam'],
  ['validateSubmitJobParam', '@ips-sdk/validator/submitJobParam'],
  ['validate', '@ips-sdk/validator'],
] as const) {
  console.log(
    `  ${`import { ${name} } from '${from}'`.padEnd(74)} ${await bundled(`export { ${name} } from '${from}'`)} bytes`,
  );
}

console.log('\nImport, whole process, best of 5');
const nothing = importTime('');
for (const code of [
  "import '@ips-sdk/validator'",
  "import '@ips-sdk/validator/ActiveJob'",
  "import 'zod'",
  "import 'typebox/compile'",
]) {
  console.log(
    `  ${code.padEnd(44)} ${(importTime(code) - nothing).toFixed(0).padStart(4)} ms over an empty program of ${nothing.toFixed(0)} ms`,
  );
}

async function bundled(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return (result.outputFiles[0]?.contents.length ?? 0).toLocaleString('en-US');
}

function importTime(code: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i += 1) {
    const start = performance.now();
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: import.meta.dirname });
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
