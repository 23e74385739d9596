import type { JobKindInfo, JobKindsAnswer, JobPage, SubmitRequest } from '../api/contract.ts';
import { isObject } from './form-values.ts';
import type { SubmitSearch, When } from './submit-search.ts';

/** What the page has been told so far. */
export interface Draft {
  readonly kind: JobKindInfo;
  readonly details: Readonly<Record<string, unknown>>;
  readonly jobName: string;
  readonly description: string;
  /** Of the words of its mails and log; empty for the user's own. */
  readonly locale: string;
  readonly when: When;
  /** As the input has it, in the viewer's zone: `2026-11-26T02:00`. */
  readonly execTime: string;
  readonly execSchedule: string;
  /** Whether the schedule is shown as an expression. */
  readonly isCustom: boolean;
  readonly basedOn: string | undefined;
}

/** What the page begins with: the payload of a job, assets, or the example of a kind. `undefined` if there is no kind at all. */
export function beginDraft(
  { kinds }: JobKindsAnswer,
  search: SubmitSearch,
  job: JobPage | undefined,
): Draft | undefined {
  const wanted = job?.details?.kind ?? search.kind;
  const kind =
    kinds.find((one) => one.kind === wanted) ?? kinds.find(({ isAllowed }) => isAllowed) ?? kinds[0];
  if (kind === undefined) return undefined;
  const own =
    job?.details?.kind === kind.kind && isObject(job.details.details) ? job.details.details : undefined;
  const execSchedule = job?.row.execSchedule;
  return {
    kind,
    details: own ?? withAssets(kind.example, search.asset),
    jobName: job === undefined ? '' : job.row.originalName,
    description: '',
    locale: job?.active?.locale ?? job?.scheduled?.locale ?? '',
    when: search.when ?? (execSchedule === undefined ? 'now' : 'schedule'),
    execTime: '',
    execSchedule: execSchedule ?? '0 0 2 * * ?',
    isCustom: false,
    basedOn: own === undefined ? undefined : search.basedOn,
  };
}

function withAssets(
  example: Readonly<Record<string, unknown>>,
  assets: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  return assets !== undefined && Array.isArray(example['assetHandleArray'])
    ? { ...example, assetHandleArray: assets }
    : example;
}

/** The job that a draft describes. */
export function requestOf(draft: Draft): SubmitRequest {
  const { kind, details, jobName, description, locale, when, execTime, execSchedule, basedOn } = draft;
  const at = when === 'once' && execTime !== '' ? new Date(execTime) : undefined;
  return {
    kind: kind.kind,
    details,
    ...(jobName.trim() === '' ? {} : { jobName: jobName.trim() }),
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    ...(locale.trim() === '' ? {} : { locale: locale.trim() }),
    ...(when === 'schedule' ? { execSchedule: execSchedule.trim() } : {}),
    ...(at === undefined || Number.isNaN(at.getTime()) ? {} : { execTime: at.toISOString() }),
    ...(basedOn === undefined ? {} : { basedOn }),
  };
}

/** What has to be said before a draft can be sent, apart from what the validator says. */
export function obstacleOf({ when, execTime, execSchedule }: Draft): string | undefined {
  if (when === 'once' && execTime === '') return 'choose when the job runs';
  if (when === 'schedule' && execSchedule.trim() === '') return 'enter a schedule';
  return undefined;
}
