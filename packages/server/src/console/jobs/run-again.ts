import type { SubmittableJobKind } from '@ips-sdk/client';
import { type JobDetails, jobDetails } from '@ips-sdk/types/jobs';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';

/**
 * The payload of a job, with its secrets: from the lists of the service or, for a run that has ended, from the own server's tables.
 *
 * @returns `undefined` if nothing shows it any more.
 */
export async function payloadOf(
  session: Session,
  { board, own }: Pick<Feed, 'board' | 'own'>,
  handle: string,
): Promise<JobDetails | undefined> {
  const { companyHandle } = session.company;
  const row = board.rows.get(handle);
  if (own !== undefined) {
    // Lists leave parts of payloads out.
    const known = (await own.runFacts(companyHandle, [handle])).get(handle);
    // The tables pair each kind with its own details.
    if (known !== undefined) return { kind: known.kind, details: known.details } as JobDetails;
    if (row?.stage === 'scheduled') return own.triggerPayload(companyHandle, row.originalName);
  }
  const isIt = ({ jobHandle }: { readonly jobHandle: string }): boolean => jobHandle === handle;
  // The schedule of a job shows what each of its runs does.
  const trigger = board.scheduled.find(({ originalName }) => originalName === row?.originalName);
  const job = board.active.find(isIt) ?? board.scheduled.find(isIt) ?? trigger;
  return job && jobDetails(job);
}

/** Whether the service leaves out what it would need to run the job again. */
export function isIncomplete({ kind, details }: JobDetails): boolean {
  return kind === 'uploadPostJob' || (kind === 'uploadUrlsJob' && (details.urlArray ?? []).length === 0);
}

/** Submits the payload of a job once more, under a name of its own. @returns The handle of the new job. */
export async function runAgain(session: Session, feed: Feed, handle: string): Promise<string> {
  const found = await payloadOf(session, feed, handle);
  if (found === undefined)
    throw new ConsoleError('notFound', 'the service does not show the payload of this job any more');
  const { kind, details } = found;
  if (kind === 'uploadPostJob')
    throw new ConsoleError('input', 'an upload needs its files; upload them again');
  const original = feed.board.rows.get(handle)?.originalName ?? kind;
  const { handle: newHandle } = await session.client.jobs.submit(
    kind as SubmittableJobKind,
    // The union was narrowed to what can be submitted, and each kind has its own details.
    details as never,
    { name: againName(original) },
  );
  return newHandle;
}

/** `Nightly, again 2026-11-26 02:00:07`. The time makes it unique. */
export function againName(original: string): string {
  const base = original.replace(/, again \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, '');
  return `${base}, again ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
}
