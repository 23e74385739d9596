import type { CompanyRow } from '../../db/rows.js';
import { missingPermission } from '../../faults.js';
import { type Call, companyOf } from '../call.js';
import { callerOf } from './viewer.js';

// The one rule for jobs of others: users whom permissions restrict see that the jobs exist, but not what they are about, and do not
// control them. No page says it: the pages list roles alone. But a job changes assets with the permissions of its submitter, and
// what it is about names folders, files and assets.

/** A job, or a part of one: what fires it, or one of its runs. */
interface Submitted {
  readonly submitUserId: number | null;
}

/**
 * Checks that the caller may control a job or add to it.
 *
 * @param partsOf - Finds all that the operation changes. It is called only for callers whom permissions restrict.
 * @param what - What the job is, for the fault.
 * @throws IpsFault 20009 if permissions restrict the caller, and somebody else submitted one of the parts.
 */
export async function requireOwnJob(
  call: Call,
  partsOf: () => Promise<readonly Submitted[]>,
  handle: string,
  what: 'job' | 'upload' = 'job',
): Promise<void> {
  const { groups } = await callerOf(call);
  if (groups === undefined || (await partsOf()).every((part) => isOwn(call, part))) return;
  throw missingPermission('jobHandle', ['Write'], `the ${what} '${handle}' of another user`);
}

/**
 * Whether the caller may see what jobs are about, by company. Reads the groups of the caller once for each company.
 *
 * @returns A check of single jobs, of the company of the call or, without one, of all companies of the caller.
 */
export async function jobSight(
  call: Call,
): Promise<(job: Submitted & { readonly companyId: number }) => boolean> {
  const restricted = new Set<number>();
  for (const company of companiesOf(call)) {
    const { groups } = await callerOf(call, call.db, company);
    if (groups !== undefined) restricted.add(company.id);
  }
  return (job) => !restricted.has(job.companyId) || isOwn(call, job);
}

const companiesOf = (call: Call): readonly CompanyRow[] =>
  call.company === undefined ? call.identity.memberships.map(({ company }) => company) : [companyOf(call)];

const isOwn = ({ identity }: Call, { submitUserId }: Submitted): boolean => submitUserId === identity.user.id;
