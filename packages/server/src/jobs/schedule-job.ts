import type { Db } from '../db/db.js';
import type { EngineParts } from './engine-parts.js';
import { checkSubmission, type Submission } from './submission.js';
import { createTrigger } from './triggers.js';

/**
 * Submits a job with a time or a schedule as a part of something else.
 *
 * @param tx - The transaction that it is a part of.
 * @throws IpsFault for what cannot be submitted; see {@link checkSubmission}.
 */
export async function scheduleJob(parts: EngineParts, tx: Db, submission: Submission): Promise<void> {
  const inside = { ...parts, services: { ...parts.services, db: tx } };
  await checkSubmission(inside, submission);
  await createTrigger(inside, submission);
}
