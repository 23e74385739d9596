import type { JobLogDetail } from '@ips-sdk/types';
import type { Context } from '../context.js';
import type { Paint } from '../output/colors.js';
import { type Column, localTime } from '../output/columns.js';
import { findJob } from './find-job.js';

/** Fields of a log row. */
export const LOG_FIELDS = [
  'dateCreated',
  'logType',
  'assetName',
  'assetType',
  'assetHandle',
  'logMessage',
  'auxArray',
] as const;

/** The columns of a log. */
export const LOG_COLUMNS: readonly Column<JobLogDetail>[] = [
  {
    title: 'TIME',
    value: (row) => row.dateCreated,
    human: (row) => localTime(row.dateCreated),
    optional: true,
  },
  {
    title: 'KIND',
    value: ({ logType }) => logType,
    paint: (text, row, paint) => paintLogType(row.logType, paint, text),
  },
  { title: 'ASSET', value: ({ assetName }) => assetName, shrinks: true, optional: true },
  { title: 'MESSAGE', value: ({ logMessage }) => logMessage, shrinks: true },
  { title: 'HANDLE', value: ({ assetHandle }) => assetHandle, optional: true },
];

/** Colors the type of a log row. */
export function paintLogType(logType: string, paint: Paint, text: string = logType): string {
  if (/(?:Error|Failure)$/i.test(logType)) return paint('red', text);
  if (/(?:Warning|Cancel|Skipped)$/i.test(logType)) return paint('yellow', text);
  return /(?:Success|Updated)$/i.test(logType) ? paint('green', text) : text;
}

/** The fields of the output. */
export const fields = LOG_FIELDS;

/** `ips job log` */
export async function run(
  context: Context,
  options: { readonly errors?: boolean },
  reference: string,
): Promise<undefined> {
  const client = await context.client();
  const job = client.jobs.get(await findJob(context, reference));
  async function* rows(): AsyncGenerator<JobLogDetail> {
    for await (const row of job.log({ signal: context.signal })) {
      if (!options.errors || /(?:Error|Failure|Warning|Cancel)$/i.test(row.logType)) yield row;
    }
  }
  const printed = await context.print.rows(rows(), LOG_COLUMNS, LOG_FIELDS);
  if (printed === 0) context.note(options.errors ? 'no errors or warnings' : 'the log is empty');
  return undefined;
}
