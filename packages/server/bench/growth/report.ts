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
    /** Milliseconds of the server's processor time for a request. */
    readonly cpu?: number;
  }[];
  readonly jobs: readonly { readonly name: string; readonly milliseconds: number; readonly cpu?: number }[];
  /** Seconds until the assets that the size before did not have were there. Older results lack it, and the next one. */
  readonly added?: number;
  /** Seconds of all of it. */
  readonly seconds?: number;
}

/** All results, and where they come from. */
export interface Growth {
  readonly machine: string;
  readonly node: string;
  readonly date: string;
  /** How many processes wanted a processor in the minute before. */
  readonly load: number;
  readonly sizes: readonly Measured[];
}

const DOCS = new URL('../../../../docs/', import.meta.url);

/** Processes that want a processor while nothing but the machine itself is at work. */
const QUIET = 0.7;

/** What counts as flat from ten thousand assets on. */
const FLAT = 1.5;

/** How much more a file may cost in a large company than in one of a thousand assets. */
const FLAT_JOB = 1.2;

/** Why calls take longer in a larger company. */
const REASONS: Readonly<Record<string, string>> = {
  'searchAssets, first page, first after a start':
    'the total is counted then, which takes time for each asset; later searches correct it by what has changed',
  'searchAssets, first page after a change':
    'the total is corrected by the assets with numbers near those that have changed, 4096 for each change of one, and by the versions of all parts',
  'getFolderTree, two levels': 'the branches below the shown levels are read once until something changes',
  'getFolderTree, all levels': 'it returns all folders, whose number grows with the assets',
};

/** Writes docs/growth.md and its plots. */
export function writeReport(growth: Growth): void {
  const { sizes } = growth;
  const rows = sizes.flatMap(({ reads }) => reads);
  const clients = [...new Set(rows.map((row) => row.clients))].sort((one, other) => one - other);
  const names = [...new Set(rows.map((row) => row.name))];
  const namesAt = (count: number): string[] =>
    names.filter((name) => rows.some((row) => row.name === name && row.clients === count));
  for (const count of clients) {
    const lines = namesAt(count).map((name) => ({
      name,
      points: sizes.flatMap(({ assets, reads }) =>
        reads
          .filter((row) => row.name === name && row.clients === count)
          .map((row) => [assets, row.median] as const),
      ),
    }));
    const title = `Latency, ${clientsOf(count)}`;
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
      clientsOf(count),
      namesAt(count).map((name) => {
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
        if (job === undefined) return 'not measured';
        return job.cpu === undefined
          ? shown(job.milliseconds)
          : `${shown(job.milliseconds)} (${shown(job.cpu)})`;
      });
      return `| ${name} | ${cells.join(' | ')} |`;
    }),
  );
  const processor = table(
    'Processor time',
    names.map((name) => {
      const cells = sizes.map(({ reads }) => {
        const cpu = reads.find((each) => each.name === name && each.clients === 1)?.cpu;
        return cpu === undefined ? '' : shown(cpu);
      });
      return `| ${name} | ${cells.join(' | ')} |`;
    }),
  );
  save(
    'growth.md',
    `# Growth

How a server with an embedded database does with ${heads.join(', ')} assets. \`ips-server load\` made the assets: a tenth of them are in one
folder, four in five are marked for publishing. Milliseconds until the answer was there: the median, and in parentheses what 19 of 20 answers
did not exceed. The clients are in another process. Written by \`npm run bench:growth\` on ${growth.date}, on ${growth.machine}, Node.js ${growth.node}.
${growth.load < QUIET ? 'Nothing else ran on the machine.' : `Other programs had shared the machine in the minute before, with a load of ${growth.load.toFixed(1)}: compare the columns rather than the numbers.`}
${duration(sizes)}

${clients.map((count) => latencies(count)).join('\n\n')}

Processor time of the server for a request of one client, which other programs disturb less:

${processor}

Jobs, each once: milliseconds of the clock, and in parentheses of the server's processor time.

${jobTable}

${verdict(sizes)}

${clients.map((count) => `![Latency with ${clientsOf(count)}](growth/reads-${count}.svg)`).join('\n')}
![Jobs](growth/jobs.svg)
`,
  );
}

/** Which reads take longer as a company grows, from ten thousand assets to the most. */
function verdict(sizes: readonly Measured[]): string {
  const from = sizes.find(({ assets }) => assets >= 10_000);
  const to = sizes.at(-1);
  if (from === undefined || to === undefined || from === to) return 'There are too few sizes to compare.';
  const growing = to.reads.flatMap((row) => {
    const before = from.reads.find(({ name, clients }) => name === row.name && clients === row.clients);
    if (row.clients !== 1 || before === undefined) return [];
    const times =
      row.cpu === undefined || before.cpu === undefined ? row.median / before.median : row.cpu / before.cpu;
    const why = REASONS[row.name];
    return times <= FLAT
      ? []
      : [`- ${row.name}: ${times.toFixed(1)} times${why === undefined ? '' : `, because ${why}`}.`];
  });
  const span = `From ${named(from)} to ${named(to)} assets`;
  const reads =
    growing.length === 0
      ? `${span}, no call of one client takes more than ${FLAT} times the processor time.`
      : `${span}, these calls of one client take more than ${FLAT} times the processor time:\n\n${growing.join('\n')}`;
  return `${reads}\n\n${jobVerdict(sizes)}\n\n${publishVerdict(from, to)}`;
}

/** How long a publish looks for changes where there are none, from ten thousand assets to the most. */
function publishVerdict(from: Measured, to: Measured): string {
  const [before, after] = [from, to].map(({ jobs }) => {
    const job = jobs.find(({ name }) => name === 'incremental publish without changes');
    return job?.cpu ?? job?.milliseconds;
  });
  if (before === undefined || after === undefined) return 'No publish was measured.';
  const each = ((after - before) / (to.assets - from.assets)) * 1000;
  return `An incremental publish without changes compares each marked asset with its publication: ${each.toFixed(1)} µs of processor time for an asset of the company.`;
}

/** Whether a file costs more in a larger company. */
function jobVerdict(sizes: readonly Measured[]): string {
  const cost = ({ jobs }: Measured) => {
    const job = jobs.find(({ name }) => name === 'ingest, a file');
    return job?.cpu ?? job?.milliseconds;
  };
  const [from] = sizes;
  const to = sizes.findLast((size) => cost(size) !== undefined);
  const times = from && to && (cost(to) ?? Number.NaN) / (cost(from) ?? Number.NaN);
  if (from === undefined || to === undefined || times === undefined || Number.isNaN(times))
    return 'No ingest was measured.';
  const comparison = `A file of an upload costs ${times.toFixed(2)} times as much processor time with ${named(to)} assets as with ${named(from)}`;
  return times <= FLAT_JOB ? `${comparison}.` : `${comparison}, more than the aim of ${FLAT_JOB}.`;
}

/** How long the sizes took, with the assets that were added for each. */
function duration(sizes: readonly Measured[]): string {
  const each = sizes.flatMap((size) =>
    size.seconds === undefined || size.added === undefined
      ? []
      : [
          `${named(size)} assets ${size.seconds.toFixed(0)} s, of which ${size.added.toFixed(0)} for adding those that the size before did not have`,
        ],
  );
  return `The measurements took: ${each.join('; ')}.`;
}

const clientsOf = (count: number): string => `${count} ${count === 1 ? 'client' : 'clients'}`;

const named = ({ assets }: Measured): string => assets.toLocaleString('en-US');

function shown(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
}

function save(name: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(name, DOCS)), text);
}
