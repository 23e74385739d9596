// Measures ways to do the same work in turns: each has the same number of runs, what disturbs the machine disturbs all of them, and the
// median counts. `scripts/bench/run.ts` collects the results of all packages into docs/benchmarks.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median, withSpread } from './statistics.ts';

/** Milliseconds that one unit of the work took. */
export interface Sample {
  readonly wall: number;
  /** Processor time of all threads that did the work, where it can be measured. */
  readonly cpu?: number | undefined;
}

/** One way to do the work. */
export interface Contender {
  readonly name: string;
  /** Does the work once, or the reason why it cannot be done here. */
  readonly take: (() => Sample | Promise<Sample>) | string;
}

/** Which time a statement is about. */
export type Measure = keyof Sample;

/** A target, and what was reached. */
export interface Aim {
  readonly text: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What is compared, and how. */
export interface Comparison {
  /** Names the result in the files of the report. */
  readonly id: string;
  readonly title: string;
  /** What was done, for readers who want to repeat it. */
  readonly method: string;
  /** Of what a sample is the time, such as `an image`. */
  readonly unit: string;
  /** The contender that the others are compared with. */
  readonly base: string;
  /** Whether the base is our own code, whose peers the others are. */
  readonly peers: boolean;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
  /** Targets: `times` is how many times as long a row took as the base, by the median of the rounds. */
  readonly aims?: (found: Found) => readonly Aim[];
}

/** Reads a result. */
export interface Found {
  median(name: string, measure: Measure): number;
  /** How many times as long a row took as the base: the median of the rounds. */
  times(name: string, measure: Measure): number;
}

/** A measured comparison, as it is written for the report. */
export interface Result extends Omit<Comparison, 'contenders' | 'aims'> {
  readonly rows: readonly {
    readonly name: string;
    readonly wall: readonly number[];
    readonly cpu: readonly number[];
    readonly skipped?: string;
  }[];
  readonly aims: readonly Aim[];
  readonly node: string;
  readonly date: string;
  /** Processes that wanted to run when it began, this one not counted. */
  readonly load: number;
}

/** Facts without a comparison, such as memory or bytes. */
export interface Facts {
  readonly id: string;
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly node: string;
  readonly date: string;
}

/** Milliseconds for which each contender runs before it is measured. */
const WARM_UP = 1000;

/** Does some work and measures it; `units` divides the result. */
export async function measured(work: () => unknown, units = 1): Promise<Sample> {
  const before = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  return { wall: wall / units, cpu: (user + system) / 1000 / units };
}

/** Runs all contenders in turns, prints the result, and keeps it for the report. */
export async function compare({ contenders, aims, ...about }: Comparison): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  const rows = contenders.map(({ name, take }) => ({
    name,
    wall: [] as number[],
    cpu: [] as number[],
    ...(typeof take === 'string' ? { skipped: take } : {}),
  }));
  for (const { take } of contenders) if (typeof take !== 'string') await warmUp(take);
  for (let round = 0; round < about.rounds; round += 1) {
    for (const [at, { take }] of contenders.entries()) {
      if (typeof take === 'string') continue;
      collectGarbage();
      const { wall, cpu } = await take();
      rows[at]?.wall.push(wall);
      if (cpu !== undefined) rows[at]?.cpu.push(cpu);
    }
  }
  const found: Found = {
    median: (name, measure) => median(rows.find((row) => row.name === name)?.[measure] ?? []),
    times: (name, measure) => timesOf({ base: about.base, rows }, name, measure),
  };
  const result: Result = {
    ...about,
    rows,
    aims: aims?.(found) ?? [],
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    load,
  };
  print(result, found);
  keep(result);
  return result;
}

/** Fills caches and compiles, uncounted: at least once, and for as long as the others. */
async function warmUp(take: () => Sample | Promise<Sample>): Promise<void> {
  const begun = performance.now();
  do {
    collectGarbage();
    await take();
  } while (performance.now() - begun < WARM_UP);
}

/** Prints facts, and keeps them for the report. */
export function report(id: string, title: string, facts: Facts['facts']): void {
  console.log(`\n${title}`);
  for (const [name, value] of facts) console.log(`  ${name.padEnd(52)} ${value}`);
  keep({ id, title, facts, node: process.version, date: new Date().toISOString().slice(0, 10) });
}

/** How many times as long a row took as the base: the median of the rounds, so that each is compared with its neighbor in time. */
export function timesOf(result: Pick<Result, 'base' | 'rows'>, name: string, measure: Measure): number {
  const values = (of: string) => result.rows.find((row) => row.name === of)?.[measure] ?? [];
  const base = values(result.base);
  return median(values(name).map((value, round) => value / (base[round] ?? Number.NaN)));
}

/** Whether a target was reached. */
export function isReached({
  value,
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
}: Aim): boolean {
  return value >= atLeast && value <= atMost;
}

/** A target in words. */
export function aimText(aim: Aim): string {
  const limit = aim.atLeast === undefined ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
  const value = aim.value.toFixed(aim.value < 100 ? 2 : 0);
  return `${aim.text}: ${value}, aim ${limit}, ${isReached(aim) ? 'reached' : 'missed'}`;
}

function print(result: Result, found: Found): void {
  console.log(
    `\n${result.title}: milliseconds ${result.unit}, median of ${result.rounds} rounds (lowest … highest)`,
  );
  for (const { name, wall, cpu, skipped } of result.rows) {
    if (skipped !== undefined) {
      console.log(`  ${name.padEnd(46)} ${skipped}`);
      continue;
    }
    const times = name === result.base ? '' : `${found.times(name, 'wall').toFixed(2)} times`;
    const spent =
      cpu.length === 0
        ? ''
        : `; processor ${withSpread(cpu)}${name === result.base ? '' : `, ${found.times(name, 'cpu').toFixed(2)} times`}`;
    console.log(`  ${name.padEnd(46)} ${withSpread(wall).padEnd(26)} ${times}${spent}`);
  }
  for (const aim of result.aims) console.log(`  ${aimText(aim)}`);
}

/** Where `scripts/bench/run.ts` collects results. */
function keep(result: Result | Facts): void {
  const folder = process.env['IPS_BENCH_RESULTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.id}.json`), `${JSON.stringify(result)}\n`);
}

/** A kept result, or `undefined`. */
export function readResult(folder: string, id: string): Result | Facts | undefined {
  const file = join(folder, `${id}.json`);
  // The file is one that `keep` wrote.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result | Facts) : undefined;
}

let collect: (() => void) | undefined;

/** Frees what an earlier run left behind, so that the next one does not pay for it. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    // The flag defines this function in new contexts.
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
