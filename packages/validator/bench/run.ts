// Compares this package with its peers in one run. The ratios are what matters: unlike seconds, they carry over to
// other machines.
import { isGetActiveJobsReturn, validate } from '@ips-sdk/validator';
import { build } from 'esbuild';
import { compare, measured, report } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';
import { activeJobs } from './active-jobs.ts';
import { inlined, typeboxCheck, zodCheck } from './peers.ts';

const JOBS = 10_000;
const answer = activeJobs(JOBS);

const METHOD = `A valid answer of getActiveJobs with ${JOBS.toLocaleString('en-US')} jobs, ${Math.round(JSON.stringify(answer).length / 1e6)} MB as JSON.`;

/** Compares checks of the same value; the first is ours. */
function checks(id: string, title: string, runs: Readonly<Record<string, () => boolean>>) {
  const [base = ''] = Object.keys(runs);
  return compare({
    id,
    title,
    method: METHOD,
    unit: 'an answer',
    base,
    peers: true,
    rounds: 12,
    contenders: Object.entries(runs).map(([name, run]) => ({
      name,
      take: () =>
        measured(() => {
          if (!run()) throw new Error(`${name}: the answer should be valid`);
        }),
    })),
  });
}

const guard = inlined('GetActiveJobsReturn', 'guard');
const guards = { typebox: typeboxCheck(guard), zod: zodCheck(guard, 'guard') };
await checks('validator-guards', 'Guards: shapes, required fields, ranges, dates', {
  isGetActiveJobsReturn: () => isGetActiveJobsReturn(answer),
  'typebox compiled': () => guards.typebox(answer),
  zod: () => guards.zod(answer),
});
const strict = inlined('GetActiveJobsReturn', 'strict');
const stricts = { typebox: typeboxCheck(strict), zod: zodCheck(strict, 'strict') };
await checks(
  'validator-strict',
  'Strict validation: also unknown fields, constants, patterns, formats; ours also what XML cannot carry',
  {
    "validate(…, 'strict')": () => validate('GetActiveJobsReturn', answer, { mode: 'strict' }).valid,
    'typebox compiled': () => stricts.typebox(answer),
    zod: () => stricts.zod(answer),
  },
);

const bundles: [string, string][] = [];
for (const [name, from] of [
  ['isActiveJob', '@ips-sdk/validator'],
  ['isActiveJob', '@ips-sdk/validator/activeJob'],
  ['isSubmitJobParam', '@ips-sdk/validator'],
  ['isSubmitJobParam', '@ips-sdk/validator/submitJobParam'],
  ['validateSubmitJobParam', '@ips-sdk/validator/submitJobParam'],
  ['validate', '@ips-sdk/validator'],
] as const) {
  const bytes = await bundled(`export { ${name} } from '${from}'`);
  bundles.push([`import { ${name} } from '${from}'`, `${bytes} bytes`]);
}
report('validator-bundles', 'Validators in a bundle, minified', bundles);

await compare({
  id: 'validator-import',
  title: 'Importing a validator',
  method: 'The whole process of a program that only imports.',
  unit: 'a process',
  base: 'nothing',
  peers: false,
  rounds: 7,
  contenders: [
    'nothing',
    "import '@ips-sdk/validator'",
    "import '@ips-sdk/validator/ActiveJob'",
    "import 'zod'",
    "import 'typebox/compile'",
  ].map((name) => ({
    name,
    take: () =>
      runNode(['--input-type=module', '-e', name === 'nothing' ? '' : name], { cwd: import.meta.dirname }),
  })),
});

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
