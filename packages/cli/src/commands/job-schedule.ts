import { parseSchedule, type Schedule } from '@ips-sdk/wire/schedule';
import type { Context } from '../context.js';
import { isTimeZone } from '../duration.js';
import { type JobInputOptions, jobInput, jobKind, submitInput } from './job-input.js';
import { printDryRun } from './print-dry-run.js';

interface Options extends JobInputOptions {
  readonly count: string;
  readonly timeZone?: string;
}

/** The fields of the output. */
export const fields = [
  'handle',
  'name',
  'nextFireTime',
  'serviceTimeZone',
  'schedule',
  'means',
  'timeZone',
  'next',
];

/** `ips job schedule` */
export async function run(
  context: Context,
  options: Options,
  text: string,
  kindName?: string,
): Promise<undefined> {
  const schedule = parseSchedule(text);
  const count = Number(options.count);
  let { timeZone } = options;
  if (kindName === undefined) {
    await explain(context, schedule, count, timeZone, {});
    return undefined;
  }
  const kind = jobKind(kindName);
  const { details, submit } = await jobInput(context, kind, options);
  const timed = { ...submit, execSchedule: text };
  if (await printDryRun(context, 'submitJob', submitInput(kind, details, timed))) return undefined;
  const { jobs } = await context.client();
  // The client validates the details.
  const job = await jobs.submit(kind, details as never, timed);
  context.done(`scheduled ${job.name}`);
  const trigger = await job.schedule();
  timeZone ??= trigger?.timeZone !== undefined && isTimeZone(trigger.timeZone) ? trigger.timeZone : undefined;
  await explain(context, schedule, count, timeZone, {
    handle: job.handle,
    name: job.name,
    nextFireTime: trigger?.nextFireTime,
    serviceTimeZone: trigger?.timeZone,
  });
  return undefined;
}

async function explain(
  context: Context,
  schedule: Schedule,
  count: number,
  timeZone: string | undefined,
  job: Record<string, unknown>,
): Promise<void> {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const times = schedule.nextFireTimes(count, { timeZone: zone });
  if (context.print.isShaped) {
    await context.print.object({
      ...job,
      schedule: schedule.text,
      means: schedule.describe(),
      timeZone: zone,
      next: times.map((time) => time.toISOString()),
    });
    return;
  }
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  await context.print.object({ ...job, schedule: schedule.text, means: schedule.describe(), timeZone: zone });
  if (times.length === 0) context.note('the schedule has no future run times');
  for (const [i, time] of times.entries()) {
    const text = context.print.forPeople
      ? `  ${format.format(time)}`
      : `next.${i + 1}\t${time.toISOString()}`;
    await context.print.text(`${text}\n`);
  }
  if (timeZone === undefined && job['nextFireTime'] === undefined)
    context.note("times are in the local time zone; give the service's with --time-zone");
}
