/** Parts of a job handle. Either `name` or `run` is present. */
export interface JobHandle {
  /** Number of the company. */
  readonly company: string;
  /** Submitted name, in a handle of the scheduled form. */
  readonly name: string | undefined;
  /** Name of the run, in a handle of the run form. */
  readonly run: string | undefined;
  /** Number after the name of the run, if there is one. */
  readonly number: string | undefined;
}

/**
 * Parses a job handle: `j|6|Nightly|` identifies a submitted job, and `j|6||Nightly_2014-04-03-00:00:00.000|54091` one of its runs.
 * Older handles do not have the `j|` prefix, and the service has also returned `j|6|Nightly||`, with an empty number. Names cannot
 * contain a bar.
 *
 * @returns The parts of the handle, or `undefined` for any other form: handles are opaque and their form can change.
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
 * Formats a job handle as in the service's documentation: in the run form if there is a `run`, otherwise in the scheduled form.
 * The inverse of {@link parseJobHandle}.
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
 * Returns whether two handles identify the same job, or the same run of a job. The handles can differ in the prefix and in the
 * segments after the names.
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
