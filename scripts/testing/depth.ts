/**
 * How thorough a run of the tests is: `quick` is for working on a package, `test` is what `npm test` runs, `full` what it leaves out, and
 * `all` both in one run, as in `.ci/run`.
 */
export type Depth = 'quick' | 'test' | 'full' | 'all';

/** How thorough the run is that a mode of vitest stands for. */
export function depthOf(mode: string): Depth {
  return mode === 'quick' || mode === 'full' || mode === 'all' ? mode : 'test';
}
