import { emailSettings } from '@ips-sdk/types/constants';
import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { parseSchedule, ScheduleError } from '@ips-sdk/wire/schedule';
import { viewerOfUser } from '../access/permissions/viewer.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import { invalidParameter, malformed, ruleBroken } from '../faults.js';
import { TEXT_LIMITS } from '../text-limits.js';
import type { EngineParts } from './engine-parts.js';
import { followOnsOf } from './follow-on.js';
import type { JobKind } from './job-kind.js';

/** A language with or without a country. */
const LOCALE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?$/;

/** The values of the e-mail settings of all kinds of jobs. */
const EMAIL_SETTINGS: readonly string[] = emailSettings;

/** A job to submit. */
export interface Submission {
  readonly company: CompanyRow;
  readonly submitter: UserRow;
  /** The user who gets mail. Default: the submitter. */
  readonly mailUserId?: number | undefined;
  readonly kind: KindName;
  readonly details: JobPayloads[KindName];
  readonly name: string;
  readonly locale?: string | undefined;
  readonly description?: string | undefined;
  readonly execTime?: Date | undefined;
  /** A Quartz schedule. */
  readonly execSchedule?: string | undefined;
}

/**
 * Checks everything about a job that the contract does not: its name, schedule, details and follow-on jobs. Applies to every job,
 * regardless of transport.
 *
 * @throws IpsFault that names the first invalid parameter.
 */
export async function checkSubmission(
  { kinds, services }: EngineParts,
  submission: Submission,
): Promise<void> {
  const { name, execTime, execSchedule, company, submitter, details, locale } = submission;
  if (execTime !== undefined && execSchedule !== undefined) {
    throw invalidParameter('execSchedule', execSchedule, 'either execTime or execSchedule, not both');
  }
  if (name.trim() === '' || name.length > TEXT_LIMITS.name || /[|\p{Cc}]/u.test(name)) {
    throw invalidParameter(
      'jobName',
      name,
      `a name of 1 to ${TEXT_LIMITS.name} characters without "|" or control characters`,
    );
  }
  if (execSchedule !== undefined) checkSchedule(execSchedule);
  if (locale !== undefined && !LOCALE.test(locale))
    throw invalidParameter('locale', locale, 'a locale such as en-US');
  const { db, config } = services;
  const viewer = await viewerOfUser(db, submitter.id, company, services.clock.now());
  const place = { db, config, company, submitter, viewer };
  for (const job of [{ kind: submission.kind, details }, ...followOnsOf(details)]) {
    // Not all kinds have the field in the contract, and none has another of its name.
    const { emailSetting } = job.details as { readonly emailSetting?: string };
    if (emailSetting !== undefined && !EMAIL_SETTINGS.includes(emailSetting))
      throw invalidParameter(`${job.kind}/emailSetting`, emailSetting, `one of ${EMAIL_SETTINGS.join(', ')}`);
    const kind: JobKind = kinds[job.kind];
    await kind.check?.(job.details, place);
  }
}

/** The columns that triggers and runs store of a submission. */
export function submissionColumns(submission: Submission) {
  return {
    companyId: submission.company.id,
    kind: submission.kind,
    details: submission.details,
    submitUserId: submission.submitter.id,
    mailUserId: submission.mailUserId ?? submission.submitter.id,
    locale: submission.locale ?? null,
    description: submission.description ?? null,
  };
}

/**
 * When a job first runs; `undefined` means immediately.
 *
 * @throws IpsFault 30000 for a schedule that never fires again.
 */
export function firstFireTime(
  { execTime, execSchedule }: Submission,
  now: Date,
  timeZone: string,
): Date | undefined {
  if (execSchedule === undefined) return execTime;
  const next = nextFireTime(execSchedule, now, timeZone);
  if (next === undefined) throw ruleBroken(`execSchedule: '${execSchedule}' never fires again`);
  return next;
}

/** The next time after `from` when a schedule fires; `undefined` if it never does. */
export function nextFireTime(execSchedule: string, from: Date, timeZone: string): Date | undefined {
  return parseSchedule(execSchedule).nextFireTime({ from, timeZone });
}

function checkSchedule(text: string): void {
  try {
    parseSchedule(text);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const { field, message } = error;
    throw malformed('execSchedule', field === undefined ? message.replace(/^schedule: /, '') : message);
  }
}
