import type { JobLog } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { moment } from '../duration.js';
import { EXIT } from '../exit-code.js';
import { type Column, localTime } from '../output/columns.js';
import { endOf } from './job-rows.js';

type By = 'user' | 'type' | 'name' | 'day';

interface Options {
  readonly from: string;
  readonly to?: string;
  readonly by: By;
}

/** The totals of job logs. */
interface Sums {
  jobs: number;
  succeeded: number;
  completedWithErrors: number;
  failed: number;
  /** Jobs without an end date. */
  unfinished: number;
  files: number;
  fileSuccesses: number;
  fileErrors: number;
  fileWarnings: number;
  fileDuplicates: number;
  fileUpdates: number;
  transferErrors: number;
  firstStart: string | undefined;
  lastStart: string | undefined;
}

/** The totals for one user, type, name or day, which is the first field. */
type AuditRow = Partial<Readonly<Record<By, string>>> & Sums;

const COLUMNS: readonly Column<AuditRow>[] = [
  { title: 'JOBS', value: ({ jobs }) => jobs, align: 'right' },
  { title: 'SUCCEEDED', value: ({ succeeded }) => succeeded, align: 'right' },
  {
    title: 'ERRORS',
    field: 'completedWithErrors',
    value: ({ completedWithErrors }) => completedWithErrors,
    align: 'right',
  },
  {
    title: 'FAILED',
    value: ({ failed }) => failed,
    paint: (text, { failed }, paint) => (failed > 0 ? paint('red', text) : text),
    align: 'right',
  },
  { title: 'UNFINISHED', value: ({ unfinished }) => unfinished, align: 'right', optional: true },
  { title: 'FILES', value: ({ files }) => files, align: 'right' },
  {
    title: 'FILE ERRORS',
    field: 'fileErrors',
    value: ({ fileErrors }) => fileErrors,
    align: 'right',
    optional: true,
  },
  {
    title: 'LAST',
    field: 'lastStart',
    value: ({ lastStart }) => lastStart,
    human: ({ lastStart }) => localTime(lastStart),
    optional: true,
  },
];

const FIELDS = [
  'jobs',
  'succeeded',
  'completedWithErrors',
  'failed',
  'unfinished',
  'files',
  'fileSuccesses',
  'fileErrors',
  'fileWarnings',
  'fileDuplicates',
  'fileUpdates',
  'transferErrors',
  'firstStart',
  'lastStart',
] as const;

/** The fields of the output, the group first. */
export function fields({ by }: Options): readonly string[] {
  return [by, ...FIELDS];
}

/** `ips job audit` */
export async function run(context: Context, options: Options): Promise<undefined> {
  const { by } = options;
  const from = moment(options.from);
  const to = options.to === undefined ? undefined : moment(options.to);
  if (to !== undefined && to < from)
    throw new CliError(
      EXIT.usage,
      `--to (${to.toISOString()}) is before --from (${from.toISOString()})`,
      'give the earlier time as --from',
    );
  const client = await context.client();
  const rows = new Map<string, Sums>();
  for await (const log of client.jobs.history({ from, to, signal: context.signal })) {
    const key = keyOf(log, by);
    const sums = rows.get(key) ?? noSums();
    rows.set(key, sums);
    add(sums, log);
  }
  const sorted = [...rows].sort(([a, { jobs: m }], [b, { jobs: n }]) => {
    const order = a < b ? -1 : 1;
    return by === 'day' ? order : n - m || order;
  });
  const named = sorted.map(([key, sums]): AuditRow => ({ [by]: key, ...sums }));
  const first: Column<AuditRow> = {
    title: by.toUpperCase(),
    value: (row) => row[by],
    shrinks: true,
    least: 16,
  };
  const printed = await context.print.rows(named, [first, ...COLUMNS], fields(options));
  if (printed === 0) context.note('no jobs in this period');
  return undefined;
}

function keyOf(log: JobLog, by: By): string {
  switch (by) {
    case 'user':
      return log.submitUserEmail ?? '';
    case 'type':
      return log.logType.replace(/^Begin/, '');
    case 'name':
      return log.originalJobName;
    case 'day':
      return log.startDate === undefined ? '' : new Date(log.startDate).toISOString().slice(0, 10);
  }
}

function noSums(): Sums {
  return {
    jobs: 0,
    succeeded: 0,
    completedWithErrors: 0,
    failed: 0,
    unfinished: 0,
    files: 0,
    fileSuccesses: 0,
    fileErrors: 0,
    fileWarnings: 0,
    fileDuplicates: 0,
    fileUpdates: 0,
    transferErrors: 0,
    firstStart: undefined,
    lastStart: undefined,
  };
}

function add(row: Sums, log: JobLog): void {
  row.jobs += 1;
  const end = endOf(log);
  if (log.endDate === undefined && end !== 'failed') row.unfinished += 1;
  else if (end === 'failed') row.failed += 1;
  else if (end === 'completedWithErrors') row.completedWithErrors += 1;
  else row.succeeded += 1;
  row.files += log.totalFileCount ?? 0;
  row.fileSuccesses += log.fileSuccessCount ?? 0;
  row.fileErrors += log.fileErrorCount ?? 0;
  row.fileWarnings += log.fileWarningCount ?? 0;
  row.fileDuplicates += log.fileDuplicateCount ?? 0;
  row.fileUpdates += log.fileUpdateCount ?? 0;
  row.transferErrors += log.transferErrorCount ?? 0;
  // Logs are sorted oldest first.
  row.firstStart ??= log.startDate;
  row.lastStart = log.startDate ?? row.lastStart;
}
