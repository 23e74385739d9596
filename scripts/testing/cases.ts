// What depends on how thorough a run is. A file that imports this runs in the full run, too, with all that it leaves out
// otherwise; files named *.full.test.ts run only there.
import { inject } from 'vitest';
import type { Depth } from './depth.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly depth: Depth;
  }
}

/** The part of a property's cases that a run tries, as a divisor. */
const DIVISORS: Readonly<Record<Depth, number>> = { quick: 100, test: 10, full: 1, all: 1 };

/** Whether this run leaves nothing out. */
export const isFull: boolean = DIVISORS[inject('depth')] === 1;

/** How many cases of all of them this run tries. */
export function casesOf(all: number): number {
  return Math.ceil(all / DIVISORS[inject('depth')]);
}
