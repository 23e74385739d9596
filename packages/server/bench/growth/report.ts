import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { plot } from '../../../../scripts/bench/plot.ts';

/** The results of one size. */
export interface Measured {
  readonly assets: number;
  readonly reads: readonly {
    readonly name: string;
    readonly clients: number;
    /** Milliseconds until the answer was there: the median, and what nineteen in twenty did not exceed. */
    readonly median: number;
    readonly most: number;
  }[];
  readonly jobs: readonly { readonly name: string; readonly milliseconds: number }[];
}

/** All results, and where they come from. */
export interface Growth {
  readonly machine: string;
  readonly node: string;
  readonly date: string;
  readonly sizes: readonly Measured[];
}

const DOCS = new URL('../../../../docs/', import.meta.url);

/** What counts as flat from ten thousand assets on. */
const FLAT = 1.5;

/** Writes docs/growth.md and its plots. */
export function writeReport(growth: Growth): void {
  const { sizes } = growth;
  const largest = sizes.at(-1)?.reads ?? [];
  const clients = [...new Set(largest.map((row) => row.clients))];
  const names = [...new Set(largest.map((row) => row.name))];
  for (const count of clients) {
    const lines = names.map((name) => ({
      name,
      points: sizes.flatMap(({ assets, reads }) =>
        reads
          .filter((row) => row.name === name && row.clients === count)
          .map((row) => [assets, row.median] as const),
      ),
    }));
    const title = `Latency, ${count} ${count === 1 ? 'client' : 'clients'}`;
    save(`growth/reads-${count}.svg`, plot({ title, x: 'assets', y: 'ms', lines }));
  }
  const jobNames = [...new Set(sizes.flatMap(({ jobs }) => jobs.map(({ name }) => name)))];
  const jobLines = jobNames.map((name) => ({
    name,
    points: sizes.flatMap(({ assets, jobs }) =>
      jobs.filter((job) => job.name === name).map((job) => [assets, job.milliseconds] as const),
    ),
  }));
  save('growth/jobs.svg', plot({ title: 'Jobs', x: 'assets', y: 'ms', lines: jobLines }));
  const heads = sizes.map(({ assets }) => assets.toLocaleString('en-US'));
  const table = (first: string, rows: readonly string[]): string =>
    [`| ${[first, ...heads].join(' | ')} |`, `| --- |${' ---: |'.repeat(heads.length)}`, ...rows].join('\n');
  const latencies = (count: number): string =>
    table(
      `${count} ${count === 1 ? 'client' : 'clients'}`,
      names.map((name) => {
        const cells = sizes.map(({ reads }) => {
          const row = reads.find((each) => each.name === name && each.clients === count);
          return row === undefined ? '' : `${shown(row.median)} (${shown(row.most)})`;
        });
        return `| ${name} | ${cells.join(' | ')} |`;
      }),
    );
  const jobTable = table(
    'Job',
    jobNames.map((name) => {
      const cells = sizes.map(({ jobs }) => {
        const job = jobs.find((each) => each.name === name);
        return job === undefined ? 'not measured' : shown(job.milliseconds);
      });
      return `| ${name} | ${cells.join(' | ')} |`;
    }),
  );
  save(
    'growth.md',
    `# Growth

How a server with an embedded database does with ${heads.join(', ')} assets. \`ips-server load\` made the assets: a tenth of them are in one
folder, four in five are marked for publishing. Milliseconds until the answer was there: the median, and in parentheses what 19 of 20 answers
did not exceed. The clients are in another process. Written by \`npm run bench:growth\` on ${growth.date}, on ${growth.machine}, Node.js ${growth.node};
other programs shared the machine, so compare the columns rather than the numbers.

${clients.map((count) => latencies(count)).join('\n\n')}

Jobs, each once:

${jobTable}

${verdict(sizes)}

${clients.map((count) => `![Latency with ${count} clients](growth/reads-${count}.svg)`).join('\n')}
![Jobs](growth/jobs.svg)
`,
  );
}

/** Which reads take longer as a company grows, from ten thousand assets to the most. */
function verdict(sizes: readonly Measured[]): string {
  const from = sizes.find(({ assets }) => assets >= 10_000);
  const to = sizes.at(-1);
  if (from === undefined || to === undefined || from === to) return 'There are too few sizes to compare.';
  const growing = to.reads.flatMap(({ name, clients, median }) => {
    const before = from.reads.find((row) => row.name === name && row.clients === clients)?.median;
    if (clients !== 1 || before === undefined || median / before <= FLAT) return [];
    return [`${name} (${(median / before).toFixed(1)} times)`];
  });
  const span = `From ${from.assets.toLocaleString('en-US')} to ${to.assets.toLocaleString('en-US')} assets`;
  return growing.length === 0
    ? `${span}, no call of one client takes more than ${FLAT} times as long.`
    : `${span}, these calls of one client take more than ${FLAT} times as long: ${growing.join(', ')}. An answer of a page counts all rows that it is a page of, a last page is behind all others, and a tree has all folders.`;
}

function shown(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
}

function save(name: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(name, DOCS)), text);
}
