// Installs the packed packages in a folder outside of the repository, as a user would, and uses them there: type
// checking under both ways of resolving modules, then running what was compiled.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = `import type { ActiveJob, Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { jobDetails } from '@ips-sdk/types/jobs';
import { isActiveJob, validate } from '@ips-sdk/validator';
import { isSubmitJobParam } from '@ips-sdk/validator/SubmitJobParam';

const input: Operations['submitJob']['input'] = {
  companyHandle: 'c|6',
  jobName: 'Nightly',
  execTime: new Date(0),
  imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
};
const state = (job: unknown): ActiveJob['state'] | undefined => (isActiveJob(job) ? job.state : undefined);
declare const console: { log(...values: unknown[]): void };
console.log(Object.keys(contract.operations).length, jobDetails(input)?.kind, isSubmitJobParam(input), state({}));
console.log(validate('submitJobParam', { ...input, jobname: 'x' }, { mode: 'strict' }).errors[0]?.message);
`;

const EXPECTED = `164 imageServingPublishJob true undefined
jobname is not a field of the contract; did you mean jobName?`;

const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const folder = mkdtempSync(join(tmpdir(), 'ips-consumer-'));
const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const tarballs = {};
  for (const name of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', name);
    if (!existsSync(join(path, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const [{ filename }] = Object.values(
      JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], path)),
    );
    tarballs[manifest.name] = `file:./${filename}`;
  }
  const { '@ips-sdk/types': types, '@ips-sdk/validator': validator } = tarballs;
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { '@ips-sdk/types': types, '@ips-sdk/validator': validator },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts']);
  const installed = JSON.parse(run('npm', ['ls', '--all', '--json'])).dependencies;
  const tree = Object.keys(installed);
  if (tree.join() !== '@ips-sdk/types,@ips-sdk/validator')
    throw new Error(`types and validator pull in ${tree.join(', ')}`);

  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  for (const [module, moduleResolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ]) {
    const options = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--target',
      'es2023',
      '--types',
      '',
      '--outDir',
      moduleResolution,
    ];
    run(process.execPath, [
      tsc,
      ...options,
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      'program.ts',
    ]);
    const output = run(process.execPath, [join(folder, moduleResolution, 'program.js')]).trim();
    if (output !== EXPECTED) throw new Error(`under ${moduleResolution} the program printed:\n${output}`);
    console.log(`types and validator, ${moduleResolution}: compiled and ran`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
