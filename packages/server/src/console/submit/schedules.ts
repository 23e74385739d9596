import type { ScheduleEditRequest, ScheduleEditResult, ScheduleRow, SchedulesPage } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import { isIncomplete, payloadOf } from '../jobs/run-again.js';
import { rowShower } from '../jobs/shown-row.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import { withoutSecrets, withSecretsOf } from '../secrets.js';
import type { Session } from '../session.js';
import { schedulePreview } from './schedule-preview.js';

/** Next times of a schedule in the list. */
const TIMES = 5;

/** All schedules, the next one first. */
export async function schedulesPage(
  options: ConsoleOptions,
  session: Session,
  feed: Feed,
  viewerZone: string,
): Promise<SchedulesPage> {
  const { board } = feed;
  const show = rowShower(options, session, board.now);
  const serviceZone =
    options.own?.timeZone ?? board.scheduled.find(({ timeZone }) => timeZone !== undefined)?.timeZone;
  const rows = await Promise.all(
    board.scheduled.map(async (job): Promise<ScheduleRow | undefined> => {
      const row = board.rows.get(job.jobHandle);
      if (row === undefined) return undefined;
      const { execSchedule, timeZone = serviceZone } = job;
      const payload = await payloadOf(session, feed, job.jobHandle);
      const runs = [...board.rows.values()].filter(
        ({ stage, originalName }) => stage !== 'scheduled' && originalName === row.originalName,
      );
      const last = runs.sort(
        (one, other) => Date.parse(other.startDate ?? '') - Date.parse(one.startDate ?? ''),
      )[0];
      const preview =
        execSchedule === undefined
          ? undefined
          : schedulePreview(execSchedule, timeZone, viewerZone, TIMES, board.now);
      return {
        job: show(row),
        execSchedule,
        description: preview?.description ?? row.detail,
        timeZone,
        triggerState: job.triggerState,
        next: preview?.times ?? [],
        ...(last === undefined ? {} : { lastRun: show(last) }),
        ...(payload === undefined
          ? {}
          : { details: { kind: payload.kind, details: withoutSecrets(payload.details) } }),
      };
    }),
  );
  const known = rows.filter((row) => row !== undefined);
  known.sort((one, other) => timeOf(one) - timeOf(other));
  return { schedules: known, serviceZone, shell: 'ips job list --only scheduled' };
}

function timeOf({ job: { nextFireTime } }: ScheduleRow): number {
  return nextFireTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(nextFireTime);
}

/**
 * Replaces a schedule. The service has no operation for it, and names identify jobs: so the old job is deleted, and then submitted with
 * the new schedule. If that fails, it is submitted as it was.
 */
export async function editSchedule(
  session: Session,
  feed: Feed,
  { handle, execSchedule, details }: ScheduleEditRequest,
): Promise<ScheduleEditResult> {
  const { board } = feed;
  const job = board.scheduled.find(({ jobHandle }) => jobHandle === handle);
  if (job === undefined) throw new ConsoleError('notFound', `no scheduled job has the handle ${handle}`);
  const payload = await payloadOf(session, feed, handle);
  if (payload === undefined || isIncomplete(payload) || payload.kind === 'uploadPostJob')
    throw new ConsoleError('notFound', 'the service does not show the payload of this job');
  const { kind } = payload;
  const { description, locale, originalName, name } = job;
  const jobName = originalName || name;
  if (board.active.some((run) => run.originalName === jobName))
    throw new ConsoleError('conflict', `${jobName} runs now, and would be stopped; wait until it has ended`);
  const { client } = session;
  const next = details === undefined ? payload.details : withSecretsOf(details, payload.details);
  // Whatever can be wrong with it shows before anything is deleted.
  await client.preview('submitJob', { jobName, execSchedule, [kind]: next });
  const submitted = async (schedule: string | undefined, payloadNow: unknown): Promise<string> => {
    const optional = { execSchedule: schedule, description, locale };
    // The preview has validated it, and the old one was accepted before.
    const { handle: made } = await client.jobs.submit(kind, payloadNow as never, {
      name: jobName,
      ...optional,
    });
    return made;
  };
  await client.jobs.get(handle).delete();
  const deletion = { handle, name, ok: true, message: 'deleted' };
  try {
    return { jobHandle: await submitted(execSchedule, next), deletion };
  } catch (error) {
    await submitted(job.execSchedule, payload.details);
    throw error;
  } finally {
    await feed.live.poke();
  }
}
