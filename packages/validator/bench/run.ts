// Compares this package with its peers in one run. The ratios are what matters: unlike seconds, they carry over to
// other machines.
import { execFileSync } from 'node:child_process';
import { isGetActiveJobsReturn, validate } from '@ips-sdk/validator';
import { build } from 'esbuild';
import { activeJobs } from './active-jobs.ts';
import { inlined, typeboxCheck, zodCheck } from './peers.ts';

const JOBS = 10_000;
const answer = activeJobs(JOBS);

const RUNS = 12;

/** Jobs per second of each, the fastest of the same number of runs, in turns: what disturbs one run disturbs them all. */
function speeds(runs: Readonly<Record<string, () => boolean>>): readonly [name: string, value: number][] {
  const best = new Map(Object.keys(runs).map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let i = 0; i < RUNS; i += 1) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      if (!run()) throw new Error('the answer should be valid');
      const seconds = (performance.now() - start) / 1000;
      best.set(name, Math.min(best.get(name) ?? seconds, seconds));
    }
  }
  return [...best].map(([name, seconds]) => [name, Math.round(JOBS / seconds)]);
}

function table(title: string, runs: Readonly<Record<string, () => boolean>>): void {
  const rows = speeds(runs);
  const [, ours] = rows[0] as [string, number];
  console.log(`\n${title}`);
  for (const [name, value] of rows) {
    const ratio = value === ours ? '' : `  ours is ${(ours / value).toFixed(1)} times as fast`;
    console.log(`  ${name.padEnd(28)} ${value.toLocaleString('en-US').padStart(12)} jobs/s${ratio}`);
  }
}

console.log(
  `getActiveJobs answer of ${JOBS.toLocaleString('en-US')} jobs, ${Math.round(JSON.stringify(answer).length / 1e6)} MB as JSON`,
);
const guard = inlined('GetActiveJobsReturn', 'guard');
const guards = { typebox: typeboxCheck(guard), zod: zodCheck(guard, 'guard') };
table('Guards: shapes, required fields, ranges, dates', {
  isGetActiveJobsReturn: () => isGetActiveJobsReturn(answer),
  'typebox compiled': () => guards.typebox(answer),
  zod: () => guards.zod(answer),
});
const strict = inlined('GetActiveJobsReturn', 'strict');
const stricts = { typebox: typeboxCheck(strict), zod: zodCheck(strict, 'strict') };
table('Strict: also unknown fields, constants, patterns, formats; ours also what XML cannot carry', {
  "validate(…, 'strict')": () => validate('GetActiveJobsReturn', answer, { mode: 'strict' }).valid,
  'typebox compiled': () => stricts.typebox(answer),
  zod: () => stricts.zod(answer),
});

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
