import { emailSettings } from '@ips-sdk/types/constants';
import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { parseSchedule, ScheduleError } from '@ips-sdk/wire/schedule';
import type { Db } from '../db/db.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import { invalidParameter, ruleBroken } from '../faults.js';
import { followOnsOf } from './follow-on.js';
import type { JobKind, JobKinds } from './job-kind.js';

/** Languages, with a country or without. */
const LOCALE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?$/;

/** The values of the e-mail settings of all kinds of jobs. */
const EMAIL_SETTINGS: readonly string[] = emailSettings;

/** A job to submit. */
export interface Submission {
  readonly company: CompanyRow;
  readonly submitter: UserRow;
  /** Who gets mails; the submitter unless given. */
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
 * Checks a job in every respect that the contract leaves open: its name, its schedule, its details, and the jobs that follow on
 * it. Whatever way a job comes in, it passes here.
 *
 * @throws IpsFault naming the first parameter that is wrong.
 */
export async function checkSubmission(kinds: JobKinds, db: Db, submission: Submission): Promise<void> {
  const { name, execTime, execSchedule, company, submitter, details, locale } = submission;
  if (execTime !== undefined && execSchedule !== undefined) {
    throw invalidParameter('execSchedule', execSchedule, 'either execTime or execSchedule, not both');
  }
  if (name.trim() === '' || /[|\p{Cc}]/u.test(name)) {
    throw invalidParameter('jobName', name, 'a name without "|" and control characters');
  }
  if (execSchedule !== undefined) checkSchedule(execSchedule);
  if (locale !== undefined && !LOCALE.test(locale))
    throw invalidParameter('locale', locale, 'a locale such as en-US');
  const place = { db, company, submitter };
  for (const job of [{ kind: submission.kind, details }, ...followOnsOf(details)]) {
    // Not all kinds have the field in the contract, and none has another of its name.
    const { emailSetting } = job.details as { readonly emailSetting?: string };
    if (emailSetting !== undefined && !EMAIL_SETTINGS.includes(emailSetting))
      throw invalidParameter(`${job.kind}/emailSetting`, emailSetting, `one of ${EMAIL_SETTINGS.join(', ')}`);
    const kind: JobKind = kinds[job.kind];
    await kind.check?.(job.details, place);
  }
}

/**
 * When a job runs for the first time; `undefined` for at once.
 *
 * @throws IpsFault 30000 for a schedule that has no time left.
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

/** The first time after another at which a schedule fires; `undefined` when it never does. */
export function nextFireTime(execSchedule: string, from: Date, timeZone: string): Date | undefined {
  return parseSchedule(execSchedule).nextFireTime({ from, timeZone });
}

function checkSchedule(text: string): void {
  try {
    parseSchedule(text);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw invalidParameter('execSchedule', text, error.message);
  }
}
