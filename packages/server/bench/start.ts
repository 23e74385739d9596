// How long a server takes until it is ready: the first start ever, from an existing directory, in memory in a new process, and in memory
// again in that process.
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

/** Starts servers in a new process: one on a data directory, or two in memory. */
async function starts(...args: string[]): Promise<Sample[]> {
  const { printed } = await runNode([STARTER, ...args]);
  // The program prints such a list.
  return JSON.parse(printed) as Sample[];
}

function first(samples: readonly (Sample | undefined)[]): Sample {
  const [sample] = samples;
  if (sample === undefined) throw new Error('the program printed no start');
  return sample;
}

async function compareStarts(): Promise<void> {
  let dataDir = '';
  let next: Sample | undefined;
  try {
    await compare({
      id: 'server-start',
      title: 'Start of a server until it accepts calls',
      method:
        'Each in a new process, from its beginning, with the embedded database and the cache of compiled code.',
      unit: 'a start',
      base: FIRST,
      peers: false,
      rounds: 7,
      contenders: [
        {
          name: FIRST,
          take: async () => {
            dataDir = mkdtempSync(join(tmpdir(), 'ips-bench-'));
            return first(await starts(dataDir));
          },
        },
        {
          name: REOPENED,
          take: async () => {
            const reopened = first(await starts(dataDir));
            rmSync(dataDir, { recursive: true });
            return reopened;
          },
        },
        {
          name: MEMORY,
          take: async () => {
            const [sample, another] = await starts();
            next = another;
            return first([sample]);
          },
        },
        // The process of the row before started it.
        { name: AGAIN, take: () => first([next]) },
      ],
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
