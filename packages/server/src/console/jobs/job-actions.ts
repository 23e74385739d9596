import type { JobAction, JobActionRequest, JobActionResult, Outcome } from '../api.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError, failedOutcome, isRefusedLogin } from '../problem.js';
import type { Session } from '../session.js';
import { plural, type StoredRow } from './job-row.js';
import { runAgain } from './run-again.js';

/** Jobs in a request. */
const MOST = 500;
/** Calls at once. */
const AT_ONCE = 4;

const DONE: Readonly<Record<JobAction, string>> = {
  stop: 'stopping',
  pause: 'paused',
  resume: 'resumed',
  runNow: 'started',
  delete: 'deleted',
  runAgain: 'submitted again',
};

/** Does one action to exactly the given jobs. One that fails leaves the others alone. */
export async function actOnJobs(
  session: Session,
  feed: Feed,
  request: JobActionRequest,
): Promise<JobActionResult> {
  const { action, handles } = checked(request);
  const outcomes: Outcome[] = new Array(handles.length);
  const queue = handles.entries();
  const work = async (): Promise<void> => {
    for (const [index, handle] of queue) outcomes[index] = await act(session, feed, action, handle);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await feed.live.poke();
  const done = outcomes.filter(({ ok }) => ok).length;
  const what = plural(outcomes.length, 'job');
  return {
    outcomes,
    summary: done === outcomes.length ? `${DONE[action]}: ${what}` : `${DONE[action]}: ${done} of ${what}`,
  };
}

async function act(session: Session, feed: Feed, action: JobAction, handle: string): Promise<Outcome> {
  const row: StoredRow | undefined = feed.board.rows.get(handle);
  const name = row?.originalName;
  const named = name === undefined ? {} : { name };
  try {
    const job = session.client.jobs.get(handle);
    if (action === 'runAgain') {
      const newHandle = await runAgain(session, feed, handle);
      return { handle, ...named, ok: true, message: DONE[action], newHandle };
    }
    if (action === 'stop') await job.stop();
    else if (action === 'pause') await job.pause();
    else if (action === 'resume') await job.resume();
    else if (action === 'runNow') await job.execute();
    else await job.delete();
    return { handle, ...named, ok: true, message: DONE[action] };
  } catch (error) {
    if (isRefusedLogin(error)) throw error;
    return failedOutcome(handle, name, error);
  }
}

function checked({ action, handles }: JobActionRequest): JobActionRequest {
  if (!Object.hasOwn(DONE, action))
    throw new ConsoleError(
      'input',
      `action: found "${String(action)}", expected ${Object.keys(DONE).join(', ')}`,
    );
  return { action, handles: checkedHandles(handles, MOST) };
}

/** Handles of a bulk action, each once. @throws ConsoleError for anything else. */
export function checkedHandles(handles: unknown, most: number): string[] {
  const isList = Array.isArray(handles) && handles.every((one) => typeof one === 'string' && one !== '');
  if (!isList || handles.length === 0 || handles.length > most)
    throw new ConsoleError('input', `handles: expected 1 to ${most} handles`);
  return [...new Set(handles as string[])];
}
