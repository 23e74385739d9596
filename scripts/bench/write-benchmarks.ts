import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bars } from './bars.ts';
import { aimText, type Facts, type Result, readResult, timesOf } from './compare.ts';
import { brief, median, withSpread } from './statistics.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

/** The folder of the results, from which the page is written. */
export const RESULTS = fileURLToPath(new URL('benchmarks/results/', DOCS));

/** Packages whose versions the page names. */
const PEERS = ['soap', 'strong-soap', 'saxes', 'zod', 'typebox', 'sharp', 'typescript'];

/** Slower or faster by less than this is the same. */
const SAME = 0.05;

/** Sections of the page, by the first word of the results in them. */
const SECTIONS = [
  ['server', 'The server'],
  ['cli', 'The command line'],
  ['client', 'The client'],
  ['wire', 'The codec'],
  ['validator', 'The validator'],
  ['types', 'The types'],
  ['codegen', 'The code generator'],
] as const;

/** Writes docs/benchmarks.md and its plots from all results that were kept. */
export function writeBenchmarks(): void {
  const results = readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readResult(RESULTS, name.slice(0, -'.json'.length)) ?? []);
  const compared = results.filter((result): result is Result => 'rows' in result);
  const nodes = [...new Set(results.map(({ node }) => node))].join(', ');
  const load = compared.map((result) => result.load);
  const busy = `${brief(Math.min(...load))} to ${brief(Math.max(...load))}`;
  const page = `# Benchmarks

How long the packages take for what they do, next to other ways to do it. Written by \`npm run bench\`.

- Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${type()} ${release()}, Node.js ${nodes}.
- Versions: ${versions()}.
- When a comparison began, ${busy} processes wanted to run on the ${cpus().length} processors. Compare the rows of one table rather than numbers of
  different machines.
- All rows of a table were measured in turns, equally often, after each had run for a second that does not count. The number is the median, in
  parentheses are the lowest and the highest. *Compared* is the median of the ratios in each round. Less is faster.
- Wall time is that of the clock, processor time that of all threads that did the work.

${summary(compared)}
${missing(results)}

${SECTIONS.map(([id, title]) =>
  section(
    title,
    results.filter((result) => result.id.startsWith(`${id}-`)),
  ),
).join('\n')}`;
  writeFileSync(
    new URL('benchmarks.md', DOCS),
    page
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd()
      .concat('\n'),
  );
}

/** Where others are faster, and which targets were missed. */
function summary(results: readonly Result[]): string {
  const faster = results
    .filter(({ peers }) => peers)
    .flatMap((result) =>
      result.rows.flatMap(({ name, cpu, skipped }) => {
        if (name === result.base || skipped !== undefined) return [];
        const times = timesOf(result, name, cpu.length > 0 ? 'cpu' : 'wall');
        return times < 1 - SAME ? [`- ${result.title}: ${name} takes ${times.toFixed(2)} of our time.`] : [];
      }),
    );
  const aims = results.flatMap((result) => result.aims.map((aim) => `- ${result.title}: ${aimText(aim)}.`));
  return `## Who is faster

${faster.length === 0 ? 'No peer is faster.' : `These take less processor time than ours:\n\n${faster.join('\n')}`}

## Targets

${aims.join('\n')}`;
}

/** Sections without results. */
function missing(results: readonly (Result | Facts)[]): string {
  const titles = SECTIONS.filter(([id]) => !results.some((result) => result.id.startsWith(`${id}-`))).map(
    ([, title]) => title.toLowerCase(),
  );
  return titles.length === 0 ? '' : `\nNot measured yet: ${titles.join(', ')}.\n`;
}

function section(title: string, results: readonly (Result | Facts)[]): string {
  if (results.length === 0) return '';
  return `## ${title}\n\n${results.map((result) => ('rows' in result ? comparison(result) : facts(result))).join('\n\n')}\n`;
}

function comparison(result: Result): string {
  const measured = result.rows.filter(({ skipped }) => skipped === undefined);
  const hasCpu = measured.some(({ cpu }) => cpu.length > 0);
  const times = (name: string, measure: 'cpu' | 'wall'): string =>
    name === result.base ? '1' : timesOf(result, name, measure).toFixed(2);
  const heads = ['', 'Wall, ms', 'Compared', ...(hasCpu ? ['Processor, ms', 'Compared'] : [])];
  const rows = result.rows.map(({ name, wall, cpu, skipped }) => {
    if (skipped !== undefined) return [name, skipped, '', ...(hasCpu ? ['', ''] : [])];
    const spent = cpu.length === 0 ? ['', ''] : [withSpread(cpu), times(name, 'cpu')];
    return [name, withSpread(wall), times(name, 'wall'), ...(hasCpu ? spent : [])];
  });
  const measure = hasCpu ? 'cpu' : 'wall';
  const drawn = measured.filter((row) => row[measure].length > 0);
  const file = `benchmarks/${result.id}.svg`;
  mkdirSync(new URL('benchmarks/', DOCS), { recursive: true });
  const ordered = [
    ...drawn.filter(({ name }) => name === result.base),
    ...drawn.filter(({ name }) => name !== result.base),
  ];
  writeFileSync(
    new URL(file, DOCS),
    bars({
      title: `${result.title}, ${hasCpu ? 'processor time' : 'wall time'}`,
      unit: 'ms',
      rows: ordered.map((row) => ({
        name: row.name,
        value: median(row[measure]),
        from: Math.min(...row[measure]),
        to: Math.max(...row[measure]),
      })),
    }),
  );
  return `### ${result.title}

${result.method} Times ${result.unit}, ${result.rounds} rounds, ${result.date}.

| ${heads.join(' | ')} |
| --- |${' ---: |'.repeat(heads.length - 1)}
${rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}

${result.aims.map((aim) => `- ${aimText(aim)}`).join('\n')}

![${result.title}](${file})`;
}

function facts({ title, facts: all, date }: Facts): string {
  const rows = all.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`);
  return `### ${title}\n\nMeasured on ${date}.\n\n| | |\n| --- | ---: |\n${rows.join('\n')}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function versions(): string {
  // npm writes a lock file of this form.
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8')) as {
    packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return PEERS.flatMap((name) => {
    const version = packages[`node_modules/${name}`]?.version;
    return version === undefined ? [] : [`${name} ${version}`];
  }).join(', ');
}
