// How long a server takes until it accepts calls, and until it runs jobs: the first start ever, from an existing directory, in memory in a new
// process, and in memory again in that process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, type Sample } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';

const STARTER = fileURLToPath(new URL('support/start-in-process.ts', import.meta.url));
const FIRST = 'first start ever';
const REOPENED = 'start from a directory';
const MEMORY = 'start in memory, the first of a process';
const AGAIN = 'start in memory, another in the process';

/** How long a start took until the server accepted calls, and until it ran jobs. */
interface Start {
  readonly accepts: Sample;
  readonly works: Sample;
}

/** Starts servers in a new process: one on a data directory, or two in memory. */
async function starts(...args: string[]): Promise<Start[]> {
  const { printed } = await runNode([STARTER, ...args]);
  // The program prints such a list.
  return JSON.parse(printed) as Start[];
}

async function compareStarts(): Promise<void> {
  let dataDir = '';
  /** The starts of a round by their names. */
  const found = new Map<string, Start>();
  const taken = (name: string, part: keyof Start): Sample => {
    const start = found.get(name);
    if (start === undefined) throw new Error(`the program printed no ${name}`);
    return start[part];
  };
  const keep = async (names: readonly string[], ...args: string[]): Promise<void> => {
    const all = await starts(...args);
    for (const [index, start] of all.entries()) found.set(names[index] ?? '', start);
  };
  const begin: Readonly<Record<string, () => Promise<void>>> = {
    [FIRST]: () => {
      dataDir = mkdtempSync(join(tmpdir(), 'ips-bench-'));
      return keep([FIRST], dataDir);
    },
    [REOPENED]: async () => {
      await keep([REOPENED], dataDir);
      rmSync(dataDir, { recursive: true });
    },
    [MEMORY]: () => keep([MEMORY, AGAIN]),
    // The process of the row before started it.
    [AGAIN]: async () => undefined,
  };
  try {
    await compare({
      id: 'server-start',
      title: 'Start of a server until it accepts calls',
      method:
        'Each in a new process, from its beginning, with the embedded database and the cache of compiled code. Jobs that are submitted before the job queue is open wait for it.',
      unit: 'a start',
      base: FIRST,
      peers: false,
      rounds: 7,
      contenders: Object.entries(begin).flatMap(([name, start]) => [
        {
          name,
          take: async () => {
            await start();
            return taken(name, 'accepts');
          },
        },
        { name: `${name}, until jobs run`, take: () => taken(name, 'works') },
      ]),
      aims: ({ median }) =>
        (
          [
            [FIRST, 2500],
            [REOPENED, 1200],
            [MEMORY, 2000],
            [AGAIN, 500],
          ] as const
        ).map(([name, atMost]) => ({
          text: `${name}, milliseconds on a quiet machine of two cores`,
          value: median(name, 'wall'),
          atMost,
        })),
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await compareStarts();
