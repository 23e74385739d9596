/** The parts of a job's handle. Either `name` or `run` is present. */
export interface JobHandle {
  /** The number of the company. */
  readonly company: string;
  /** The submitted name, in the scheduled shape. */
  readonly name: string | undefined;
  /** The name of one run, in the run shape. */
  readonly run: string | undefined;
  /** The number that follows the run's name, where there is one. */
  readonly number: string | undefined;
}

/**
 * Parses a job's handle: `j|6|Nightly|` names a submitted job, `j|6||Nightly_2014-04-03-00:00:00.000|54091` one run of it. Older
 * handles lack the `j|`, and the service has also answered `j|6|Nightly||`, with an empty number. Names contain no bar.
 *
 * @returns `undefined` for another form: handles are opaque and their form may change.
 * @example
 * ```ts
 * import { parseJobHandle } from '@ips-sdk/types/jobs';
 *
 * console.log(parseJobHandle('j|6|Nightly|')?.name); // Nightly
 * console.log(parseJobHandle('j|6||Nightly_2014-04-03-00:00:00.000|54091')?.run); // Nightly_2014-04-03-00:00:00.000
 * ```
 */
export function parseJobHandle(handle: string): JobHandle | undefined {
  const segments = handle.split('|');
  const [company = '', name = '', run, number, ...rest] = segments[0] === 'j' ? segments.slice(1) : segments;
  if (!/^\d+$/.test(company) || rest.length > 0) return undefined;
  if (name !== '') {
    // Without the bar after the name the handle is incomplete.
    return run === '' && !number ? { company, name, run: undefined, number: undefined } : undefined;
  }
  if (!run || !/^\d*$/.test(number ?? '')) return undefined;
  return { company, name: undefined, run, number: number || undefined };
}

/**
 * Formats a job's handle as the service's documentation does: in the run shape when there is a `run`, else in the scheduled shape.
 * It is the inverse of {@link parseJobHandle}.
 *
 * @example
 * ```ts
 * import { formatJobHandle } from '@ips-sdk/types/jobs';
 *
 * console.log(formatJobHandle({ company: 6, name: 'Nightly' })); // j|6|Nightly|
 * ```
 */
export function formatJobHandle(job: {
  readonly company: string | number;
  readonly name?: string | undefined;
  readonly run?: string | undefined;
  readonly number?: string | number | undefined;
}): string {
  if (job.run === undefined) return `j|${job.company}|${job.name ?? ''}|`;
  return `j|${job.company}||${job.run}${job.number === undefined ? '' : `|${job.number}`}`;
}

/**
 * Whether two handles name the same job, or the same run of a job. Their texts may differ in the prefix and in what follows the
 * names.
 *
 * @example
 * ```ts
 * import { sameJob } from '@ips-sdk/types/jobs';
 *
 * console.log(sameJob('j|6|Nightly|', '6|Nightly||')); // true
 * ```
 */
export function sameJob(a: string, b: string): boolean {
  if (a === b) return true;
  const first = parseJobHandle(a);
  const second = parseJobHandle(b);
  if (first === undefined || second === undefined) return false;
  return first.company === second.company && first.name === second.name && first.run === second.run;
}
