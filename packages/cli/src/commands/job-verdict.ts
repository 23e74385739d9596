import type { Job, JobVerdict } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Paint } from '../output/colors.js';
import { type Column, count, span } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { wrap } from '../output/wrap.js';

/** The outcome of a job as an object. */
export interface VerdictRow {
  readonly name: string;
  readonly handle: string;
  readonly status: JobVerdict['status'];
  readonly ok: boolean;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly warnings: number;
  readonly duplicates: number;
  readonly updated: number;
  readonly startDate: string | undefined;
  readonly endDate: string | undefined;
  readonly failures: JobVerdict['failures'];
}

/** The fields of a verdict. */
export const VERDICT_FIELDS = [
  'name',
  'handle',
  'status',
  'ok',
  'total',
  'succeeded',
  'failed',
  'warnings',
  'duplicates',
  'updated',
  'startDate',
  'endDate',
  'failures',
] as const;

/** Flattens a verdict to an object with the most useful counts. */
export function verdictRow(job: Job, verdict: JobVerdict): VerdictRow {
  const { log, counts, status, ok, failures } = verdict;
  return {
    name: log.originalJobName ?? job.name ?? job.handle,
    handle: log.jobHandle,
    status,
    ok,
    total: counts.total,
    succeeded: counts.succeeded,
    failed: counts.failed + counts.transferFailed,
    warnings: counts.warnings,
    duplicates: counts.duplicates,
    updated: counts.updated,
    startDate: log.startDate,
    endDate: log.endDate,
    failures,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  completedWithErrors: 'ended with errors',
  failed: 'failed',
  stopped: 'was stopped',
};

/**
 * Prints the outcome of a job: a sentence in a terminal, values otherwise.
 *
 * @returns The exit code for the outcome.
 */
export async function printVerdict(context: Context, job: Job, verdict: JobVerdict): Promise<number> {
  const row = verdictRow(job, verdict);
  if (context.print.forPeople) {
    await printLines(context, verdictLines(row, context.print.paint));
  } else if (context.print.isShaped) {
    await context.print.object(row, VERDICT_FIELDS);
  } else {
    const { failures: _, ...values } = row;
    await context.print.object(values, VERDICT_FIELDS);
  }
  return row.ok ? EXIT.ok : EXIT.failed;
}

/** The outcome of a job as a sentence, followed by its first failures. */
function verdictLines(row: VerdictRow, paint: Paint): string[] {
  const sign = row.ok ? paint('green', '✓') : paint('red', '✗');
  const took =
    row.startDate === undefined || row.endDate === undefined
      ? ''
      : ` in ${span(Date.parse(row.endDate) - Date.parse(row.startDate))}`;
  const facts = [
    row.total > 0 ? `${row.succeeded} of ${count(row.total, 'file')}` : '',
    row.failed > 0 ? `${row.failed} failed` : '',
    row.updated > 0 ? `${row.updated} replaced` : '',
    row.duplicates > 0 ? count(row.duplicates, 'duplicate') : '',
    row.warnings > 0 ? count(row.warnings, 'warning') : '',
  ].filter((text) => text !== '');
  const rest = facts.length === 0 ? '' : `: ${facts.join(', ')}`;
  const lines = [`${sign} ${printableLine(row.name)} ${WORDS[row.status] ?? row.status}${took}${rest}`];
  for (const failure of row.failures.slice(0, 10))
    lines.push(`  ${paint('red', '•')} ${printableLine(`${failure.name ?? ''} ${failure.message}`.trim())}`);
  if (row.failures.length > 10) lines.push(`  and ${row.failures.length - 10} more`);
  return lines;
}

/** The columns for the outcomes of several jobs in a pipe. */
const VERDICT_COLUMNS: readonly Column<VerdictRow>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'SUCCEEDED', value: ({ succeeded }) => succeeded },
  { title: 'FAILED', value: ({ failed }) => failed },
  { title: 'HANDLE', value: ({ handle }) => handle },
];

/** Prints the outcomes of several jobs: sentences in a terminal, a row per job otherwise. */
export async function printVerdicts(context: Context, rows: readonly VerdictRow[]): Promise<void> {
  if (!context.print.forPeople) {
    await context.print.rows(rows, VERDICT_COLUMNS, VERDICT_FIELDS);
    return;
  }
  const lines = rows.flatMap((row) => verdictLines(row, context.print.paint));
  if (lines.length > 0) await printLines(context, lines);
}

/** Prints lines, wrapped between words. */
function printLines({ print }: Context, lines: readonly string[]): Promise<void> {
  return print.painted(`${lines.map((line) => wrap(line, print.width, 2)).join('\n')}\n`);
}
