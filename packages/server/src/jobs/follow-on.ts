import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { mailFor, noticeFor } from './notifications.js';
import type { NewNotification } from './outbox.js';

/** The fields of job details that define what follows a run. */
interface FollowOnDetails {
  readonly emailSetting?: string;
  readonly httpCompletionUrl?: string;
  readonly postHttpUrl?: string;
  readonly postJobOnlyIfFiles?: boolean;
  readonly postImageServingPublishJob?: JobPayloads['imageServingPublishJob'];
  readonly postImageRenderingPublishJob?: JobPayloads['imageRenderingPublishJob'];
  readonly postVideoPublishJob?: JobPayloads['videoPublishJob'];
}

/** A job that follows a run. */
export interface FollowOn {
  readonly kind: KindName;
  readonly details: JobPayloads[KindName];
  readonly name: string;
}

/** The job that follows a run: none after a fatal error or a stop and, if the details require files, none without files. */
export function followOnOf(run: RunRow): FollowOn | undefined {
  const details = followOnDetails(run.details);
  if (run.fatalError || run.stopRequested || (details.postJobOnlyIfFiles === true && !hasFiles(run)))
    return undefined;
  const [next] = followOnsOf(run.details);
  return next && { ...next, name: `${run.originalName}_${next.kind.replace(/Job$/, '')}` };
}

/** The follow-on jobs in a job's details. The contract allows one. */
export function followOnsOf(details: JobPayloads[KindName]): Omit<FollowOn, 'name'>[] {
  const { postImageServingPublishJob, postImageRenderingPublishJob, postVideoPublishJob } =
    followOnDetails(details);
  const candidates = [
    ['imageServingPublishJob', postImageServingPublishJob],
    ['imageRenderingPublishJob', postImageRenderingPublishJob],
    ['videoPublishJob', postVideoPublishJob],
  ] as const;
  return candidates.flatMap(([kind, payload]) => (payload === undefined ? [] : [{ kind, details: payload }]));
}

/** The notifications to send when a run ends: to the URLs in its details, and by mail according to its email setting. */
export async function notificationsOf(tx: Db, run: RunRow): Promise<NewNotification[]> {
  const details = followOnDetails(run.details);
  const notifications: NewNotification[] = [];
  if (details.httpCompletionUrl) notifications.push(noticeFor(details.httpCompletionUrl, run));
  if (details.postHttpUrl && !(details.postJobOnlyIfFiles === true && !hasFiles(run)))
    notifications.push(noticeFor(details.postHttpUrl, run));
  if (wantsMail(details.emailSetting, run)) {
    const [user] = await tx
      .select({ email: t.users.email })
      .from(t.users)
      .where(eq(t.users.id, run.mailUserId));
    if (user !== undefined) notifications.push(mailFor(user.email, run));
  }
  return notifications;
}

/** Only some kinds of jobs have each of these fields; no kind has another field of the same name. */
const followOnDetails = (details: JobPayloads[KindName]): FollowOnDetails => details as FollowOnDetails;

function hasFiles({ counters }: RunRow): boolean {
  return counters.success + counters.update + counters.warning > 0;
}

function wantsMail(setting: string | undefined, { counters, fatalError }: RunRow): boolean {
  const errors = fatalError || counters.error > 0 || counters.transferError > 0;
  const warnings = counters.warning > 0 || counters.transferWarning > 0;
  switch (setting) {
    case 'All':
    case 'JobCompletion':
      return true;
    case 'Error':
      return errors;
    case 'ErrorAndWarning':
      return errors || warnings;
    default:
      return false;
  }
}
