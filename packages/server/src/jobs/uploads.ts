import { and, eq, ne } from 'drizzle-orm';
import type { ServerConfig } from '../config.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken, unknownHandle } from '../faults.js';
import type { EngineParts } from './engine-parts.js';
import { type FoundRun, findJob } from './find-job.js';
import { isUrgent } from './run-order.js';
import { insertRun, sizeOf } from './run-rows.js';
import type { Submission } from './submission.js';

/** A file that was posted for a run, already in the file store. */
export interface PostedFile {
  /** Path from the company's root, including the file name. */
  readonly path: string;
  readonly hash: string;
  readonly size: number;
}

/** Opens an upload by POST: a run that waits for files until a post ends the upload. */
export async function openUpload(
  parts: EngineParts,
  submission: Submission,
  sourceAddress: string,
): Promise<FoundRun> {
  const { db, clock, config } = parts.services;
  const now = clock.now();
  return db.transaction(async (tx) => {
    const run = await insertRun(parts, tx, submission, now, {
      state: 'WaitingClient',
      urgent: isUrgent(sizeOf(parts, submission), false),
      sourceAddress,
      lastPostAt: now,
    });
    await parts.queue.enqueueCloseIdle(tx, run.id, idleDeadline(config, run));
    return run;
  });
}

/**
 * Finds the upload by POST of a handle, if it accepts files from an address.
 *
 * @throws IpsFault 30001 for any other handle, 30000 if the upload is closed or was opened from another address.
 */
export async function findUpload(
  db: Db,
  company: CompanyRow,
  handle: string,
  sourceAddress: string,
): Promise<FoundRun> {
  const { runs } = await findJob(db, company, handle);
  const run = runs.find(({ lastPostAt }) => lastPostAt !== null);
  if (run === undefined) throw unknownHandle('jobHandle', handle);
  if (run.state === 'Done' || run.endRequested) throw closedUpload(run);
  if (run.sourceAddress !== sourceAddress) {
    throw ruleBroken(
      `jobHandle: all files of an upload job must come from one address; this one was opened from ${run.sourceAddress}`,
    );
  }
  return run;
}

/**
 * Records files that were posted for a run, and whether they are the last ones.
 *
 * @throws IpsFault 30000 if another post has ended the upload in the meantime, because these files would never be processed.
 */
export async function recordPost(
  { services, queue }: EngineParts,
  run: Pick<RunRow, 'id' | 'name'>,
  files: readonly PostedFile[],
  end: boolean,
): Promise<void> {
  const { db, clock } = services;
  await db.transaction(async (tx) => {
    if (files.length > 0) {
      const [open] = await tx
        .select({ id: t.runs.id })
        .from(t.runs)
        .where(and(eq(t.runs.id, run.id), ne(t.runs.state, 'Done'), eq(t.runs.endRequested, false)))
        .for('update');
      if (open === undefined) throw closedUpload(run);
      await tx
        .insert(t.postedFiles)
        .values(files.map(({ path, hash, size }) => ({ runId: run.id, path, file: hash, size })));
    }
    const [posted] = await tx
      .update(t.runs)
      .set({ lastPostAt: clock.now(), awaitsWorker: true, ...(end ? { endRequested: true } : {}) })
      .where(eq(t.runs.id, run.id))
      .returning({ id: t.runs.id, companyId: t.runs.companyId, urgent: t.runs.urgent, turn: t.runs.turn });
    if (posted !== undefined) await queue.enqueueRun(tx, posted);
  });
}

/** Closes an upload without a post for too long. */
export async function closeIdleUpload({ services, queue }: EngineParts, runId: number): Promise<void> {
  const { db, clock, config } = services;
  const [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
  if (run === undefined || run.state === 'Done' || run.endRequested) return;
  const due = idleDeadline(config, run);
  await db.transaction(async (tx) => {
    if (due > clock.now()) return queue.enqueueCloseIdle(tx, runId, due);
    await tx.update(t.runs).set({ endRequested: true, awaitsWorker: true }).where(eq(t.runs.id, runId));
    await queue.enqueueRun(tx, run);
  });
}

/** When an upload is closed, unless another post arrives. */
export function idleDeadline({ limits }: ServerConfig, run: RunRow): Date {
  return new Date((run.lastPostAt ?? run.startDate).getTime() + limits.uploadIdle);
}

const closedUpload = ({ name }: Pick<RunRow, 'name'>) =>
  ruleBroken(`jobHandle: the upload job '${name}' is closed`);
