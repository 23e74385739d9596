import type { JobKind } from '@ips-sdk/types/jobs';
import { validate } from '@ips-sdk/validator/validate';
import { and, eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { companyHandle } from '../handles.js';
import type { EngineParts } from '../jobs/engine-parts.js';
import { scheduleJob } from '../jobs/schedule-job.js';
import { shown } from './seed-checks.js';
import { at, SeedError } from './seed-error.js';
import type { SeedPlace } from './seed-place.js';
import type { SeedJob } from './seed-types.js';

/**
 * Schedules jobs. Those with the name of a scheduled job of the company are not changed.
 *
 * @throws SeedError for a job that cannot be submitted.
 */
export async function addJobs(
  tx: Db,
  parts: EngineParts,
  { company, userId }: SeedPlace,
  jobs: readonly SeedJob[],
  path: string,
): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    const place = `${path}[${index}]`;
    const { name, kind, details, description } = job;
    const known = await tx.$count(
      t.triggers,
      and(eq(t.triggers.companyId, company.id), eq(t.triggers.name, name)),
    );
    if (known > 0) continue;
    checkDetails(`${place}.details`, companyHandle(company.id), job);
    const [submitter] = await tx
      .select()
      .from(t.users)
      .where(
        job.submitter === undefined ? eq(t.users.id, userId) : equalsIgnoreCase(t.users.email, job.submitter),
      );
    if (submitter === undefined)
      throw new SeedError(`${place}.submitter`, `there is no user ${shown(job.submitter)}`);
    await at(place, () =>
      scheduleJob(parts, tx, {
        company,
        submitter,
        kind: kind as JobKind,
        // The validator has checked them.
        details: details as never,
        name,
        description,
        execSchedule: job.schedule,
        execTime: job.time === undefined ? undefined : new Date(job.time),
      }),
    );
  }
}

/** Checks a job by the contract, as if it was submitted. */
function checkDetails(place: string, handle: string, { name, kind, details }: SeedJob): void {
  const { errors, warnings } = validate('SubmitJobParam', {
    companyHandle: handle,
    jobName: name,
    [kind]: details,
  });
  const issue = [...errors, ...warnings.filter(({ code }) => code === 'unknown-field')][0];
  if (issue !== undefined) throw new SeedError(place, issue.message);
}
