/** What a job's handle says. */
export interface JobHandle {
  /** The number of the company. */
  readonly company: string;
  /** The submitted name, in the scheduled shape. */
  readonly name: string | undefined;
  /** The name of one run, in the run shape. */
  readonly run: string | undefined;
}

/**
 * Takes a job's handle apart: `j|6|Nightly|` names a submitted job, `j|6||Nightly_2014-04-03-00:00:00.000|54091` one run of it. Older
 * handles lack the `j|`. Handles are opaque and their form may change; `undefined` is answered for another form.
 *
 * @example
 * ```ts
 * import { parseJobHandle } from '@ips-sdk/client';
 *
 * console.log(parseJobHandle('j|6|Nightly|')?.name); // Nightly
 * console.log(parseJobHandle('j|6||Nightly_2014-04-03-00:00:00.000|54091')?.run); // Nightly_2014-04-03-00:00:00.000
 * ```
 */
export function parseJobHandle(handle: string): JobHandle | undefined {
  const run = /^(?:j\|)?(\d+)\|\|(.+?)(?:\|(?:\d+)?)?$/s.exec(handle);
  if (run) return { company: run[1] ?? '', name: undefined, run: run[2] };
  const scheduled = /^(?:j\|)?(\d+)\|(.+)\|$/s.exec(handle);
  return scheduled ? { company: scheduled[1] ?? '', name: scheduled[2], run: undefined } : undefined;
}

/** Whether two handles name the same run: equal, or equal but for the number at the end. */
export function sameRun(a: string, b: string): boolean {
  if (a === b) return true;
  const runA = parseJobHandle(a)?.run;
  return runA !== undefined && runA === parseJobHandle(b)?.run;
}
