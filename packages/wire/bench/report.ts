/** How often everything that stands in one table is run; of each the fastest counts. */
export const RUNS = 5;

/** Seconds of the fastest of several runs. */
export function fastest(times: number, run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Prints one line of a table. */
export function row(name: string, value: string, ratio: string = ''): void {
  console.log(`  ${name.padEnd(44)} ${value.padStart(14)}  ${ratio}`);
}
