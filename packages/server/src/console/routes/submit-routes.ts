import type { ScheduleEditRequest, SchedulePreviewRequest, SubmitRequest } from '../api.js';
import { mayCall, readOnlyReason } from '../capabilities.js';
import type { ConsoleParts, ConsoleRoutes, SessionRequest } from '../console-parts.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import { one } from '../query-string.js';
import { jobKindsAnswer } from '../submit/job-schemas.js';
import { isTimeZone, schedulePreview } from '../submit/schedule-preview.js';
import { editSchedule, schedulesPage } from '../submit/schedules.js';
import { checkedSubmission, checkSubmission, submit } from '../submit/submission.js';

/** `kinds`, `submit` and `schedules`. */
export function submitRoutes(routes: ConsoleRoutes, { options }: ConsoleParts): void {
  const serviceZone = (feed: Feed): string | undefined =>
    options.own?.timeZone ?? feed.board.scheduled.find(({ timeZone }) => timeZone !== undefined)?.timeZone;

  routes.get('kinds', ({ session }) => {
    const isAllowed = readOnlyReason(options, session) === undefined;
    return jobKindsAnswer(isAllowed && mayCall(session, 'submitJob', options.own !== undefined));
  });

  routes.ask<SubmitRequest>('submit/check', async (given, body) => {
    const request = checkedSubmission(body);
    const feed = await given.feed();
    return checkSubmission(given.session, feed, request, {
      service: serviceZone(feed),
      viewer: viewerZone(given),
    });
  });

  routes.post<SubmitRequest>('submit', async (given, body) => {
    const request = checkedSubmission(body);
    return submit(given.session, await given.feed(), request);
  });

  routes.get('schedules', async (given) =>
    schedulesPage(options, given.session, await given.feed(), viewerZone(given) ?? 'UTC'),
  );

  routes.ask<Partial<SchedulePreviewRequest>>('schedules/preview', async (given, body) => {
    const { execSchedule, timeZone = 'UTC', count = 10 } = body;
    if (typeof execSchedule !== 'string') throw new ConsoleError('input', 'execSchedule: expected a text');
    if (typeof timeZone !== 'string' || !isTimeZone(timeZone))
      throw new ConsoleError('input', `timeZone: found "${String(timeZone)}", expected an IANA name`);
    if (!Number.isInteger(count) || count < 1 || count > 50)
      throw new ConsoleError('input', `count: found ${String(count)}, expected 1 to 50`);
    const feed = await given.feed();
    return schedulePreview(execSchedule, serviceZone(feed), timeZone, count, feed.board.now);
  });

  routes.post<Partial<ScheduleEditRequest>>('schedules/edit', async (given, body) => {
    const { handle, execSchedule, details } = body;
    if (typeof handle !== 'string' || typeof execSchedule !== 'string')
      throw new ConsoleError('input', 'expected a handle and an execSchedule');
    if (details !== undefined && (typeof details !== 'object' || details === null))
      throw new ConsoleError('input', 'details: expected an object');
    return editSchedule(given.session, await given.feed(), { handle, execSchedule, details });
  });
}

/** The zone that the browser names, as `?timeZone`. */
function viewerZone({ query }: SessionRequest): string | undefined {
  const zone = one(query, 'timeZone');
  if (zone !== undefined && !isTimeZone(zone))
    throw new ConsoleError('input', `timeZone: found "${zone}", expected an IANA name`);
  return zone;
}
