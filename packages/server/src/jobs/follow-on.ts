import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Delivery } from './queue.js';

/** The fields of details that say what comes after a run. */
interface FollowOnDetails {
  readonly emailSetting?: string;
  readonly httpCompletionUrl?: string;
  readonly postHttpUrl?: string;
  readonly postJobOnlyIfFiles?: boolean;
  readonly postImageServingPublishJob?: JobPayloads['imageServingPublishJob'];
  readonly postImageRenderingPublishJob?: JobPayloads['imageRenderingPublishJob'];
  readonly postVideoPublishJob?: JobPayloads['videoPublishJob'];
}

/** A job that follows on a run. */
export interface FollowOn {
  readonly kind: KindName;
  readonly details: JobPayloads[KindName];
  readonly name: string;
}

/** The job that follows on a run; none after a fatal error or a stop, and none without files where that is asked for. */
export function followOnOf(run: RunRow): FollowOn | undefined {
  const details = followOnDetails(run.details);
  if (run.fatalError || run.stopRequested || (details.postJobOnlyIfFiles === true && !hasFiles(run)))
    return undefined;
  const [next] = followOnsOf(run.details);
  return next && { ...next, name: `${run.originalName}_${next.kind.replace(/Job$/, '')}` };
}

/** The jobs that details of a job ask for after it. The contract allows one. */
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

/** The notifications that a run's end brings about: to URLs that its details name, and by mail as its setting says. */
export async function notificationsOf(tx: Db, run: RunRow): Promise<Delivery[]> {
  const details = followOnDetails(run.details);
  const deliveries: Delivery[] = [];
  if (details.httpCompletionUrl)
    deliveries.push({ kind: 'http', runId: run.id, target: details.httpCompletionUrl });
  if (details.postHttpUrl && !(details.postJobOnlyIfFiles === true && !hasFiles(run))) {
    deliveries.push({ kind: 'http', runId: run.id, target: details.postHttpUrl });
  }
  if (wantsMail(details.emailSetting, run)) {
    const [user] = await tx
      .select({ email: t.users.email })
      .from(t.users)
      .where(eq(t.users.id, run.mailUserId));
    if (user !== undefined) deliveries.push({ kind: 'mail', runId: run.id, target: user.email });
  }
  return deliveries;
}

/** Each field is one of some kinds of jobs; the others have none of that name. */
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
