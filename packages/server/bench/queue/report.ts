// Writes docs/queue.md from the results of the benchmark.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REPORT = fileURLToPath(new URL('../../../../docs/queue.md', import.meta.url));

/** Milliseconds of one step of a job. */
export interface Step {
  readonly name: string;
  readonly wall: number;
  /** Processor time of the process of the server, and of the connections of the database. */
  readonly server: number;
  readonly database: number;
}

/** The results of the benchmark. */
export interface QueueGrowth {
  readonly machine: string;
  readonly node: string;
  readonly postgresql: string;
  readonly date: string;
  readonly sizes: readonly { readonly waiting: number; readonly steps: readonly Step[] }[];
}

/** How much a step may cost at the largest size, as a multiple of the smallest. */
const AIM = 1.5;

export function writeReport({ machine, node, postgresql, date, sizes }: QueueGrowth): void {
  const [first] = sizes;
  if (first === undefined) throw new Error('there are no results');
  const rows = first.steps.map((step) => {
    const found = sizes.map(({ steps }) => steps.find(({ name }) => name === step.name) ?? step);
    const cpu = found.map((each) => each.server + each.database);
    const growth = (cpu.at(-1) ?? 0) / (cpu[0] ?? 1);
    const cells = found.map(
      (each) => `${each.server.toFixed(2)} + ${each.database.toFixed(2)} (${each.wall.toFixed(1)})`,
    );
    return [step.name, ...cells, `${growth.toFixed(2)}, ${growth <= AIM ? 'reached' : 'missed'}`];
  });
  const heads = sizes.map(({ waiting }) => `${waiting.toLocaleString('en-US')} wait`);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  writeFileSync(
    REPORT,
    `# The queue at size

What each step of a job costs when many runs wait for a worker. Written by \`npm run bench:queue\` in \`packages/server\`; how the queue
works is in [decision 0036](decisions/0036-roles-and-the-queue.md).

- Machine: ${machine}, Node.js ${node}, PostgreSQL ${postgresql}. Measured on ${date}, without other work on the machine.
- The runs are those of 20 companies, one of which has half of them. For each two that wait, one has ended.
- Milliseconds of processor time of the server + of the database, and in parentheses by the clock. Each is the lowest of five figures, which
  are means of 50 jobs, or of 4 passes of the reconciliation.
- *Growth* is the processor time at the largest size, as a multiple of that at the smallest. The aim is at most ${AIM}.

${line(['Step', ...heads, 'Growth'])}
${line(['---', ...heads.map(() => '---'), '---'])}
${rows.map(line).join('\n')}

A pass of the reconciliation happens every five seconds in one process. It looks at 1,000 waiting runs and begins with others the next
time, so that it has looked at a million after 84 minutes.
`,
  );
}
